import pytest

from components.aws.peering import AwsPeering, AwsPeeringArgs
from inspection.graph import Graph
from tests.components.aws.graphs import ACCEPTER, ACCOUNT, ASSOCIATION, HUB_ROUTE, refers
from tests.components.aws.graphs import PEERING as ATTACHMENT
from tests.components.aws.plans import PEERING
from tests.support.recorded import depends_on, preview_of

NAME = "aws-us-east-1-us-west-2"


@pytest.fixture(scope="module")
def graph() -> Graph:
    args: AwsPeeringArgs = {
        "peering": PEERING,
        "account_id": ACCOUNT,
        "requester_transit_gateway_id": "tgw-east",
        "accepter_transit_gateway_id": "tgw-west",
        "requester_route_table_ids": {table: f"east-{table}" for table in ("prod", "shared", "peering")},
        "accepter_route_table_ids": {table: f"west-{table}" for table in ("prod", "peering")},
    }
    return preview_of(lambda: AwsPeering(NAME, args))


def test_one_region_asks_and_the_other_accepts(graph: Graph) -> None:
    attachment, accepter = graph.named(ATTACHMENT, NAME), graph.named(ACCEPTER, NAME)

    assert attachment.inputs["region"] == "us-east-1"
    assert attachment.inputs["transitGatewayId"] == "tgw-east"
    assert attachment.inputs["peerRegion"] == "us-west-2"
    assert attachment.inputs["peerTransitGatewayId"] == "tgw-west"
    assert attachment.inputs["peerAccountId"] == ACCOUNT
    assert accepter.inputs["region"] == "us-west-2"
    assert refers(accepter, "transitGatewayAttachmentId", attachment)


def test_what_comes_over_the_peering_is_looked_up_in_the_peering_table_at_each_end(graph: Graph) -> None:
    associations = {
        association.inputs["region"]: association.inputs["transitGatewayRouteTableId"]
        for association in graph.of_type(ASSOCIATION)
    }

    assert len(graph.of_type(ASSOCIATION)) == 2
    assert associations == {"us-east-1": "east-peering", "us-west-2": "west-peering"}


def test_each_end_has_the_static_routes_of_the_plan_in_its_own_tables(graph: Graph) -> None:
    routes = {
        (route.inputs["region"], route.inputs["transitGatewayRouteTableId"], route.inputs["destinationCidrBlock"])
        for route in graph.of_type(HUB_ROUTE)
    }

    assert routes == {
        ("us-east-1", "east-prod", "10.1.0.0/18"),
        ("us-east-1", "east-shared", "10.1.0.0/18"),
        ("us-west-2", "west-prod", "10.0.0.0/18"),
        ("us-west-2", "west-prod", "10.8.0.0/18"),
        ("us-west-2", "west-prod", "10.0.64.0/20"),
    }


def test_neither_end_is_used_before_the_peering_is_accepted(graph: Graph) -> None:
    attachment, accepter = graph.named(ATTACHMENT, NAME), graph.named(ACCEPTER, NAME)

    for resource in [*graph.of_type(ASSOCIATION), *graph.of_type(HUB_ROUTE)]:
        assert depends_on(graph, resource, accepter), resource.urn
        assert refers(resource, "transitGatewayAttachmentId", attachment), resource.urn
