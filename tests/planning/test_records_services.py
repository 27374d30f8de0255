"""What each service is told of a name, and whom it answers with while places are out."""

from collections.abc import Iterator
from itertools import combinations, product
from typing import Any

import pytest

from planning.records.nearest import by_distance, nearest
from planning.records.types import CloudDnsSet, Profile, Route53
from planning.regions import REGIONS
from tests.planning.configurations import LEFT_OUT, changed
from tests.planning.records import (
    ADDRESSES,
    PRIVATE_IN_AWS,
    PRIVATE_IN_GOOGLE,
    geographic,
    laid_out,
    order,
    places,
    route53_answers,
    traffic_manager_answers,
    with_record,
)

WWW = "www.acme.example"


def route53(record: dict[str, Any]) -> Route53:
    part = laid_out(with_record(record)).route53
    assert part is not None
    return part


def profiles(record: dict[str, Any]) -> dict[str, Profile]:
    part = laid_out(with_record({**record, "by": "azure"})).traffic_manager
    assert part is not None
    return {profile.key: profile for profile in part.profiles}


def in_google(record: dict[str, Any]) -> CloudDnsSet:
    part = laid_out(with_record(record, "gcp")).cloud_dns
    assert part is not None
    (one,) = part.sets
    return one


def states(names: list[str]) -> Iterator[set[str]]:
    """Yield every choice of places that are well."""
    for count in range(len(names) + 1):
        yield from map(set, combinations(names, count))


@pytest.mark.parametrize("count", [2, 3, 4, 5])
def test_whatever_is_out_the_first_place_that_is_well_answers(count: int) -> None:
    names = list(ADDRESSES)[:count]
    sets, azure = route53(order(count)).sets, profiles(order(count)).values()
    for well in states(names):
        first = next((name for name in names if name in well), None)
        assert route53_answers(sets, WWW, well) == {first or names[0]}, well
        assert traffic_manager_answers(azure, "www", well) == ({first} if first else set(names)), well


@pytest.mark.parametrize("count", [2, 3, 4, 5])
def test_a_failover_pair_is_one_primary_with_a_check_and_one_secondary_that_is_checked(count: int) -> None:
    part = route53(order(count))
    checks = {probe.key for probe in part.probes}
    names = {one.name for one in part.sets}
    assert len(names) == count - 1
    for name in names:
        primary, secondary = sorted((one for one in part.sets if one.name == name), key=lambda one: one.failover or "")
        assert (primary.failover, secondary.failover) == ("PRIMARY", "SECONDARY")
        assert primary.set_identifier != secondary.set_identifier
        assert primary.health in checks
        assert secondary.health in checks or secondary.alias in names
        assert {one.ttl for one in (primary, secondary) if not one.alias} == {30}
    assert len({one.key for one in part.sets}) == len(part.sets)


def test_another_order_changes_what_sets_say_and_no_set() -> None:
    before = route53(order(4)).sets
    after = route53({**order(4), "places": places(4, "order", [4, 1, 3, 2])}).sets
    assert [(one.key, one.name, one.set_identifier) for one in before] == [
        (one.key, one.name, one.set_identifier) for one in after
    ]
    assert [one.values for one in before] != [one.values for one in after]


@pytest.mark.parametrize("asker", [("DE", "EU"), ("FR", "EU"), ("JP", "AS"), ("US", "NA")])
def test_who_is_served_by_a_place_that_is_out_gets_the_default_and_then_what_is_near_it(asker: tuple[str, str]) -> None:
    serving = {"DE": "identity", "EU": "store", "AS": "erp"}
    takes_over = ["shop", "identity", "store", "erp"]
    sets, azure = route53(geographic()).sets, profiles(geographic()).values()
    codes = {"EU": "GEO-EU", "AS": "GEO-AS", "NA": "GEO-NA"}
    for well in states(takes_over):
        own = [serving[code] for code in asker if code in serving]
        first = next((name for name in (*own, *takes_over) if name in well), None)
        if first:
            assert route53_answers(sets, WWW, well, asker) == {first}, well
        # Traffic Manager stops at the narrowest group, Route 53 goes on to the wider one.
        narrow = next((name for name in (*own[:1], *takes_over) if name in well), None)
        answers = traffic_manager_answers(azure, "www", well, (asker[0], codes[asker[1]]))
        assert answers == ({narrow} if narrow else set(takes_over)), well


def test_asia_has_the_middle_east_in_it_for_traffic_manager_too() -> None:
    geography = {one.key: one.geography for one in profiles(geographic())["www"].endpoints}
    assert geography["erp"] == ("GEO-AS", "GEO-ME", "GEO-AP")
    assert geography["identity"] == ("DE",)
    assert geography["shop"] == ("WORLD",)


@pytest.mark.parametrize("weights", [[70, 30], [1, 2, 3, 4], [1, 0]])
def test_weights_reach_each_service_as_they_are(weights: list[int]) -> None:
    record = {"policy": "weighted", "places": places(len(weights), "weight", weights)}
    given = dict(zip(ADDRESSES, weights, strict=False))
    part = route53(record)
    assert {one.set_identifier: one.weight for one in part.sets} == given
    assert {one.name for one in part.sets} == {WWW}
    assert {one.health for one in part.sets} == {probe.key for probe in part.probes}
    endpoints = profiles(record)["www"].endpoints
    assert {one.key: one.weight if one.enabled else 0 for one in endpoints} == given
    assert all(one.weight for one in endpoints)
    assert {choice.key: choice.weight for choice in in_google(record).weighted} == given
    (summary,) = laid_out(with_record(record)).summaries
    assert summary.places["shop"].endswith(f"({weights[0] / sum(weights):.0%})")


@pytest.mark.parametrize("count", [2, 4])
def test_weighted_answers_are_all_places_that_are_well(count: int) -> None:
    record = {"policy": "weighted", "places": places(count, "weight", [7] * count)}
    names = list(ADDRESSES)[:count]
    sets = route53(record).sets
    for well in states(names):
        assert route53_answers(sets, WWW, well) == (well or set(names))


@pytest.mark.parametrize("count", [2, 4])
def test_latency_has_one_set_for_a_region_and_every_place_behind_one(count: int) -> None:
    sets = route53({"policy": "latency", "places": places(count)}).sets
    regions = [one.latency_region for one in sets if one.name == WWW]
    assert len(regions) == len(set(regions))
    assert route53_answers(sets, WWW, set(ADDRESSES)) == set(list(ADDRESSES)[:count])
    assert route53_answers(sets, WWW, {"shop"}) == {"shop"}
    if count == 4:
        assert {one.latency_region: one.alias for one in sets if one.name == WWW}["us-east-1"] == f"_us-east-1.{WWW}"
        below = [one for one in sets if one.name == f"_us-east-1.{WWW}"]
        assert {(one.set_identifier, one.weight) for one in below} == {("shop", 1), ("identity", 1)}
        assert {one.health for one in below} == {"www.shop", "www.identity"}


def test_traffic_manager_finds_the_nearest_by_regions_of_azure() -> None:
    www = profiles({"policy": "latency", "places": places(5)})["www"]
    assert www.method == "Performance"
    assert {one.key: one.location for one in www.endpoints} == {
        "shop": "eastus",
        "store": "northeurope",
        "identity": "eastus",
        "erp": "westeurope",
        "analytics": "eastus",
    }


def test_no_name_in_azure_is_taken_twice_and_each_fits() -> None:
    found = profiles(geographic())
    names = [profile.relative_name for profile in found.values()]
    assert len(names) == len(set(names)) == 5
    assert all(len(name) <= 63 and "." not in name for name in names)
    other = changed(
        {"accounts.azure": {"subscriptionId": "99999999-2222-3333-4444-555555555555"}},
        with_record({**order(2), "by": "azure"}),
    )
    elsewhere = laid_out(other).traffic_manager
    assert elsewhere
    assert elsewhere.profiles[-1].relative_name not in names
    assert list(found)[-1] == "www", "children come first"


def test_a_profile_that_another_asks_is_not_called_like_another_record() -> None:
    both = {"www": {**geographic(), "by": "azure"}, "www-shop": {**order(2), "by": "azure"}}
    part = laid_out(with_record(both["www"], records=both)).traffic_manager
    assert part
    assert {"www.shop", "www-shop"} <= {profile.key for profile in part.profiles}
    for names in ([each.relative_name for each in part.profiles], [each.physical_name for each in part.profiles]):
        assert len(set(names)) == len(part.profiles) == 6


def test_what_traffic_manager_answers_for_is_a_constant_alias_in_the_zone_and_nothing_else_there() -> None:
    records = laid_out(with_record({**order(2), "by": "azure"}))
    assert records.public
    assert records.traffic_manager
    (alias,) = records.public.aliases
    assert (alias.name, records.route53) == (WWW, None)
    assert alias.target == f"{records.traffic_manager.profiles[-1].relative_name}.trafficmanager.net"
    plain = laid_out(with_record(order(2))).public
    assert plain
    assert plain.aliases == ()


def test_a_probe_asks_an_address_for_the_name_and_a_target_for_itself() -> None:
    assert {(probe.address, probe.fqdn, probe.sni) for probe in route53(order(2)).probes} == {
        ("203.0.113.1", WWW, True),
        ("203.0.113.2", WWW, True),
    }
    targets = {"shop": {"target": "a.elb.example", "order": 1}, "store": {"target": "b.elb.example", "order": 2}}
    part = route53({**order(2), "places": targets})
    assert {(probe.address, probe.fqdn) for probe in part.probes} == {(None, "a.elb.example"), (None, "b.elb.example")}
    assert {(one.type, one.values) for one in part.sets} == {
        ("CNAME", ("a.elb.example",)),
        ("CNAME", ("b.elb.example",)),
    }
    assert profiles(order(2))["www"].monitor.host == WWW
    assert profiles({**order(2), "places": targets})["www"].monitor.host is None


def test_tcp_has_neither_path_nor_host_nor_status() -> None:
    record = {**order(2), "check": {"protocol": "tcp", "port": 5000}}
    assert {(probe.type, probe.path, probe.fqdn, probe.port, probe.sni) for probe in route53(record).probes} == {
        ("TCP", None, None, 5000, None)
    }
    monitor = profiles(record)["www"].monitor
    assert (monitor.path, monitor.host, monitor.expected, monitor.tolerated) == (None, None, None, 2)


def test_google_has_standbys_by_region_and_those_of_one_region_together() -> None:
    one = in_google(order(5))
    assert one.primary
    assert one.primary.addresses == [ADDRESSES["shop"]]
    assert {choice.location: choice.addresses for choice in one.standbys} == {
        "europe-west2": [ADDRESSES["store"]],
        "europe-west4": [ADDRESSES["erp"]],
        "us-east4": [ADDRESSES["identity"], ADDRESSES["analytics"]],
    }


def test_googles_checks_come_from_three_regions_every_half_minute() -> None:
    part = laid_out(with_record(order(2), "gcp")).cloud_dns
    assert part is not None
    (check,) = part.checks
    assert len(set(check.source_regions)) == 3
    assert set(check.source_regions) <= REGIONS["gcp"]
    assert (check.interval, check.failures, check.host, check.path) == (30, 2, WWW, "/")
    assert part.sets[0].check == check.key


def test_google_answers_with_the_nearest_of_its_regions() -> None:
    one = in_google({"policy": "geographic", "places": places(4)})
    assert not one.weighted
    assert one.primary is None
    assert sorted(address for choice in one.nearest for address in choice.addresses) == sorted(
        list(ADDRESSES.values())[:4]
    )


def test_a_private_name_in_route_53_follows_alarms_in_the_zone_of_awss_names() -> None:
    part = route53(PRIVATE_IN_AWS)
    assert part.probes == ()
    assert {alarm.key: alarm.region for alarm in part.alarms} == {"www.shop": "us-east-1", "www.identity": "us-east-1"}
    assert {(alarm.period, alarm.datapoints, alarm.threshold) for alarm in part.alarms} == {(60, 2, 1)}
    assert {(one.name, one.zone) for one in part.sets} == {("www.aws.acme.internal", "names")}
    (summary,) = laid_out(with_record(PRIVATE_IN_AWS)).summaries
    assert summary.worst_case.formula == "2 x 60 + 60 + 30 = 210 s"


def test_a_private_name_in_cloud_dns_goes_to_load_balancers_without_a_check_of_its_own() -> None:
    part = laid_out(with_record(PRIVATE_IN_GOOGLE)).cloud_dns
    assert part is not None
    assert part.checks == ()
    (one,) = part.sets
    assert (one.name, one.zone, one.check) == ("www.gcp.acme.internal", "names", None)
    assert one.primary is not None
    (active,) = one.primary.internal
    assert (active.network, active.region, active.port) == ("analytics", "us-east4", 443)
    (standby,) = one.standbys
    assert standby.location == "us-central1"
    assert [(balancer.network, balancer.region) for balancer in standby.internal] == [("models", None)]


@pytest.mark.parametrize("host", ["aws", "azure", "gcp"])
def test_an_existing_zone_is_taken_and_another_is_made(host: str) -> None:
    existing = {
        "aws": "Z0123456789ABC",
        "azure": "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/names"
        "/providers/Microsoft.Network/dnsZones/acme.example",
        "gcp": "acme-zone",
    }[host]
    config = with_record(order(2), host)
    made, taken = laid_out(config).public, laid_out(changed({"dns.public.zone": existing}, config)).public
    assert made
    assert made.existing is None
    assert taken
    assert taken.existing == existing
    assert made.resource_group == "dev-public"
    assert taken.resource_group == ("names" if host == "azure" else "dev-public")
    assert taken.physical_name == ("acme-zone" if host == "gcp" else "dev-public")


def test_without_public_root_and_records_there_is_nothing() -> None:
    config = changed({"dns.public": LEFT_OUT, "dns.records": LEFT_OUT}, with_record(order(2)))
    with pytest.raises(AssertionError):
        laid_out(config)


def test_every_region_knows_the_nearest_of_every_cloud_and_is_nearest_to_itself() -> None:
    for (cloud, regions), other in product(REGIONS.items(), REGIONS):
        for region in regions:
            assert nearest(other, region) in REGIONS[other]
            assert cloud != other or nearest(cloud, region) == region
    assert [nearest("aws", region) for region in ("us-east4", "westus2", "europe-west3", "japaneast")] == [
        "us-east-1",
        "us-west-2",
        "eu-central-1",
        "ap-northeast-1",
    ]
    assert by_distance(["us-west-1", "eu-west-1", "us-east-1"], "eastus") == ["us-east-1", "us-west-1", "eu-west-1"]
