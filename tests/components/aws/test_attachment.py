from collections import Counter
from dataclasses import replace

from components.aws.attachment import AwsAttachment, AwsAttachmentArgs
from inspection.graph import Graph
from planning.aws import Network
from tests.components.aws.graphs import ASSOCIATION, ATTACHMENT, HUB_ROUTE, PROPAGATION, refers
from tests.components.aws.plans import SHOP, SHOP_WEST, TRANSIT, VAULT
from tests.support.recorded import preview_of

TABLES = {table: f"tgw-rtb-{table}" for table in ("prod", "shared", "peering", "transit", "links")}


def preview(network: Network) -> Graph:
    args: AwsAttachmentArgs = {
        "attachment": network.attachment,
        "region": network.region,
        "vpc_id": "vpc-1",
        "subnet_ids": {subnet.key: f"subnet-{subnet.key}" for subnet in network.subnets},
        "transit_gateway_id": "tgw-1",
        "hub_route_table_ids": TABLES,
    }
    return preview_of(lambda: AwsAttachment(f"{network.name}-hub", args))


def test_an_attachment_stands_in_one_attachment_subnet_of_each_zone() -> None:
    attachment = preview(SHOP).named(ATTACHMENT, "shop-hub")

    assert attachment.inputs["subnetIds"] == ["subnet-attachment-az1", "subnet-attachment-az2"]


def test_an_attachment_joins_no_default_table() -> None:
    inputs = preview(SHOP).named(ATTACHMENT, "shop-hub").inputs

    assert inputs["transitGatewayDefaultRouteTableAssociation"] is False
    assert inputs["transitGatewayDefaultRouteTablePropagation"] is False


def test_traffic_from_a_vpc_is_looked_up_in_one_table_its_segments() -> None:
    graph = preview(SHOP)
    [association] = graph.of_type(ASSOCIATION)

    assert association.inputs["transitGatewayRouteTableId"] == "tgw-rtb-prod"
    assert refers(association, "transitGatewayAttachmentId", graph.named(ATTACHMENT, "shop-hub"))


def test_a_vpcs_prefixes_are_learnt_by_the_tables_of_the_plan_and_no_other() -> None:
    graph = preview(SHOP)
    attachment = graph.named(ATTACHMENT, "shop-hub")
    propagations = graph.of_type(PROPAGATION)

    learnt = Counter(propagation.inputs["transitGatewayRouteTableId"] for propagation in propagations)

    assert learnt == {"tgw-rtb-prod": 1, "tgw-rtb-shared": 1, "tgw-rtb-peering": 1}
    assert all(refers(propagation, "transitGatewayAttachmentId", attachment) for propagation in propagations)


def test_only_the_way_out_attracts_what_has_no_other_route() -> None:
    graph = preview(TRANSIT)
    [route] = graph.of_type(HUB_ROUTE)

    assert route.inputs["destinationCidrBlock"] == "0.0.0.0/0"
    assert route.inputs["transitGatewayRouteTableId"] == "tgw-rtb-shared"
    assert refers(route, "transitGatewayAttachmentId", graph.named(ATTACHMENT, "aws-us-east-1-transit-hub"))
    assert not preview(VAULT).of_type(HUB_ROUTE)


def test_the_way_out_is_learnt_by_no_table() -> None:
    assert not preview(TRANSIT).of_type(PROPAGATION)


def test_a_replaced_attachment_or_association_is_removed_before_the_new_one_is_made() -> None:
    """AWS takes one attachment of a VPC and one association of an attachment."""
    graph = preview(SHOP)

    assert graph.named(ATTACHMENT, "shop-hub").delete_before_replace
    assert graph.named(ASSOCIATION, "shop-hub").delete_before_replace


def standing_for(network: Network, *cidrs: str) -> Network:
    return replace(network, attachment=replace(network.attachment, summaries=cidrs))


def test_an_aggregate_is_a_route_of_the_links_table_to_the_network_that_stands_for_it() -> None:
    """A black hole in its place would not be announced over VPN."""
    graph = preview(standing_for(SHOP, "10.0.0.0/16", "10.8.0.0/16"))
    routes = graph.of_type(HUB_ROUTE)

    assert {route.inputs["destinationCidrBlock"] for route in routes} == {"10.0.0.0/16", "10.8.0.0/16"}
    for route in routes:
        assert route.inputs["transitGatewayRouteTableId"] == "tgw-rtb-links"
        assert route.inputs["region"] == "us-east-1"
        assert refers(route, "transitGatewayAttachmentId", graph.named(ATTACHMENT, "shop-hub"))
        assert "blackhole" not in route.inputs


def test_a_network_that_stands_for_nothing_has_no_route_towards_links() -> None:
    assert not preview(SHOP).of_type(HUB_ROUTE)


def test_an_aggregate_taken_over_by_another_network_stays_the_same_route_and_makes_way_first() -> None:
    """A table holds one static route to a CIDR: the new one is refused while the old one is there."""
    [before] = preview(standing_for(SHOP, "10.0.0.0/16")).of_type(HUB_ROUTE)
    [after] = preview(standing_for(VAULT, "10.0.0.0/16")).of_type(HUB_ROUTE)

    assert before.urn == after.urn
    assert after.delete_before_replace


def test_two_regions_may_stand_for_one_aggregate_each() -> None:
    """Region by region the tables are others, and so are the routes."""
    [east] = preview(standing_for(SHOP, "10.0.0.0/16")).of_type(HUB_ROUTE)
    [west] = preview(standing_for(SHOP_WEST, "10.0.0.0/16")).of_type(HUB_ROUTE)

    assert east.urn != west.urn
