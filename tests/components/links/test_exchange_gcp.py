"""Claims about the circuits between the exchange and Google Cloud in one metro."""

from collections.abc import Callable, Iterator, Mapping
from ipaddress import ip_address, ip_interface

import pulumi
import pytest

from components.equinix.cloud_router import EquinixRouter
from components.links.exchange_gcp import ExchangeGcpCircuit, ExchangeGcpCircuitArgs
from inspection.graph import SECRET, UNKNOWN, Graph, Json, Resource
from inspection.recording import record
from planning.links.types import GcpLeg
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
from tests.components.gcp.graphs import ATTACHMENT, INTERFACE, PARTNER_SESSION, PEER, SPOKE
from tests.components.links.plans_exchange import EXCHANGE, GCP
from tests.components.links.plans_exchange import ROUTER as PLAN
from tests.support.declarations import check
from tests.support.recorded import comes_after, preview_of, source_of, update_of

NAME = "exchange-dc-gcp"
PAIRING_KEYS = {1: "9b52c4a6-0000/us-east4/1", 2: "7d81e3f0-0000/us-east4/2"}
GIVEN_OUT = {1: ("169.254.60.1/29", "169.254.60.2/29"), 2: ("169.254.61.1/29", "169.254.61.2/29")}
"""Domain -> what Google gives its own router, and ours."""
ANSWERS = {**profiles({"DC": ["us-east4"]}), ROUTER: {"equinixAsn": 25658}}


def program(*, protect: bool = False) -> Callable[[], None]:
    def build() -> None:
        router = EquinixRouter("exchange-dc", {"router": PLAN, "exchange": EXCHANGE, "protect": False})
        args: ExchangeGcpCircuitArgs = {
            "circuit": GCP,
            "exchange": EXCHANGE,
            "router_id": router.router_id,
            "router_asn": router.asn,
            "project": "acme-net-prod",
            "cloud_router_name": "prod-partner",
            "hub_id": "prod-hub",
            "group_id": "center",
            "protect": protect,
        }
        ExchangeGcpCircuit(NAME, args)

    return build


def answer(token: str, _name: str, inputs: dict[str, Json]) -> Mapping[str, Json]:
    """Answer as Google does: each attachment has a pairing key and addresses of its own."""
    if token != ATTACHMENT:
        return ANSWERS.get(token, {})
    domain = int(inputs["edgeAvailabilityDomain"][-1])
    google, ours = GIVEN_OUT[domain]
    return {"pairingKey": PAIRING_KEYS[domain], "cloudRouterIpAddress": google, "customerRouterIpAddress": ours}


@pytest.fixture(scope="module")
def graph() -> Graph:
    return preview_of(program())


@pytest.fixture(scope="module")
def deployed() -> Graph:
    return record(program(), complete=answer)


def legs(graph: Graph) -> Iterator[tuple[GcpLeg, Resource]]:
    """Pair each leg of the plan with its circuit at the exchange."""
    return ((each, graph.named(CONNECTION, f"{NAME}-{each.leg.key}")) for each in GCP.legs)


def made(graph: Graph) -> list[Resource]:
    """List the attachments that are made, not only read again."""
    return [attachment for attachment in graph.of_type(ATTACHMENT) if not attachment.read]


def test_each_circuit_is_paired_with_the_attachment_of_its_own_domain(deployed: Graph) -> None:
    domains = []
    for each, circuit in legs(deployed):
        attachment = source_of(deployed, circuit, "zSide", ATTACHMENT)
        domains.append(attachment.inputs["edgeAvailabilityDomain"])
        assert attachment.inputs["edgeAvailabilityDomain"] == f"AVAILABILITY_DOMAIN_{each.domain}"
        assert far_side(circuit)["authenticationKey"] == {SECRET: PAIRING_KEYS[each.domain]}

    assert sorted(domains) == ["AVAILABILITY_DOMAIN_1", "AVAILABILITY_DOMAIN_2"]
    assert len(made(deployed)) == len(deployed.of_type(CONNECTION)) == 2


def test_the_profile_of_each_circuit_is_that_of_its_zone() -> None:
    asked = []

    def listen(token: str, name: str, inputs: dict[str, Json]) -> Mapping[str, Json]:
        if token != PROFILES:
            return answer(token, name, inputs)
        [profile] = inputs["filter"]["values"]
        asked.append(profile)
        return {"data": [{"uuid": profile, "metros": []}]}

    graph = record(program(), complete=listen)

    assert sorted(asked) == [f"Google Cloud Partner Interconnect Zone {zone}" for zone in (1, 2)]
    for each, circuit in legs(graph):
        assert far_side(circuit)["profile"]["uuid"].endswith(f"Zone {each.domain}")


def test_the_circuits_are_ordered_for_the_region_of_the_attachments(graph: Graph) -> None:
    for _, circuit in legs(graph):
        attachment = source_of(graph, circuit, "zSide", ATTACHMENT)
        assert far_side(circuit)["sellerRegion"] == attachment.inputs["region"] == "us-east4"
        assert far_side(circuit)["location"] == {"metroCode": "DC"}
        assert "redundancy" not in circuit.inputs
        assert circuit.inputs["bandwidth"] == 500


def test_no_order_is_placed_where_equinix_does_not_offer_the_region() -> None:
    with pytest.raises(pulumi.RunError, match=r"Zone \d\" in DC for us-west1, not for us-east4"):
        update(program(), {**ANSWERS, **profiles({"DC": ["us-west1"]})})


def test_the_router_takes_the_addresses_that_google_gives_out(deployed: Graph) -> None:
    for each, circuit in legs(deployed):
        direct, bgp = protocol(deployed, circuit, "DIRECT"), protocol(deployed, circuit, "BGP")
        own = ip_interface(direct.inputs["directIpv4"]["equinixIfaceIp"])
        peer = ip_address(bgp.inputs["bgpIpv4"]["customerPeerIp"])
        google, ours = GIVEN_OUT[each.domain]

        assert str(own) == ours
        assert str(peer) == google.removesuffix("/29")
        assert peer in own.network
        assert own.ip != peer


def test_addresses_are_read_again_once_the_exchange_has_connected_both(graph: Graph) -> None:
    again = [attachment for attachment in graph.of_type(ATTACHMENT) if attachment.read]

    assert len(again) == 2
    for _, circuit in legs(graph):
        read = source_of(graph, protocol(graph, circuit, "DIRECT"), "directIpv4", ATTACHMENT)
        assert read in again
        assert source_of(graph, protocol(graph, circuit, "BGP"), "bgpIpv4", ATTACHMENT) == read


def test_both_ends_know_each_others_number(deployed: Graph) -> None:
    told = {session.inputs["peer_asn"] for session in deployed.of_type(PARTNER_SESSION)}
    spoken_to = {protocol(deployed, circuit, "BGP").inputs["customerAsn"] for _, circuit in legs(deployed)}

    assert len(deployed.of_type(PARTNER_SESSION)) == 2
    assert told == {25658}
    assert spoken_to == {16550}


def test_google_is_told_in_the_project_and_at_the_router_of_the_attachments(deployed: Graph) -> None:
    names = {attachment.inputs["name"] for attachment in made(deployed)}
    told = deployed.of_type(PARTNER_SESSION)

    assert {attachment.inputs["router"] for attachment in made(deployed)} == {"prod-partner"}
    assert {session.inputs["router"] for session in told} == {"prod-partner"}
    assert {session.inputs["project"] for session in told} == {"acme-net-prod"}
    assert {session.inputs["attachment"] for session in told} == names


def test_google_makes_its_side_of_the_sessions_itself(graph: Graph) -> None:
    assert not graph.of_type(INTERFACE)
    assert not graph.of_type(PEER)
    for _, circuit in legs(graph):
        assert "bgpAuthKey" not in protocol(graph, circuit, "BGP").inputs


def test_each_step_waits_for_the_one_before_and_goes_before_it_when_all_is_destroyed(graph: Graph) -> None:
    circuits = [circuit for _, circuit in legs(graph)]
    for circuit in circuits:
        attachment = source_of(graph, circuit, "zSide", ATTACHMENT)
        assert comes_after(graph, circuit, attachment)
        assert len(protocols(graph, circuit, "DIRECT")) == len(protocols(graph, circuit, "BGP")) == 1
        direct, bgp = protocol(graph, circuit, "DIRECT"), protocol(graph, circuit, "BGP")
        assert comes_after(graph, bgp, direct)
        for other in circuits:
            assert comes_after(graph, direct, other)
        for told in graph.of_type(PARTNER_SESSION):
            assert comes_after(graph, told, circuit)
            assert comes_after(graph, direct, told)


def test_both_attachments_are_one_spoke_of_the_hub_in_the_group_of_the_plan(graph: Graph) -> None:
    [spoke] = graph.of_type(SPOKE)

    assert (spoke.inputs["hub"], spoke.inputs["group"]) == ("prod-hub", "center")
    assert all(refers(spoke, "linkedInterconnectAttachments", attachment) for attachment in made(graph))
    assert all(comes_after(graph, spoke, circuit) for _, circuit in legs(graph))


def test_the_metro_ranks_as_the_plan_says(graph: Graph) -> None:
    for _, circuit in legs(graph):
        told = protocol(graph, circuit, "BGP").inputs["bgpIpv4"]
        assert (told["outboundAsPrependCount"], told["outboundMed"]) == ("0", 100)


def test_nobody_waits_for_bfd_that_google_does_not_speak(graph: Graph) -> None:
    spoken = [each.inputs["bfd"] for each in graph.of_type(PROTOCOL) if each.inputs["type"] == "BGP"]
    assert spoken == [{"enabled": False}] * 2


def test_each_leg_lets_in_what_google_announces_and_out_what_others_do(graph: Graph) -> None:
    for _, circuit in legs(graph):
        assert let_through(graph, circuit, "INBOUND") == {(prefix, "exact") for prefix in GCP.session.accepts}
        assert let_through(graph, circuit, "OUTBOUND") == {(prefix, "exact") for prefix in GCP.session.sends}


def test_nobody_sees_a_pairing_key(deployed: Graph) -> None:
    assert [in_the_clear(deployed, key) for key in PAIRING_KEYS.values()] == [[], []]
    assert all("zSide" in circuit.secret_outputs for _, circuit in legs(deployed))


def test_every_name_at_the_exchange_is_short_enough_and_no_leg_has_the_others(graph: Graph) -> None:
    assert [circuit.inputs["name"] for _, circuit in legs(graph)] == ["prod-dc-gcp-1", "prod-dc-gcp-2"]
    for resource in [*graph.of_type(CONNECTION), *graph.of_type(PROTOCOL), *graph.of_type(FILTER)]:
        assert len(resource.inputs["name"]) <= 24, resource.urn


@pytest.mark.parametrize("protect", [True, False])
def test_attachments_and_circuits_are_protected_where_asked(*, protect: bool) -> None:
    graph = preview_of(program(protect=protect))

    assert {resource.protect for resource in [*made(graph), *graph.of_type(CONNECTION)]} == {protect}


def test_others_learn_what_to_watch(graph: Graph, deployed: Graph) -> None:
    later = {"domain-1": UNKNOWN, "domain-2": UNKNOWN}
    assert outputs_of(graph, "ExchangeGcpCircuit") == {"targets": {"exchangeConnections": later, "attachments": later}}
    ids = {attachment.inputs["edgeAvailabilityDomain"][-1]: attachment.id for attachment in made(deployed)}
    assert outputs_of(deployed, "ExchangeGcpCircuit") == {
        "targets": {
            "exchangeConnections": {each.leg.key: circuit.id for each, circuit in legs(deployed)},
            "attachments": {each.leg.key: ids[str(each.domain)] for each, _ in legs(deployed)},
        }
    }


def test_a_first_preview_asks_nobody_and_shows_the_same_resources_as_a_deployment(graph: Graph) -> None:
    assert graph.invokes == ()
    assert graph.by_urn.keys() == update_of(program()).by_urn.keys()


def test_every_input_is_one_that_the_sdks_declare(graph: Graph) -> None:
    assert check(graph) == []
