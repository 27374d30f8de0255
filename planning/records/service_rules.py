"""Rules that the service brings which answers for a name: what it can choose by, and how it is told of health."""

from collections.abc import Callable, Iterator

from planning.problems import Problem
from planning.reading import suggestion
from planning.records import place_rules
from planning.records.asked import IN_GOOGLE, INTERVALS, Service
from planning.records.codes import CONTINENTS, UNKNOWN_TO_ROUTE53
from planning.records.nearest import nearest
from planning.regions import AWS_ZONE_IDS
from planning.settings import Cloud, Settings
from planning.settings.records import Place, Policy, Record

LARGEST_WEIGHT = 255
"""Of Route 53 [M]."""
LAYER_4 = "regionalL4ilb"

Rules = Callable[[str, Record, Settings], Iterator[Problem]]


def problems(key: str, record: Record, service: Service, settings: Settings) -> Iterator[Problem]:
    """Yield what the service that answers cannot do."""
    yield from RULES[service](key, record, settings)
    path = f"dns.records.{key}"
    in_google = service in IN_GOOGLE
    if record.policy is Policy.GEOGRAPHIC and not in_google:
        yield from place_rules.serves(f"{path}.places", record)
    for name, place in record.places.items():
        at = f"{path}.places.{name}"
        if place.metric and service is not Service.ROUTE53_ALARMS:
            used_by = "an alarm, and only private names in Route 53 have one"
            yield _unused(f"{at}.metric", used_by, _or_by(record, Cloud.AWS))
        if place.load_balancer and service is not Service.CLOUD_DNS_INTERNAL:
            yield _unused(f"{at}.loadBalancer", "Cloud DNS, for private names only", _or_by(record, Cloud.GCP))
        if place.target and (in_google or record.private):
            needs = "Cloud DNS" if in_google else "a private name"
            yield Problem(f"{at}.target", place.target, f"is a name, and {needs} needs addresses", "give its address")


def _unused(path: str, used_by: str, otherwise: str) -> Problem:
    return Problem(path, "", f"is for {used_by}", f"leave it out{otherwise}")


def _or_by(record: Record, other: Cloud) -> str:
    """Say who could answer, where only the default of private names says that another does."""
    return f", or set by: {other}" if record.private and record.by is None else ""


def _route53(key: str, record: Record, settings: Settings) -> Iterator[Problem]:
    del settings
    path = f"dns.records.{key}"
    yield from _weights(path, record)
    yield from _unknown_countries(path, record)


def _unknown_countries(path: str, record: Record) -> Iterator[Problem]:
    for name, place in record.places.items():
        for code in place.serves:
            if code in UNKNOWN_TO_ROUTE53:
                rule = "is a country that Route 53 is said to know no location for"
                yield Problem(f"{path}.places.{name}.serves", code, rule, "leave it to '*'")


def _weights(path: str, record: Record) -> Iterator[Problem]:
    for name, place in record.places.items():
        if place.weight is not None and place.weight > LARGEST_WEIGHT:
            rule = f"is more than Route 53 takes, {LARGEST_WEIGHT}"
            yield Problem(f"{path}.places.{name}.weight", str(place.weight), rule, "divide all weights alike")


def _alarms(key: str, record: Record, settings: Settings) -> Iterator[Problem]:
    path = f"dns.records.{key}"
    yield from _weights(path, record)
    yield from _unknown_countries(path, record)
    yield from _no_probe(path, record, "an alarm tells the health of a private name")
    if record.check.interval is not None:
        rule = f"means nothing here: a period of the alarm has {INTERVALS[Service.ROUTE53_ALARMS]} s"
        yield Problem(f"{path}.check.interval", str(record.check.interval), rule, "leave it out")
    for name, place in record.places.items():
        yield from _metric(f"{path}.places.{name}.metric", name, place, settings)
    yield from _same_metric(path, record, settings)


def _metric(path: str, name: str, place: Place, settings: Settings) -> Iterator[Problem]:
    network = settings.networks.get(name)
    if place.metric is None:
        rule = "is missing: no probe reaches a private address, so that an alarm has to tell its health"
        remedy = "name a metric of CloudWatch that is 1 or more while the place is well"
        yield Problem(path, "", rule, remedy)
    elif place.metric.region is None and network and network.cloud is not Cloud.AWS:
        rule = f"is missing, and networks.{name} is not in AWS"
        yield Problem(f"{path}.region", "", rule, "say which AWS region has the metric")
    elif place.metric.region is not None and place.metric.region not in AWS_ZONE_IDS:
        hint = suggestion(place.metric.region, AWS_ZONE_IDS)
        yield Problem(f"{path}.region", place.metric.region, "is no region of aws", hint)


def _same_metric(path: str, record: Record, settings: Settings) -> Iterator[Problem]:
    owner_of: dict[tuple[object, ...], str] = {}
    for name, place in record.places.items():
        metric, network = place.metric, settings.networks.get(name)
        if metric is None:
            continue
        region = metric.region or (network.region if network else None)
        watched = (metric.namespace, metric.name, region, *sorted(metric.dimensions.items()))
        if watched in owner_of:
            rule = f"is what {path}.places.{owner_of[watched]} has as well: both would be out at once"
            at = f"{path}.places.{name}.metric"
            yield Problem(at, f"{metric.namespace} {metric.name}", rule, "name what tells the health of each place")
        owner_of.setdefault(watched, name)


def _no_probe(path: str, record: Record, instead: str) -> Iterator[Problem]:
    for setting in ("protocol", "port", "path"):
        if setting in record.check.model_fields_set:
            given = str(getattr(record.check, setting))
            yield Problem(f"{path}.check.{setting}", given, f"means nothing here: {instead}", "leave it out")


def _traffic_manager(key: str, record: Record, settings: Settings) -> Iterator[Problem]:
    del settings
    for name, place in record.places.items():
        for code in place.serves:
            if code in CONTINENTS and not CONTINENTS[code]:
                rule = "has no group in Traffic Manager"
                yield Problem(f"dns.records.{key}.places.{name}.serves", code, rule, "leave it to '*'")


def _cloud_dns(key: str, record: Record, settings: Settings) -> Iterator[Problem]:
    path = f"dns.records.{key}"
    yield from _policy_of_google(path, record)
    slowest = INTERVALS[Service.CLOUD_DNS]
    if record.check.interval is not None and record.check.interval < slowest:
        rule = f"is shorter than Cloud DNS looks, every {slowest} s"
        remedy = f"use {slowest}, or by: azure (Traffic Manager), which looks every 10 s"
        yield Problem(f"{path}.check.interval", str(record.check.interval), rule, remedy)
    if settings.dns and settings.dns.public and settings.dns.public.signed:
        yield from _one_address_each(path, record, settings)


def _one_address_each(path: str, record: Record, settings: Settings) -> Iterator[Problem]:
    """Yield places that share an item, of which a signed zone takes one checked address each [M]."""
    if record.policy is Policy.WEIGHTED:
        return
    owner_of: dict[str, str] = {}
    first = min((place.order for place in record.places.values() if place.order), default=None)
    for name, place in record.places.items():
        network = settings.networks.get(name)
        if network and not (record.policy is Policy.ACTIVE_PASSIVE and place.order == first):
            region = nearest(Cloud.GCP, network.region)
            if region in owner_of:
                rule = f"is as near to {region} as {owner_of[region]}; a signed zone takes one place for each region"
                yield Problem(f"{path}.places.{name}", "", rule, "leave one out, or use by: azure")
            owner_of.setdefault(region, name)


def _policy_of_google(path: str, record: Record) -> Iterator[Problem]:
    if record.policy is Policy.LATENCY:
        rule = "is nothing that Cloud DNS chooses by"
        yield Problem(f"{path}.policy", record.policy, rule, "use geographic: it answers with the nearest place")
    if record.policy is Policy.GEOGRAPHIC:
        for name, place in record.places.items():
            if place.serves:
                rule = "means nothing to Cloud DNS, which answers with the nearest of its regions"
                yield Problem(f"{path}.places.{name}.serves", ", ".join(place.serves), rule, "leave it out")


def _internal(key: str, record: Record, settings: Settings) -> Iterator[Problem]:
    path = f"dns.records.{key}"
    yield from _policy_of_google(path, record)
    yield from _no_probe(path, record, "load balancers tell their health themselves")
    for name, place in record.places.items():
        network, at = settings.networks.get(name), f"{path}.places.{name}"
        if network and network.cloud is not Cloud.GCP:
            rule = f"is in {network.cloud}, and Cloud DNS knows only the health of Google's own load balancers"
            yield Problem(at, name, rule, "use by: aws (health by alarms), or leave the place out")
        elif place.load_balancer is None:
            rule = "is missing: Cloud DNS tells the health of a private address by its load balancer"
            remedy = f"say which: {{port: 443}}, and type where it is not L4{_or_by(record, Cloud.AWS)}"
            yield Problem(f"{at}.loadBalancer", "", rule, remedy)
        elif place.load_balancer.type != LAYER_4 and place.load_balancer.protocol != "tcp":
            rule = f"is nothing that {place.load_balancer.type} speaks"
            yield Problem(f"{at}.loadBalancer.protocol", place.load_balancer.protocol, rule, f"use tcp, or {LAYER_4}")


RULES: dict[Service, Rules] = {
    Service.ROUTE53: _route53,
    Service.ROUTE53_ALARMS: _alarms,
    Service.TRAFFIC_MANAGER: _traffic_manager,
    Service.CLOUD_DNS: _cloud_dns,
    Service.CLOUD_DNS_INTERNAL: _internal,
}
