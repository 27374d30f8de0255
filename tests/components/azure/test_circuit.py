from collections.abc import Iterator

import pulumi
import pytest
from pulumi_azure_native import network
from pulumi_equinix import fabric

from components.azure.circuit import AzureCircuit, AzureCircuitGateway, AzureCircuitPeering
from inspection.graph import Graph, Resource
from inspection.recording import record
from tests.components.azure.plans import CIRCUIT, CIRCUIT_END, CIRCUIT_GATEWAY
from tests.support import known_outputs
from tests.support.declarations import check
from tests.support.recorded import careless, depends_on, preview_of, secret, unknown

GATEWAY = "azure-native:network:ExpressRouteGateway"
CIRCUIT_TYPE = "azure-native:network:ExpressRouteCircuit"
PEERING = "azure-native:network:ExpressRouteCircuitPeering"
CONNECTION = "azure-native:network:ExpressRouteConnection"
MAP = "azure-native:network:RouteMap"
HUB_TABLE = "azure-native:network:HubRouteTable"
LEG = "equinix:fabric/connection:Connection"
PATIENT = {"create": "90m", "update": "90m", "delete": "90m"}


def build(*, protect: bool = False) -> None:
    """Build gateway, circuit and peering, and between them what the exchange does."""
    table = network.HubRouteTable("hub", resource_group_name="prod-wan", virtual_hub_name="prod-hub-eastus")
    tags = {"environment": "prod"}
    gateway = AzureCircuitGateway(
        "azure-eastus-circuits",
        {
            "gateway": CIRCUIT_GATEWAY,
            "physical_name": "prod-circuits-eastus",
            "resource_group_name": "prod-wan",
            "hub_id": "/hubs/east",
            "protect": protect,
            "tags": tags,
        },
        pulumi.ResourceOptions(depends_on=[table]),
    )
    circuit = AzureCircuit(
        "exchange-dc-azure",
        {
            "circuit": CIRCUIT,
            "region": "eastus",
            "resource_group_name": "prod-wan",
            "protect": protect,
            "tags": tags,
        },
    )
    legs = [
        fabric.Connection(
            leg.key,
            name=leg.connection_name,
            type="IP_VC",
            bandwidth=CIRCUIT.bandwidth,
            notifications=[fabric.ConnectionNotificationArgs(type="ALL", emails=["noc@acme.example"])],
            a_side=fabric.ConnectionASideArgs(),
            z_side=fabric.ConnectionZSideArgs(
                access_point=fabric.ConnectionZSideAccessPointArgs(authentication_key=circuit.service_key)
            ),
        )
        for leg in CIRCUIT.legs
    ]
    peering = AzureCircuitPeering(
        "exchange-dc-azure-peering",
        {
            "circuit": CIRCUIT,
            "end": CIRCUIT_END,
            "circuit_name": circuit.circuit_name,
            "resource_group_name": "prod-wan",
            "hub_id": "/hubs/east",
            "hub_name": "prod-hub-eastus",
            "gateway_name": gateway.gateway_name,
            "peer_asn": pulumi.Output.from_input(30215),
            "key": "letters-only",
        },
        pulumi.ResourceOptions(depends_on=[*legs, gateway]),
    )
    pulumi.export("serviceKey", circuit.service_key)
    pulumi.export("circuitId", circuit.circuit_id)
    pulumi.export("peeringId", peering.peering_id)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return preview_of(build)


@pytest.fixture(scope="module")
def known() -> Graph:
    return record(build, complete=known_outputs.complete)


def only(graph: Graph, token: str) -> Resource:
    [resource] = graph.of_type(token)
    return resource


def behind(graph: Graph, resource: Resource) -> Iterator[Resource]:
    """Yield everything that has to be gone before a resource can go."""
    for other in graph.resources:
        if other.custom and depends_on(graph, other, resource):
            yield other
            yield from behind(graph, other)


def test_the_gateway_has_the_plans_bandwidth_and_never_more(graph: Graph) -> None:
    gateway = only(graph, GATEWAY)

    assert gateway.inputs["autoScaleConfiguration"] == {"bounds": {"min": 3, "max": 3}}
    assert gateway.inputs["virtualHub"] == {"id": "/hubs/east"}
    assert gateway.inputs["location"] == "eastus"
    assert gateway.inputs["expressRouteGatewayName"] == "prod-circuits-eastus"


def test_vnets_outside_the_wan_do_not_come_in_over_a_circuit(graph: Graph) -> None:
    assert only(graph, GATEWAY).inputs["allowNonVirtualWanTraffic"] is False


def test_the_gateway_carries_no_connections_inline_because_they_would_delete_the_standalone_ones(
    graph: Graph,
) -> None:
    assert "expressRouteConnections" not in only(graph, GATEWAY).inputs


def test_the_circuit_is_bought_where_and_as_wide_as_the_plan_says(graph: Graph) -> None:
    circuit = only(graph, CIRCUIT_TYPE)

    assert circuit.inputs["circuitName"] == "prod-dc"
    assert circuit.inputs["location"] == "eastus"
    assert circuit.inputs["serviceProviderProperties"] == {
        "serviceProviderName": "Equinix",
        "peeringLocation": "Washington DC",
        "bandwidthInMbps": 1000,
    }


def test_the_circuit_is_paid_by_use_and_its_sku_is_named_as_azure_spells_it(graph: Graph) -> None:
    assert only(graph, CIRCUIT_TYPE).inputs["sku"] == {
        "name": "Standard_MeteredData",
        "tier": "Standard",
        "family": "MeteredData",
    }


def test_the_circuit_takes_no_classic_operations_and_no_peering_inline(graph: Graph) -> None:
    circuit = only(graph, CIRCUIT_TYPE)

    assert circuit.inputs["allowClassicOperations"] is False
    assert circuit.inputs.keys() & {"peerings", "authorizations"} == set()


def test_the_service_key_is_secret_wherever_it_goes(graph: Graph, known: Graph) -> None:
    assert "serviceKey" in only(graph, CIRCUIT_TYPE).secret_outputs
    for each in (graph, known):
        assert secret(each.outputs["serviceKey"])
        assert all(secret(leg.inputs["zSide"]["accessPoint"]["authenticationKey"]) for leg in each.of_type(LEG))
    assert unknown(graph.outputs["serviceKey"])


def test_the_service_key_is_secret_in_itself_whatever_the_engine_makes_of_options() -> None:
    with careless():
        graph = preview_of(build)
    assert secret(graph.outputs["serviceKey"])
    assert all(secret(leg.inputs["zSide"]["accessPoint"]["authenticationKey"]) for leg in graph.of_type(LEG))


@pytest.mark.parametrize(("asked", "protected"), [(True, {GATEWAY, CIRCUIT_TYPE}), (False, set())])
def test_gateway_and_circuit_are_protected_only_where_asked(*, asked: bool, protected: set[str]) -> None:
    graph = preview_of(lambda: build(protect=asked))

    assert {resource.type for resource in graph.resources if resource.protect and resource.custom} == protected


def test_both_legs_have_their_session_addresses_vlan_and_asn(graph: Graph) -> None:
    peering = only(graph, PEERING)

    assert peering.inputs["peeringName"] == peering.inputs["peeringType"] == "AzurePrivatePeering"
    assert peering.inputs["primaryPeerAddressPrefix"] == "169.254.30.0/30"
    assert peering.inputs["secondaryPeerAddressPrefix"] == "169.254.30.4/30"
    assert peering.inputs["vlanId"] == 178
    assert peering.inputs["peerASN"] == 30215


def test_the_sessions_key_is_secret_on_its_way_there_and_in_what_comes_back(graph: Graph) -> None:
    peering = only(graph, PEERING)

    assert peering.inputs["sharedKey"] == {"$secret": "letters-only"}
    assert "sharedKey" in peering.secret_outputs


def test_the_peering_waits_until_the_exchange_has_connected_both_legs(graph: Graph) -> None:
    peering = only(graph, PEERING)

    assert all(depends_on(graph, peering, graph.named(LEG, leg.key)) for leg in CIRCUIT.legs)
    assert depends_on(graph, peering, only(graph, CIRCUIT_TYPE))


def test_the_hub_is_connected_to_the_peering_and_not_to_the_circuit(known: Graph) -> None:
    connection = only(known, CONNECTION)

    assert connection.inputs["expressRouteCircuitPeering"] == {"id": only(known, PEERING).id}
    assert connection.inputs["expressRouteGatewayName"] == "prod-circuits-eastus"
    assert depends_on(known, connection, only(known, GATEWAY))


def test_the_connection_ranks_by_weight_because_no_path_survives_the_maps(graph: Graph) -> None:
    assert only(graph, CONNECTION).inputs["routingWeight"] == 100


def test_a_circuit_is_routed_by_its_own_maps_and_tells_no_default_route(known: Graph) -> None:
    inputs = only(known, CONNECTION).inputs
    routing = inputs["routingConfiguration"]

    assert routing["inboundRouteMap"] == {"id": known.named(MAP, "exchange-dc-azure-peering-routes-inbound").id}
    assert routing["outboundRouteMap"] == {"id": known.named(MAP, "exchange-dc-azure-peering-routes-outbound").id}
    assert routing["associatedRouteTable"] == {"id": "/hubs/east/hubRouteTables/defaultRouteTable"}
    assert routing["propagatedRouteTables"] == {"labels": ["prod", "shared", "transit"]}
    assert inputs["enableInternetSecurity"] is False


def test_a_circuit_accepts_the_aggregates_of_everybody_on_the_exchange(graph: Graph) -> None:
    rules = graph.named(MAP, "exchange-dc-azure-peering-routes-inbound").inputs["rules"]

    assert [rule["name"] for rule in rules] == ["10.0.0.0-16", "10.32.0.0-16", "rest"]


def test_everything_that_changes_the_hub_stands_in_one_queue(graph: Graph) -> None:
    gateway, (inbound, outbound), connection = only(graph, GATEWAY), graph.of_type(MAP), only(graph, CONNECTION)

    assert depends_on(graph, gateway, only(graph, HUB_TABLE))
    assert depends_on(graph, inbound, gateway)
    assert depends_on(graph, outbound, inbound)
    assert depends_on(graph, connection, outbound)
    assert gateway.timeouts == connection.timeouts == PATIENT


def test_a_circuit_goes_only_after_the_exchanges_legs_those_after_the_peering_that_after_the_hubs_connection(
    graph: Graph,
) -> None:
    peering, connection = only(graph, PEERING), only(graph, CONNECTION)
    legs = graph.of_type(LEG)

    assert list(behind(graph, peering)) == [connection]
    assert all(peering in behind(graph, leg) for leg in legs)
    assert all(leg in behind(graph, only(graph, CIRCUIT_TYPE)) for leg in legs)


def test_each_part_goes_by_the_circuits_name_in_azure(graph: Graph) -> None:
    connection = only(graph, CONNECTION)

    assert connection.inputs["name"] == connection.inputs["connectionName"] == "prod-dc"
    assert [made.inputs["routeMapName"] for made in graph.of_type(MAP)] == ["prod-dc-inbound", "prod-dc-outbound"]


def test_each_part_lives_and_dies_with_its_component_and_carries_the_environments_tag(graph: Graph) -> None:
    parents = {token: graph.by_urn[only(graph, token).parent].name for token in (GATEWAY, CIRCUIT_TYPE, PEERING)}

    assert parents == {
        GATEWAY: "azure-eastus-circuits",
        CIRCUIT_TYPE: "exchange-dc-azure",
        PEERING: "exchange-dc-azure-peering",
    }
    assert only(graph, CONNECTION).parent == only(graph, PEERING).parent
    assert all(only(graph, token).inputs["tags"] == {"environment": "prod"} for token in (GATEWAY, CIRCUIT_TYPE))


def test_ids_of_circuit_and_peering_are_handed_on(known: Graph) -> None:
    assert known.outputs["circuitId"] == only(known, CIRCUIT_TYPE).id
    assert known.outputs["peeringId"] == only(known, PEERING).id


def test_the_same_resources_are_asked_for_whether_ids_are_known_or_not(graph: Graph, known: Graph) -> None:
    assert [resource.urn for resource in known.resources] == [resource.urn for resource in graph.resources]


def test_the_sdk_declares_all_that_is_sent(graph: Graph) -> None:
    assert check(graph) == []
