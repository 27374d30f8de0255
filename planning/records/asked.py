"""What a record asks for, with every default in place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from planning.names.types import NAMES
from planning.records.nearest import by_distance
from planning.records.types import PUBLIC_ZONE
from planning.settings import Cloud, Settings
from planning.settings.names import Dns
from planning.settings.records import Place, Policy, Protocol, Record

ALL_OTHERS = "*"
"""Among what a place serves: everybody whom no other place serves."""
PORTS = {Protocol.HTTPS: 443, Protocol.HTTP: 80}


class Service(StrEnum):
    """What answers for a name, and how it knows of health."""

    ROUTE53 = "Route 53"
    ROUTE53_ALARMS = "Route 53 by alarms"
    TRAFFIC_MANAGER = "Traffic Manager"
    CLOUD_DNS = "Cloud DNS"
    CLOUD_DNS_INTERNAL = "Cloud DNS for internal load balancers"


SERVICES = {
    (Cloud.AWS, False): Service.ROUTE53,
    (Cloud.AWS, True): Service.ROUTE53_ALARMS,
    (Cloud.AZURE, False): Service.TRAFFIC_MANAGER,
    (Cloud.GCP, False): Service.CLOUD_DNS,
    (Cloud.GCP, True): Service.CLOUD_DNS_INTERNAL,
}
"""Cloud, private or not -> service. Azure has nothing for private names."""
IN_GOOGLE = (Service.CLOUD_DNS, Service.CLOUD_DNS_INTERNAL)
INTERVALS = {Service.ROUTE53_ALARMS: 60, Service.CLOUD_DNS: 30}
"""Seconds between looks at health, where a service has nothing shorter [S][D15]; the others have 10."""
FASTEST = 10
FAILURES, FAILURES_IF_SLOW = 3, 2


@dataclass(frozen=True, slots=True)
class AskedPlace:
    """A place of a record."""

    name: str
    """Of the network."""
    region: str
    """Of the network, in its own cloud."""
    settings: Place

    @property
    def goes_to(self) -> str:
        """Give the address or the name that is answered."""
        return str(self.settings.address or self.settings.target)

    @property
    def weight(self) -> int:
        """Give the share of the answers."""
        return 1 if self.settings.weight is None else self.settings.weight


@dataclass(frozen=True, slots=True)
class Asked:
    """A record."""

    key: str
    name: str
    """In full."""
    zone: str
    service: Service
    settings: Record
    protocol: Protocol
    port: int
    path: str | None
    interval: int
    failures: int
    places: Sequence[AskedPlace]
    """Active-passive: the first is active. Geographic: the first serves all others, then those nearest to it, which is
    who takes over. Else by name."""

    @property
    def by_address(self) -> bool:
        """Tell whether the places are addresses, and not names."""
        return self.places[0].settings.address is not None


def answering(record: Record, settings: Settings) -> Cloud | None:
    """Tell whose service answers for a record; None for a public name without a public zone."""
    if record.by:
        return record.by
    if record.private:
        networks = [settings.networks[place] for place in record.places if place in settings.networks]
        return Cloud.GCP if networks and all(network.cloud is Cloud.GCP for network in networks) else Cloud.AWS
    return settings.dns.public.host if settings.dns and settings.dns.public else None


def full_name(key: str, record: Record, by: Cloud, dns: Dns) -> str:
    """Name a record in full."""
    return f"{key}.{by}.{dns.private}" if record.private else f"{key}.{dns.public.name if dns.public else ''}"


def asked(settings: Settings) -> Iterator[Asked]:
    """Yield the records of valid settings."""
    dns = settings.dns
    for key, record in sorted(dns.records.items()) if dns else ():
        by = answering(record, settings)
        if dns and by:
            yield one(key, record, by, settings, dns)


def one(key: str, record: Record, by: Cloud, settings: Settings, dns: Dns) -> Asked:
    """Put every default of a record in place."""
    check, service = record.check, SERVICES[by, record.private]
    interval = check.interval or INTERVALS.get(service, FASTEST)
    http = check.protocol is not Protocol.TCP
    return Asked(
        key=key,
        name=full_name(key, record, by, dns),
        zone=NAMES if record.private else PUBLIC_ZONE,
        service=service,
        settings=record,
        protocol=check.protocol,
        port=check.port or PORTS.get(check.protocol, 0),
        path=(check.path or "/") if http else None,
        interval=interval,
        failures=check.failures or (FAILURES if interval <= FASTEST else FAILURES_IF_SLOW),
        places=tuple(_in_order(record, settings)),
    )


def _in_order(record: Record, settings: Settings) -> Sequence[AskedPlace]:
    places = [AskedPlace(name, settings.networks[name].region, place) for name, place in sorted(record.places.items())]
    if record.policy is Policy.ACTIVE_PASSIVE:
        return sorted(places, key=lambda place: place.settings.order or 0)
    first = next((place for place in places if ALL_OTHERS in place.settings.serves), None)
    if record.policy is Policy.GEOGRAPHIC and first:
        regions = by_distance({place.region for place in places}, first.region)
        return sorted(places, key=lambda place: (place is not first, regions.index(place.region)))
    return places
