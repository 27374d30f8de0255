"""Claims about the Google end of a circuit: its attachments, their sessions, and their place on the hub."""

import re
from collections.abc import Callable, Mapping

import pulumi
import pytest
from pulumi_gcp import compute

from components.gcp.circuit import GcpCircuit, GcpCircuitArgs, GcpCircuitSessions
from inspection.graph import Graph, Json, Resource
from inspection.recording import record
from tests.components.gcp.graphs import ATTACHMENT, INTERFACE, PARTNER_SESSION, PEER, ROUTER, SPOKE, refers
from tests.components.gcp.plans import CIRCUIT
from tests.support import declarations
from tests.support.known_outputs import complete
from tests.support.recorded import careless, depends_on, preview_of, secret, unknown

NAME = CIRCUIT.name
ORDER = "gcp:compute/address:Address"
"""Stands for the exchange's connections: something that the sessions have to wait for."""
PARTNER_ROUTER = "prod-transit-partner-us-east4"
LEGS = ("primary", "secondary")


def sessions(
    attachments: Mapping[str, compute.InterconnectAttachment],
    group: str | None = "center-1",
    opts: pulumi.ResourceOptions | None = None,
) -> GcpCircuitSessions:
    return GcpCircuitSessions(
        NAME,
        {
            "circuit": CIRCUIT,
            "project": "acme-net-prod",
            "router_name": PARTNER_ROUTER,
            "attachments": attachments,
            "hub_id": "hub-1",
            "group_id": group,
            "peer_asn": 398324,
        },
        opts,
    )


def building(*, protect: bool = False, group: str | None = "center-1") -> Callable[[], None]:
    """Return what builds both stages, with an order of the exchange between them."""

    def program() -> None:
        circuit = GcpCircuit(NAME, {"circuit": CIRCUIT, "router_name": PARTNER_ROUTER, "protect": protect})
        order = compute.Address("order", name="order", description=circuit.pairing_keys["primary"])
        built = sessions(circuit.attachments, group, pulumi.ResourceOptions(depends_on=[order]))
        for key, (google, middle) in built.addresses.items():
            pulumi.export(f"{key} google", google)
            pulumi.export(f"{key} middle", middle)
            pulumi.export(f"{key} pairing", circuit.pairing_keys[key])
        compute.Address("next", name="next", opts=pulumi.ResourceOptions(depends_on=list(built.ready)))

    return program


@pytest.fixture(scope="module")
def graph() -> Graph:
    return preview_of(building())


def made(graph: Graph) -> list[Resource]:
    """List the attachments that are made, not those that are looked at once more."""
    return [attachment for attachment in graph.of_type(ATTACHMENT) if not attachment.read]


def attachment(graph: Graph, leg: str) -> Resource:
    return next(each for each in made(graph) if each.name == f"{NAME}-{leg}")


# -- attachments


def test_each_leg_has_an_attachment_in_an_availability_domain_of_its_own(graph: Graph) -> None:
    domains = {each.name: each.inputs["edgeAvailabilityDomain"] for each in made(graph)}
    assert domains == {
        f"{NAME}-primary": "AVAILABILITY_DOMAIN_1",
        f"{NAME}-secondary": "AVAILABILITY_DOMAIN_2",
    }


def test_attachments_are_the_partners_to_provision_and_are_active_as_soon_as_they_are(graph: Graph) -> None:
    for each in made(graph):
        assert each.inputs["type"] == "PARTNER"
        assert each.inputs["adminEnabled"] is True
        theirs = {"interconnect", "bandwidth", "vlanTag8021q"} & each.inputs.keys()
        assert not theirs, "Google refuses what is the partner's to set"


def test_attachments_are_on_the_partner_router_of_their_region_with_the_plans_packet_size(graph: Graph) -> None:
    for each in made(graph):
        assert (each.inputs["router"], each.inputs["region"]) == (PARTNER_ROUTER, "us-east4")
        assert each.inputs["mtu"] == "1500", "as text"


def test_pairing_keys_are_secret_as_whoever_has_one_can_join(graph: Graph) -> None:
    for each in graph.of_type(ATTACHMENT):
        assert "pairingKey" in each.secret_outputs, each.urn
    for leg in LEGS:
        assert secret(graph.outputs[f"{leg} pairing"])
    assert secret(graph.named(ORDER, "order").inputs["description"])


def test_pairing_keys_are_secret_in_themselves_whatever_the_engine_makes_of_options() -> None:
    with careless():
        graph = preview_of(building())
    assert all(secret(graph.outputs[f"{leg} pairing"]) for leg in LEGS)
    assert secret(graph.named(ORDER, "order").inputs["description"])


def test_only_attachments_are_protected_and_only_when_asked(graph: Graph) -> None:
    assert not any(resource.protect for resource in graph.resources)
    protected = [resource for resource in preview_of(building(protect=True)).resources if resource.protect]
    assert {resource.name for resource in protected} == {f"{NAME}-{leg}" for leg in LEGS}
    assert {resource.type for resource in protected} == {ATTACHMENT}


def test_a_callers_protection_is_not_undone() -> None:
    args: GcpCircuitArgs = {"circuit": CIRCUIT, "router_name": PARTNER_ROUTER, "protect": False}
    graph = preview_of(lambda: GcpCircuit(NAME, args, pulumi.ResourceOptions(protect=True)))
    assert all(each.protect for each in graph.of_type(ATTACHMENT))


# -- sessions


def test_nothing_is_made_beside_the_sessions_that_google_makes_itself(graph: Graph) -> None:
    for token in (INTERFACE, PEER, ROUTER):
        assert not graph.of_type(token)


def test_each_session_gets_the_asn_of_the_exchange_on_the_partner_router(graph: Graph) -> None:
    for leg in LEGS:
        session = graph.named(PARTNER_SESSION, f"{NAME}-{leg}")
        told = {key: value for key, value in session.inputs.items() if key != "__provider"}
        assert told == {
            "project": "acme-net-prod",
            "region": "us-east4",
            "router": PARTNER_ROUTER,
            "attachment": f"prod-dc-{leg}",
            "peer_asn": 398324,
        }
        assert refers(session, "attachment", attachment(graph, leg))


def test_sessions_wait_until_the_exchange_has_made_its_connections(graph: Graph) -> None:
    for leg in LEGS:
        assert depends_on(graph, graph.named(PARTNER_SESSION, f"{NAME}-{leg}"), graph.named(ORDER, "order"))


def test_the_exchanges_sessions_can_wait_for_googles(graph: Graph) -> None:
    for leg in LEGS:
        assert depends_on(graph, graph.named(ORDER, "next"), graph.named(PARTNER_SESSION, f"{NAME}-{leg}"))


def test_addresses_are_looked_up_only_once_the_session_is_there(graph: Graph) -> None:
    looked_at = [each for each in graph.of_type(ATTACHMENT) if each.read]
    assert {each.name for each in looked_at} == {f"{NAME}-{leg}" for leg in LEGS}
    for each in looked_at:
        assert not each.id, "a preview must need no cloud"
        assert depends_on(graph, each, graph.named(PARTNER_SESSION, each.name))
    for leg in LEGS:
        assert unknown(graph.outputs[f"{leg} google"])
        assert unknown(graph.outputs[f"{leg} middle"])


def test_an_attachment_that_stood_before_is_not_looked_at_while_its_session_is_only_planned() -> None:
    def program() -> None:
        attachments = GcpCircuit(NAME, {"circuit": CIRCUIT, "router_name": "partner", "protect": False}).attachments
        for each in attachments.values():
            vars(each)["id"] = pulumi.Output.from_input("projects/acme/regions/us-east4/interconnectAttachments/x")
        sessions(attachments)

    looked_at = [each for each in preview_of(program).of_type(ATTACHMENT) if each.read]
    assert [each.id for each in looked_at] == ["", ""], "it has no addresses before"


def test_addresses_are_those_of_the_legs_own_attachment_at_the_second_look() -> None:
    looks: dict[str, int] = {}

    def provisioned_later(token: str, name: str, inputs: Mapping[str, Json]) -> Mapping[str, Json]:
        if token != ATTACHMENT:
            return complete(token, name, inputs)
        looks[name] = looks.get(name, 0) + 1
        if looks[name] == 1:
            return {"pairingKey": "key/us-east4/1"}
        return {"cloudRouterIpAddress": f"google of {name}", "customerRouterIpAddress": f"middle of {name}"}

    outputs = record(building(), complete=provisioned_later).outputs
    for leg in LEGS:
        assert outputs[f"{leg} google"] == f"google of {NAME}-{leg}"
        assert outputs[f"{leg} middle"] == f"middle of {NAME}-{leg}"


# -- the hub


def test_the_hub_gets_both_attachments_as_one_spoke_in_their_region(graph: Graph) -> None:
    spoke = graph.named(SPOKE, NAME)
    assert (spoke.inputs["location"], spoke.inputs["hub"], spoke.inputs["group"]) == ("us-east4", "hub-1", "center-1")
    assert len(spoke.inputs["linkedInterconnectAttachments"]["uris"]) == 2
    for leg in LEGS:
        assert refers(spoke, "linkedInterconnectAttachments", attachment(graph, leg))


def test_the_hub_takes_attachments_after_they_are_provisioned(graph: Graph) -> None:
    for leg in LEGS:
        assert depends_on(graph, graph.named(SPOKE, NAME), graph.named(PARTNER_SESSION, f"{NAME}-{leg}"))


def test_nobody_reaches_a_third_party_and_no_subnet_is_sent_beside_its_aggregate(graph: Graph) -> None:
    linked = graph.named(SPOKE, NAME).inputs["linkedInterconnectAttachments"]
    assert linked["siteToSiteDataTransfer"] is False
    assert "includeImportRanges" not in linked


def test_a_hub_with_one_group_is_joined_without_naming_it() -> None:
    assert "group" not in preview_of(building(group=None)).named(SPOKE, NAME).inputs


# -- the whole


def test_names_in_google_cloud_are_told_apart_and_well_formed(graph: Graph) -> None:
    for token in (ATTACHMENT, SPOKE):
        names = [each.inputs["name"] for each in graph.of_type(token) if not each.read]
        assert len(set(names)) == len(names)
        assert all(re.fullmatch(r"prod-dc(-[a-z]+)?", name) for name in names)


def test_google_is_asked_for_the_same_when_everything_is_known(graph: Graph) -> None:
    known = record(building(), complete=complete)
    assert known.by_urn.keys() == graph.by_urn.keys()
    assert declarations.check(known) == declarations.check(graph) == []
