"""What Route 53 answers for: record sets, trees of failover pairs, and the checks that they follow.

A failover set is one PRIMARY and one SECONDARY. A name of three places or more leads on: its SECONDARY is an alias to
a helper name with the next pair, `_2.www`, and so on. The sets of a tree are called after where they stand in it and
not after places: then a new order changes them where they are, which Route 53 takes at once.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from planning.records.asked import ALL_OTHERS, Asked, AskedPlace, Service
from planning.records.codes import CONTINENTS
from planning.records.nearest import nearest
from planning.records.types import Alarm, Probe, Route53, Route53Set
from planning.settings import Cloud
from planning.settings.records import Policy, Protocol

PRIMARY, SECONDARY = "PRIMARY", "SECONDARY"


def lay_out(records: Sequence[Asked], environment: str) -> Route53 | None:
    """Lay out the records that Route 53 answers for, or None where there are none."""
    probed = [record for record in records if record.service is Service.ROUTE53]
    watched = [record for record in records if record.service is Service.ROUTE53_ALARMS]
    if not probed and not watched:
        return None
    return Route53(
        probes=tuple(_probe(record, place) for record in probed for place in record.places),
        alarms=tuple(_alarm(record, place, environment) for record in watched for place in record.places),
        sets=tuple(found for record in (*probed, *watched) for found in _sets(record)),
    )


def names(record: Asked) -> set[str]:
    """List the names that answers stand under: the record's own, and Route 53's helper names."""
    helped = record.service in (Service.ROUTE53, Service.ROUTE53_ALARMS)
    return {record.name, *(found.name for found in (_sets(record) if helped else ()))}


def _probe(record: Asked, place: AskedPlace) -> Probe:
    address, http = place.settings.address, record.protocol is not Protocol.TCP
    return Probe(
        key=_health(record, place),
        type=record.protocol.upper(),
        address=str(address) if address else None,
        fqdn=place.settings.target or (record.name if http else None),
        port=record.port,
        path=record.path,
        interval=record.interval,
        failures=record.failures,
        sni=True if record.protocol is Protocol.HTTPS else None,
    )


def _alarm(record: Asked, place: AskedPlace, environment: str) -> Alarm:
    metric = place.settings.metric
    if metric is None:
        reason = f"{record.key}: {place.name} has no metric, which planning/records/rules.py refuses"
        raise ValueError(reason)
    return Alarm(
        key=_health(record, place),
        physical_name=f"{environment}-{_health(record, place)}",
        region=metric.region or place.region,
        namespace=metric.namespace,
        metric=metric.name,
        dimensions=metric.dimensions,
        statistic="Minimum",
        period=record.interval,
        datapoints=record.failures,
        threshold=1,
    )


def _health(record: Asked, place: AskedPlace) -> str:
    return f"{record.key}.{place.name}"


@dataclass(frozen=True, slots=True)
class _At:
    """Where a set stands; the fields are those of `Route53Set`."""

    key: str
    name: str
    identifier: str | None = None
    """Default: the key."""
    failover: str | None = None
    weight: int | None = None
    latency_region: str | None = None
    geography: Mapping[str, str] | None = None


def _sets(record: Asked) -> Iterator[Route53Set]:
    match record.settings.policy:
        case Policy.ACTIVE_PASSIVE:
            yield from _tree(record, record.name)
        case Policy.WEIGHTED:
            for place in record.places:
                yield _answer(record, place, _At(place.name, record.name, weight=place.weight))
        case Policy.LATENCY:
            yield from _by_latency(record)
        case Policy.GEOGRAPHIC:
            yield from _by_geography(record)


def _tree(record: Asked, name: str) -> Iterator[Route53Set]:
    """Yield pair after pair, each of a place and of what takes over from it; `name` has the first."""
    pairs = len(record.places) - 1
    for depth, place in enumerate(record.places[:pairs], start=1):
        first = _At(f"{depth}-primary", name, "primary", failover=PRIMARY)
        second = _At(f"{depth}-secondary", name, "secondary", failover=SECONDARY)
        yield _answer(record, place, first)
        name = _helper(str(depth + 1), record)
        yield _answer(record, record.places[-1], second) if depth == pairs else _lead(record, name, second)


def _by_latency(record: Asked) -> Iterator[Route53Set]:
    """Yield one set for each AWS region; Route 53 takes no second for the same one."""
    near: dict[str, list[AskedPlace]] = defaultdict(list)
    for place in record.places:
        near[nearest(Cloud.AWS, place.region)].append(place)
    for region, places in sorted(near.items()):
        here = _At(region, record.name, latency_region=region)
        if len(places) == 1:
            yield _answer(record, places[0], here)
            continue
        below = _helper(region, record)
        yield _lead(record, below, here)
        for place in places:
            yield _answer(record, place, _At(f"{region}.{place.name}", below, place.name, weight=1))


def _by_geography(record: Asked) -> Iterator[Route53Set]:
    """Yield one set for each continent and country. Who is served by a place that is out gets the default.

    Behind the default there is nothing, so it leads on to a tree of all places.
    """
    for place in record.places:
        for code in place.settings.serves:
            if code != ALL_OTHERS:
                kind = "continent" if code in CONTINENTS else "country"
                yield _answer(record, place, _At(code.lower(), record.name, geography={kind: code}))
    below = _helper("1", record)
    yield _lead(record, below, _At("default", record.name, geography={"country": ALL_OTHERS}))
    yield from _tree(record, below)


def _helper(label: str, record: Asked) -> str:
    """Name a set below a record. No name of a host has an underscore, so no other record is called so."""
    return f"_{label}.{record.name}"


def _answer(record: Asked, place: AskedPlace, at: _At) -> Route53Set:
    return replace(_empty(record, at), values=(place.goes_to,), ttl=record.settings.ttl, health=_health(record, place))


def _lead(record: Asked, below: str, at: _At) -> Route53Set:
    return replace(_empty(record, at), alias=below)


def _empty(record: Asked, at: _At) -> Route53Set:
    return Route53Set(
        key=f"{record.key}.{at.key}",
        zone=record.zone,
        name=at.name,
        type="A" if record.by_address else "CNAME",
        set_identifier=at.identifier or at.key,
        values=(),
        ttl=None,
        alias=None,
        health=None,
        failover=at.failover,
        weight=at.weight,
        latency_region=at.latency_region,
        geography=at.geography,
    )
