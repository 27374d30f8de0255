"""What Cloud DNS answers for: record sets with a routing policy, and the checks that they follow."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from planning.records.asked import Asked, AskedPlace, Service
from planning.records.nearest import nearest
from planning.records.types import Choice, CloudDns, CloudDnsSet, GoogleCheck, InternalBalancer
from planning.settings import Cloud
from planning.settings.records import Policy, Protocol

SOURCE_REGIONS = ("asia-southeast1", "europe-west1", "us-central1")
"""Where Cloud DNS's checks come from: exactly three [S]. Of all continents, so that no cut-off one decides."""
TIMEOUT = 5
"""Google's own default [S]."""
GLOBAL = "globalL7ilb"


def lay_out(records: Sequence[Asked], environment: str) -> CloudDns | None:
    """Lay out the records that Cloud DNS answers for, or None where there are none."""
    external = [record for record in records if record.service is Service.CLOUD_DNS]
    internal = [record for record in records if record.service is Service.CLOUD_DNS_INTERNAL]
    if not external and not internal:
        return None
    return CloudDns(
        checks=tuple(_check(record, environment) for record in external),
        sets=tuple(map(_set, (*external, *internal))),
    )


def _check(record: Asked, environment: str) -> GoogleCheck:
    return GoogleCheck(
        key=record.key,
        physical_name=f"{environment}-{record.key}-dns-{record.protocol}",
        protocol=record.protocol,
        port=record.port,
        path=record.path,
        host=None if record.protocol is Protocol.TCP else record.name,
        interval=record.interval,
        timeout=TIMEOUT,
        failures=record.failures,
        source_regions=SOURCE_REGIONS,
    )


def _set(record: Asked) -> CloudDnsSet:
    policy, places = record.settings.policy, record.places
    active = policy is Policy.ACTIVE_PASSIVE
    return CloudDnsSet(
        key=record.key,
        zone=record.zone,
        name=record.name,
        ttl=record.settings.ttl,
        check=record.key if record.service is Service.CLOUD_DNS else None,
        weighted=[_choice(p.name, [p], weight=p.weight) for p in places] if policy is Policy.WEIGHTED else (),
        nearest=_by_region(places) if policy is Policy.GEOGRAPHIC else (),
        primary=_choice(places[0].name, places[:1]) if active else None,
        standbys=_by_region(places[1:]) if active else (),
    )


def _by_region(places: Iterable[AskedPlace]) -> Sequence[Choice]:
    """Join the places that Cloud DNS could not tell apart: it takes one item for each region."""
    near: dict[str, list[AskedPlace]] = defaultdict(list)
    for place in places:
        near[nearest(Cloud.GCP, place.region)].append(place)
    return [_choice(region, there, location=region) for region, there in sorted(near.items())]


def _choice(
    key: str, places: Sequence[AskedPlace], *, weight: int | None = None, location: str | None = None
) -> Choice:
    return Choice(
        key=key,
        addresses=[place.goes_to for place in places if place.settings.load_balancer is None],
        internal=[balancer for place in places for balancer in _balancer(place)],
        weight=weight,
        location=location,
    )


def _balancer(place: AskedPlace) -> Sequence[InternalBalancer]:
    given = place.settings.load_balancer
    if given is None:
        return ()
    region = None if given.type == GLOBAL else place.region
    return [InternalBalancer(place.goes_to, given.port, given.protocol, given.type, place.name, region)]
