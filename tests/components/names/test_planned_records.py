"""Claims about records from settings to resources: every policy of every service, with two places and with four."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

import pytest

from components.names.records import RecordsGround, build
from inspection.graph import Graph, Json, Resource
from tests.components.links.providers import providers
from tests.planning.records import ADDRESSES, NETWORKS, geographic, laid_out, order, places, with_record
from tests.support.declarations import check
from tests.support.recorded import preview_of, source_of, update_of

RECORD = "aws:route53/record:Record"
HEALTH_CHECK = "aws:route53/healthCheck:HealthCheck"
PROFILE = "azure-native:trafficmanager:Profile"
GOOGLES_RECORD = "gcp:dns/recordSet:RecordSet"

WWW = "www.acme.example"
BUDGET = 100
MOST_TTL = 60
CONNECT = 4
"""Seconds that a probe of Route 53's waits for somebody to answer the connection."""
LEAST_REGIONS = 3


def record(policy: str, count: int, host: str) -> dict[str, Any]:
    if policy == "active-passive":
        return order(count)
    if policy == "geographic" and host != "gcp":  # which answers with the nearest, whomever a place would serve
        return geographic(count)
    weights = [70, 30, 0, 5][:count]
    return {"policy": policy, "places": places(count, "weight", weights) if policy == "weighted" else places(count)}


def recorded(settings: Mapping[str, Any], host: str = "aws", *, known: bool = False) -> Graph:
    records = laid_out(with_record(settings, host))

    def program() -> None:
        build(
            records,
            RecordsGround(
                protect=False,
                tags={},
                aws_zone_ids={"names": "ZPRIVATE"},
                gcp_zone_names={"names": "prod-zone-names"},
                gcp_project="acme-net",
                gcp_network_ids=dict.fromkeys(NETWORKS, "projects/acme-net/global/networks/web"),
                providers=providers(),
            ),
        )

    return update_of(program) if known else preview_of(program)


CLOUDS = {
    "aws": ("active-passive", "weighted", "latency", "geographic"),
    "azure": ("active-passive", "weighted", "latency", "geographic"),
    "gcp": ("active-passive", "weighted", "geographic"),
}
EVERY = [
    pytest.param(host, policy, count, id=f"{host} {policy} {count}")
    for host, policies in CLOUDS.items()
    for policy in policies
    for count in (2, 4)
]
ROUTE53 = [each for each in EVERY if each.values[0] == "aws"]


@pytest.mark.parametrize(("host", "policy", "count"), EVERY)
def test_what_is_sent_is_declared_and_the_same_resources_are_made_once_everything_is_known(
    host: str, policy: str, count: int
) -> None:
    before = recorded(record(policy, count, host), host)
    after = recorded(record(policy, count, host), host, known=True)
    assert check(before) == check(after) == []
    assert [each.urn for each in before.resources] == [each.urn for each in after.resources]


# -- who is reached


def reached(graph: Graph, name: str = WWW) -> set[str]:
    """Follow a name in Route 53 to all addresses that it may give out."""
    found: set[str] = set()
    for each in graph.of_type(RECORD):
        if each.inputs["name"] == name:
            found |= set(each.inputs.get("records", ()))
            for alias in each.inputs.get("aliases", ()):
                found |= reached(graph, alias["name"])
    return found


def texts(value: Json) -> set[str]:
    """Collect all text in a value."""
    if isinstance(value, str):
        return {value}
    parts = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return {text for part in parts for text in texts(part)}


@pytest.mark.parametrize(("host", "policy", "count"), EVERY)
def test_every_place_can_be_reached_by_the_name(host: str, policy: str, count: int) -> None:
    graph = recorded(record(policy, count, host), host)
    wanted = set(list(ADDRESSES.values())[:count])
    if host == "aws":
        assert reached(graph) == wanted
    else:
        kind = PROFILE if host == "azure" else GOOGLES_RECORD
        sent = set().union(*(texts(each.inputs) for each in graph.of_type(kind)))
        assert wanted <= sent
        assert not (set(ADDRESSES.values()) - wanted) & sent


# -- Route 53


@pytest.mark.parametrize(("host", "policy", "count"), ROUTE53)
def test_failover_is_by_pairs_whose_primary_is_known_to_be_well(host: str, policy: str, count: int) -> None:
    graph = recorded(record(policy, count, host), host)
    pairs: dict[str, list[Resource]] = defaultdict(list)
    for each in graph.of_type(RECORD):
        if "failoverRoutingPolicies" in each.inputs:
            pairs[each.inputs["name"]].append(each)
    assert len(pairs) == (count - 1 if policy in ("active-passive", "geographic") else 0)
    for pair in pairs.values():
        by_role = {each.inputs["failoverRoutingPolicies"][0]["type"]: each for each in pair}
        assert by_role.keys() == {"PRIMARY", "SECONDARY"}
        assert len(pair) == len({each.inputs["setIdentifier"] for each in pair}) == 2
        assert source_of(graph, by_role["PRIMARY"], "healthCheckId", HEALTH_CHECK)
        for alias in by_role["SECONDARY"].inputs.get("aliases", ()):
            assert alias["evaluateTargetHealth"] is True
            assert any(each.inputs["name"] == alias["name"] for each in graph.of_type(RECORD))


def seconds(graph: Graph, each: Resource) -> int:
    """Add up how long a record of Route 53's may go on to give out a place that is out."""
    probe = source_of(graph, each, "healthCheckId", HEALTH_CHECK).inputs
    return probe["failureThreshold"] * (probe["requestInterval"] + CONNECT) + each.inputs["ttl"]


@pytest.mark.parametrize(("host", "policy", "count"), ROUTE53)
def test_answers_of_route_53_share_a_short_ttl_and_stay_in_the_budget(host: str, policy: str, count: int) -> None:
    graph = recorded(record(policy, count, host), host)
    answers = [each for each in graph.of_type(RECORD) if "records" in each.inputs]
    assert {each.inputs["ttl"] for each in answers} == {30}
    assert {each.inputs["ttl"] for each in answers} <= set(range(1, MOST_TTL + 1))
    assert all(seconds(graph, each) <= BUDGET for each in answers)
    for probe in graph.of_type(HEALTH_CHECK):
        assert "regions" not in probe.inputs or len(probe.inputs["regions"]) >= LEAST_REGIONS


# -- what is changed one by one


def identities(graph: Graph) -> Mapping[str, Json]:
    """Describe record sets by what Route 53 gives out once within a name."""
    found = {}
    for each in graph.of_type(RECORD):
        (kind,) = (key for key in each.inputs if key.endswith("RoutingPolicies"))
        given_out_once = None if kind == "weightedRoutingPolicies" else each.inputs[kind][0]
        found[each.urn] = (each.inputs["name"], each.inputs["setIdentifier"], kind, given_out_once)
    return found


def ordered(*names: str) -> dict[str, Any]:
    return {
        "policy": "active-passive",
        "places": {name: {"address": ADDRESSES[name], "order": rank} for rank, name in enumerate(names, start=1)},
    }


def near(*names: str) -> dict[str, Any]:
    return {"policy": "latency", "places": {name: {"address": ADDRESSES[name]} for name in names}}


def serving(**serves: Collection[str]) -> dict[str, Any]:
    return {
        "policy": "geographic",
        "places": {name: {"address": ADDRESSES[name], "serves": list(codes)} for name, codes in serves.items()},
    }


MOVES = {
    "another is active": (ordered("shop", "identity"), ordered("identity", "shop")),
    "a third place": (ordered("shop", "identity"), ordered("shop", "identity", "analytics")),
    "a third place comes first": (ordered("shop", "identity"), ordered("analytics", "shop", "identity")),
    "one place less": (ordered("shop", "identity", "analytics"), ordered("identity", "analytics")),
    "another place in the region": (near("shop", "store"), near("shop", "store", "identity")),
    "a continent moves": (serving(shop=["*"], store=["EU"]), serving(shop=["*", "EU"], store=["AS"])),
    "everybody else moves": (serving(shop=["*"], store=["EU"]), serving(shop=["EU"], store=["*"])),
}


@pytest.mark.parametrize("move", MOVES)
def test_route_53_never_has_to_take_twice_what_it_takes_once(move: str) -> None:
    """Records change one by one, new ones before old ones go: each has to fit beside all others, old and new."""
    before, after = (identities(recorded(settings)) for settings in MOVES[move])
    for urn, (name, identifier, kind, once) in after.items():
        beside = {**before, **after}
        del beside[urn]
        for other_name, other_identifier, other_kind, other_once in [*beside.values(), *_old(before, after, urn)]:
            if other_name == name:
                assert kind == other_kind
                assert identifier != other_identifier
                assert once is None or once != other_once


def _old(before: Mapping[str, Json], after: Mapping[str, Json], urn: str) -> list[Json]:
    """List what others were before, where they change what they are."""
    return [was for other, was in before.items() if other != urn and other in after and after[other] != was]
