"""Claims about what Route 53 answers by health, with two places and with four."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace

import pulumi
import pulumi_aws as aws
import pytest

from components.aws.failover import AwsFailover
from inspection.graph import Graph, Resource
from planning.records.types import Alarm, Probe, Route53, Route53Set
from tests.components.aws.graphs import refers
from tests.support.declarations import check
from tests.support.recorded import depends_on, preview_of, source_of, update_of

HEALTH_CHECK = "aws:route53/healthCheck:HealthCheck"
RECORD = "aws:route53/record:Record"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
ZONE = "aws:route53/zone:Zone"

NAME = "www.acme.example"
TTL = 30
POLICIES = {
    "failoverRoutingPolicies",
    "weightedRoutingPolicies",
    "latencyRoutingPolicies",
    "geolocationRoutingPolicies",
    "geoproximityRoutingPolicy",
    "cidrRoutingPolicy",
    "multivalueAnswerRoutingPolicy",
}
ADDRESSES = {"shop": "203.0.113.10", "store": "203.0.113.20", "depot": "203.0.113.30", "annex": "203.0.113.40"}
WEIGHTS = {"shop": 70, "store": 30, "depot": 0, "annex": 5}
REGIONS = {"shop": "us-east-1", "store": "eu-west-1", "depot": "us-west-2", "annex": "eu-central-1"}
GEOGRAPHIES = {
    "shop": {"country": "*"},
    "store": {"continent": "EU"},
    "depot": {"country": "DE"},
    "annex": {"continent": "AS"},
}


def probe(place: str) -> Probe:
    return Probe(
        key=f"www.{place}",
        type="HTTPS",
        address=ADDRESSES[place],
        fqdn=NAME,
        port=443,
        path="/healthz",
        interval=10,
        failures=3,
        sni=True,
    )


def answer(place: str, key: str, name: str = NAME) -> Route53Set:
    return Route53Set(
        key=f"www.{key}",
        zone="public",
        name=name,
        type="A",
        set_identifier=key,
        values=[ADDRESSES[place]],
        ttl=TTL,
        alias=None,
        health=f"www.{place}",
    )


def lead(to: str, key: str, name: str = NAME) -> Route53Set:
    return replace(answer("shop", key, name), values=(), ttl=None, alias=to, health=None)


def failover(places: Sequence[str]) -> Sequence[Route53Set]:
    """Lay out a tree of pairs, from the top: what it leads to comes later."""
    sets, name = [], NAME
    for depth, place in enumerate(places[:-1], start=1):
        below = f"_{depth + 1}.{NAME}"
        last = depth == len(places) - 1
        second = answer(places[-1], f"{depth}-secondary", name) if last else lead(below, f"{depth}-secondary", name)
        sets.append(replace(answer(place, f"{depth}-primary", name), failover="PRIMARY", set_identifier="primary"))
        sets.append(replace(second, failover="SECONDARY", set_identifier="secondary"))
        name = below
    return sets


def weighted(places: Sequence[str]) -> Sequence[Route53Set]:
    return [replace(answer(place, place), weight=WEIGHTS[place]) for place in places]


def latency(places: Sequence[str]) -> Sequence[Route53Set]:
    return [replace(answer(place, REGIONS[place]), latency_region=REGIONS[place]) for place in places]


def geographic(places: Sequence[str]) -> Sequence[Route53Set]:
    return [replace(answer(place, place), geography=GEOGRAPHIES[place]) for place in places]


LAYOUTS = {"active-passive": failover, "weighted": weighted, "latency": latency, "geographic": geographic}
TWO, FOUR = ("shop", "store"), ("shop", "store", "depot", "annex")
ALL = [
    pytest.param(layout, places, id=f"{policy} {len(places)}")
    for policy, layout in LAYOUTS.items()
    for places in (TWO, FOUR)
]


def program(plan: Route53) -> Callable[[], object]:
    def run() -> None:
        public = aws.route53.Zone("public", name="acme.example")
        private = aws.route53.Zone("private", name="aws.acme.internal")
        zone_ids = {"public": public.zone_id, "names": private.zone_id}
        built = AwsFailover("aws-failover", {"route53": plan, "zone_ids": zone_ids})
        pulumi.export("health", built.health_check_ids)

    return run


def probed(sets: Sequence[Route53Set]) -> Route53:
    places = sorted({each.health.removeprefix("www.") for each in sets if each.health})
    return Route53(probes=[probe(place) for place in places], alarms=(), sets=sets)


def planned(layout: Callable[[Sequence[str]], Sequence[Route53Set]], places: Sequence[str]) -> Graph:
    return preview_of(program(probed(layout(places))))


def record(graph: Graph, key: str) -> Resource:
    return graph.named(RECORD, f"aws-failover-{key}")


# -- every policy


@pytest.mark.parametrize(("layout", "places"), ALL)
def test_every_answer_follows_the_health_of_its_own_place(
    layout: Callable[[Sequence[str]], Sequence[Route53Set]], places: Sequence[str]
) -> None:
    graph = planned(layout, places)
    answered = {}
    for each in graph.of_type(RECORD):
        if "records" in each.inputs:
            followed = source_of(graph, each, "healthCheckId", HEALTH_CHECK)
            answered[each.inputs["records"][0]] = followed.inputs["ipAddress"]
    assert answered == {ADDRESSES[place]: ADDRESSES[place] for place in places}


@pytest.mark.parametrize(("layout", "places"), ALL)
def test_sets_of_a_name_have_one_policy_each_and_one_ttl_and_type_together(
    layout: Callable[[Sequence[str]], Sequence[Route53Set]], places: Sequence[str]
) -> None:
    graph = planned(layout, places)
    kinds: dict[str, set[str]] = {}
    for each in graph.of_type(RECORD):
        (kind,) = POLICIES & each.inputs.keys()
        assert len(each.inputs[kind]) == 1
        kinds.setdefault(each.inputs["name"], set()).add(kind)
        assert each.inputs["type"] == "A"
        assert each.inputs.get("ttl", TTL) == TTL
        assert ("records" in each.inputs) == ("ttl" in each.inputs) == ("aliases" not in each.inputs)
    assert all(len(found) == 1 for found in kinds.values())
    identifiers = [(each.inputs["name"], each.inputs["setIdentifier"]) for each in graph.of_type(RECORD)]
    assert len(identifiers) == len(set(identifiers))


@pytest.mark.parametrize(("layout", "places"), ALL)
def test_what_is_sent_is_declared_and_the_same_resources_are_made_once_everything_is_known(
    layout: Callable[[Sequence[str]], Sequence[Route53Set]], places: Sequence[str]
) -> None:
    plan = probed(layout(places))
    before, after = preview_of(program(plan)), update_of(program(plan))
    assert check(before) == check(after) == []
    assert [each.urn for each in before.resources] == [each.urn for each in after.resources]


@pytest.mark.parametrize(("layout", "places"), ALL)
def test_no_record_of_somebody_elses_is_taken_over(
    layout: Callable[[Sequence[str]], Sequence[Route53Set]], places: Sequence[str]
) -> None:
    assert not any(each.inputs.get("allowOverwrite") for each in planned(layout, places).of_type(RECORD))


# -- active-passive


def test_two_places_are_a_primary_and_a_secondary_that_both_answer() -> None:
    graph = planned(failover, TWO)
    first, second = record(graph, "www.1-primary"), record(graph, "www.1-secondary")
    assert len(graph.of_type(RECORD)) == 2
    assert (first.inputs["failoverRoutingPolicies"], first.inputs["records"]) == (
        [{"type": "PRIMARY"}],
        ["203.0.113.10"],
    )
    assert (second.inputs["failoverRoutingPolicies"], second.inputs["records"]) == (
        [{"type": "SECONDARY"}],
        ["203.0.113.20"],
    )


def test_four_places_are_a_tree_of_pairs_each_built_before_what_leads_to_it() -> None:
    graph = planned(failover, FOUR)
    names = {each.inputs["name"] for each in graph.of_type(RECORD)}
    assert names == {NAME, f"_2.{NAME}", f"_3.{NAME}"}
    for name in names:
        pair = [each for each in graph.of_type(RECORD) if each.inputs["name"] == name]
        assert sorted(each.inputs["failoverRoutingPolicies"][0]["type"] for each in pair) == ["PRIMARY", "SECONDARY"]
    for depth in (1, 2):
        leading = record(graph, f"www.{depth}-secondary")
        assert leading.inputs["aliases"][0]["name"] == f"_{depth + 1}.{NAME}"
        for role in ("primary", "secondary"):
            assert depends_on(graph, leading, record(graph, f"www.{depth + 1}-{role}"))


def test_an_alias_stays_in_its_zone_and_is_as_healthy_as_what_it_leads_to() -> None:
    graph = planned(failover, FOUR)
    leading = record(graph, "www.1-secondary")
    assert leading.inputs["aliases"][0]["evaluateTargetHealth"] is True
    for key in ("zoneId", "aliases"):
        assert source_of(graph, leading, key, ZONE).name == "public"
    assert "healthCheckId" not in leading.inputs


# -- the other policies


def test_weights_are_sent_as_they_are_and_zero_is_one_of_them() -> None:
    graph = planned(weighted, FOUR)
    sent = {
        each.inputs["setIdentifier"]: each.inputs["weightedRoutingPolicies"][0]["weight"]
        for each in graph.of_type(RECORD)
    }
    assert sent == WEIGHTS


def test_each_latency_set_has_the_region_that_it_stands_for() -> None:
    graph = planned(latency, FOUR)
    sent = {
        each.inputs["records"][0]: each.inputs["latencyRoutingPolicies"][0]["region"] for each in graph.of_type(RECORD)
    }
    assert sent == {ADDRESSES[place]: region for place, region in REGIONS.items()}


def test_continents_countries_and_everybody_else_are_told_apart() -> None:
    graph = planned(geographic, FOUR)
    sent = {
        each.inputs["setIdentifier"]: each.inputs["geolocationRoutingPolicies"][0] for each in graph.of_type(RECORD)
    }
    assert sent == GEOGRAPHIES


# -- health checks


def test_probes_ask_from_everywhere_as_often_and_as_long_as_planned() -> None:
    graph = planned(weighted, TWO)
    sent = graph.named(HEALTH_CHECK, "aws-failover-www.shop").inputs
    assert (sent["type"], sent["ipAddress"], sent["fqdn"]) == ("HTTPS", "203.0.113.10", NAME)
    assert (sent["port"], sent["resourcePath"], sent["enableSni"]) == (443, "/healthz", True)
    assert (sent["requestInterval"], sent["failureThreshold"]) == (10, 3)
    # Once set, the list of regions cannot be taken back, and less than three is refused.
    assert "regions" not in sent
    # A check that is turned off counts as healthy.
    assert not sent.get("disabled")


def test_a_probe_that_only_opens_a_connection_has_neither_path_nor_name() -> None:
    tcp = replace(probe("shop"), type="TCP", fqdn=None, path=None, sni=None, port=8443)
    graph = preview_of(program(Route53(probes=[tcp], alarms=(), sets=())))
    assert graph.of_type(HEALTH_CHECK)[0].inputs.keys() == {
        "type",
        "ipAddress",
        "port",
        "requestInterval",
        "failureThreshold",
        "tags",
    }


def test_every_health_check_has_a_name_to_be_found_by() -> None:
    graph = preview_of(program(PRIVATE))
    names = {each.inputs["tags"]["Name"] for each in graph.of_type(HEALTH_CHECK)}
    assert names == {"aws-failover-api.shop", "aws-failover-api.store"}


# -- private names


def alarm(place: str, region: str) -> Alarm:
    return Alarm(
        key=f"api.{place}",
        physical_name=f"prod-api.{place}",
        region=region,
        namespace="AWS/NetworkELB",
        metric="HealthyHostCount",
        dimensions={"LoadBalancer": f"net/{place}/1"},
        statistic="Minimum",
        period=60,
        datapoints=2,
        threshold=1,
    )


def private(place: str, failover: str) -> Route53Set:
    return Route53Set(
        key=f"api.1-{failover.lower()}",
        zone="names",
        name="api.aws.acme.internal",
        type="A",
        set_identifier=failover.lower(),
        values=["10.1.0.10" if place == "shop" else "10.1.64.10"],
        ttl=TTL,
        alias=None,
        health=f"api.{place}",
        failover=failover,
    )


PRIVATE = Route53(
    probes=(),
    alarms=[alarm("shop", "us-east-1"), alarm("store", "us-west-2")],
    sets=[private("shop", "PRIMARY"), private("store", "SECONDARY")],
)


def test_the_health_of_a_private_place_follows_an_alarm_in_the_region_of_its_metric() -> None:
    graph = preview_of(program(PRIVATE))
    for place, region in (("shop", "us-east-1"), ("store", "us-west-2")):
        followed = graph.named(HEALTH_CHECK, f"aws-failover-api.{place}")
        watching = source_of(graph, followed, "cloudwatchAlarmName", ALARM)
        assert watching.name == f"aws-failover-api.{place}"
        assert followed.inputs["type"] == "CLOUDWATCH_METRIC"
        assert followed.inputs["cloudwatchAlarmRegion"] == watching.inputs["region"] == region
        # Nothing of a probe goes with an alarm.
        assert not {"requestInterval", "failureThreshold", "port", "ipAddress"} & followed.inputs.keys()
    assert source_of(graph, record(graph, "api.1-primary"), "healthCheckId", HEALTH_CHECK).name.endswith("api.shop")
    assert source_of(graph, record(graph, "api.1-primary"), "zoneId", ZONE).name == "private"


def test_an_alarm_goes_off_when_the_worst_of_each_period_is_too_low() -> None:
    sent = preview_of(program(PRIVATE)).named(ALARM, "aws-failover-api.shop").inputs
    assert (sent["namespace"], sent["metricName"], sent["dimensions"]) == (
        "AWS/NetworkELB",
        "HealthyHostCount",
        {"LoadBalancer": "net/shop/1"},
    )
    assert (sent["statistic"], sent["comparisonOperator"], sent["threshold"]) == ("Minimum", "LessThanThreshold", 1)
    assert (sent["period"], sent["evaluationPeriods"]) == (60, 2)


def test_silence_is_taken_for_bad_news_by_the_alarm_and_by_who_follows_it() -> None:
    graph = preview_of(program(PRIVATE))
    assert {each.inputs["treatMissingData"] for each in graph.of_type(ALARM)} == {"breaching"}
    assert {each.inputs["insufficientDataHealthStatus"] for each in graph.of_type(HEALTH_CHECK)} == {"Unhealthy"}


CHANGES = [
    {"threshold": 2},
    {"period": 10},
    {"datapoints": 3},
    {"metric": "Other"},
    {"dimensions": {"Target": "other"}},
]


@pytest.mark.parametrize("change", CHANGES, ids=json.dumps)
def test_an_alarm_that_is_edited_is_read_again(change: dict[str, object]) -> None:
    edited = replace(PRIVATE, alarms=[replace(PRIVATE.alarms[0], **change), PRIVATE.alarms[1]])
    before, after = (
        {each.name: each.inputs["triggers"] for each in preview_of(program(plan)).of_type(HEALTH_CHECK)}
        for plan in (PRIVATE, edited)
    )
    assert before["aws-failover-api.shop"] != after["aws-failover-api.shop"]
    assert before["aws-failover-api.store"] == after["aws-failover-api.store"]


def test_alarms_are_declared_and_the_same_once_everything_is_known() -> None:
    before, after = preview_of(program(PRIVATE)), update_of(program(PRIVATE))
    assert check(before) == check(after) == []
    assert [each.urn for each in before.resources] == [each.urn for each in after.resources]
    assert refers(
        after.named(RECORD, "aws-failover-api.1-primary"),
        "healthCheckId",
        after.named(HEALTH_CHECK, "aws-failover-api.shop"),
    )
