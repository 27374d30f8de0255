from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from ipaddress import IPv4Network

import pulumi
import pytest
from pulumi_azure_native import network

from components.azure.route_maps import AzureRouteMaps
from inspection.graph import Graph, Json
from inspection.recording import record
from planning.links.types import AzureEnd
from tests.components.azure.plans import east_end
from tests.support.declarations import check
from tests.support.recorded import depends_on, preview_of

MAP = "azure-native:network:RouteMap"
WAIT = "azure-native:network:VirtualWan"
USER = "azure-native:network:VpnConnection"

END = east_end("10.0.0.0/16", "10.32.0.0/16")


def build(end: AzureEnd) -> None:
    """Make the maps of a branch behind what stands in the hub's queue, and a connection that uses them."""
    before = network.VirtualWan("before", resource_group_name="prod-wan")
    maps = AzureRouteMaps(
        "branch",
        {
            "end": end,
            "physical_name": "prod-branch",
            "resource_group_name": "prod-wan",
            "hub_id": "/hubs/east",
            "hub_name": "prod-hub-eastus",
        },
        pulumi.ResourceOptions(depends_on=[before]),
    )
    network.VpnConnection(
        "user", resource_group_name="prod-wan", gateway_name="gateway", routing_configuration=maps.routing
    )


def preview(end: AzureEnd) -> Graph:
    return preview_of(lambda: build(end))


@pytest.fixture(scope="module")
def graph() -> Graph:
    return preview(END)


def rules(graph: Graph, direction: str) -> Sequence[Mapping[str, Json]]:
    return graph.named(MAP, f"branch-{direction}").inputs["rules"]


def passed(rules: Sequence[Mapping[str, Json]], routes: Iterable[str]) -> list[str]:
    """Do what Azure does with routes: rules in order, all criteria have to match, and no rule at all lets pass."""
    results = (_after(rules, route) for route in routes)
    return sorted({result for result in results if result is not None})


def _after(rules: Sequence[Mapping[str, Json]], route: str) -> str | None:
    for rule in rules:
        if not all(_matches(criterion, route) for criterion in rule["matchCriteria"]):
            continue
        for action in rule["actions"]:
            if action["type"] == "Drop":
                return None
            assert action["type"] == "Replace"
            [parameter] = action["parameters"]
            [route] = parameter["routePrefix"]
        if rule["nextStepIfMatched"] == "Terminate":
            return route
    return route


def _matches(criterion: Mapping[str, Json], route: str) -> bool:
    assert criterion.keys() == {"matchCondition", "routePrefix"}
    assert criterion["matchCondition"] == "Contains"
    return any(IPv4Network(route).subnet_of(IPv4Network(prefix)) for prefix in criterion["routePrefix"])


def test_a_far_sides_longer_prefixes_arrive_as_the_aggregates_that_a_circuit_brings_too(graph: Graph) -> None:
    routes = ["10.0.0.0/18", "10.0.64.0/18", "10.32.128.0/20"]

    assert passed(rules(graph, "inbound"), routes) == ["10.0.0.0/16", "10.32.0.0/16"]


def test_an_aggregate_itself_arrives_unchanged(graph: Graph) -> None:
    assert passed(rules(graph, "inbound"), ["10.0.0.0/16"]) == ["10.0.0.0/16"]


@pytest.mark.parametrize("route", ["0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "10.16.0.0/16", "192.168.0.0/24"])
def test_what_is_not_expected_of_the_far_side_is_not_learned(graph: Graph, route: str) -> None:
    assert passed(rules(graph, "inbound"), [route]) == []


def test_vnets_are_announced_as_the_aggregates_of_their_regions_and_nobody_elses_routes_leave(graph: Graph) -> None:
    routes = ["10.16.0.0/20", "10.16.16.0/20", "10.17.0.0/20", "10.48.0.0/16", "10.0.0.0/16", "0.0.0.0/0"]

    assert passed(rules(graph, "outbound"), routes) == ["10.16.0.0/16", "10.17.0.0/16"]


@pytest.mark.parametrize("direction", ["inbound", "outbound"])
def test_a_side_that_says_nothing_of_itself_lets_nothing_pass(direction: str) -> None:
    silent = preview(replace(END, sends=(), accepts=()))

    assert passed(rules(silent, direction), ["10.0.0.0/16", "10.16.0.0/16", "0.0.0.0/0"]) == []


@pytest.mark.parametrize("direction", ["inbound", "outbound"])
def test_each_rule_of_a_map_has_a_name_of_its_own_that_azure_takes(graph: Graph, direction: str) -> None:
    names = [rule["name"] for rule in rules(graph, direction)]

    assert len(set(names)) == len(names) == 3
    assert not any(set("/ ") & set(name) for name in names)


@pytest.mark.parametrize("direction", ["inbound", "outbound"])
def test_every_rule_ends_the_map_the_last_one_too_as_azure_asks(graph: Graph, direction: str) -> None:
    assert {rule["nextStepIfMatched"] for rule in rules(graph, direction)} == {"Terminate"}


def test_an_aggregate_that_is_added_renames_no_rule_and_leaves_the_drop_at_the_end(graph: Graph) -> None:
    more = rules(preview(replace(END, accepts=("10.9.0.0/16", *END.accepts))), "inbound")

    assert [rule for rule in more if "10.9" not in rule["name"]] == list(rules(graph, "inbound"))
    assert more[-1]["actions"] == [{"type": "Drop"}]


def test_each_map_stands_in_the_connections_own_direction() -> None:
    known = record(lambda: build(END), complete=lambda _type, name, _inputs: {"name": name})
    routing = known.named(USER, "user").inputs["routingConfiguration"]

    assert routing["inboundRouteMap"] == {"id": known.named(MAP, "branch-inbound").id}
    assert routing["outboundRouteMap"] == {"id": known.named(MAP, "branch-outbound").id}


def test_maps_do_not_name_connections_because_connections_name_them(graph: Graph) -> None:
    assert not any(key.startswith("associated") for made in graph.of_type(MAP) for key in made.inputs)


def test_a_branch_is_looked_up_where_azure_wants_branches_and_learned_by_the_plans_labels(graph: Graph) -> None:
    routing = graph.named(USER, "user").inputs["routingConfiguration"]

    assert routing["associatedRouteTable"] == {"id": "/hubs/east/hubRouteTables/defaultRouteTable"}
    assert routing["propagatedRouteTables"] == {"labels": ["prod", "shared", "transit"]}


def test_a_branch_that_nobody_may_learn_goes_nowhere_instead_of_to_azures_default_table() -> None:
    routing = preview(replace(END, labels=())).named(USER, "user").inputs["routingConfiguration"]

    assert routing["propagatedRouteTables"] == {
        "labels": ["none"],
        "ids": [{"id": "/hubs/east/hubRouteTables/noneRouteTable"}],
    }


def test_maps_stand_in_the_hubs_queue_one_after_another(graph: Graph) -> None:
    before, inbound, outbound = graph.named(WAIT, "before"), *graph.of_type(MAP)

    assert depends_on(graph, inbound, before)
    assert depends_on(graph, outbound, inbound)


def test_the_first_map_of_a_hub_may_take_as_long_as_a_new_router(graph: Graph) -> None:
    patient = {"create": "90m", "update": "90m", "delete": "90m"}

    assert [made.timeouts for made in graph.of_type(MAP)] == [patient, patient]


def test_maps_belong_to_the_hub_under_names_of_their_branch(graph: Graph) -> None:
    placed = [
        (made.inputs["routeMapName"], made.inputs["virtualHubName"], made.inputs["resourceGroupName"])
        for made in graph.of_type(MAP)
    ]

    assert placed == [
        ("prod-branch-inbound", "prod-hub-eastus", "prod-wan"),
        ("prod-branch-outbound", "prod-hub-eastus", "prod-wan"),
    ]


def test_maps_live_and_die_with_their_branch(graph: Graph) -> None:
    [branch] = graph.of_type("multicloud-network:index:AzureRouteMaps")

    assert graph.children(branch.urn) == graph.of_type(MAP)


def test_the_sdk_declares_all_that_is_sent(graph: Graph) -> None:
    assert check(graph) == []
