"""The DNS Private Resolver of a region where links land, and of one where none does."""

from dataclasses import replace

import pulumi
import pytest
from pulumi_azure_native import network

from components.azure.resolver import AzureResolver
from inspection.graph import Graph
from planning.names.types import AzureResolver as Plan
from planning.names.types import Forward, Server
from tests.support.declarations import check
from tests.support.recorded import comes_after, depends_on, preview_of, source_of, update_of

RESOLVER = "azure-native:dnsresolver:"
VNET = "azure-native:network:VirtualNetwork"
SUBNET = "azure-native:network:Subnet"
CONNECTION = "azure-native:network:HubVirtualNetworkConnection"
GROUP = "prod-eastus-transit"

AWS_SERVERS = (Server("resolver-az1", "10.0.0.20"), Server("resolver-az2", "10.0.0.36"))
GOOGLE_SERVERS = (Server("transit-us-east4", None), Server("resolver-us-east4", "10.32.1.2"))
EAST = Plan(
    region="eastus",
    physical_name="prod-eastus-dns",
    network="azure-eastus-transit",
    inbound={"resolver-inbound": "10.16.0.4", "resolver-inbound-2": "10.16.0.36"},
    outbound="resolver-outbound",
    forwards=(
        Forward("aws", "aws.acme.internal", "aws", AWS_SERVERS),
        Forward("gcp", "gcp.acme.internal", "gcp", GOOGLE_SERVERS),
        Forward("reverse-10-0", "0.10.in-addr.arpa", "aws", AWS_SERVERS),
    ),
    networks=("azure-eastus-transit", "identity", "shop"),
)
WEST = replace(
    EAST,
    region="westus3",
    physical_name="prod-westus3-dns",
    network="azure-westus3-transit",
    inbound={},
    networks=("azure-westus3-transit", "shop-west"),
)


def program(plan: Plan) -> None:
    """Build a resolver in a VNet of the same shape as the transit VNet, connected to a hub."""
    vnets = {
        name: network.VirtualNetwork(name, virtual_network_name=name, resource_group_name=GROUP)
        for name in plan.networks
    }
    subnets = {
        key: network.Subnet(key, resource_group_name=GROUP, virtual_network_name=vnets[plan.network].name)
        for key in ("resolver-inbound", "resolver-inbound-2", "resolver-outbound")
    }
    connection = network.HubVirtualNetworkConnection(
        "transit", resource_group_name="prod-wan", virtual_hub_name="prod-eastus"
    )
    AzureResolver(
        f"azure-{plan.region}-dns",
        {
            "resolver": plan,
            "resource_group_name": GROUP,
            "vnet_id": vnets[plan.network].id,
            "subnet_ids": {key: subnet.id for key, subnet in subnets.items()},
            "vnet_ids": {name: vnet.id for name, vnet in vnets.items()},
            "entry_points": {"transit-us-east4": pulumi.Output.from_input("10.32.0.2")},
            "tags": {"environment": "prod"},
        },
        pulumi.ResourceOptions(depends_on=[connection]),
    )


@pytest.fixture(scope="module")
def east() -> Graph:
    return preview_of(lambda: program(EAST))


@pytest.fixture(scope="module")
def west() -> Graph:
    return preview_of(lambda: program(WEST))


def test_the_resolver_stands_in_the_transit_vnet(east: Graph) -> None:
    [resolver] = east.of_type(f"{RESOLVER}DnsResolver")

    assert resolver.inputs["dnsResolverName"] == "prod-eastus-dns"
    assert source_of(east, resolver, "virtualNetwork", VNET).name == "azure-eastus-transit"


def test_each_inbound_endpoint_has_its_address_in_a_subnet_of_its_own(east: Graph) -> None:
    endpoints = east.of_type(f"{RESOLVER}InboundEndpoint")

    found = {}
    for endpoint in endpoints:
        [ip] = endpoint.inputs["ipConfigurations"]
        assert ip["privateIpAllocationMethod"] == "Static"
        found[source_of(east, endpoint, "ipConfigurations", SUBNET).name] = ip["privateIpAddress"]
    assert found == EAST.inbound
    assert {endpoint.inputs["inboundEndpointName"] for endpoint in endpoints} == {*EAST.inbound}


def test_queries_go_out_through_the_subnet_that_the_others_let_in(east: Graph) -> None:
    [endpoint] = east.of_type(f"{RESOLVER}OutboundEndpoint")
    [ruleset] = east.of_type(f"{RESOLVER}DnsForwardingRuleset")

    assert source_of(east, endpoint, "subnet", SUBNET).name == "resolver-outbound"
    assert source_of(east, ruleset, "dnsResolverOutboundEndpoints", endpoint.type) == endpoint


def test_every_forward_ends_with_a_dot_and_names_all_of_its_owners_servers(east: Graph) -> None:
    rules = east.of_type(f"{RESOLVER}ForwardingRule")

    assert {rule.inputs["domainName"] for rule in rules} == {
        "aws.acme.internal.",
        "gcp.acme.internal.",
        "0.10.in-addr.arpa.",
    }
    assert {rule.inputs["forwardingRuleState"] for rule in rules} == {"Enabled"}
    by_name = {rule.inputs["forwardingRuleName"]: rule.inputs["targetDnsServers"] for rule in rules}
    assert by_name["aws"] == [{"ipAddress": "10.0.0.20", "port": 53}, {"ipAddress": "10.0.0.36", "port": 53}]
    assert by_name["reverse-10-0"] == by_name["aws"]


def test_an_address_that_the_plan_does_not_know_is_the_one_looked_up(east: Graph) -> None:
    rule = east.named(f"{RESOLVER}ForwardingRule", "azure-eastus-dns-gcp")

    assert rule.inputs["targetDnsServers"] == [
        {"ipAddress": "10.32.0.2", "port": 53},
        {"ipAddress": "10.32.1.2", "port": 53},
    ]


def test_all_networks_of_the_region_follow_the_forwards(east: Graph) -> None:
    links = east.of_type(f"{RESOLVER}PrivateResolverVirtualNetworkLink")

    linked = {link.inputs["virtualNetworkLinkName"]: source_of(east, link, "virtualNetwork", VNET) for link in links}
    assert {name: vnet.name for name, vnet in linked.items()} == {name: name for name in EAST.networks}


def test_where_no_link_lands_nobody_is_let_in_but_names_of_others_are_asked_for(west: Graph) -> None:
    assert not west.of_type(f"{RESOLVER}InboundEndpoint")
    assert len(west.of_type(f"{RESOLVER}OutboundEndpoint")) == 1
    assert len(west.of_type(f"{RESOLVER}ForwardingRule")) == len(WEST.forwards)
    assert {resource.inputs["location"] for resource in west.of_type(f"{RESOLVER}OutboundEndpoint")} == {"westus3"}


def test_where_nothing_is_forwarded_there_are_no_rules_and_nothing_to_send_them_from() -> None:
    graph = preview_of(lambda: program(replace(EAST, outbound=None, forwards=())))

    assert len(graph.of_type(f"{RESOLVER}InboundEndpoint")) == len(EAST.inbound)
    for kind in ("OutboundEndpoint", "DnsForwardingRuleset", "ForwardingRule", "PrivateResolverVirtualNetworkLink"):
        assert not graph.of_type(f"{RESOLVER}{kind}")


def test_the_vnet_is_written_by_one_at_a_time(east: Graph) -> None:
    [connection] = east.of_type(CONNECTION)
    [resolver] = east.of_type(f"{RESOLVER}DnsResolver")
    first, second = (
        east.named(f"{RESOLVER}InboundEndpoint", f"azure-eastus-dns-{key}")
        for key in ("resolver-inbound", "resolver-inbound-2")
    )
    [outbound] = east.of_type(f"{RESOLVER}OutboundEndpoint")

    for later, earlier in ((resolver, connection), (first, resolver), (second, first), (outbound, second)):
        assert depends_on(east, later, earlier), (later.name, earlier.name)


def test_rules_and_links_are_destroyed_before_their_ruleset_and_that_before_the_endpoint(east: Graph) -> None:
    [ruleset] = east.of_type(f"{RESOLVER}DnsForwardingRuleset")
    [outbound] = east.of_type(f"{RESOLVER}OutboundEndpoint")
    [resolver] = east.of_type(f"{RESOLVER}DnsResolver")
    parts = [
        *east.of_type(f"{RESOLVER}ForwardingRule"),
        *east.of_type(f"{RESOLVER}PrivateResolverVirtualNetworkLink"),
    ]

    assert len(parts) == len(EAST.forwards) + len(EAST.networks)
    assert all(source_of(east, part, "dnsForwardingRulesetName", ruleset.type) == ruleset for part in parts)
    assert comes_after(east, ruleset, outbound)
    assert source_of(east, outbound, "dnsResolverName", resolver.type) == resolver


def test_everything_with_a_place_is_in_the_region_and_in_one_group(east: Graph) -> None:
    own = [resource for resource in east.resources if resource.type.startswith(RESOLVER)]

    assert {resource.inputs["resourceGroupName"] for resource in own} == {GROUP}
    assert {r.inputs["location"] for r in own if not r.type.endswith(("Rule", "Link"))} == {"eastus"}


def test_everything_is_as_the_sdk_declares_it(east: Graph) -> None:
    ours = [problem for problem in check(east) if problem.startswith(RESOLVER)]

    assert ours == []
    assert [r.urn for r in update_of(lambda: program(EAST)).resources] == [r.urn for r in east.resources]
