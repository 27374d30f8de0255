"""Claims about a circuit between the exchange and a site."""

from collections.abc import Callable
from ipaddress import ip_address, ip_interface

import pytest

from components.equinix.cloud_router import EquinixRouter
from components.links.exchange_site import ExchangeSiteCircuit, ExchangeSiteCircuitArgs
from inspection.graph import SECRET, UNKNOWN, Graph, Resource
from tests.components.equinix.graphs import (
    CONNECTION,
    ROUTER,
    far_side,
    in_the_clear,
    let_through,
    outputs_of,
    protocol,
    refers,
)
from tests.components.links.plans_exchange import EXCHANGE, PORT_ID, SITE
from tests.components.links.plans_exchange import ROUTER as PLAN
from tests.support.declarations import check
from tests.support.recorded import comes_after, preview_of, update_of

NAME = "exchange-dc-hq"
KEY = "SiteSessionKeyOfDc"


def program(*, protect: bool = False) -> Callable[[], None]:
    def build() -> None:
        router = EquinixRouter("exchange-dc", {"router": PLAN, "exchange": EXCHANGE, "protect": False})
        args: ExchangeSiteCircuitArgs = {
            "circuit": SITE,
            "exchange": EXCHANGE,
            "router_id": router.router_id,
            "port_id": PORT_ID,
            "key": KEY,
            "protect": protect,
        }
        ExchangeSiteCircuit(NAME, args)

    return build


@pytest.fixture(scope="module")
def graph() -> Graph:
    return preview_of(program())


@pytest.fixture(scope="module")
def circuit(graph: Graph) -> Resource:
    [circuit] = graph.of_type(CONNECTION)
    return circuit


def test_the_circuit_ends_on_the_sites_vlan_of_its_port(graph: Graph, circuit: Resource) -> None:
    assert far_side(circuit) == {
        "type": "COLO",
        "port": {"uuid": PORT_ID},
        "linkProtocol": {"type": "DOT1Q", "vlanTag": 1200},
        "location": {"metroCode": "DC"},
    }
    assert circuit.inputs["name"] == "prod-dc-hq"
    assert circuit.inputs["bandwidth"] == 200
    assert refers(circuit, "aSide", graph.of_type(ROUTER)[0])


def test_the_router_speaks_to_the_sites_own_router(graph: Graph, circuit: Resource) -> None:
    direct, bgp = protocol(graph, circuit, "DIRECT"), protocol(graph, circuit, "BGP")
    own = ip_interface(direct.inputs["directIpv4"]["equinixIfaceIp"])
    peer = ip_address(bgp.inputs["bgpIpv4"]["customerPeerIp"])

    assert {own.ip, peer} == set(own.network.hosts())
    assert bgp.inputs["customerAsn"] == SITE.asn
    assert comes_after(graph, bgp, direct)


def test_the_metro_ranks_as_the_plan_says(graph: Graph, circuit: Resource) -> None:
    told = protocol(graph, circuit, "BGP").inputs["bgpIpv4"]

    assert (told["outboundAsPrependCount"], told["outboundMed"]) == ("0", 100)


def test_the_exchange_lets_in_what_the_site_has_and_out_what_it_may_reach(graph: Graph, circuit: Resource) -> None:
    assert let_through(graph, circuit, "INBOUND") == {(prefix, "exact") for prefix in SITE.session.accepts}
    assert let_through(graph, circuit, "OUTBOUND") == {(prefix, "exact") for prefix in SITE.session.sends}


def test_nobody_sees_the_key(graph: Graph, circuit: Resource) -> None:
    assert protocol(graph, circuit, "BGP").inputs["bgpAuthKey"] == {SECRET: KEY}
    assert in_the_clear(graph, KEY) == []


@pytest.mark.parametrize("protect", [True, False])
def test_the_paid_circuit_is_protected_where_asked(*, protect: bool) -> None:
    [circuit] = preview_of(program(protect=protect)).of_type(CONNECTION)
    assert circuit.protect is protect


def test_others_learn_what_to_watch(graph: Graph) -> None:
    deployed = update_of(program())
    [circuit] = deployed.of_type(CONNECTION)

    assert outputs_of(graph, "ExchangeSiteCircuit") == {"targets": {"exchangeConnections": {"primary": UNKNOWN}}}
    assert outputs_of(deployed, "ExchangeSiteCircuit") == {"targets": {"exchangeConnections": {"primary": circuit.id}}}


def test_nobody_is_asked_and_a_preview_shows_the_same_resources_as_a_deployment(graph: Graph) -> None:
    deployed = update_of(program())

    assert graph.invokes == deployed.invokes == ()
    assert graph.by_urn.keys() == deployed.by_urn.keys()


def test_every_input_is_one_that_equinix_declares(graph: Graph) -> None:
    assert check(graph) == []
