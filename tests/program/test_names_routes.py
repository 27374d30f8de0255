"""Ways of queries and answers between AWS's resolvers and everybody else's, over the hubs: there and back.

Walked from the routes of an endpoint's subnet over the Transit Gateways to a link, and from a link to the VPC of an
endpoint. Prefixes alone: ports are the security groups'.
"""

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network

import pytest

from inspection.graph import Resource
from tests.program.routes import (
    VPC_ATTACHMENT,
    attachments,
    behind_links,
    by_id,
    dns_partners,
    far_parties,
    followed,
    links_on_gateways,
    networks,
    networks_in,
    parties_behind,
    ranges_of,
    sent_by,
    table_for_links,
    tables_for,
    vpc_attachments,
)
from tests.program.stacks import settings_of, update_of
from tests.program.wanted import ON_TRANSIT_GATEWAYS, sites

ENDPOINT = "aws:route53/resolverEndpoint:ResolverEndpoint"
RULE = "aws:route53/resolverRule:ResolverRule"
VPC_ROUTE = "aws:ec2/route:Route"
VPC_ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation"
AZURE_OUTBOUND = "azure-native:dnsresolver:OutboundEndpoint"
FORWARDERS = IPv4Network("35.199.192.0/19")
"""Where queries that Google forwards come from."""

NAMED = tuple(stack for stack in ON_TRANSIT_GATEWAYS if "dns" in settings_of(stack))
named = pytest.mark.parametrize("stack", NAMED)


def test_some_stack_with_names_has_several_regions_and_some_a_site_that_asks() -> None:
    """Otherwise much of this file would claim nothing."""
    assert {len({e.inputs["region"] for e in update_of(s).of_type(ENDPOINT)}) for s in NAMED} >= {1, 2}
    assert any(site.get("dns") for stack in NAMED for site in sites(stack).values())


def asking(stack: str, party: str) -> Sequence[IPv4Network]:
    """List where a party's queries come from."""
    if party in sites(stack):
        return [IPv4Network(server) for server in sites(stack)[party]["dns"]]
    if party == "gcp":
        return [FORWARDERS]
    outbound = update_of(stack).of_type(AZURE_OUTBOUND)
    return [IPv4Network(by_id(stack)[each.inputs["subnet"]["id"]].inputs["addressPrefix"]) for each in outbound]


def standing(stack: str, direction: str) -> Iterator[tuple[Resource, str, IPv4Network]]:
    """Yield each endpoint, the id of a subnet that it stands in, and its address there."""
    for endpoint in update_of(stack).of_type(ENDPOINT):
        if endpoint.inputs["direction"] == direction:
            for each in endpoint.inputs["ipAddresses"]:
                yield endpoint, each["subnetId"], IPv4Network(each["ip"])


def asked(stack: str, endpoint: Resource) -> set[IPv4Network]:
    """List the targets of an endpoint's rules."""
    rules = [rule for rule in update_of(stack).of_type(RULE) if rule.inputs.get("resolverEndpointId") == endpoint.id]
    return {IPv4Network(target["ip"]) for rule in rules for target in rule.inputs["targetIps"]}


def attachment_of(stack: str, subnet: str) -> Resource:
    """Give the attachment of the VPC that a subnet lies in."""
    vpc = by_id(stack)[subnet].inputs["vpcId"]
    [attachment] = [a for a in update_of(stack).of_type(VPC_ATTACHMENT) if a.inputs["vpcId"] == vpc]
    return attachment


def handed_to_hub(stack: str, subnet: str, destination: IPv4Network) -> bool:
    """Tell whether a subnet's routes hand a packet to the Transit Gateway that its VPC hangs on."""
    graph = update_of(stack)
    [table] = [a.inputs["routeTableId"] for a in graph.of_type(VPC_ASSOCIATION) if a.inputs["subnetId"] == subnet]
    fitting = [
        route
        for route in graph.of_type(VPC_ROUTE)
        if route.inputs["routeTableId"] == table
        and destination.subnet_of(IPv4Network(route.inputs["destinationCidrBlock"]))
    ]
    best = max(fitting, key=lambda route: IPv4Network(route.inputs["destinationCidrBlock"]).prefixlen, default=None)
    hub = attachment_of(stack, subnet).inputs["transitGatewayId"]
    return best is not None and best.inputs.get("transitGatewayId") == hub


def walked(stack: str, subnet: str, destination: IPv4Network) -> Resource | None:
    """Follow a packet from a subnet to what it leaves the hubs by; None if it is dropped on the way."""
    [table] = tables_for(stack, attachment_of(stack, subnet).id)
    return followed(stack, table, destination) if handed_to_hub(stack, subnet, destination) else None


def owner_of(stack: str, target: IPv4Network) -> str:
    """Name who sends the one aggregate that holds an address."""
    [party] = [p for p in far_parties(stack, "aws") if any(map(target.subnet_of, sent_by(stack, p)))]
    return party


@named
def test_queries_of_every_region_reach_every_server_that_its_rules_name(stack: str) -> None:
    seen = set()
    for endpoint, subnet, _ in standing(stack, "OUTBOUND"):
        owners = set()
        for target in asked(stack, endpoint):
            party, link = owner_of(stack, target), walked(stack, subnet, target)
            assert link is not None, (endpoint.name, subnet, target)
            assert link in links_on_gateways(stack).values(), (endpoint.name, subnet, target)
            assert party in parties_behind(stack, link), (endpoint.name, target)
            owners.add(party)
        assert owners == dns_partners(stack, "aws"), endpoint.name
        seen.add(endpoint.inputs["region"])
    assert seen == {
        network["region"] for network in settings_of(stack)["networks"].values() if network["cloud"] == "aws"
    }


@named
def test_answers_and_queries_from_links_find_the_endpoints_of_every_region(stack: str) -> None:
    for direction in ("INBOUND", "OUTBOUND"):
        found = [*standing(stack, direction)]
        assert found
        for endpoint, subnet, address in found:
            expected = attachment_of(stack, subnet)
            assert followed(stack, table_for_links(stack), address) == expected, (endpoint.name, address)


@named
def test_whoever_asks_is_answered(stack: str) -> None:
    """Google from where its forwarders send, which no table of ours would find as a private address."""
    for endpoint, subnet, _ in standing(stack, "INBOUND"):
        for party in dns_partners(stack, "aws"):
            sources = asking(stack, party)
            assert sources
            for source in sources:
                link = walked(stack, subnet, source)
                assert link is not None, (endpoint.name, party, source)
                assert link in links_on_gateways(stack).values(), (endpoint.name, party, source)
                assert party in parties_behind(stack, link)
                assert owner_of(stack, source) == party


@named
def test_everybody_learns_the_way_to_the_endpoints(stack: str) -> None:
    """By AWS's aggregates: nobody takes a longer prefix."""
    for direction in ("INBOUND", "OUTBOUND"):
        for endpoint, _, address in standing(stack, direction):
            assert any(map(address.subnet_of, sent_by(stack, "aws"))), endpoint.name


@named
def test_a_resolvers_subnet_reaches_no_network_of_aws_and_nobody_without_names(stack: str) -> None:
    subnets = {subnet for direction in ("INBOUND", "OUTBOUND") for _, subnet, _ in standing(stack, direction)}
    silent = far_parties(stack, "aws") - dns_partners(stack, "aws")
    unused = networks(("10.79.0.0/24", "172.16.0.0/24", "192.168.0.0/24"))
    for subnet in subnets:
        for party in silent:
            for prefix in sent_by(stack, party):
                assert walked(stack, subnet, prefix) is None, (subnet, party)
        for prefix in unused:
            assert walked(stack, subnet, prefix) is None, (subnet, prefix)
        leaving = {n for n in networks_in(stack, "aws") if settings_of(stack)["networks"][n].get("nat") == "central"}
        for name, attachment in vpc_attachments(stack).items():
            # Answers to what left by central NAT go back there.
            home = attachment_of(stack, subnet).inputs["region"] == attachment.inputs["region"]
            expected = attachment if name in leaving and home else None
            for prefix in ranges_of(stack, name):
                assert walked(stack, subnet, prefix) == expected, (subnet, name)


@named
def test_resolvers_of_another_region_than_that_of_links_reach_servers_and_nothing_beside_them(stack: str) -> None:
    landed = {link.inputs["region"] for link in links_on_gateways(stack).values()}
    for endpoint, subnet, _ in standing(stack, "OUTBOUND"):
        if endpoint.inputs["region"] not in landed:
            for far, (_, prefixes) in behind_links(stack, "aws").items():
                # A site's servers stand within its prefixes, of which the whole is no server.
                assert {walked(stack, subnet, prefix) for prefix in prefixes} == {None}, (subnet, far)


@named
def test_no_network_of_aws_knows_the_way_to_resolvers(stack: str) -> None:
    for _, _, address in standing(stack, "OUTBOUND"):
        for attachment in vpc_attachments(stack).values():
            [table] = tables_for(stack, attachment.id)
            assert followed(stack, table, address) is None


@named
def test_nothing_but_resolvers_and_central_nat_is_looked_up_in_the_table_of_resolvers(stack: str) -> None:
    """So nobody passes from link to link by it, although it knows them."""
    resolvers = {attachment_of(stack, subnet).id for _, subnet, _ in standing(stack, "OUTBOUND")}
    for attachment in resolvers:
        [table] = tables_for(stack, attachment)
        looked_up = {other for other in attachments(stack) if table in tables_for(stack, other)}
        assert looked_up == {attachment}
