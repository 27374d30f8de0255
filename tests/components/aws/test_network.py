from collections.abc import Mapping
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network

import pytest

from components.aws.network import AwsNetwork, AwsNetworkArgs
from inspection.graph import Graph, Json, Resource
from planning.aws import Network
from tests.components.aws.graphs import (
    ADDRESS,
    ASSOCIATION,
    ATTACHMENT,
    CIDR_BLOCK,
    ENDPOINT,
    FLOW_LOG,
    INTERNET_GATEWAY,
    NAT_GATEWAY,
    NETWORK_ACL,
    ROUTE,
    ROUTE_TABLE,
    ROUTE_TABLE_ASSOCIATION,
    SECURITY_GROUP,
    SUBNET,
    VPC,
    refers,
    sources,
)
from tests.components.aws.plans import SHOP, TRANSIT, VAULT
from tests.support import declarations
from tests.support.recorded import depends_on, preview_of


def preview(network: Network, *, ipam_pool_id: str | None = None, protect: bool = False) -> Graph:
    args: AwsNetworkArgs = {
        "network": network,
        "transit_gateway_id": "tgw-1",
        "hub_route_table_ids": {
            table: f"tgw-rtb-{table}" for table in ("prod", "shared", "peering", "transit", "links")
        },
        "flow_log_bucket_arn": "arn:aws:s3:::logs",
        "ipam_pool_id": ipam_pool_id,
        "protect": protect,
    }
    return preview_of(lambda: AwsNetwork(network.name, args))


@pytest.fixture(scope="module")
def shop() -> Graph:
    return preview(SHOP)


def routes_of(graph: Graph, table: str) -> dict[str, Resource]:
    resource = graph.named(ROUTE_TABLE, table)
    routes = [route for route in graph.of_type(ROUTE) if refers(route, "routeTableId", resource)]
    return {route.inputs["destinationCidrBlock"]: route for route in routes}


@pytest.mark.parametrize("network", [SHOP, VAULT, TRANSIT], ids=lambda network: network.name)
def test_a_route_to_the_hub_waits_until_the_vpc_is_attached_and_associated(network: Network) -> None:
    graph = preview(network)
    attachment = graph.named(ATTACHMENT, f"{network.name}-hub")
    association = graph.named(ASSOCIATION, f"{network.name}-hub")

    to_hub = [route for route in graph.of_type(ROUTE) if "transitGatewayId" in route.inputs]

    assert to_hub
    assert all(depends_on(graph, route, attachment) and depends_on(graph, route, association) for route in to_hub)


@pytest.mark.parametrize("network", [SHOP, VAULT, TRANSIT], ids=lambda network: network.name)
def test_every_route_has_exactly_one_target_and_every_planned_route_is_made(network: Network) -> None:
    graph = preview(network)
    targets = ("gatewayId", "natGatewayId", "transitGatewayId")

    assert all(sum(key in route.inputs for key in targets) == 1 for route in graph.of_type(ROUTE))
    assert {table.key: set(routes_of(graph, f"{network.name}-{table.key}")) for table in network.route_tables} == {
        table.key: {route.destination for route in table.routes} for table in network.route_tables
    }


def test_nothing_stands_between_the_vpc_and_its_attachment_but_the_attachment_subnets(shop: Graph) -> None:
    """So a subnet outlives the attachment that stands in it, and the attachment waits for nothing it does not need."""
    attachment = shop.named(ATTACHMENT, "shop-hub")

    assert sources(shop, attachment, "subnetIds") == {"shop-attachment-az1", "shop-attachment-az2"}
    assert {shop.by_urn[urn].type for urn in attachment.dependencies} == {VPC, SUBNET}


def test_a_network_has_no_internet_gateway_unless_asked() -> None:
    graph = preview(VAULT)

    assert not graph.of_type(INTERNET_GATEWAY)
    assert not any("gatewayId" in route.inputs for route in graph.of_type(ROUTE))


def test_only_public_subnets_are_routed_to_the_internet_gateway(shop: Graph) -> None:
    [gateway] = shop.of_type(INTERNET_GATEWAY)

    routed = {
        sources(shop, route, "routeTableId").pop()
        for route in shop.of_type(ROUTE)
        if refers(route, "gatewayId", gateway)
    }

    assert routed == {"shop-public-az1", "shop-public-az2"}


@pytest.mark.parametrize("zone", ["az1", "az2"])
def test_a_zones_way_out_is_the_nat_gateway_in_its_own_public_subnet(shop: Graph, zone: str) -> None:
    nat = shop.named(NAT_GATEWAY, f"shop-nat-{zone}")

    assert refers(nat, "subnetId", shop.named(SUBNET, f"shop-public-{zone}"))
    assert refers(routes_of(shop, f"shop-private-{zone}")["0.0.0.0/0"], "natGatewayId", nat)


def test_each_nat_gateway_has_an_address_of_its_own_and_waits_for_the_internet_gateway(shop: Graph) -> None:
    [internet] = shop.of_type(INTERNET_GATEWAY)
    nats = shop.of_type(NAT_GATEWAY)

    assert len(nats) == len(shop.of_type(ADDRESS)) == 2
    assert all(refers(nat, "allocationId", shop.named(ADDRESS, nat.name)) for nat in nats)
    assert all(depends_on(shop, nat, internet) for nat in nats)


def test_nothing_gets_in_or_out_by_the_default_security_group(shop: Graph) -> None:
    [group] = shop.of_type(SECURITY_GROUP)

    assert group.inputs["ingress"] == []
    assert group.inputs["egress"] == []
    assert refers(group, "vpcId", shop.named(VPC, "shop"))


def test_subnets_stand_in_the_zones_of_the_plan_and_give_nobody_a_public_address(shop: Graph) -> None:
    placed = {
        subnet.name: (subnet.inputs["cidrBlock"], subnet.inputs["availabilityZoneId"])
        for subnet in shop.of_type(SUBNET)
    }

    assert placed == {f"shop-{subnet.key}": (subnet.cidr, subnet.zone_id) for subnet in SHOP.subnets}
    assert not any(subnet.inputs["mapPublicIpOnLaunch"] for subnet in shop.of_type(SUBNET))


def test_every_subnet_has_the_route_table_of_the_plan(shop: Graph) -> None:
    chosen = {
        (name, table)
        for association in shop.of_type(ROUTE_TABLE_ASSOCIATION)
        for name in sources(shop, association, "subnetId")
        for table in sources(shop, association, "routeTableId")
    }

    assert chosen == {(f"shop-{subnet.key}", f"shop-{subnet.route_table}") for subnet in SHOP.subnets}


def test_subnets_for_pods_wait_for_the_block_they_lie_in_and_others_do_not(shop: Graph) -> None:
    block = shop.named(CIDR_BLOCK, "shop-pods")

    waiting = {subnet.name for subnet in shop.of_type(SUBNET) if depends_on(shop, subnet, block)}

    assert block.inputs["cidrBlock"] == "10.8.0.0/18"
    assert waiting == {"shop-pods-az1", "shop-pods-az2"}


def test_a_network_without_pods_has_one_block() -> None:
    assert not preview(VAULT).of_type(CIDR_BLOCK)


def test_storage_is_reached_past_the_nat_gateway_from_where_workloads_are(shop: Graph) -> None:
    endpoints = {endpoint.inputs["serviceName"]: endpoint for endpoint in shop.of_type(ENDPOINT)}

    assert set(endpoints) == {"com.amazonaws.us-east-1.s3", "com.amazonaws.us-east-1.dynamodb"}
    for endpoint in endpoints.values():
        assert endpoint.inputs["vpcEndpointType"] == "Gateway"
        assert len(endpoint.inputs["routeTableIds"]) == 2, "pods share their zone's table, which is named once"
        assert sources(shop, endpoint, "routeTableIds") == {"shop-private-az1", "shop-private-az2"}


def test_resolvers_reach_storage_past_the_nat_gateway_too() -> None:
    graph = preview(TRANSIT)

    [endpoint] = graph.of_type(ENDPOINT)

    assert sources(graph, endpoint, "routeTableIds") == {"aws-us-east-1-transit-resolver-az1"}


def test_all_traffic_is_logged_to_the_bucket_of_the_region(shop: Graph) -> None:
    [log] = shop.of_type(FLOW_LOG)

    assert refers(log, "vpcId", shop.named(VPC, "shop"))
    assert log.inputs["trafficType"] == "ALL"
    assert (log.inputs["logDestinationType"], log.inputs["logDestination"]) == ("s3", "arn:aws:s3:::logs")
    assert log.inputs["destinationOptions"]["fileFormat"] == "parquet"


def test_names_in_private_zones_resolve_inside_the_vpc(shop: Graph) -> None:
    inputs = shop.named(VPC, "shop").inputs

    assert inputs["enableDnsSupport"] is True
    assert inputs["enableDnsHostnames"] is True


def test_a_vpc_registered_in_a_pool_still_says_its_own_addresses() -> None:
    graph = preview(SHOP, ipam_pool_id="ipam-pool-1")
    vpc, block = graph.named(VPC, "shop"), graph.named(CIDR_BLOCK, "shop-pods")

    assert (vpc.inputs["ipv4IpamPoolId"], vpc.inputs["cidrBlock"]) == ("ipam-pool-1", "10.0.0.0/18")
    assert (block.inputs["ipv4IpamPoolId"], block.inputs["cidrBlock"]) == ("ipam-pool-1", "10.8.0.0/18")


def test_starting_to_use_ipam_replaces_no_network_there_is() -> None:
    """The pool forces replacement. Whether the engine obeys `ignore_changes` is its own business."""
    for pool in (None, "ipam-pool-1"):
        graph = preview(SHOP, ipam_pool_id=pool)

        assert graph.named(VPC, "shop").ignore_changes == ("ipv4IpamPoolId",)
        assert graph.named(CIDR_BLOCK, "shop-pods").ignore_changes == ("ipv4IpamPoolId",)


def test_another_zone_leaves_everything_there_is_as_it_was() -> None:
    two_zones = replace(SHOP, refused_ranges=("10.48.0.0/12",))
    one_zone = replace(
        two_zones,
        subnets=[subnet for subnet in SHOP.subnets if subnet.zone_id == "use1-az2"],
        route_tables=[table for table in SHOP.route_tables if table.key.endswith("az2")],
        nat_gateways={"az2": "public-az2"},
        attachment=replace(SHOP.attachment, subnets=("attachment-az2",)),
    )
    grown_by_design = {ATTACHMENT: "subnetIds", ENDPOINT: "routeTableIds", NETWORK_ACL: "subnetIds"}

    before = {
        r.urn: {k: v for k, v in r.inputs.items() if k != grown_by_design.get(r.type)}
        for r in preview(one_zone).resources
    }
    after = {
        r.urn: {k: v for k, v in r.inputs.items() if k != grown_by_design.get(r.type)}
        for r in preview(two_zones).resources
    }

    assert before.items() <= after.items()


def test_only_the_vpc_is_protected_and_only_when_asked() -> None:
    assert not any(resource.protect for resource in preview(SHOP).resources)
    assert [resource.type for resource in preview(SHOP, protect=True).resources if resource.protect] == [VPC]


def admitted(acl: Resource, address: str, direction: str = "ingress") -> bool:
    """Tell whether a packet from or to an address passes: the matching rule with the lowest number decides."""
    matching = [rule for rule in acl.inputs[direction] if IPv4Address(address) in IPv4Network(rule["cidrBlock"])]
    return min(matching, key=lambda rule: rule["ruleNo"])["action"] == "allow"


@pytest.mark.parametrize("direction", ["ingress", "egress"])
def test_nothing_passes_between_a_subnet_and_refused_ranges_and_everything_else_does(direction: str) -> None:
    graph = preview(replace(SHOP, refused_ranges=("10.48.0.0/12", "192.168.0.0/20")))
    [acl] = graph.of_type(NETWORK_ACL)

    assert not any(admitted(acl, far, direction) for far in ("10.48.0.1", "10.63.255.255", "192.168.15.1"))
    others = ("10.47.255.255", "10.0.0.1", "192.168.16.1", "198.51.100.7")
    assert all(admitted(acl, far, direction) for far in others)
    assert sources(graph, acl, "subnetIds") == {f"shop-{subnet.key}" for subnet in SHOP.subnets}
    assert refers(acl, "vpcId", graph.named(VPC, "shop"))


def test_the_network_acl_speaks_of_all_traffic() -> None:
    [acl] = preview(replace(SHOP, refused_ranges=("10.48.0.0/12",))).of_type(NETWORK_ACL)

    for rule in (*acl.inputs["ingress"], *acl.inputs["egress"]):
        assert (rule["protocol"], rule["fromPort"], rule["toPort"]) == ("-1", 0, 0)


def test_refusing_one_more_source_renumbers_no_rule() -> None:
    """The provider deletes a rule that changes its number before it makes it again."""

    def rules(*refused: str) -> list[Mapping[str, Json]]:
        [acl] = preview(replace(VAULT, refused_ranges=refused)).of_type(NETWORK_ACL)
        return acl.inputs["ingress"]

    before, after = rules("10.48.0.0/12"), rules("10.48.0.0/12", "192.168.0.0/20")

    assert [rule for rule in before if rule not in after] == []
    assert len({rule["ruleNo"] for rule in after}) == 3


def test_a_network_that_refuses_nobody_has_no_acl_of_its_own(shop: Graph) -> None:
    assert not shop.of_type(NETWORK_ACL)


@pytest.mark.parametrize("network", [SHOP, VAULT, TRANSIT], ids=lambda network: network.name)
def test_a_network_sends_what_the_sdk_declares(network: Network) -> None:
    attachment = replace(network.attachment, summaries=("10.0.0.0/16",))
    graph = preview(replace(network, attachment=attachment, refused_ranges=("10.48.0.0/12",)))

    assert declarations.check(graph) == []
