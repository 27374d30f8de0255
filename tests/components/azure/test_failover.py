"""Claims about what Traffic Manager answers by health, with two places and with four."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import pytest

from components.azure.failover import AzureFailover
from inspection.graph import Graph, Json
from planning.records.types import Endpoint, Monitor, Profile, TrafficManager
from tests.support.declarations import check
from tests.support.recorded import preview_of, source_of, update_of

PROFILE = "azure-native:trafficmanager:Profile"
ENDPOINT = "azure-native:trafficmanager:Endpoint"
GROUP = "azure-native:resources:ResourceGroup"

TARGETS = {"shop": "203.0.113.10", "store": "203.0.113.20", "depot": "203.0.113.30", "annex": "annex.acme.example"}
WEIGHTS = {"shop": 70, "store": 30, "depot": 1, "annex": 5}
LOCATIONS = {"shop": "eastus", "store": "westeurope", "depot": "westus2", "annex": "germanywestcentral"}
GEOGRAPHIES = {"shop": ("WORLD",), "store": ("GEO-EU",), "depot": ("DE", "FR"), "annex": ("GEO-AS", "GEO-ME")}
TWO, FOUR = ("shop", "store"), ("shop", "store", "depot", "annex")

MONITOR = Monitor(
    protocol="HTTPS",
    port=443,
    path="/healthz",
    host="www.acme.example",
    interval=10,
    timeout=5,
    tolerated=2,
    expected=(200, 399),
)
PLAIN = Endpoint(
    key="shop",
    target=None,
    child=None,
    enabled=True,
    priority=None,
    weight=None,
    location=None,
    geography=(),
)


def endpoint(place: str, **how: object) -> Endpoint:
    return replace(PLAIN, key=place, target=TARGETS[place], location=LOCATIONS[place], **how)


def profile(key: str, method: str, endpoints: Sequence[Endpoint], monitor: Monitor = MONITOR) -> Profile:
    return Profile(
        key=key,
        physical_name=f"prod-{key}",
        relative_name=f"prod-{key.replace('.', '-')}-0123456789",
        method=method,
        ttl=30,
        monitor=monitor,
        endpoints=endpoints,
    )


def ranked(places: Sequence[str]) -> Sequence[Endpoint]:
    return [endpoint(place, priority=rank) for rank, place in enumerate(places, start=1)]


def priority(places: Sequence[str]) -> Sequence[Profile]:
    return [profile("www", "Priority", ranked(places))]


def weighted(places: Sequence[str]) -> Sequence[Profile]:
    return [profile("www", "Weighted", [endpoint(place, weight=WEIGHTS[place]) for place in places])]


def performance(places: Sequence[str]) -> Sequence[Profile]:
    return [profile("www", "Performance", [endpoint(place) for place in places])]


def geographic(places: Sequence[str]) -> Sequence[Profile]:
    """Lay out a profile that asks one for each place, where the others take over."""
    children = [
        profile(f"www.{place}", "Priority", ranked((place, *(other for other in places if other != place))))
        for place in places
    ]
    asking = [replace(PLAIN, key=place, child=f"www.{place}", geography=GEOGRAPHIES[place]) for place in places]
    return [*children, profile("www", "Geographic", asking)]


LAYOUTS = {"Priority": priority, "Weighted": weighted, "Performance": performance, "Geographic": geographic}
ALL = [
    pytest.param(method, layout, places, id=f"{method} {len(places)}")
    for method, layout in LAYOUTS.items()
    for places in (TWO, FOUR)
]


def program(profiles: Sequence[Profile]) -> Callable[[], object]:
    plan = TrafficManager(resource_group="prod-traffic", location="eastus", profiles=profiles)
    return lambda: AzureFailover("azure-failover", {"traffic_manager": plan, "tags": {"environment": "prod"}})


def endpoints(graph: Graph, key: str = "www") -> Mapping[str, Mapping[str, Json]]:
    found = graph.named(PROFILE, f"azure-failover-{key}").inputs["endpoints"]
    assert len({each["name"] for each in found}) == len(found)
    return {each["name"]: each for each in found}


# -- every method


@pytest.mark.parametrize(("method", "layout", "places"), ALL)
def test_a_profile_has_all_places_and_chooses_as_planned(
    method: str, layout: Callable[[Sequence[str]], Sequence[Profile]], places: Sequence[str]
) -> None:
    graph = preview_of(program(layout(places)))
    assert graph.named(PROFILE, "azure-failover-www").inputs["trafficRoutingMethod"] == method
    assert set(endpoints(graph)) == set(places)
    assert all(each["endpointStatus"] == "Enabled" for each in endpoints(graph).values())


@pytest.mark.parametrize(("method", "layout", "places"), ALL)
def test_endpoints_stand_in_their_profile_and_nowhere_else(
    method: str, layout: Callable[[Sequence[str]], Sequence[Profile]], places: Sequence[str]
) -> None:
    graph = preview_of(program(layout(places)))
    assert not graph.of_type(ENDPOINT), f"{method}: the two ways would delete each other's"
    assert all(each.inputs["endpoints"] for each in graph.of_type(PROFILE))


@pytest.mark.parametrize(("method", "layout", "places"), ALL)
def test_what_is_sent_is_declared_and_the_same_resources_are_made_once_everything_is_known(
    method: str, layout: Callable[[Sequence[str]], Sequence[Profile]], places: Sequence[str]
) -> None:
    before, after = preview_of(program(layout(places))), update_of(program(layout(places)))
    assert check(before) == check(after) == [], method
    assert [each.urn for each in before.resources] == [each.urn for each in after.resources]


@pytest.mark.parametrize("places", [TWO, FOUR], ids=len)
def test_the_order_is_one_of_priorities_that_nobody_shares(places: Sequence[str]) -> None:
    found = endpoints(preview_of(program(priority(places))))
    assert {key: each["priority"] for key, each in found.items()} == {
        place: rank for rank, place in enumerate(places, start=1)
    }
    assert {key: each["target"] for key, each in found.items()} == {place: TARGETS[place] for place in places}


def test_weights_are_shares_of_the_answers() -> None:
    found = endpoints(preview_of(program(weighted(FOUR))))
    assert {key: each["weight"] for key, each in found.items()} == WEIGHTS
    assert not any("priority" in each for each in found.values())


def test_who_gets_no_answers_is_turned_off() -> None:
    off = endpoint("store", weight=1, enabled=False)
    found = endpoints(preview_of(program([profile("www", "Weighted", [endpoint("shop", weight=1), off])])))
    assert {key: each["endpointStatus"] for key, each in found.items()} == {"shop": "Enabled", "store": "Disabled"}


def test_the_nearest_is_found_by_where_each_place_is() -> None:
    found = endpoints(preview_of(program(performance(FOUR))))
    assert {key: each["endpointLocation"] for key, each in found.items()} == LOCATIONS


# -- profiles that ask others


@pytest.mark.parametrize("places", [TWO, FOUR], ids=len)
def test_each_geography_asks_the_profile_of_its_place_where_the_others_take_over(places: Sequence[str]) -> None:
    profiles = geographic(places)
    graph = update_of(program(profiles))
    asking = endpoints(graph)
    assert len(graph.of_type(PROFILE)) == len(places) + 1
    for place in places:
        child = graph.named(PROFILE, f"azure-failover-www.{place}")
        assert asking[place]["type"].endswith("/nestedEndpoints")
        assert asking[place]["targetResourceId"] == child.id
        assert asking[place]["geoMapping"] == list(GEOGRAPHIES[place])
        assert asking[place]["minChildEndpoints"] == 1
        assert "target" not in asking[place]
        first = min(endpoints(graph, f"www.{place}").values(), key=lambda each: each["priority"])
        assert (first["name"], len(endpoints(graph, f"www.{place}"))) == (place, len(places))


def test_the_ids_of_profiles_that_are_asked_come_from_them() -> None:
    graph = preview_of(program(geographic(TWO)))
    www = graph.named(PROFILE, "azure-failover-www")
    sources = {graph.by_urn[urn].name for urn in www.property_dependencies["endpoints"]}
    assert sources == {"azure-failover-www.shop", "azure-failover-www.store"}


def test_a_place_outside_azure_is_reached_by_address_or_name() -> None:
    found = endpoints(preview_of(program(priority(FOUR))))
    assert {each["type"] for each in found.values()} == {"Microsoft.Network/trafficManagerProfiles/externalEndpoints"}
    assert not any({"targetResourceId", "minChildEndpoints", "geoMapping"} & each.keys() for each in found.values())


# -- health


def test_health_is_told_as_planned_and_the_timeout_is_said() -> None:
    sent = preview_of(program(priority(TWO))).named(PROFILE, "azure-failover-www").inputs["monitorConfig"]
    assert sent == {
        "protocol": "HTTPS",
        "port": 443,
        "path": "/healthz",
        "customHeaders": [{"name": "Host", "value": "www.acme.example"}],
        "intervalInSeconds": 10,
        # Azure's own default of 10 is refused with an interval of 10.
        "timeoutInSeconds": 5,
        "toleratedNumberOfFailures": 2,
        "expectedStatusCodeRanges": [{"min": 200, "max": 399}],
    }


def test_a_connection_that_is_only_opened_has_neither_path_nor_status() -> None:
    tcp = replace(MONITOR, protocol="TCP", port=8443, path=None, host=None, expected=None)
    graph = preview_of(program([profile("www", "Priority", ranked(TWO), tcp)]))
    sent = graph.named(PROFILE, "azure-failover-www").inputs["monitorConfig"]
    assert sent.keys() == {
        "protocol",
        "port",
        "intervalInSeconds",
        "timeoutInSeconds",
        "toleratedNumberOfFailures",
    }


# -- where it is


def test_profiles_are_everywhere_and_their_group_is_in_a_region() -> None:
    graph = preview_of(program(geographic(TWO)))
    group = graph.named(GROUP, "azure-failover-group")
    assert (group.inputs["resourceGroupName"], group.inputs["location"]) == ("prod-traffic", "eastus")
    for each in graph.of_type(PROFILE):
        assert each.inputs["location"] == "global"
        assert source_of(graph, each, "resourceGroupName", GROUP) == group
        assert each.inputs["tags"] == {"environment": "prod"}


def test_names_are_the_plans_and_answers_are_kept_as_long_as_it_says() -> None:
    sent = preview_of(program(priority(TWO))).named(PROFILE, "azure-failover-www").inputs
    assert sent["profileName"] == "prod-www"
    assert sent["dnsConfig"] == {"relativeName": "prod-www-0123456789", "ttl": 30}
