"""How names that follow health stand in whole stacks, read from stack files and resources only."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, TypeAlias

import pytest

from inspection.graph import Graph, Resource
from tests.program.stacks import STACKS, preview_of, settings_of, update_of

RECORD = "aws:route53/record:Record"
HEALTH_CHECK = "aws:route53/healthCheck:HealthCheck"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
HOSTED_ZONE = "aws:route53/zone:Zone"
PROFILE = "azure-native:trafficmanager:Profile"
PUBLIC_AZURE_ZONE = "azure-native:dns:Zone"
PUBLIC_RECORD_SET = "azure-native:dns:RecordSet"
PRIVATE_RECORD_SET = "azure-native:privatedns:PrivateRecordSet"
RECORD_SET = "gcp:dns/recordSet:RecordSet"
MANAGED_ZONE = "gcp:dns/managedZone:ManagedZone"
GOOGLE_CHECK = "gcp:compute/healthCheck:HealthCheck"
NETWORK = "gcp:compute/network:Network"
ZONES = (HOSTED_ZONE, MANAGED_ZONE)

Graphs: TypeAlias = Callable[[str], Graph]
"""`update_of` or `preview_of`."""
RECORDED = tuple(stack for stack in STACKS if settings_of(stack).get("dns", {}).get("records"))


@dataclass(frozen=True, slots=True)
class Wanted:
    """A record of a stack file, with the defaults that `docs/records.md` gives."""

    name: str
    by: str
    private: bool
    policy: str
    protocol: str
    port: int
    path: str | None
    failures: int
    """Of load balancers' own checks, as the file says that they are set."""
    interval: int
    """As `failures`."""
    ttl: int
    budget: int
    places: Mapping[str, Mapping[str, Any]]
    """Active-passive: in order."""

    def goes_to(self, place: str) -> str:
        """Give the address or the name of a place."""
        return self.places[place].get("address") or self.places[place]["target"]

    def place_at(self, value: str) -> str:
        """Give the place that an address or a name belongs to."""
        [place] = [place for place in self.places if self.goes_to(place) == value]
        return place


def public_root(stack: str) -> tuple[str, str]:
    """Give the domain and whose service holds its zone."""
    root = settings_of(stack)["dns"]["public"]
    return (root, "aws") if isinstance(root, str) else (root["name"], root.get("host", "aws"))


def wanted(stack: str) -> Sequence[Wanted]:
    return [_wanted(stack, key, record) for key, record in settings_of(stack)["dns"]["records"].items()]


def _wanted(stack: str, key: str, record: Mapping[str, Any]) -> Wanted:
    private, check = record.get("private", False), record.get("check", {})
    domain, host = public_root(stack)
    by = record["by"] if private else record.get("by", host)
    protocol = check.get("protocol", "https")
    return Wanted(
        name=f"{key}.{by}.{settings_of(stack)['dns']['private']}" if private else f"{key}.{domain}",
        by=by,
        private=private,
        policy=record["policy"],
        protocol=protocol,
        port=check.get("port") or {"https": 443, "http": 80}[protocol],
        path=None if protocol == "tcp" else check.get("path", "/"),
        failures=check.get("failures", 3),
        interval=check.get("interval", 10),
        ttl=record.get("ttl", 30),
        budget=record.get("budget", 100),
        places=dict(sorted(record["places"].items(), key=lambda item: item[1].get("order", 0))),
    )


def of(by: str = "any", *, private: bool | None = None, policy: str | None = None) -> pytest.MarkDecorator:
    """Claim something of each record that a cloud's service answers for, in an update and in a first preview."""
    found = [
        pytest.param(stack, record, graph_of, id=f"{stack}-{record.name}-{graph_of.__name__}")
        for stack in RECORDED
        for record in wanted(stack)
        for graph_of in (update_of, preview_of)
        if by in ("any", record.by) and private in (None, record.private) and policy in (None, record.policy)
    ]
    return pytest.mark.parametrize(("stack", "record", "graph_of"), found)


@dataclass(frozen=True, slots=True)
class Answering:
    """A resource that answers for a name, in whichever service."""

    name: str
    type: str
    resource: Resource


def answering(graph: Graph) -> Sequence[Answering]:
    """List everything that answers for any name; names are whole and without dots at the end."""
    azure = (*graph.of_type(PUBLIC_RECORD_SET), *graph.of_type(PRIVATE_RECORD_SET))
    return [
        *(Answering(r.inputs["name"], r.inputs["type"], r) for r in graph.of_type(RECORD)),
        *(Answering(r.inputs["name"].rstrip("."), r.inputs["type"], r) for r in graph.of_type(RECORD_SET)),
        *(Answering(_in_azure(r), r.inputs["recordType"], r) for r in azure),
    ]


def _in_azure(resource: Resource) -> str:
    inputs = resource.inputs
    return f"{inputs['relativeRecordSetName']}.{inputs.get('privateZoneName') or inputs['zoneName']}"


def named(graph: Graph, name: str) -> list[Resource]:
    return [each.resource for each in answering(graph) if each.name == name]


def whose(graph: Graph, resource: Resource, prop: str, *kinds: str) -> list[Resource]:
    """List the resources of some kinds that a property's value comes from: the same in previews and updates."""
    origins = [graph.by_urn[urn] for urn in resource.property_dependencies.get(prop, ())]
    return [origin for origin in origins if origin.type in kinds]


def zone_of(graph: Graph, resource: Resource) -> Resource:
    [zone] = whose(graph, resource, "managedZone" if resource.type == RECORD_SET else "zoneId", *ZONES)
    return zone


def sets_of(graph: Graph, record: Wanted) -> list[Resource]:
    """List Route 53's sets of a record, those of its helper names included."""
    sets = graph.of_type(RECORD)
    return [
        each for each in sets if each.inputs["name"] == record.name or each.inputs["name"].endswith(f".{record.name}")
    ]


def watched_place(graph: Graph, check: Resource, record: Wanted) -> str:
    """Give the place whose health a check of Route 53's tells."""
    if check.inputs["type"] != "CLOUDWATCH_METRIC":
        return record.place_at(check.inputs.get("ipAddress") or check.inputs["fqdn"])
    alarm = alarm_of(graph, check)
    metrics = {name: place["metric"] for name, place in record.places.items()}
    [place] = [
        name
        for name, metric in metrics.items()
        if (metric["namespace"], metric["name"], metric.get("dimensions", {}))
        == (alarm.inputs["namespace"], alarm.inputs["metricName"], alarm.inputs["dimensions"])
    ]
    return place


def alarm_of(graph: Graph, check: Resource) -> Resource:
    [alarm] = whose(graph, check, "cloudwatchAlarmName", ALARM)
    return alarm


def failed_over_to(graph: Graph, record: Wanted, well: Set[str]) -> str:
    """Give the place that Route 53 answers with while only some are well."""
    return _walk(graph, record, record.name, well)[0]


def _walk(graph: Graph, record: Wanted, name: str, well: Set[str]) -> tuple[str, bool]:
    """Give a name's place and whether it passes for well. With neither well, the primary is answered."""
    by_role = {each.inputs["failoverRoutingPolicies"][0]["type"]: each for each in named(graph, name)}
    primary, secondary = (_step(graph, record, by_role[role], well) for role in ("PRIMARY", "SECONDARY"))
    return secondary if secondary[1] and not primary[1] else primary


def _step(graph: Graph, record: Wanted, each: Resource, well: Set[str]) -> tuple[str, bool]:
    if "aliases" in each.inputs:
        [alias] = each.inputs["aliases"]
        place, passes = _walk(graph, record, alias["name"], well)
        return place, passes or not alias["evaluateTargetHealth"]
    [value] = each.inputs["records"]
    checks = whose(graph, each, "healthCheckId", HEALTH_CHECK)
    return record.place_at(value), all(watched_place(graph, check, record) in well for check in checks)


def profile_of(graph: Graph, record: Wanted) -> Resource:
    """Give the profile of Traffic Manager that a record's name leads to."""
    [cname] = named(graph, record.name)
    inputs = cname.inputs
    target = (
        inputs["cnameRecord"]["cname"] if "cnameRecord" in inputs else (inputs.get("rrdatas") or inputs["records"])[0]
    )
    found = [
        profile
        for profile in graph.of_type(PROFILE)
        if f"{profile.inputs['dnsConfig']['relativeName']}.trafficmanager.net" == target.rstrip(".")
    ]
    [profile] = found
    return profile


def profiles_of(graph: Graph, record: Wanted) -> list[Resource]:
    """List a record's profile and those that it asks."""
    profile = profile_of(graph, record)
    return [profile, *whose(graph, profile, "endpoints", PROFILE)]


def external(profile: Resource) -> list[Mapping[str, Any]]:
    """List the endpoints that are no profiles, by priority."""
    found = [each for each in profile.inputs["endpoints"] if each["type"].endswith("/externalEndpoints")]
    return sorted(found, key=lambda each: each.get("priority", 0))


def cloud_dns_set(graph: Graph, record: Wanted) -> Resource:
    [found] = named(graph, record.name)
    return found


def items(graph: Graph, record: Wanted) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """List the items of a record's routing policy in Cloud DNS, each with its targets; a primary comes first."""
    policy = cloud_dns_set(graph, record).inputs["routingPolicy"]
    backup = policy.get("primaryBackup")
    plain = [*policy.get("wrrs", ()), *policy.get("geos", ()), *(backup["backupGeos"] if backup else ())]
    return [
        *([(backup, backup["primary"])] if backup else []),
        *((item, item["healthCheckedTargets"]) for item in plain),
    ]


def addresses(targets: Mapping[str, Any]) -> list[str]:
    internal = targets.get("internalLoadBalancers", ())
    return [*targets.get("externalEndpoints", ()), *(balancer["ipAddress"] for balancer in internal)]


def google_check(graph: Graph, record: Wanted) -> Resource:
    [check] = whose(graph, cloud_dns_set(graph, record), "routingPolicy", GOOGLE_CHECK)
    return check


def seconds(graph: Graph, record: Wanted) -> float:
    """Add up the worst case until nobody is sent to a place that is out: B.4 of the project's reference."""
    if record.by == "azure":
        return max(map(_in_traffic_manager, profiles_of(graph, record)))
    if record.by == "aws":
        plain = [each for each in sets_of(graph, record) if "records" in each.inputs]
        longest = max(each.inputs["ttl"] for each in plain)
        checks = [check for each in plain for check in whose(graph, each, "healthCheckId", HEALTH_CHECK)]
        return max(_in_route53(graph, check) for check in checks) + longest
    ttl = cloud_dns_set(graph, record).inputs["ttl"]
    if record.private:
        return record.failures * record.interval + ttl
    check = google_check(graph, record).inputs
    return check["unhealthyThreshold"] * check["checkIntervalSec"] + ttl


def _in_traffic_manager(profile: Resource) -> float:
    monitor = profile.inputs["monitorConfig"]
    failures = monitor["toleratedNumberOfFailures"] + 1
    ttl = profile.inputs["dnsConfig"]["ttl"]
    return failures * monitor["intervalInSeconds"] + monitor["timeoutInSeconds"] + ttl


def _in_route53(graph: Graph, check: Resource) -> float:
    if check.inputs["type"] == "CLOUDWATCH_METRIC":
        alarm, evaluation = alarm_of(graph, check).inputs, 60
        return alarm["evaluationPeriods"] * alarm["period"] + evaluation
    connect = 10 if check.inputs["type"] == "TCP" else 4
    return check.inputs["failureThreshold"] * (check.inputs["requestInterval"] + connect)
