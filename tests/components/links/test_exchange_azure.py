"""Claims about a circuit between the exchange and Azure."""

from collections.abc import Callable, Sequence
from ipaddress import ip_address, ip_interface, ip_network

import pulumi
import pytest
from pulumi_azure_native import network

from components.equinix.cloud_router import EquinixRouter
from components.links.exchange_azure import ExchangeAzureCircuit, ExchangeAzureCircuitArgs
from inspection.graph import SECRET, UNKNOWN, Graph, Resource
from tests.components.equinix.graphs import (
    CONNECTION,
    FILTER,
    PROFILES,
    PROTOCOL,
    ROUTER,
    far_side,
    in_the_clear,
    let_through,
    outputs_of,
    profiles,
    protocol,
    protocols,
    refers,
    update,
)
from tests.components.links.plans_exchange import AZURE, AZURE_END, EXCHANGE
from tests.components.links.plans_exchange import ROUTER as PLAN
from tests.support.declarations import check
from tests.support.recorded import comes_after, depends_on, preview_of, update_of

NAME = "exchange-dc-azure"
CIRCUIT = "azure-native:network:ExpressRouteCircuit"
PEERING = "azure-native:network:ExpressRouteCircuitPeering"
INTO_HUB = "azure-native:network:ExpressRouteConnection"
HUB_OPERATIONS = ("azure-native:network:RouteMap", INTO_HUB)
GATEWAY = "azure-native:network:ExpressRouteGateway"
KEY = "AzureSessionKeyOfDc"
SERVICE_KEY = "2d1f9a52-service-key"
ANSWERS = {
    **profiles({"DC": []}),
    ROUTER: {"equinixAsn": 25658},
    CIRCUIT: {"serviceKey": SERVICE_KEY},
    CONNECTION: {"redundancy": {"priority": "PRIMARY", "group": "group-uuid"}},
}


def program(*, protect: bool = False) -> Callable[[], None]:
    def build() -> None:
        router = EquinixRouter("exchange-dc", {"router": PLAN, "exchange": EXCHANGE, "protect": False})
        gateway = network.ExpressRouteGateway(
            "gateway", resource_group_name="prod-wan", virtual_hub=network.VirtualHubIdArgs(id="/hub")
        )
        args: ExchangeAzureCircuitArgs = {
            "circuit": AZURE,
            "exchange": EXCHANGE,
            "router_id": router.router_id,
            "router_asn": router.asn,
            "end": AZURE_END,
            "resource_group_name": "prod-wan",
            "hub_id": "/hub",
            "hub_name": "prod-hub-eastus",
            "gateway_name": "prod-circuits-eastus",
            "key": KEY,
            "protect": protect,
            "tags": {"environment": "prod"},
        }
        ExchangeAzureCircuit(NAME, args, pulumi.ResourceOptions(depends_on=[gateway]))

    return build


@pytest.fixture(scope="module")
def graph() -> Graph:
    return preview_of(program())


@pytest.fixture(scope="module")
def deployed() -> Graph:
    return update(program(), ANSWERS)


def legs(graph: Graph) -> Sequence[Resource]:
    """Give the exchange's connection of the primary leg, then that of the secondary."""
    return [graph.named(CONNECTION, f"{NAME}-{leg.key}") for leg in AZURE.legs]


def test_a_circuit_has_two_legs_in_one_group_with_one_service_key(deployed: Graph) -> None:
    [circuit] = deployed.of_type(CIRCUIT)
    primary, secondary = legs(deployed)

    assert len(deployed.of_type(CONNECTION)) == 2
    assert primary.inputs["redundancy"] == {"priority": "PRIMARY"}
    assert secondary.inputs["redundancy"] == {"priority": "SECONDARY", "group": "group-uuid"}
    assert refers(secondary, "redundancy", primary)
    for leg in (primary, secondary):
        assert far_side(leg)["authenticationKey"] == {SECRET: SERVICE_KEY}
        assert refers(leg, "zSide", circuit)


def test_both_legs_are_ordered_as_private_peering_in_the_metro_of_the_circuit(graph: Graph) -> None:
    [circuit] = graph.of_type(CIRCUIT)

    assert circuit.inputs["serviceProviderProperties"]["peeringLocation"] == "Washington DC"
    for leg in legs(graph):
        assert far_side(leg)["type"] == "SP"
        assert far_side(leg)["peeringType"] == "PRIVATE"
        assert far_side(leg)["location"] == {"metroCode": "DC"}
        assert "sellerRegion" not in far_side(leg)


def test_both_legs_are_of_the_expressroute_profile(deployed: Graph) -> None:
    assert deployed.invokes == (PROFILES, PROFILES)
    with pytest.raises(pulumi.RunError, match='"Azure ExpressRoute" in LD, not in DC'):
        update(program(), {**ANSWERS, **profiles({"LD": []})})


def test_both_legs_have_the_bandwidth_of_the_circuit(graph: Graph) -> None:
    [circuit] = graph.of_type(CIRCUIT)

    assert {leg.inputs["bandwidth"] for leg in legs(graph)} == {
        circuit.inputs["serviceProviderProperties"]["bandwidthInMbps"]
    }


def test_nothing_is_configured_on_azures_side_before_the_exchange_has_connected_both_legs(graph: Graph) -> None:
    [peering], [into_hub] = graph.of_type(PEERING), graph.of_type(INTO_HUB)

    for leg in legs(graph):
        assert depends_on(graph, peering, leg)
        assert comes_after(graph, into_hub, leg)
        assert comes_after(graph, leg, graph.of_type(CIRCUIT)[0])
    assert refers(into_hub, "expressRouteCircuitPeering", peering)


def test_every_change_to_the_hub_waits_for_the_queue(graph: Graph) -> None:
    [gateway] = graph.of_type(GATEWAY)
    operations = [resource for token in HUB_OPERATIONS for resource in graph.of_type(token)]

    assert {operation.type for operation in operations} == set(HUB_OPERATIONS)
    assert all(comes_after(graph, operation, gateway) for operation in operations)


def test_circuit_and_legs_do_not_wait_for_the_hub_which_takes_half_an_hour(graph: Graph) -> None:
    [gateway] = graph.of_type(GATEWAY)

    assert not any(comes_after(graph, each, gateway) for each in [*graph.of_type(CIRCUIT), *legs(graph)])


def test_the_router_speaks_over_each_leg_once_azures_side_is_there(graph: Graph) -> None:
    [peering] = graph.of_type(PEERING)

    for leg in legs(graph):
        assert len(protocols(graph, leg, "DIRECT")) == len(protocols(graph, leg, "BGP")) == 1
        direct, bgp = protocol(graph, leg, "DIRECT"), protocol(graph, leg, "BGP")
        assert depends_on(graph, direct, peering)
        assert depends_on(graph, bgp, peering)
        assert depends_on(graph, bgp, direct)


def test_on_each_leg_the_router_has_the_first_address_and_microsoft_the_second(graph: Graph) -> None:
    [peering] = graph.of_type(PEERING)
    prefixes = [peering.inputs[f"{leg.key}PeerAddressPrefix"] for leg in AZURE.legs]

    assert len(set(prefixes)) == 2
    for leg, prefix in zip(legs(graph), prefixes, strict=True):
        own = ip_interface(protocol(graph, leg, "DIRECT").inputs["directIpv4"]["equinixIfaceIp"])
        peer = ip_address(protocol(graph, leg, "BGP").inputs["bgpIpv4"]["customerPeerIp"])
        assert own.network == ip_network(prefix)
        assert [own.ip, peer] == list(own.network.hosts())


def test_both_ends_know_each_others_number(deployed: Graph) -> None:
    [peering] = deployed.of_type(PEERING)

    assert peering.inputs["peerASN"] == 25658
    assert {protocol(deployed, leg, "BGP").inputs["customerAsn"] for leg in legs(deployed)} == {12076}


def test_the_metro_ranks_alike_in_both_directions(graph: Graph) -> None:
    assert graph.of_type(INTO_HUB)[0].inputs["routingWeight"] == AZURE.preference.weight
    for leg in legs(graph):
        told = protocol(graph, leg, "BGP").inputs["bgpIpv4"]
        assert (told["outboundAsPrependCount"], told["outboundMed"]) == ("0", 100)


def test_each_leg_lets_in_what_azure_announces_and_out_what_others_do(graph: Graph) -> None:
    for leg in legs(graph):
        assert let_through(graph, leg, "INBOUND") == {(prefix, "exact") for prefix in AZURE.session.accepts}
        assert let_through(graph, leg, "OUTBOUND") == {(prefix, "exact") for prefix in AZURE.session.sends}


def test_all_three_ends_have_one_key_and_nobody_sees_it_nor_the_service_key(deployed: Graph) -> None:
    [peering] = deployed.of_type(PEERING)
    keys = [protocol(deployed, leg, "BGP").inputs["bgpAuthKey"] for leg in legs(deployed)]

    assert [peering.inputs["sharedKey"], *keys] == [{SECRET: KEY}] * 3
    assert in_the_clear(deployed, KEY) == []
    assert in_the_clear(deployed, SERVICE_KEY) == []
    assert all("zSide" in leg.secret_outputs for leg in legs(deployed))


def test_every_name_at_the_exchange_is_short_enough_and_no_leg_has_the_others(graph: Graph) -> None:
    names = [leg.inputs["name"] for leg in legs(graph)]

    assert names == ["prod-dc-azure-1", "prod-dc-azure-2"]
    for resource in [*legs(graph), *graph.of_type(PROTOCOL), *graph.of_type(FILTER)]:
        assert len(resource.inputs["name"]) <= 24, resource.urn


def test_others_learn_what_to_watch(graph: Graph, deployed: Graph) -> None:
    primary, secondary = legs(deployed)
    [circuit] = deployed.of_type(CIRCUIT)

    assert outputs_of(graph, "ExchangeAzureCircuit") == {
        "targets": {"exchangeConnections": {"primary": UNKNOWN, "secondary": UNKNOWN}, "expressRoute": UNKNOWN}
    }
    assert outputs_of(deployed, "ExchangeAzureCircuit") == {
        "targets": {
            "exchangeConnections": {"primary": primary.id, "secondary": secondary.id},
            "expressRoute": circuit.id,
        }
    }


@pytest.mark.parametrize("protect", [True, False])
def test_circuit_and_legs_are_protected_where_asked(*, protect: bool) -> None:
    graph = preview_of(program(protect=protect))

    assert {resource.protect for resource in [*graph.of_type(CIRCUIT), *legs(graph)]} == {protect}


def test_the_circuit_is_described_where_the_hub_is(graph: Graph) -> None:
    [circuit] = graph.of_type(CIRCUIT)

    assert circuit.inputs["location"] == "eastus"
    assert circuit.inputs["resourceGroupName"] == "prod-wan"
    assert circuit.inputs["tags"] == {"environment": "prod"}


def test_a_first_preview_asks_nobody_and_shows_the_same_resources_as_a_deployment(graph: Graph) -> None:
    assert graph.invokes == ()
    assert graph.by_urn.keys() == update_of(program()).by_urn.keys()


def test_every_input_is_one_that_the_sdks_declare(graph: Graph) -> None:
    assert check(graph) == []
