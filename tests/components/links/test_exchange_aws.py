"""Claims about a circuit between the exchange and AWS."""

from collections.abc import Callable, Mapping
from ipaddress import ip_interface
from itertools import pairwise

import pulumi
import pytest

from components.equinix.cloud_router import EquinixRouter
from components.links.exchange_aws import ExchangeAwsCircuit, ExchangeAwsCircuitArgs
from inspection.graph import SECRET, UNKNOWN, Graph, Json, Resource
from inspection.recording import record
from tests.components.equinix.graphs import (
    CONNECTION,
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
from tests.components.links.plans_exchange import AWS, AWS_GATEWAY, EXCHANGE
from tests.components.links.plans_exchange import ROUTER as PLAN
from tests.support.declarations import check
from tests.support.recorded import comes_after, depends_on, preview_of, source_of, update_of

NAME = "exchange-dc-aws"
ACCEPTANCE = "aws:directconnect/connectionConfirmation:ConnectionConfirmation"
INTERFACE = "aws:directconnect/transitVirtualInterface:TransitVirtualInterface"
LOOKUP = "aws:directconnect/getConnection:getConnection"
KEY = "AwsSessionKeyOfDc"
KEY_OF_AWS = "MadeByAwsItself00"
ANSWERS = {
    **profiles({"DC": ["us-east-1"]}),
    ROUTER: {"equinixAsn": 25658},
    LOOKUP: {"id": "dxcon-1", "vlanId": 302},
    INTERFACE: {"bgpAuthKey": KEY_OF_AWS},
}


def program(*, key: str | None = KEY, protect: bool = False) -> Callable[[], None]:
    def build() -> None:
        router = EquinixRouter("exchange-dc", {"router": PLAN, "exchange": EXCHANGE, "protect": False})
        args: ExchangeAwsCircuitArgs = {
            "circuit": AWS,
            "exchange": EXCHANGE,
            "router_id": router.router_id,
            "router_asn": router.asn,
            "account_id": "011122223333",
            "gateway_id": "dxgw-1",
            "gateway_asn": AWS_GATEWAY.asn,
            "key": key,
            "protect": protect,
        }
        ExchangeAwsCircuit(NAME, args)

    return build


@pytest.fixture(scope="module")
def graph() -> Graph:
    return preview_of(program())


@pytest.fixture(scope="module")
def deployed() -> Graph:
    return update(program(), ANSWERS)


@pytest.fixture(scope="module")
def circuit(graph: Graph) -> Resource:
    [circuit] = graph.of_type(CONNECTION)
    return circuit


def test_a_hosted_connection_is_ordered_for_the_account_in_the_region_of_the_metro(circuit: Resource) -> None:
    end = far_side(circuit)

    assert end["authenticationKey"] == {SECRET: "011122223333"}
    assert end["sellerRegion"] == "us-east-1"
    assert end["location"] == {"metroCode": "DC"}
    assert "peeringType" not in end
    assert circuit.inputs["bandwidth"] == 500
    assert "redundancy" not in circuit.inputs


def test_aws_is_asked_for_the_hosted_connection_by_the_name_that_the_exchange_was_given() -> None:
    asked: dict[str, Mapping[str, Json]] = {}

    def answer(token: str, _name: str, inputs: dict[str, Json]) -> Mapping[str, Json]:
        asked[token] = inputs
        return ANSWERS.get(token, {})

    graph = record(program(), complete=answer)
    [circuit] = graph.of_type(CONNECTION)

    assert asked[LOOKUP] == {"name": circuit.inputs["name"], "region": "us-east-1"}
    assert asked["equinix:fabric/getServiceProfiles:getServiceProfiles"]["filter"]["values"] == ["AWS Direct Connect"]


def test_what_is_found_is_accepted_and_carries_the_interface_on_its_own_vlan(deployed: Graph) -> None:
    [accepted], [interface] = deployed.of_type(ACCEPTANCE), deployed.of_type(INTERFACE)

    assert accepted.inputs["connectionId"] == "dxcon-1"
    assert accepted.inputs["region"] == interface.inputs["region"] == "us-east-1"
    assert interface.inputs["connectionId"] == accepted.id
    assert interface.inputs["vlan"] == 302
    assert interface.inputs["dxGatewayId"] == "dxgw-1"


def test_both_ends_have_each_others_addresses(graph: Graph, circuit: Resource) -> None:
    [interface] = graph.of_type(INTERFACE)
    own = ip_interface(protocol(graph, circuit, "DIRECT").inputs["directIpv4"]["equinixIfaceIp"])
    amazon = ip_interface(interface.inputs["amazonAddress"])

    assert str(own) == interface.inputs["customerAddress"]
    assert protocol(graph, circuit, "BGP").inputs["bgpIpv4"]["customerPeerIp"] == str(amazon.ip)
    assert own.network == amazon.network
    assert {own.ip, amazon.ip} == set(own.network.hosts())


def test_both_ends_know_each_others_number(deployed: Graph) -> None:
    [circuit], [interface] = deployed.of_type(CONNECTION), deployed.of_type(INTERFACE)

    assert interface.inputs["bgpAsn"] == 25658
    assert protocol(deployed, circuit, "BGP").inputs["customerAsn"] == AWS_GATEWAY.asn != AWS_GATEWAY.end.asn


def test_a_circuit_has_one_address_and_one_session(graph: Graph, circuit: Resource) -> None:
    assert len(protocols(graph, circuit, "DIRECT")) == 1
    assert len(protocols(graph, circuit, "BGP")) == 1


def test_each_step_waits_for_the_one_before_and_goes_before_it_when_all_is_destroyed(
    graph: Graph, circuit: Resource
) -> None:
    [router], [accepted], [interface] = graph.of_type(ROUTER), graph.of_type(ACCEPTANCE), graph.of_type(INTERFACE)
    direct, bgp = protocol(graph, circuit, "DIRECT"), protocol(graph, circuit, "BGP")

    for earlier, later in pairwise([router, circuit, accepted, interface, direct, bgp]):
        assert comes_after(graph, later, earlier), later.urn
    assert depends_on(graph, accepted, circuit)
    assert depends_on(graph, direct, accepted)
    assert depends_on(graph, bgp, interface)
    assert depends_on(graph, bgp, direct)


def test_what_aws_finds_by_name_still_comes_from_the_exchanges_connection(graph: Graph, circuit: Resource) -> None:
    [accepted] = graph.of_type(ACCEPTANCE)

    assert source_of(graph, accepted, "connectionId", CONNECTION) == circuit


def test_a_lost_neighbour_shows_at_once(graph: Graph, circuit: Resource) -> None:
    assert protocol(graph, circuit, "BGP").inputs["bfd"] == {"enabled": True}


def test_the_exchange_lets_in_what_aws_announces_and_out_what_others_do(graph: Graph, circuit: Resource) -> None:
    assert let_through(graph, circuit, "INBOUND") == {(prefix, "exact") for prefix in AWS.session.accepts}
    assert let_through(graph, circuit, "OUTBOUND") == {(prefix, "exact") for prefix in AWS.session.sends}


def test_both_ends_have_the_key_that_is_given_and_nobody_sees_it(deployed: Graph) -> None:
    [circuit], [interface] = deployed.of_type(CONNECTION), deployed.of_type(INTERFACE)

    assert interface.inputs["bgpAuthKey"] == {SECRET: KEY}
    assert in_the_clear(deployed, KEY) == []
    assert "bgpAuthKey" in protocol(deployed, circuit, "BGP").secret_outputs


def test_without_a_key_the_exchange_has_the_one_that_aws_makes() -> None:
    graph = update(program(key=None), ANSWERS)
    [circuit], [interface] = graph.of_type(CONNECTION), graph.of_type(INTERFACE)
    bgp = protocol(graph, circuit, "BGP")

    assert "bgpAuthKey" not in interface.inputs
    assert bgp.inputs["bgpAuthKey"] == {SECRET: KEY_OF_AWS}
    assert refers(bgp, "bgpAuthKey", interface)
    assert in_the_clear(graph, KEY_OF_AWS) == []


def test_others_learn_what_to_watch(graph: Graph, deployed: Graph) -> None:
    [circuit] = deployed.of_type(CONNECTION)

    assert outputs_of(graph, "ExchangeAwsCircuit") == {
        "targets": {"exchangeConnections": {"primary": UNKNOWN}, "directConnect": UNKNOWN}
    }
    assert outputs_of(deployed, "ExchangeAwsCircuit") == {
        "targets": {"exchangeConnections": {"primary": circuit.id}, "directConnect": "dxcon-1"}
    }


@pytest.mark.parametrize("protect", [True, False])
def test_the_paid_circuit_is_protected_where_asked(*, protect: bool) -> None:
    [circuit] = preview_of(program(protect=protect)).of_type(CONNECTION)
    assert circuit.protect is protect


def test_no_order_is_placed_where_equinix_does_not_offer_the_region() -> None:
    with pytest.raises(pulumi.RunError, match="in DC for us-east-2, not for us-east-1"):
        update(program(), {**ANSWERS, **profiles({"DC": ["us-east-2"]})})


def test_a_first_preview_asks_nobody_and_shows_the_same_resources_as_a_deployment(graph: Graph) -> None:
    assert graph.invokes == ()
    assert graph.by_urn.keys() == update_of(program()).by_urn.keys()


def test_every_input_is_one_that_the_sdks_declare(graph: Graph) -> None:
    assert check(graph) == []
