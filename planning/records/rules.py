"""Rules of names that run in several places: who answers for them, how health is told, and how fast."""

import re
from collections.abc import Iterator

from planning.estate import Estate
from planning.ledger import Ledger
from planning.problems import Problem
from planning.records import budgets, ownership, place_rules, service_rules
from planning.records.asked import SERVICES, Service, answering, asked, full_name, one
from planning.regions import REGIONS
from planning.settings import Cloud, Settings
from planning.settings.names import Dns
from planning.settings.records import Policy, Protocol, Record

SERVERS_OWN = re.compile(r"dns-[0-9]+")
"""Names that servers have in their cloud's zone."""
EXISTING = {
    Cloud.AWS: (re.compile(r"Z[A-Z0-9]{1,31}"), "its zone id, for example Z0123456789ABCDEFGHIJ"),
    Cloud.AZURE: (
        re.compile(r"/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.Network/dns[zZ]ones/[^/]+"),
        "its resource id: /subscriptions/.../providers/Microsoft.Network/dnsZones/...",
    ),
    Cloud.GCP: (re.compile(r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?"), "the name of its managed zone"),
}
"""Host of a public zone -> form of an existing one's id, and how to say it."""
ONE_STANDBY = 2
"""Places of a record whose standbys no service can order otherwise."""
ADVISED_TTL = 60
"""Seconds; longer ones keep the answers of before a failover [M]."""


def problems(settings: Settings, ledger: Ledger) -> Iterator[Problem]:
    """Yield everything that is wrong with records, beside those of other environments."""
    dns = settings.dns
    if dns is None:
        return
    yield from _public_zone(settings, dns)
    placed_well = all(network.region in REGIONS[network.cloud] for network in settings.networks.values())
    for key, record in dns.records.items():
        found = [*_name(key, record, dns), *_place_count(key, record)]
        by = answering(record, settings)
        found += _answering(key, record, by, settings, dns)
        found += place_rules.problems(key, record, settings)
        found += _check(key, record)
        if placed_well and by and (by, record.private) in SERVICES:
            service = SERVICES[by, record.private]
            found += service_rules.problems(key, record, service, settings)
            if not found:
                found += budgets.problems(one(key, record, by, settings, dns))
        yield from found
    yield from ownership.problems(settings, ledger)


def placed(estate: Estate) -> Iterator[Problem]:
    """Yield the private addresses that are not their network's, once networks have ranges."""
    ranges = {network.name: network.routed for network in estate.networks}
    for record in asked(estate.settings):
        for place in record.places if record.settings.private else ():
            address = place.settings.address
            if address and not any(address in prefix for prefix in ranges[place.name]):
                rule = f"is no address of networks.{place.name} ({', '.join(map(str, ranges[place.name]))})"
                path = f"dns.records.{record.key}.places.{place.name}.address"
                yield Problem(path, str(address), rule, "give the address that the place has in its network")


def warnings(estate: Estate) -> Iterator[str]:
    """Yield what is accepted and may surprise."""
    yield from ownership.warnings(estate.settings, estate.held)
    for record in asked(estate.settings):
        path = f"dns.records.{record.key}"
        if record.settings.ttl > ADVISED_TTL:
            yield (
                f"{path}: ttl {record.settings.ttl} keeps old answers longer than {ADVISED_TTL} s, the most that is "
                "advised for names that follow health"
            )
        by_distance = record.service in (Service.CLOUD_DNS, Service.CLOUD_DNS_INTERNAL)
        if by_distance and record.settings.policy is Policy.ACTIVE_PASSIVE and len(record.places) > ONE_STANDBY:
            yield f"{path}: Cloud DNS chooses among standbys by distance, not by order"
        if record.service is Service.CLOUD_DNS_INTERNAL:
            yield (
                f"{path}: the load balancers' own health checks decide; its worst case holds only if each looks every "
                f"{record.interval} s and gives up after {record.failures}; regional ones need global access"
            )
        if record.service is Service.CLOUD_DNS:
            yield f"{path}: the organization policy disableInternetNetworkEndpointGroup has to be off in the project"


def _public_zone(settings: Settings, dns: Dns) -> Iterator[Problem]:
    public = dns.public
    if public is None:
        return
    if getattr(settings.accounts, public.host) and not _in_use(settings, public.host):
        rule = "is to hold the public zone, and no network is there"
        yield Problem("dns.public.host", public.host, rule, "choose a cloud that the stack has networks in")
    form, said = EXISTING[public.host]
    if public.zone and not form.fullmatch(public.zone):
        yield Problem("dns.public.zone", public.zone, f"is no zone of {public.host}", f"write {said}")


def _name(key: str, record: Record, dns: Dns) -> Iterator[Problem]:
    path = f"dns.records.{key}"
    if record.private and SERVERS_OWN.fullmatch(key):
        yield Problem(path, "", "has the name of a DNS server of the zone", "call it otherwise")
    if not record.private and dns.public is None:
        remedy = "set dns.public, or make the name private: true"
        yield Problem(path, "", "is a name for the internet, and there is no public root", remedy)
    if not record.private and dns.public:
        name = f"{key}.{dns.public.name}"
        if dns.private == name or dns.private.endswith(f".{name}"):
            yield Problem(path, name, f"is, or holds, the private root {dns.private}", "call it otherwise")


def _place_count(key: str, record: Record) -> Iterator[Problem]:
    if len(record.places) == 1:
        active = record.policy is Policy.ACTIVE_PASSIVE
        rule = "failover needs a second place" if active else f"{record.policy} chooses among two places or more"
        yield Problem(f"dns.records.{key}.places", next(iter(record.places)), rule, "add another place")


def _answering(key: str, record: Record, by: Cloud | None, settings: Settings, dns: Dns) -> Iterator[Problem]:
    path = f"dns.records.{key}.by"
    if by is None:
        return
    if record.private and by is Cloud.AZURE:
        rule = "has no answers that follow health for private names"
        yield Problem(path, by, rule, "use aws (health by alarms) or gcp (health of internal load balancers)")
    elif not record.private and dns.public and by not in (dns.public.host, Cloud.AZURE):
        rule = f"does not hold the public zone, {dns.public.host} does; one service answers for each name"
        remedy = f"leave it out for {dns.public.host}, or use azure (Traffic Manager, by a constant alias in the zone)"
        yield Problem(path, by, rule, remedy)
    elif not _in_use(settings, by) and (record.private or record.by):
        name = full_name(key, record, by, dns)
        yield Problem(path, by, f"is to answer for {name}, and no network is there", "choose a cloud that is in use")


def _check(key: str, record: Record) -> Iterator[Problem]:
    path, check = f"dns.records.{key}.check", record.check
    if check.protocol is Protocol.TCP:
        if check.path is not None:
            yield Problem(f"{path}.path", check.path, "means nothing to tcp", "leave it out, or use https or http")
        if check.port is None and not record.private:
            yield Problem(f"{path}.port", "", "is missing, and tcp has no port of its own", "say which port answers")
    elif check.path is not None and not check.path.startswith("/"):
        yield Problem(f"{path}.path", check.path, "does not start with a slash", f"write /{check.path}")


def _in_use(settings: Settings, cloud: Cloud) -> bool:
    return any(network.cloud is cloud for network in settings.networks.values())
