"""Which BGP sessions come up, and who is still joined when something fails.

Both ends of every session are built here, so whether it comes up can be told from what each was told of the other. A
failure takes resources out of the graph, or all sessions on one piece of equipment; what is left has to join every
pair over each of its transports by itself: the other one is not there to hide a weakness of the first.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import pytest

from inspection.graph import Graph, Resource
from tests.program.ends import (
    ATTACHMENT,
    AZURE_VPN,
    CIRCUIT,
    CONNECTION,
    EXCHANGE,
    FABRIC_ROUTER,
    End,
    ends_told,
    far_side,
)
from tests.program.sessions import Session, established, meet, sessions_of
from tests.program.stacks import settings_of, update_of
from tests.program.wanted import LINKED, OVER_EXCHANGE, metros, pairs, sites

Failure = tuple[str, frozenset[str]]
"""What fails, and the URNs of the resources that fail with it."""

linked = pytest.mark.parametrize("stack", LINKED)
over_exchange = pytest.mark.parametrize("stack", OVER_EXCHANGE)


def after(stack: str, lost: frozenset[str]) -> Sequence[Session]:
    """List the sessions that are left when resources are gone."""
    graph = update_of(stack)
    rest = replace(graph, resources=[each for each in graph.resources if each.urn not in lost])
    return established(rest, sites(stack))


def over(transport: str, sessions: Sequence[Session]) -> Sequence[Session]:
    return [session for session in sessions if session.over_circuit == (transport == "exchange")]


def between(sessions: Sequence[Session], one: str, other: str) -> Sequence[Session]:
    return [session for session in sessions if session.parties == {one, other}]


# -- all is well


@linked
def test_every_pair_is_joined_over_each_transport_that_the_stack_file_names_and_over_no_other(stack: str) -> None:
    for (one, other), transports in pairs(stack).items():
        tunnels, circuits = (over(name, sessions_of(stack)) for name in ("vpn", "exchange"))
        assert meet(tunnels, one, other) == ("vpn" in transports), (one, other)
        assert meet(circuits, one, other) == ("exchange" in transports), (one, other)


@linked
def test_nobody_is_joined_whom_the_stack_file_does_not_join(stack: str) -> None:
    wanted = {frozenset(pair) for pair, transports in pairs(stack).items() if "vpn" in transports}
    at_exchange = {party for pair, transports in pairs(stack).items() if "exchange" in transports for party in pair}
    for session in sessions_of(stack):
        assert session.parties in wanted or session.parties - {EXCHANGE} <= at_exchange


@linked
def test_both_ends_of_every_session_were_told_the_same(stack: str) -> None:
    """Nobody waits for somebody who was told of another address, number or key.

    Azure opens a tunnel from each instance over every link, and AWS and Google know of one of the two.
    """
    met = {end for session in sessions_of(stack) for end in session.ends}
    waiting = [end for end in ends_told(update_of(stack), sites(stack)) if end not in met]
    assert [end for end in waiting if not (end.party == "azure" and AZURE_VPN in end.speaker)] == []
    spare = {(end.speaker, end.path[1]) for end in waiting}
    assert spare <= {(end.speaker, end.path[1]) for end in met}, "a link of Azure's that no instance comes up on"


@linked
def test_each_two_clouds_have_the_tunnels_that_both_can_have(stack: str) -> None:
    """Four where AWS takes part, two otherwise: a link of Azure's knows one BGP address of the far side."""
    for (one, other), transports in pairs(stack).items():
        if "vpn" in transports and other not in sites(stack):
            tunnels = between(sessions_of(stack), one, other)
            assert len(tunnels) == (4 if one == "aws" else 2), (one, other)


@linked
def test_each_device_of_a_site_has_two_tunnels_to_each_cloud(stack: str) -> None:
    for (cloud, site), transports in pairs(stack).items():
        if "vpn" in transports and site in sites(stack):
            tunnels = between(sessions_of(stack), cloud, site)
            for device in sites(stack)[site]["devices"]:
                assert len([each for each in tunnels if each.at(site).place == f"{device} of {site}"]) == 2


@over_exchange
def test_a_router_in_each_metro_speaks_to_every_party_over_all_of_its_circuits(stack: str) -> None:
    at_exchange = {party for pair, transports in pairs(stack).items() if "exchange" in transports for party in pair}
    expected = {party: {"aws": 1, "azure": 2, "gcp": 2}.get(party, 1) for party in at_exchange}
    routers = {
        router.name: router.inputs["location"]["metroCode"] for router in update_of(stack).of_type(FABRIC_ROUTER)
    }
    assert sorted(routers.values()) == sorted(metros(stack))
    for router in routers:
        here = [session for session in sessions_of(stack) if router in session.places]
        assert {party: len(between(here, party, EXCHANGE)) for party in at_exchange} == expected, router


# -- something fails


def in_metro(graph: Graph, metro: str) -> frozenset[str]:
    """Everything that stands in a metro: its router, the circuits, and the clouds' own ends of them there."""
    routers = [r for r in graph.of_type(FABRIC_ROUTER) if r.inputs["location"]["metroCode"] == metro]
    circuits = [c for c in graph.of_type(CONNECTION) if far_side(c)["location"]["metroCode"] == metro]
    keys = {urn for circuit in circuits for urn in circuit.property_dependencies.get("zSide", ())}
    ends = [r for r in (*graph.of_type(CIRCUIT), *graph.of_type(ATTACHMENT)) if r.urn in keys]
    return frozenset(resource.urn for resource in (*routers, *circuits, *ends))


def metro_failures(graph: Graph) -> Iterator[Failure]:
    for router in graph.of_type(FABRIC_ROUTER):
        metro = router.inputs["location"]["metroCode"]
        yield f"all of {metro}", in_metro(graph, metro)


def router_failures(graph: Graph) -> Iterator[Failure]:
    for router in graph.of_type(FABRIC_ROUTER):
        yield f"the router {router.name}", frozenset({router.urn})


def leg_failures(graph: Graph) -> Iterator[Failure]:
    for circuit in graph.of_type(CONNECTION):
        yield f"the circuit {circuit.name}", frozenset({circuit.urn})


def domain_failures(graph: Graph) -> Iterator[Failure]:
    """Yield Google's edge availability domains; more than Google does at once: it takes one metro at a time."""
    domains: dict[str, set[str]] = {}
    for attachment in graph.of_type(ATTACHMENT):
        if not attachment.read:
            domains.setdefault(attachment.inputs["edgeAvailabilityDomain"], set()).add(attachment.urn)
    for domain, attachments in domains.items():
        yield domain, frozenset(attachments)


FAILURES: Mapping[str, Callable[[Graph], Iterator[Failure]]] = {
    "a metro": metro_failures,
    "a router": router_failures,
    "a leg": leg_failures,
    "an edge availability domain": domain_failures,
}


@over_exchange
@pytest.mark.parametrize("kind", FAILURES)
def test_circuits_alone_join_every_pair_of_theirs_without(stack: str, kind: str) -> None:
    failures = list(FAILURES[kind](update_of(stack)))
    assert len(failures) > 1
    for what, lost in failures:
        left = over("exchange", after(stack, lost))
        assert len(left) < len(over("exchange", sessions_of(stack))), f"nothing ends with {what}"
        for (one, other), transports in pairs(stack).items():
            assert "exchange" not in transports or meet(left, one, other), f"{one} and {other} without {what}"


def equipment(sessions: Sequence[Session], named: Callable[[End], bool]) -> set[str]:
    return {end.place for session in sessions for end in session.ends if named(end)}


@linked
@pytest.mark.parametrize("cloud", ["azure", "gcp"])
def test_tunnels_alone_join_every_pair_of_theirs_without_one_of_a_gateways_addresses(stack: str, cloud: str) -> None:
    """An instance of Azure's VPN gateway or an interface of Google's: one goes down for every update."""
    tunnels = over("vpn", sessions_of(stack))
    places = equipment(tunnels, lambda end: end.party == cloud)
    assert len(places) == (2 if cloud in {party for pair in pairs(stack) for party in pair} else 0)
    for place in places:
        left = [session for session in tunnels if place not in session.places]
        for (one, other), transports in pairs(stack).items():
            assert "vpn" not in transports or meet(left, one, other), f"{one} and {other} without {place}"


@linked
def test_tunnels_alone_join_every_pair_of_theirs_without_one_of_awss_addresses(stack: str) -> None:
    """AWS replaces one end of a connection's tunnels at a time."""
    tunnels = over("vpn", sessions_of(stack))
    for number in ("tunnel1", "tunnel2"):
        left = [session for session in tunnels if not any(place.startswith(number) for place in session.places)]
        assert len(left) < len(tunnels)
        for (one, other), transports in pairs(stack).items():
            assert "vpn" not in transports or meet(left, one, other), f"{one} and {other} without {number}"


@linked
def test_tunnels_alone_join_every_site_that_has_two_devices_without_one_of_them(stack: str) -> None:
    tunnels = over("vpn", sessions_of(stack))
    for site, facts in sites(stack).items():
        devices = facts.get("devices", {})
        for device in devices if len(devices) > 1 else ():
            left = [session for session in tunnels if f"{device} of {site}" not in session.places]
            assert len(left) < len(tunnels)
            for (one, other), transports in pairs(stack).items():
                if "vpn" in transports and site == other:
                    assert meet(left, one, other), f"{one} and {other} without {device}"


@over_exchange
def test_pairs_with_a_backup_are_joined_without_any_exchange(stack: str) -> None:
    everything = frozenset(r.urn for r in update_of(stack).resources if r.type.startswith("equinix:"))
    left = after(stack, everything)
    assert over("exchange", left) == []
    for (one, other), transports in pairs(stack).items():
        assert "vpn" not in transports or meet(left, one, other), (one, other)


@over_exchange
def test_production_has_its_circuits_in_two_metros(stack: str) -> None:
    settings = settings_of(stack)
    routers: Sequence[Resource] = update_of(stack).of_type(FABRIC_ROUTER)
    found = {router.inputs["location"]["metroCode"] for router in routers}
    assert len(found) > 1 or not settings.get("protect", False)
