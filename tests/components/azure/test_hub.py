from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import pytest

from components.azure.hub import AzureHub, AzureHubArgs
from inspection.graph import Graph, Json, Resource
from inspection.recording import record
from planning.azure import Connection
from tests.components.azure.plans import EAST_HUB, IDENTITY, SHOP, SHOP_WEST, TRANSIT
from tests.support.recorded import depends_on, preview_of

HUB = "azure-native:network:VirtualHub"
TABLE = "azure-native:network:HubRouteTable"
CONNECTION = "azure-native:network:HubVirtualNetworkConnection"


def connections(**wanted: Connection) -> AzureHubArgs:
    return {
        "hub": EAST_HUB,
        "resource_group_name": "prod-wan",
        "wan_id": "/wan",
        "connections": {
            name: {"connection": connection, "vnet_id": f"/vnets/{name}"} for name, connection in wanted.items()
        },
        "protect": False,
        "tags": {"environment": "prod"},
    }


EAST = connections(identity=IDENTITY.connection, shop=SHOP.connection, transit=TRANSIT.connection)


def preview(args: AzureHubArgs) -> Graph:
    return preview_of(lambda: AzureHub("azure-eastus", args))


@pytest.fixture(scope="module")
def east() -> Graph:
    return preview(EAST)


def routing(graph: Graph, network: str) -> Mapping[str, Json]:
    return graph.named(CONNECTION, f"azure-eastus-{network}").inputs["routingConfiguration"]


def test_a_hubs_operations_stand_in_one_queue_hub_then_tables_then_connections(east: Graph) -> None:
    queue: Sequence[Resource] = [*east.of_type(HUB), *east.of_type(TABLE), *east.of_type(CONNECTION)]

    assert [resource.name for resource in queue] == [
        "azure-eastus",
        "azure-eastus-prod",
        "azure-eastus-shared",
        "azure-eastus-transit",
        "azure-eastus-identity",
        "azure-eastus-shop",
        "azure-eastus-transit",
    ]
    assert all(depends_on(east, later, earlier) for earlier, later in pairwise(queue))


def test_every_operation_on_the_hub_may_wait_longer_than_a_gateway_takes(east: Graph) -> None:
    operations = [*east.of_type(HUB), *east.of_type(TABLE), *east.of_type(CONNECTION)]
    assert all(operation.timeouts == {"create": "90m", "update": "90m", "delete": "90m"} for operation in operations)


def test_the_hub_is_a_standard_one_on_the_plans_prefix_with_azures_own_asn(east: Graph) -> None:
    [hub] = east.of_type(HUB)

    assert hub.inputs["sku"] == "Standard"
    assert hub.inputs["addressPrefix"] == "10.31.0.0/23"
    assert hub.inputs["virtualWan"] == {"id": "/wan"}
    assert hub.inputs["virtualRouterAutoScaleConfiguration"] == {"minCapacity": 2}
    assert "virtualRouterAsn" not in hub.inputs


def test_a_circuit_beats_a_vpn_whatever_the_length_of_its_path(east: Graph) -> None:
    [hub] = east.of_type(HUB)

    assert hub.inputs["hubRoutingPreference"] == "ExpressRoute"


def test_each_segment_has_a_table_under_its_own_label_and_without_routes_by_hand(east: Graph) -> None:
    tables = east.of_type(TABLE)

    assert {table.inputs["routeTableName"]: table.inputs["labels"] for table in tables} == {
        "prod": ["prod"],
        "shared": ["shared"],
        "transit": ["transit"],
    }
    assert not any("routes" in table.inputs for table in tables)


def test_each_connection_is_looked_up_in_its_own_segments_table() -> None:
    graph = record(lambda: AzureHub("azure-eastus", EAST), complete=lambda _type, name, _inputs: {"name": name})
    table_ids = {table.name: table.id for table in graph.of_type(TABLE)}

    associated = {name: routing(graph, name)["associatedRouteTable"]["id"] for name in ("identity", "shop", "transit")}

    assert associated == {
        "identity": table_ids["azure-eastus-shared"],
        "shop": table_ids["azure-eastus-prod"],
        "transit": table_ids["azure-eastus-transit"],
    }


def test_each_connection_propagates_to_exactly_the_labels_of_the_plan(east: Graph) -> None:
    propagated = {name: routing(east, name)["propagatedRouteTables"] for name in ("identity", "shop", "transit")}

    assert propagated == {
        "identity": {"labels": ["shared", "prod"]},
        "shop": {"labels": ["shared"]},
        "transit": {"labels": ["prod", "shared", "transit", "default"]},
    }


def test_a_connection_without_labels_propagates_nowhere_instead_of_to_azures_default_table() -> None:
    args = connections(west=SHOP_WEST.connection)
    graph = record(lambda: AzureHub("azure-eastus", args), complete=lambda _type, name, _inputs: {"name": name})
    hub_id = graph.of_type(HUB)[0].id

    assert routing(graph, "west")["propagatedRouteTables"] == {
        "labels": ["none"],
        "ids": [{"id": f"{hub_id}/hubRouteTables/noneRouteTable"}],
    }


def test_no_connection_takes_a_default_route_from_the_hub(east: Graph) -> None:
    assert all(connection.inputs["enableInternetSecurity"] is False for connection in east.of_type(CONNECTION))


def test_a_connection_joins_the_vnet_it_is_named_after(east: Graph) -> None:
    joined = {
        connection.inputs["connectionName"]: connection.inputs["remoteVirtualNetwork"]
        for connection in east.of_type(CONNECTION)
    }

    assert joined == {
        "prod-hub-eastus-identity": {"id": "/vnets/identity"},
        "prod-hub-eastus-shop": {"id": "/vnets/shop"},
        "prod-hub-eastus-transit": {"id": "/vnets/transit"},
    }


def test_a_table_that_the_hub_does_not_have_stops_the_program_before_it_is_silently_the_default() -> None:
    with pytest.raises(KeyError, match="lab"):
        preview(connections(lab=replace(SHOP.connection, route_table="lab")))


@pytest.mark.parametrize(("asked", "protected"), [(True, {HUB}), (False, set())])
def test_the_hub_alone_is_protected_and_only_where_asked(*, asked: bool, protected: set[str]) -> None:
    graph = preview({**EAST, "protect": asked})

    assert {resource.type for resource in graph.resources if resource.protect} == protected
