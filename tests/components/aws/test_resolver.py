from collections.abc import Iterable, Mapping
from dataclasses import replace
from ipaddress import ip_network

import pulumi_aws as aws
import pytest

from components.aws.resolver import AwsResolver
from inspection.graph import Graph, Json, Resource
from planning.names import types as names
from tests.components.aws.graphs import SUBNET, VPC, refers, sources
from tests.support import declarations
from tests.support.recorded import preview_of, source_of, unknown, update_of

ENDPOINT = "aws:route53/resolverEndpoint:ResolverEndpoint"
RULE = "aws:route53/resolverRule:ResolverRule"
RULE_ASSOCIATION = "aws:route53/resolverRuleAssociation:ResolverRuleAssociation"
SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup"
ADDRESS = "aws:ec2/eip:Eip"
"""Stands for what looks up Google's addresses: its address is unknown until deployment."""

NAME = "aws-us-east-1-resolver"
NETWORKS = ("shop", "vault", "aws-us-east-1-transit")
AZURE_SERVERS = (
    names.Server("resolver-inbound", "10.16.255.4"),
    names.Server("resolver-inbound-2", "10.16.255.20"),
)
GOOGLE_SERVERS = (names.Server("transit-us-east4", None), names.Server("resolver-us-east4", None))
SITE_SERVERS = (names.Server("hq-10-48-0-53", "10.48.0.53"), names.Server("hq-10-48-1-53", "10.48.1.53"))
RESOLVER = names.AwsResolver(
    region="us-east-1",
    network="aws-us-east-1-transit",
    inbound={"resolver-az1": "10.0.255.36", "resolver-az2": "10.0.255.52"},
    outbound={"resolver-az1": "10.0.255.37", "resolver-az2": "10.0.255.53"},
    asked_by={
        "10.16.255.32/28": "azure",
        "10.17.255.32/28": "azure",
        "35.199.192.0/19": "gcp",
        "10.48.0.53/32": "hq",
        "10.48.1.53/32": "hq",
    },
    asks={
        "10.16.255.4/32": "azure",
        "10.16.255.20/32": "azure",
        "10.32.255.0/28": "gcp",
        "10.32.255.16/28": "gcp",
        "10.48.0.53/32": "hq",
        "10.48.1.53/32": "hq",
    },
    forwards=(
        names.Forward("azure", "azure.acme.internal", "azure", AZURE_SERVERS),
        names.Forward("reverse-10-16", "16.10.in-addr.arpa", "azure", AZURE_SERVERS),
        names.Forward("gcp", "gcp.acme.internal", "gcp", GOOGLE_SERVERS),
        names.Forward("onprem", "onprem.acme.internal", "onprem", SITE_SERVERS),
    ),
    networks=NETWORKS,
)
ELSEWHERE = replace(RESOLVER, inbound={}, asked_by={})
"""A region where no link lands."""


def build(resolver: names.AwsResolver = RESOLVER) -> AwsResolver:
    """Build a resolver beside the VPCs, subnets and addresses that it is given."""
    vpcs = {network: aws.ec2.Vpc(network, cidr_block="10.0.0.0/18") for network in NETWORKS}
    subnets = {
        key: aws.ec2.Subnet(key, vpc_id=vpcs["aws-us-east-1-transit"].id, cidr_block="10.0.255.32/28")
        for key in ("resolver-az1", "resolver-az2", "public-az1")
    }
    looked_up = {server.key: aws.ec2.Eip(server.key) for server in GOOGLE_SERVERS}
    return AwsResolver(
        NAME,
        {
            "resolver": resolver,
            "vpc_ids": {network: vpc.id for network, vpc in vpcs.items()},
            "subnet_ids": {key: subnet.id for key, subnet in subnets.items()},
            "entry_points": {key: address.public_ip for key, address in looked_up.items()},
        },
    )


@pytest.fixture(scope="module")
def graph() -> Graph:
    return preview_of(build)


def opened(group: Resource, direction: str) -> list[tuple[str, int, int, str]]:
    return sorted(
        (rule["protocol"], rule["fromPort"], rule["toPort"], cidr)
        for rule in group.inputs[direction]
        for cidr in rule["cidrBlocks"]
    )


def over_both(cidrs: Iterable[str]) -> list[tuple[str, int, int, str]]:
    return sorted((protocol, 53, 53, cidr) for cidr in cidrs for protocol in ("tcp", "udp"))


def test_port_53_is_open_to_whom_the_plan_names_over_both_protocols_and_nothing_else_is(graph: Graph) -> None:
    group = graph.named(SECURITY_GROUP, f"{NAME}-inbound")

    assert opened(group, "ingress") == over_both(RESOLVER.asked_by)
    assert group.inputs["egress"] == []


def test_queries_leave_to_whom_the_plan_names_over_both_protocols_and_nothing_else_does(graph: Graph) -> None:
    group = graph.named(SECURITY_GROUP, f"{NAME}-outbound")

    assert opened(group, "egress") == over_both(RESOLVER.asks)
    assert group.inputs["ingress"] == []


def test_no_rule_is_for_the_whole_internet(graph: Graph) -> None:
    cidrs = [
        rule[-1]
        for group in graph.of_type(SECURITY_GROUP)
        for direction in ("ingress", "egress")
        for rule in opened(group, direction)
    ]

    assert cidrs
    assert min(ip_network(cidr).prefixlen for cidr in cidrs) == 19


def test_every_opening_says_whose_it_is(graph: Graph) -> None:
    said = {
        (rule["description"], cidr)
        for group in graph.of_type(SECURITY_GROUP)
        for rule in (*group.inputs["ingress"], *group.inputs["egress"])
        for cidr in rule["cidrBlocks"]
    }

    assert said == {
        *((f"Queries from {party}", cidr) for cidr, party in RESOLVER.asked_by.items()),
        *((f"Queries to {party}", cidr) for cidr, party in RESOLVER.asks.items()),
    }


@pytest.mark.parametrize(("direction", "planned"), [("INBOUND", RESOLVER.inbound), ("OUTBOUND", RESOLVER.outbound)])
def test_an_endpoint_stands_at_the_addresses_of_the_plan_in_two_subnets(
    direction: str, planned: Mapping[str, str]
) -> None:
    graph = update_of(build)
    endpoint = graph.named(ENDPOINT, f"{NAME}-{direction.lower()}")
    subnets = {subnet.id: subnet.name for subnet in graph.of_type(SUBNET)}

    stands_at = {subnets[each["subnetId"]]: each["ip"] for each in endpoint.inputs["ipAddresses"]}

    assert stands_at == planned
    assert endpoint.inputs["direction"] == direction
    assert sources(graph, endpoint, "ipAddresses") == set(planned)


def test_an_endpoint_speaks_plain_dns_over_ipv4_behind_the_group_of_its_direction(graph: Graph) -> None:
    for direction in ("inbound", "outbound"):
        endpoint = graph.named(ENDPOINT, f"{NAME}-{direction}")

        assert endpoint.inputs["protocols"] == ["Do53"]
        assert endpoint.inputs["resolverEndpointType"] == "IPV4"
        assert source_of(graph, endpoint, "securityGroupIds", SECURITY_GROUP).name == endpoint.name


def test_endpoints_are_guarded_in_the_transit_vpc(graph: Graph) -> None:
    transit = graph.named(VPC, "aws-us-east-1-transit")

    groups = graph.of_type(SECURITY_GROUP)

    assert len(groups) == 2
    assert all(refers(group, "vpcId", transit) for group in groups)


def test_each_forward_is_a_rule_that_leaves_by_the_outbound_endpoint(graph: Graph) -> None:
    outbound = graph.named(ENDPOINT, f"{NAME}-outbound")

    rules = graph.of_type(RULE)

    assert {rule.name: rule.inputs["domainName"] for rule in rules} == {
        f"{NAME}-azure": "azure.acme.internal",
        f"{NAME}-reverse-10-16": "16.10.in-addr.arpa",
        f"{NAME}-gcp": "gcp.acme.internal",
        f"{NAME}-onprem": "onprem.acme.internal",
    }
    assert {rule.inputs["ruleType"] for rule in rules} == {"FORWARD"}
    assert all(refers(rule, "resolverEndpointId", outbound) for rule in rules)


def targets(graph: Graph, forward: str) -> list[tuple[Json, int]]:
    return [(each["ip"], each["port"]) for each in graph.named(RULE, f"{NAME}-{forward}").inputs["targetIps"]]


def test_a_domain_goes_to_all_servers_of_its_owner(graph: Graph) -> None:
    assert targets(graph, "azure") == [("10.16.255.4", 53), ("10.16.255.20", 53)]
    assert targets(graph, "reverse-10-16") == targets(graph, "azure")
    assert targets(graph, "onprem") == [("10.48.0.53", 53), ("10.48.1.53", 53)]


def test_google_is_asked_at_the_addresses_that_are_looked_up(graph: Graph) -> None:
    rule = graph.named(RULE, f"{NAME}-gcp")
    after = update_of(build)
    found = [after.named(ADDRESS, server.key) for server in GOOGLE_SERVERS]

    assert [unknown(ip) for ip, _ in targets(graph, "gcp")] == [True, True]
    assert sources(graph, rule, "targetIps") == {address.name for address in found}
    assert len(set(targets(after, "gcp"))) == 2


def test_an_address_that_the_plan_knows_is_not_looked_up() -> None:
    given = (names.Server("transit-us-east4", "10.32.255.2"), names.Server("resolver-us-east4", "10.32.255.18"))
    forward = replace(RESOLVER.forwards[2], servers=given)

    graph = preview_of(lambda: build(replace(RESOLVER, forwards=(forward,))))

    assert targets(graph, "gcp") == [("10.32.255.2", 53), ("10.32.255.18", 53)]


def test_every_vpc_follows_every_rule_of_its_region(graph: Graph) -> None:
    followed = [
        (
            source_of(graph, association, "resolverRuleId", RULE).inputs["domainName"],
            source_of(graph, association, "vpcId", VPC).name,
        )
        for association in graph.of_type(RULE_ASSOCIATION)
    ]

    assert sorted(followed) == sorted((each.domain, network) for each in RESOLVER.forwards for network in NETWORKS)


def test_a_vpc_never_follows_two_rules_for_a_domain_while_one_takes_over(graph: Graph) -> None:
    assert all(association.delete_before_replace for association in graph.of_type(RULE_ASSOCIATION))


def test_an_endpoint_goes_before_its_successor_takes_its_addresses_unless_rules_use_it(graph: Graph) -> None:
    """AWS refuses to delete one that rules use, and a rule is moved to another endpoint without being made anew."""
    for endpoint in graph.of_type(ENDPOINT):
        assert bool(endpoint.delete_before_replace) == (endpoint.inputs["direction"] == "INBOUND")


def test_groups_have_names_and_descriptions_that_no_setting_changes(graph: Graph) -> None:
    """Another group would be another endpoint at addresses that are taken."""
    changed = replace(RESOLVER, asked_by={"10.18.255.32/28": "other"}, asks={"10.18.255.4/32": "other"}, forwards=())

    def identity(of: Graph) -> dict[str, tuple[str, str]]:
        return {group.urn: (group.inputs["name"], group.inputs["description"]) for group in of.of_type(SECURITY_GROUP)}

    assert identity(preview_of(lambda: build(changed))) == identity(graph)


def test_a_region_where_no_link_lands_asks_and_is_not_asked() -> None:
    graph = preview_of(lambda: build(ELSEWHERE))

    assert [endpoint.inputs["direction"] for endpoint in graph.of_type(ENDPOINT)] == ["OUTBOUND"]
    assert [group.name for group in graph.of_type(SECURITY_GROUP)] == [f"{NAME}-outbound"]
    assert len(graph.of_type(RULE)) == len(RESOLVER.forwards)


def test_a_region_that_forwards_nothing_has_no_way_out_for_queries() -> None:
    graph = preview_of(lambda: build(replace(RESOLVER, outbound={}, asks={}, forwards=())))

    assert [endpoint.inputs["direction"] for endpoint in graph.of_type(ENDPOINT)] == ["INBOUND"]
    assert [group.name for group in graph.of_type(SECURITY_GROUP)] == [f"{NAME}-inbound"]


def test_one_forward_more_and_one_vpc_fewer_leave_the_rest_alone(graph: Graph) -> None:
    added = names.Forward("blob", "blob.core.windows.net", "azure", AZURE_SERVERS)
    fewer = replace(RESOLVER, networks=NETWORKS[1:], forwards=(added, *RESOLVER.forwards))

    after = {each.urn for each in preview_of(lambda: build(fewer)).of_type(RULE_ASSOCIATION)}

    kept = {each.urn for each in graph.of_type(RULE_ASSOCIATION) if not each.name.endswith("-shop")}
    assert kept < after
    assert {urn.rpartition("::")[2] for urn in after - kept} == {f"{NAME}-blob-{each}" for each in NETWORKS[1:]}


def test_everything_is_in_the_region_of_the_resolver(graph: Graph) -> None:
    resources = [each for each in graph.resources if each.name.startswith(NAME) and each.custom]

    assert {each.inputs["region"] for each in resources} == {"us-east-1"}


def test_names_fit_route_53(graph: Graph) -> None:
    named = [*graph.of_type(ENDPOINT), *graph.of_type(RULE), *graph.of_type(RULE_ASSOCIATION)]

    for resource in named:
        assert len(resource.inputs["name"]) <= 64
        assert resource.inputs["name"].replace("-", "").isalnum()


def test_who_asks_and_who_shares_are_told_the_endpoint_and_the_rules() -> None:
    graph = update_of(build)
    [component] = [resource for resource in graph.resources if resource.type.endswith(":AwsResolver")]

    outputs = graph.component_outputs[component.urn]

    assert outputs["inbound_id"] == graph.named(ENDPOINT, f"{NAME}-inbound").id
    assert set(outputs["rule_arns"]) == {forward.key for forward in RESOLVER.forwards}
    assert outputs["rule_arns"]["gcp"].endswith(f"{NAME}-gcp-arn")


def test_the_same_is_asked_for_when_all_is_known_as_when_nothing_is(graph: Graph) -> None:
    assert {each.urn for each in update_of(build).resources} == {each.urn for each in graph.resources}


def test_a_resolver_sends_what_the_sdk_declares(graph: Graph) -> None:
    assert declarations.check(graph) == []
