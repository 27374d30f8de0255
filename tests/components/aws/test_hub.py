from dataclasses import replace

from components.aws.hub import AwsHub, AwsHubArgs
from inspection.graph import Graph
from planning.aws import Hub
from tests.components.aws.graphs import (
    HUB_ROUTE,
    HUB_TABLE,
    PRINCIPAL,
    SHARE,
    SHARED_RESOURCE,
    TRANSIT_GATEWAY,
    refers,
)
from tests.components.aws.plans import EAST_HUB
from tests.support.recorded import preview_of


def preview(hub: Hub = EAST_HUB, *, protect: bool = False, shared_with: tuple[str, ...] = ()) -> Graph:
    args: AwsHubArgs = {"hub": hub, "protect": protect, "shared_with": shared_with}
    return preview_of(lambda: AwsHub("aws-us-east-1", args))


def test_nothing_that_attaches_reaches_anything_by_itself() -> None:
    inputs = preview().named(TRANSIT_GATEWAY, "aws-us-east-1").inputs

    assert inputs["defaultRouteTableAssociation"] == "disable"
    assert inputs["defaultRouteTablePropagation"] == "disable"
    assert inputs["autoAcceptSharedAttachments"] == "disable"


def test_the_gateway_has_the_asn_of_the_plan_and_spreads_traffic_over_equal_vpn_tunnels() -> None:
    inputs = preview().named(TRANSIT_GATEWAY, "aws-us-east-1").inputs

    assert inputs["amazonSideAsn"] == 64520
    assert inputs["vpnEcmpSupport"] == "enable"


def test_each_table_of_the_plan_is_a_table_of_the_gateway() -> None:
    graph = preview()
    gateway = graph.named(TRANSIT_GATEWAY, "aws-us-east-1")

    tables = graph.of_type(HUB_TABLE)

    assert {table.name for table in tables} == {f"aws-us-east-1-{name}" for name in EAST_HUB.route_tables}
    assert all(refers(table, "transitGatewayId", gateway) for table in tables)


def test_what_a_segment_may_not_reach_is_dropped_in_its_own_table() -> None:
    graph = preview()
    dropped = {
        (graph.by_urn[route.property_dependencies["transitGatewayRouteTableId"][0]].name, cidr)
        for route in graph.of_type(HUB_ROUTE)
        for cidr in [route.inputs["destinationCidrBlock"]]
        if route.inputs["blackhole"] is True and "transitGatewayAttachmentId" not in route.inputs
    }

    assert dropped == {
        ("aws-us-east-1-prod", "10.0.0.0/8"),
        ("aws-us-east-1-prod", "172.16.0.0/12"),
        ("aws-us-east-1-shared", "10.0.0.0/8"),
    }


def test_another_dropped_range_leaves_the_routes_there_are_alone() -> None:
    grown = replace(
        EAST_HUB, blackholes={**EAST_HUB.blackholes, "prod": ("100.64.0.0/10", "10.0.0.0/8", "172.16.0.0/12")}
    )

    before = {route.urn: route.inputs for route in preview().of_type(HUB_ROUTE)}
    after = {route.urn: route.inputs for route in preview(grown).of_type(HUB_ROUTE)}

    assert len(after) == len(before) + 1
    assert before.items() <= after.items()


def test_a_gateway_is_offered_to_nobody_unless_asked() -> None:
    assert not any(resource.type.startswith("aws:ram/") for resource in preview().resources)


def test_a_shared_gateway_is_offered_to_each_named_account() -> None:
    graph = preview(shared_with=("444455556666", "777788889999"))
    [share] = graph.of_type(SHARE)
    [shared] = graph.of_type(SHARED_RESOURCE)

    principals = graph.of_type(PRINCIPAL)

    assert refers(shared, "resourceArn", graph.named(TRANSIT_GATEWAY, "aws-us-east-1"))
    assert {principal.inputs["principal"] for principal in principals} == {"444455556666", "777788889999"}
    assert all(refers(resource, "resourceShareArn", share) for resource in [shared, *principals])


def test_only_the_gateway_is_protected_and_only_when_asked() -> None:
    assert not any(resource.protect for resource in preview().resources)
    assert [resource.type for resource in preview(protect=True).resources if resource.protect] == [TRANSIT_GATEWAY]
