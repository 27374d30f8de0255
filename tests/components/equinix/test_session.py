"""Claims about what a router speaks over a circuit, and what it lets in and out."""

from collections.abc import Callable, Sequence
from ipaddress import ip_address, ip_interface

import pulumi
import pytest
from pulumi_aws import directconnect

from components.equinix.circuit import EquinixConnection
from components.equinix.session import EquinixAddressesArgs, EquinixSession, EquinixSessionArgs
from inspection.graph import SECRET, Graph, Resource
from planning.links.types import CircuitSession
from tests.components.equinix.graphs import (
    ATTACHED_FILTER,
    CONNECTION,
    FILTER,
    PROTOCOL,
    RULE,
    let_through,
    protocol,
)
from tests.components.links.plans_exchange import EXCHANGE, GCP, PORT_ID, SECOND, SITE
from tests.support.declarations import check
from tests.support.recorded import depends_on, preview_of

ACCEPTANCE = "aws:directconnect/connectionConfirmation:ConnectionConfirmation"
NAME = "exchange-dc-hq-primary"
KEY = "BgpKeyOfTheSite1"
ARGS: EquinixSessionArgs = {
    "exchange": EXCHANGE,
    "connection_id": "connection-uuid",
    "leg": SITE.leg,
    "addresses": None,
    "end_asn": 64580,
    "key": KEY,
    "bfd": True,
    "preference": SECOND,
    "session": SITE.session,
}


def program(args: EquinixSessionArgs = ARGS) -> Callable[[], object]:
    def build() -> None:
        circuit = EquinixConnection(
            NAME,
            {
                "exchange": EXCHANGE,
                "router_id": "router-uuid",
                "leg": SITE.leg,
                "metro": SITE.metro,
                "bandwidth": SITE.bandwidth,
                "provider": None,
                "port": {"id": PORT_ID, "vlan": SITE.vlan},
                "redundancy": None,
                "protect": False,
            },
        )
        accepted = directconnect.ConnectionConfirmation("far", connection_id="dxcon-1")
        EquinixSession(
            NAME,
            {**args, "connection_id": circuit.connection_id},
            opts=pulumi.ResourceOptions(depends_on=[accepted]),
        )

    return build


@pytest.fixture(scope="module")
def graph() -> Graph:
    return preview_of(program())


@pytest.fixture(scope="module")
def circuit(graph: Graph) -> Resource:
    return graph.named(CONNECTION, NAME)


def test_the_router_has_the_address_of_the_plan_and_speaks_to_the_far_sides(graph: Graph, circuit: Resource) -> None:
    direct, bgp = protocol(graph, circuit, "DIRECT"), protocol(graph, circuit, "BGP")

    own = ip_interface(direct.inputs["directIpv4"]["equinixIfaceIp"])
    peer = ip_address(bgp.inputs["bgpIpv4"]["customerPeerIp"])

    assert (str(own), str(peer)) == ("169.254.100.13/30", "169.254.100.14")
    assert peer in own.network
    assert bgp.inputs["bgpIpv4"]["enabled"] is True
    assert bgp.inputs["customerAsn"] == 64580
    assert "customerAsn" not in direct.inputs


def test_addresses_that_the_far_side_gives_out_count_before_the_plans() -> None:
    given: EquinixAddressesArgs = {"middle": "169.254.7.2/29", "end": "169.254.7.1"}
    graph = preview_of(program({**ARGS, "leg": GCP.legs[0].leg, "addresses": given}))
    circuit = graph.named(CONNECTION, NAME)

    direct, bgp = protocol(graph, circuit, "DIRECT"), protocol(graph, circuit, "BGP")

    assert direct.inputs["directIpv4"] == {"equinixIfaceIp": "169.254.7.2/29"}
    assert bgp.inputs["bgpIpv4"]["customerPeerIp"] == "169.254.7.1"


def test_a_session_that_nobody_gave_addresses_to_is_refused() -> None:
    with pytest.raises(ValueError, match="no addresses for prod-dc-gcp-1"):
        preview_of(program({**ARGS, "leg": GCP.legs[0].leg}))


def test_how_the_metro_ranks_is_told_to_the_far_side_in_equinixs_types(graph: Graph, circuit: Resource) -> None:
    told = protocol(graph, circuit, "BGP").inputs["bgpIpv4"]

    assert told["outboundAsPrependCount"] == "3"
    assert told["outboundMed"] == 200


def test_a_dead_neighbour_is_noticed_by_bfd(graph: Graph, circuit: Resource) -> None:
    assert protocol(graph, circuit, "BGP").inputs["bfd"] == {"enabled": True}


def test_the_key_of_the_session_is_secret_on_the_way_in_and_out(graph: Graph, circuit: Resource) -> None:
    bgp = protocol(graph, circuit, "BGP")

    assert bgp.inputs["bgpAuthKey"] == {SECRET: KEY}
    assert "bgpAuthKey" in bgp.secret_outputs


def test_a_session_without_a_key_sends_none() -> None:
    graph = preview_of(program({**ARGS, "key": None}))

    assert "bgpAuthKey" not in graph.named(PROTOCOL, NAME).inputs


def test_a_session_needs_its_address_and_both_need_the_far_side(graph: Graph, circuit: Resource) -> None:
    [far] = graph.of_type(ACCEPTANCE)
    direct, bgp = protocol(graph, circuit, "DIRECT"), protocol(graph, circuit, "BGP")

    assert depends_on(graph, direct, far)
    assert depends_on(graph, bgp, far)
    assert depends_on(graph, bgp, direct)


@pytest.mark.parametrize(("direction", "wanted"), [("INBOUND", SITE.session.accepts), ("OUTBOUND", SITE.session.sends)])
def test_only_the_aggregates_of_the_plan_pass_and_not_what_is_inside_them(
    graph: Graph, circuit: Resource, direction: str, wanted: Sequence[str]
) -> None:
    assert let_through(graph, circuit, direction) == {(prefix, "exact") for prefix in wanted}


def test_filters_are_for_ipv4_and_in_the_project_of_the_circuit(graph: Graph) -> None:
    filters = graph.of_type(FILTER)

    assert {each.inputs["name"] for each in filters} == {"prod-dc-hq-i", "prod-dc-hq-o"}
    assert {each.inputs["type"] for each in filters} == {"BGP_IPv4_PREFIX_FILTER"}
    assert all(each.inputs["project"] == {"projectId": "377533000114703"} for each in filters)


def test_a_filter_is_attached_with_all_its_rules_in_it(graph: Graph) -> None:
    for attached in graph.of_type(ATTACHED_FILTER):
        rules = [
            rule
            for rule in graph.of_type(RULE)
            if rule.property_dependencies["routeFilterId"] == attached.property_dependencies["routeFilterId"]
        ]
        assert rules
        assert all(depends_on(graph, attached, rule) for rule in rules), attached.urn


def test_no_session_comes_up_before_both_filters_are_on_the_circuit_one_after_the_other(
    graph: Graph, circuit: Resource
) -> None:
    direct, bgp = protocol(graph, circuit, "DIRECT"), protocol(graph, circuit, "BGP")
    inbound, outbound = (
        graph.named(ATTACHED_FILTER, f"{NAME}-inbound"),
        graph.named(ATTACHED_FILTER, f"{NAME}-outbound"),
    )

    assert depends_on(graph, inbound, direct)
    assert depends_on(graph, outbound, inbound)
    assert depends_on(graph, bgp, outbound)


def test_a_party_that_is_sent_nothing_has_a_filter_that_drops_all() -> None:
    graph = preview_of(program({**ARGS, "session": CircuitSession(sends=(), accepts=SITE.session.accepts)}))

    assert let_through(graph, graph.named(CONNECTION, NAME), "OUTBOUND") == set()


def test_another_aggregate_leaves_the_rules_there_are_alone(graph: Graph) -> None:
    more = CircuitSession(sends=("10.64.0.0/16", *SITE.session.sends), accepts=SITE.session.accepts)
    grown = preview_of(program({**ARGS, "session": more}))

    before = {rule.urn: rule.inputs for rule in graph.of_type(RULE)}
    after = {rule.urn: rule.inputs for rule in grown.of_type(RULE)}

    assert len(after) == len(before) + 1
    assert before.items() <= after.items()


def test_what_the_provider_cannot_change_is_replaced(graph: Graph) -> None:
    for each in graph.of_type(PROTOCOL):
        assert set(each.replace_on_changes) == {"connectionUuid", "type"}
        assert each.delete_before_replace
    for attached in graph.of_type(ATTACHED_FILTER):
        assert set(attached.replace_on_changes) == {"connectionId", "routeFilterId", "direction"}
        assert attached.delete_before_replace
    for rule in graph.of_type(RULE):
        assert set(rule.replace_on_changes) == {"routeFilterId"}


def test_the_exchange_may_take_longer_than_the_provider_waits_by_default(graph: Graph) -> None:
    timeouts = [each.timeouts for each in graph.of_type(PROTOCOL)]

    assert timeouts == [{"create": "30m", "update": "30m", "delete": "30m"}] * 2


def test_every_name_is_one_that_equinix_takes(graph: Graph) -> None:
    named = [*graph.of_type(PROTOCOL), *graph.of_type(FILTER), *graph.of_type(RULE)]

    for resource in named:
        name = resource.inputs["name"]
        assert len(name) <= 24, resource.urn
        assert name.replace("-", "").isalnum(), resource.urn


def test_rules_of_one_filter_have_names_of_their_own(graph: Graph) -> None:
    rules = graph.of_type(RULE)
    names = {(rule.inputs["name"], *rule.property_dependencies["routeFilterId"]) for rule in rules}

    assert len(names) == len(rules)


def test_every_input_is_one_that_equinix_declares(graph: Graph) -> None:
    assert check(graph) == []
