from collections import Counter

from components.aws.attachment import AwsAttachment, AwsAttachmentArgs
from inspection.graph import Graph
from planning.aws import Network
from tests.components.aws.graphs import ASSOCIATION, ATTACHMENT, HUB_ROUTE, PROPAGATION, refers
from tests.components.aws.plans import SHOP, TRANSIT, VAULT
from tests.support.recorded import preview_of

TABLES = {table: f"tgw-rtb-{table}" for table in ("prod", "shared", "peering", "transit")}


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
