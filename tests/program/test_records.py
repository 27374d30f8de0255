"""Names that follow health in whole stacks: check B of the project's reference, and what stack files say."""

from collections import Counter
from itertools import chain, combinations
from typing import Any

import pytest

from inspection.graph import UNKNOWN, Graph, Resource
from tests.program.records import (
    ALARM,
    GOOGLE_CHECK,
    HEALTH_CHECK,
    HOSTED_ZONE,
    MANAGED_ZONE,
    NETWORK,
    PROFILE,
    PUBLIC_AZURE_ZONE,
    PUBLIC_RECORD_SET,
    RECORD,
    RECORD_SET,
    RECORDED,
    Graphs,
    Wanted,
    addresses,
    alarm_of,
    answering,
    cloud_dns_set,
    external,
    failed_over_to,
    google_check,
    items,
    named,
    of,
    profile_of,
    profiles_of,
    public_root,
    seconds,
    sets_of,
    wanted,
    watched_place,
    whose,
    zone_of,
)
from tests.program.stacks import settings_of, update_of

recorded = pytest.mark.parametrize("stack", RECORDED)
SERVICES = {
    ("aws", False): "Route 53",
    ("aws", True): "Route 53 by alarms",
    ("azure", False): "Traffic Manager",
    ("gcp", False): "Cloud DNS",
    ("gcp", True): "Cloud DNS for internal load balancers",
}
GEOGRAPHIES = {"*": {"WORLD"}, "EU": {"GEO-EU"}, "AF": {"GEO-AF"}}


def test_stacks_have_a_record_of_every_kind_that_this_file_claims_something_of_and_no_other() -> None:
    """Otherwise much of this file would claim nothing, or a stack would have what nothing is claimed of."""
    found = {(record.by, record.private, record.policy) for stack in RECORDED for record in wanted(stack)}
    assert found == {
        ("aws", False, "active-passive"),
        ("aws", False, "weighted"),
        ("aws", True, "active-passive"),
        ("azure", False, "latency"),
        ("azure", False, "geographic"),
        ("gcp", False, "active-passive"),
        ("gcp", False, "weighted"),
        ("gcp", False, "geographic"),
        ("gcp", True, "weighted"),
    }
    assert any(len(record.places) > 2 for stack in RECORDED for record in wanted(stack) if record.by == "aws")


# -- who answers


@of()
def test_each_name_is_answered_by_one_service_and_by_nothing_else(stack: str, record: Wanted, graph_of: Graphs) -> None:
    resources = named(graph_of(stack), record.name)
    host = public_root(stack)[1]
    holder = {"aws": RECORD, "azure": PUBLIC_RECORD_SET, "gcp": RECORD_SET}[host if record.by == "azure" else record.by]
    assert {resource.type for resource in resources} == {holder}
    assert len({resource.inputs.get("type") or resource.inputs["recordType"] for resource in resources}) == 1
    followed = [resource for resource in resources if {"setIdentifier", "routingPolicy"} & {*resource.inputs}]
    assert len(followed) == {"aws": len(resources), "azure": 0, "gcp": 1}[record.by]
    if record.by != "aws":
        assert len(resources) == 1


@recorded
def test_nothing_follows_health_that_the_file_does_not_say(stack: str) -> None:
    graph = update_of(stack)
    by_cloud = {by: [record for record in wanted(stack) if record.by == by] for by in ("aws", "azure", "gcp")}
    sets = {each.urn for each in graph.of_type(RECORD) if "setIdentifier" in each.inputs}
    assert sets == {each.urn for record in by_cloud["aws"] for each in sets_of(graph, record)}
    profiles = {each.urn for each in graph.of_type(PROFILE)}
    assert profiles == {each.urn for record in by_cloud["azure"] for each in profiles_of(graph, record)}
    routed = {each.inputs["name"].rstrip(".") for each in graph.of_type(RECORD_SET) if "routingPolicy" in each.inputs}
    assert routed == {record.name for record in by_cloud["gcp"]}


@of()
def test_names_lie_in_their_own_zone_which_is_public_or_private_as_they_are(
    stack: str, record: Wanted, graph_of: Graphs
) -> None:
    graph = graph_of(stack)
    domain = f"{record.by}.{settings_of(stack)['dns']['private']}" if record.private else public_root(stack)[0]
    resources = sets_of(graph, record) if record.by == "aws" else named(graph, record.name)
    assert len({resource.inputs.get("zoneId") or resource.inputs["managedZone"] for resource in resources}) == 1
    for zone in (zone_of(graph, resource) for resource in resources):
        if zone.type == MANAGED_ZONE:
            assert (zone.inputs["dnsName"], zone.inputs["visibility"]) == (
                f"{domain}.",
                "private" if record.private else "public",
            )
            assert not {"forwardingConfig", "peeringConfig"} & {*zone.inputs}
            assert {resource.inputs["managedZone"] for resource in resources} == {zone.inputs["name"]}
        else:
            assert (zone.inputs["name"], bool(zone.inputs.get("vpcs"))) == (domain, record.private)


@recorded
def test_one_zone_is_public_and_has_the_domain_of_the_file_at_its_host(stack: str) -> None:
    graph = update_of(stack)
    domain, host = public_root(stack)
    public = [
        *((zone.inputs["name"], "aws") for zone in graph.of_type(HOSTED_ZONE) if not zone.inputs.get("vpcs")),
        *((zone.inputs["zoneName"], "azure") for zone in graph.of_type(PUBLIC_AZURE_ZONE)),
        *(
            (zone.inputs["dnsName"].rstrip("."), "gcp")
            for zone in graph.of_type(MANAGED_ZONE)
            if zone.inputs["visibility"] == "public"
        ),
    ]
    assert public == [(domain, host)]


# -- Route 53


@of("aws")
def test_b_sets_of_a_name_are_told_apart_and_have_one_policy_one_type_and_the_ttl_of_the_file(
    stack: str, record: Wanted, graph_of: Graphs
) -> None:
    sets = sets_of(graph_of(stack), record)
    assert record.ttl <= 60
    keys = Counter((each.inputs["name"], each.inputs["setIdentifier"]) for each in sets)
    assert set(keys.values()) == {1}
    policies = {(each.inputs["name"], prop) for each in sets for prop in each.inputs if "RoutingPolic" in prop}
    assert len(policies) == len({each.inputs["name"] for each in sets})
    assert len({each.inputs["type"] for each in sets}) == 1
    plain = [each.inputs for each in sets if "aliases" not in each.inputs]
    assert {each["ttl"] for each in plain} == {record.ttl}
    assert all(len(each["records"]) == 1 for each in plain)
    assert not [each for each in sets if "aliases" in each.inputs and {"ttl", "records"} & {*each.inputs}]


@of("aws", policy="active-passive")
def test_b_failover_sets_are_pairs_whose_primary_follows_a_check_or_what_it_leads_to(
    stack: str, record: Wanted, graph_of: Graphs
) -> None:
    graph = graph_of(stack)
    sets = sets_of(graph, record)
    roles = Counter((each.inputs["name"], each.inputs["failoverRoutingPolicies"][0]["type"]) for each in sets)
    names = {each.inputs["name"] for each in sets}
    assert roles == {(name, role): 1 for name in names for role in ("PRIMARY", "SECONDARY")}
    assert len(names) == len(record.places) - 1
    for each in sets:
        if "aliases" not in each.inputs:
            _assert_follows(each, whose(graph, each, "healthCheckId", HEALTH_CHECK))


@of("aws")
def test_b_aliases_judge_what_they_lead_to_which_is_there_before_in_the_same_zone(
    stack: str, record: Wanted, graph_of: Graphs
) -> None:
    graph = graph_of(stack)
    sets = sets_of(graph, record)
    for each in (each for each in sets if "aliases" in each.inputs):
        [alias] = each.inputs["aliases"]
        assert alias["evaluateTargetHealth"] is True
        assert alias["zoneId"] == each.inputs["zoneId"]
        below = [other for other in sets if other.inputs["name"] == alias["name"]]
        assert below
        assert alias["name"] != each.inputs["name"]
        assert {other.urn for other in below} <= {*each.dependencies}
        zones = [zone_of(graph, other).urn for other in (each, *below)]
        assert {*zones, *(zone.urn for zone in whose(graph, each, "aliases", HOSTED_ZONE))} == {zones[0]}
        assert whose(graph, each, "aliases", HOSTED_ZONE)
        assert {other.inputs["type"] for other in below} == {each.inputs["type"]}


@of("aws", policy="active-passive")
def test_b_whatever_is_down_the_first_place_that_is_well_answers_in_the_order_of_the_file(
    stack: str, record: Wanted, graph_of: Graphs
) -> None:
    graph, order = graph_of(stack), [*record.places]
    for well in chain.from_iterable(combinations(order, count) for count in range(len(order) + 1)):
        first = next(iter(well), order[0])
        assert failed_over_to(graph, record, {*well}) == first, well


@of("aws", policy="weighted")
def test_b_weighted_sets_have_the_weights_of_the_file_and_a_check_each(
    stack: str, record: Wanted, graph_of: Graphs
) -> None:
    graph = graph_of(stack)
    sets = named(graph, record.name)
    weights = {each.inputs["records"][0]: each.inputs["weightedRoutingPolicies"] for each in sets}
    assert len(weights) == len(sets)
    assert weights == {record.goes_to(name): [{"weight": place["weight"]}] for name, place in record.places.items()}
    for each in sets:
        checks = whose(graph, each, "healthCheckId", HEALTH_CHECK)
        _assert_follows(each, checks)
        assert [watched_place(graph, check, record) for check in checks] == [record.place_at(each.inputs["records"][0])]


def _assert_follows(each: Resource, checks: list[Resource]) -> None:
    [check] = checks
    assert each.inputs["healthCheckId"] == (check.id or UNKNOWN)


@of("aws", private=False)
def test_b_probes_of_route_53_ask_what_is_answered_as_the_file_says(
    stack: str, record: Wanted, graph_of: Graphs
) -> None:
    graph = graph_of(stack)
    for each in (each for each in sets_of(graph, record) if "records" in each.inputs):
        [check] = [check.inputs for check in whose(graph, each, "healthCheckId", HEALTH_CHECK)]
        place = record.places[record.place_at(each.inputs["records"][0])]
        wanted_name = record.name if "address" in place else place["target"]
        assert (check.get("ipAddress"), check["fqdn"]) == (place.get("address"), wanted_name)
        assert (check["type"].lower(), check["port"]) == (record.protocol, record.port)
        assert check.get("resourcePath") == record.path
        assert check.get("enableSni", True)
        assert not {"disabled", "invertHealthcheck"} & {*check}


@recorded
def test_b_health_checks_keep_to_what_route_53_takes_and_each_is_followed_once(stack: str) -> None:
    graph = update_of(stack)
    checks = graph.of_type(HEALTH_CHECK)
    followed = Counter(each.inputs["healthCheckId"] for each in graph.of_type(RECORD) if "healthCheckId" in each.inputs)
    assert followed == {check.id: 1 for check in checks}
    for check in (check.inputs for check in checks):
        if check["type"] == "CLOUDWATCH_METRIC":
            assert not {"requestInterval", "failureThreshold", "regions", "ipAddress", "fqdn", "port"} & {*check}
            continue
        assert check["requestInterval"] in (10, 30)
        assert 1 <= check["failureThreshold"] <= 10
        assert "regions" not in check or len({*check["regions"]}) >= 3


@of("aws", private=True)
def test_b_private_names_follow_alarms_on_the_metric_of_their_place_and_silence_is_bad(
    stack: str, record: Wanted, graph_of: Graphs
) -> None:
    graph = graph_of(stack)
    networks = settings_of(stack)["networks"]
    for each in (each for each in sets_of(graph, record) if "records" in each.inputs):
        [check] = whose(graph, each, "healthCheckId", HEALTH_CHECK)
        place = record.place_at(each.inputs["records"][0])
        alarm = alarm_of(graph, check).inputs
        metric = record.places[place]["metric"]
        assert (alarm["namespace"], alarm["metricName"]) == (metric["namespace"], metric["name"])
        assert alarm["dimensions"] == metric.get("dimensions", {})
        assert alarm["region"] == metric.get("region", networks[place]["region"])
        assert (check.inputs["type"], check.inputs["insufficientDataHealthStatus"]) == (
            "CLOUDWATCH_METRIC",
            "Unhealthy",
        )
        named_there = (check.inputs["cloudwatchAlarmName"], check.inputs["cloudwatchAlarmRegion"])
        assert named_there == (alarm["name"], alarm["region"])
        assert alarm["treatMissingData"] == "breaching"
        told = (alarm["statistic"], alarm["comparisonOperator"], alarm["threshold"])
        assert told == ("Minimum", "LessThanThreshold", 1), "any look that finds less than one"
        # Route 53 copies an alarm once, and again only when these texts change.
        copied = "".join(check.inputs["triggers"].values())
        follows = ("namespace", "metricName", "period", "evaluationPeriods", "statistic", "threshold", "region", "name")
        assert all(str(alarm[prop]) in copied for prop in follows)
        assert (alarm["period"] % 60, "datapointsToAlarm" in alarm) == (0, False)


@recorded
def test_alarms_have_names_of_their_own_in_each_region(stack: str) -> None:
    """CloudWatch would change the one that is there."""
    alarms = Counter((alarm.inputs["region"], alarm.inputs["name"]) for alarm in update_of(stack).of_type(ALARM))
    assert set(alarms.values()) <= {1}


# -- Traffic Manager


@of("azure")
def test_b_names_of_traffic_manager_are_one_cname_that_comes_after_the_profile(
    stack: str, record: Wanted, graph_of: Graphs
) -> None:
    graph = graph_of(stack)
    [cname] = [each for each in answering(graph) if each.name == record.name]
    assert (cname.type, cname.resource.inputs["ttl"]) == ("CNAME", record.ttl)
    profiles = profiles_of(graph, record)
    assert {profile.urn for profile in profiles} <= {*cname.resource.dependencies}
    assert {profile.inputs["dnsConfig"]["ttl"] for profile in profiles} == {record.ttl}
    assert {profile.inputs["location"] for profile in profiles} == {"global"}


@recorded
def test_names_of_profiles_are_taken_once(stack: str) -> None:
    profiles = [profile.inputs for profile in update_of(stack).of_type(PROFILE)]
    assert len({profile["dnsConfig"]["relativeName"] for profile in profiles}) == len(profiles)
    assert len({profile["profileName"] for profile in profiles}) == len(profiles)


@of("azure")
def test_b_monitors_of_traffic_manager_keep_to_its_limits_and_probe_as_the_file_says(
    stack: str, record: Wanted, graph_of: Graphs
) -> None:
    for profile in profiles_of(graph_of(stack), record):
        monitor = profile.inputs["monitorConfig"]
        longest = {10: 9, 30: 10}[monitor["intervalInSeconds"]]
        assert 5 <= monitor["timeoutInSeconds"] <= longest
        assert 0 <= monitor["toleratedNumberOfFailures"] <= 9
        assert (monitor["protocol"].lower(), monitor["port"]) == (record.protocol, record.port)
        assert monitor.get("path") == record.path
        # As Route 53 judges; Traffic Manager by itself would take 200 alone.
        ranges = [] if record.protocol == "tcp" else [{"min": 200, "max": 399}]
        assert monitor.get("expectedStatusCodeRanges", []) == ranges
        # All places of a record are of one kind.
        by_address = all("address" in place for place in record.places.values())
        hosts = [header["value"] for header in monitor.get("customHeaders", ()) if header["name"] == "Host"]
        assert hosts == ([record.name] if by_address and record.protocol != "tcp" else [])


@of("azure", policy="latency")
def test_b_the_nearest_place_is_chosen_among_all_of_the_file_each_at_a_location(
    stack: str, record: Wanted, graph_of: Graphs
) -> None:
    profile, networks = profile_of(graph_of(stack), record), settings_of(stack)["networks"]
    assert profile.inputs["trafficRoutingMethod"] == "Performance"
    endpoints = external(profile)
    assert len(endpoints) == len(profile.inputs["endpoints"])
    _assert_all_places_at(record, endpoints)
    for endpoint in endpoints:
        network = networks[endpoint["name"]]
        assert endpoint["endpointLocation"]
        assert network["cloud"] != "azure" or endpoint["endpointLocation"] == network["region"]


@of("azure", policy="geographic")
def test_b_each_place_serves_the_geographies_of_the_file_and_all_others_stand_in_behind_it(
    stack: str, record: Wanted, graph_of: Graphs
) -> None:
    graph = graph_of(stack)
    profile = profile_of(graph, record)
    assert profile.inputs["trafficRoutingMethod"] == "Geographic"
    asking = {endpoint["name"]: endpoint for endpoint in profile.inputs["endpoints"]}
    assert len(asking) == len(profile.inputs["endpoints"])
    for name, endpoint in asking.items():
        assert endpoint["type"].endswith("/nestedEndpoints")
        assert (endpoint["endpointStatus"], endpoint["minChildEndpoints"]) == ("Enabled", 1)
        served = [code for serves in record.places[name]["serves"] for code in GEOGRAPHIES[serves]]
        assert sorted(endpoint["geoMapping"]) == sorted(served)
    assert {*asking} == {*record.places}
    children = whose(graph, profile, "endpoints", PROFILE)
    firsts = {}
    for child in children:
        assert child.inputs["trafficRoutingMethod"] == "Priority"
        endpoints = external(child)
        _assert_all_places_at(record, endpoints)
        assert [endpoint["priority"] for endpoint in endpoints] == [*range(1, len(record.places) + 1)]
        firsts[endpoints[0]["name"]] = child
    assert {*firsts} == {*asking}
    assert len(children) == len(firsts)
    for name, child in firsts.items():
        assert asking[name]["targetResourceId"] == (child.id or UNKNOWN)


def _assert_all_places_at(record: Wanted, endpoints: list[Any]) -> None:
    targets = [(endpoint["name"], endpoint["target"], endpoint["endpointStatus"]) for endpoint in endpoints]
    assert sorted(targets) == sorted((place, record.goes_to(place), "Enabled") for place in record.places)


# -- Cloud DNS


@of("gcp")
def test_b_items_of_cloud_dns_have_every_place_once_on_the_internet_or_behind_load_balancers(
    stack: str, record: Wanted, graph_of: Graphs
) -> None:
    graph = graph_of(stack)
    inputs = cloud_dns_set(graph, record).inputs
    assert (inputs["type"], inputs["ttl"]) == ("A", record.ttl)
    assert "rrdatas" not in inputs
    own = {"weighted": "wrrs", "geographic": "geos", "active-passive": "primaryBackup"}[record.policy]
    assert {"wrrs", "geos", "primaryBackup"} & {*inputs["routingPolicy"]} == {own}
    found = [address for _, targets in items(graph, record) for address in addresses(targets)]
    assert sorted(found) == sorted(map(record.goes_to, record.places))
    kind = "internalLoadBalancers" if record.private else "externalEndpoints"
    assert [{*targets} for _, targets in items(graph, record)] == [{kind}] * len(items(graph, record))
    assert ("healthCheck" in inputs["routingPolicy"]) is not record.private


@of("gcp", policy="weighted")
def test_b_items_of_cloud_dns_have_the_weights_of_the_file(stack: str, record: Wanted, graph_of: Graphs) -> None:
    found = [(addresses(targets), item["weight"]) for item, targets in items(graph_of(stack), record)]
    assert sorted(found) == sorted(([record.goes_to(name)], place["weight"]) for name, place in record.places.items())


@of("gcp", policy="active-passive")
def test_b_the_first_place_of_the_file_is_cloud_dns_primary_alone(stack: str, record: Wanted, graph_of: Graphs) -> None:
    [(backup, first), *_] = items(graph_of(stack), record)
    assert addresses(first) == [record.goes_to(next(iter(record.places)))]
    assert not backup.get("trickleRatio")


@of("gcp")
def test_b_cloud_dns_looks_for_the_nearest_by_regions_each_named_once(
    stack: str, record: Wanted, graph_of: Graphs
) -> None:
    networks = settings_of(stack)["networks"]
    located = [(item["location"], targets) for item, targets in items(graph_of(stack), record) if "location" in item]
    assert len({location for location, _ in located}) == len(located)
    primary = 1 if record.policy == "active-passive" else 0
    places = len(record.places) - primary
    assert sum(len(addresses(targets)) for _, targets in located) == (0 if record.policy == "weighted" else places)
    for location, targets in located:
        for place in map(record.place_at, addresses(targets)):
            assert networks[place]["cloud"] != "gcp" or networks[place]["region"] == location


@of("gcp", private=False)
def test_b_checks_of_cloud_dns_come_from_three_regions_and_ask_as_the_file_says(
    stack: str, record: Wanted, graph_of: Graphs
) -> None:
    graph = graph_of(stack)
    check = google_check(graph, record)
    assert cloud_dns_set(graph, record).inputs["routingPolicy"]["healthCheck"] == (check.id or UNKNOWN)
    inputs = check.inputs
    assert len({*inputs["sourceRegions"]}) == len(inputs["sourceRegions"]) == 3
    assert inputs["checkIntervalSec"] >= 30
    assert inputs["timeoutSec"] <= inputs["checkIntervalSec"]
    [kind] = [prop for prop in inputs if prop.endswith("HealthCheck")]
    assert kind == f"{record.protocol}HealthCheck"
    assert (inputs[kind]["port"], inputs[kind].get("requestPath")) == (record.port, record.path)
    assert inputs[kind].get("host") == (None if record.protocol == "tcp" else record.name)
    assert not {"request", "proxyHeader"} & {*inputs[kind]}


@recorded
def test_checks_of_cloud_dns_have_names_of_their_own_and_each_is_followed(stack: str) -> None:
    graph = update_of(stack)
    checks = graph.of_type(GOOGLE_CHECK)
    assert len({check.inputs["name"] for check in checks}) == len(checks)
    assert {check.urn for check in checks} == {
        google_check(graph, record).urn for record in wanted(stack) if record.by == "gcp" and not record.private
    }


@of("gcp", private=True)
def test_b_load_balancers_are_those_of_the_file_in_the_network_and_region_of_their_place(
    stack: str, record: Wanted, graph_of: Graphs
) -> None:
    graph, settings = graph_of(stack), settings_of(stack)
    origins = whose(graph, cloud_dns_set(graph, record), "routingPolicy", NETWORK)
    assert len(origins) == len(record.places)
    for balancer in (each for _, targets in items(graph, record) for each in targets["internalLoadBalancers"]):
        place = record.place_at(balancer["ipAddress"])
        given = record.places[place]["loadBalancer"]
        assert balancer["port"] == str(given["port"])
        assert balancer["ipProtocol"] == given.get("protocol", "tcp")
        assert balancer["loadBalancerType"] == given.get("type", "regionalL4ilb")
        assert balancer["project"] == settings["accounts"]["gcp"]["project"]
        if balancer["loadBalancerType"].startswith("regional"):
            assert balancer["region"] == settings["networks"][place]["region"]
        [network] = [each for each in origins if each.name == place]
        assert balancer["networkUrl"] == (network.id or UNKNOWN)


# -- how fast


@of()
def test_b_everybody_is_told_of_a_place_that_is_out_within_the_budget(
    stack: str, record: Wanted, graph_of: Graphs
) -> None:
    graph = graph_of(stack)
    assert seconds(graph, record) <= record.budget
    # An alarm takes its own time, and CloudWatch promises none.
    assert (record.by, record.private) != ("aws", True) or seconds(graph, record) >= 120


@of()
def test_b_reports_say_the_same_seconds_as_the_resources(stack: str, record: Wanted, graph_of: Graphs) -> None:
    graph = graph_of(stack)
    row = _row(graph, record)
    assert (row["seconds"], row["budget"]) == (seconds(graph, record), record.budget)
    assert row["worstCase"].endswith(f" = {row['seconds']} s")


@of()
def test_reports_say_who_answers_with_which_places_by_which_check(stack: str, record: Wanted, graph_of: Graphs) -> None:
    row = _row(graph_of(stack), record)
    assert {*row} == {*"name owner policy places check worstCase worstCaseParts seconds budget".split()}
    assert (row["owner"], row["policy"]) == (SERVICES[record.by, record.private], record.policy)
    told = [text.partition(",")[0] for text in row["places"]]
    ordered = [f"{place}: {record.goes_to(place)}" for place in record.places]
    assert (told if record.policy == "active-passive" else sorted(told)) == (
        ordered if record.policy == "active-passive" else sorted(ordered)
    )
    if not record.private:
        assert row["check"].startswith(f"{record.protocol}:{record.port}{record.path or ''} ")


@recorded
def test_reports_have_every_record_once(stack: str) -> None:
    names = [row["name"] for row in update_of(stack).outputs["names"]["records"]]
    assert sorted(names) == sorted(record.name for record in wanted(stack))


def _row(graph: Graph, record: Wanted) -> dict[str, Any]:
    [row] = [row for row in graph.outputs["names"]["records"] if row["name"] == record.name]
    return row
