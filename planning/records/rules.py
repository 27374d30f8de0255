"""Rules of names that run in several places: who answers for them, how health is told, and how fast."""

import re
from collections.abc import Iterator
from functools import partial
from ipaddress import IPv4Address
from uuid import UUID

from planning.estate import Estate, Placed
from planning.ledger import Ledger
from planning.problems import Problem
from planning.records import budgets, ownership, place_rules, route53, service_rules
from planning.records.asked import IN_GOOGLE, SERVICES, Asked, Service, answering, asked, full_name, one
from planning.regions import REGIONS
from planning.settings import Cloud, Settings
from planning.settings.names import Dns, PublicRoot
from planning.settings.records import Policy, Protocol, Record
from planning.settings.types import LONGEST_DOMAIN
from planning.subnets import GOOGLE_KEEPS, kept_by_google

SERVERS_OWN = re.compile(r"dns-[0-9]+")
"""Names that servers have in their cloud's zone."""
EXISTING = {
    Cloud.AWS: (re.compile(r"Z[A-Z0-9]{1,31}"), "its zone id, for example Z0123456789ABCDEFGHIJ"),
    Cloud.AZURE: (
        re.compile(
            r"/subscriptions/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/resourceGroups/[!-.0-~]+"
            r"/providers/Microsoft\.Network/dnsZones/([!-.0-~]+)",
            re.IGNORECASE,
        ),
        "its resource id: /subscriptions/.../providers/Microsoft.Network/dnsZones/...",
    ),
    Cloud.GCP: (re.compile(r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?"), "the name of its managed zone"),
}
"""Host of a public zone -> form of an existing one's id, and how to say it."""
PATH = re.compile(r"/[!\"$-~]*")
LONGEST_PATH = 255
"""Of Route 53's probes [M]; taken for all, so that a name can go to another service as it is."""
ONE_STANDBY = 2
"""Places of a record whose standbys no service can order otherwise."""
SUBNET = "private"
"""The one subnet of a network in Google Cloud."""
ADVISED_TTL = 60
"""Seconds; longer ones keep the answers of before a failover [M]."""


def problems(settings: Settings, ledger: Ledger) -> Iterator[Problem]:
    """Yield everything that is wrong with records, beside those of other environments."""
    dns = settings.dns
    if dns is None:
        return
    yield from _public_zone(settings, dns)
    for key, record in dns.records.items():
        found = list(_record(key, record, settings, dns))
        asked_for = None if found else _rebuilt(key, record, settings, dns)
        if asked_for:
            found += budgets.problems(asked_for, partial(_rebuilt, key, settings=settings, dns=dns))
        yield from found
    yield from ownership.problems(settings, ledger)


def _record(key: str, record: Record, settings: Settings, dns: Dns) -> Iterator[Problem]:
    """Yield everything that is wrong with a record but its budget."""
    by = answering(record, settings)
    yield from _name(key, record, dns)
    yield from _place_count(key, record)
    yield from _answering(key, record, by, settings, dns)
    yield from place_rules.problems(key, record, settings)
    yield from _check(key, record)
    if by and (by, record.private) in SERVICES and _placed_well(settings):
        yield from service_rules.problems(key, record, SERVICES[by, record.private], settings)
        if all(place in settings.networks for place in record.places):
            yield from _length(one(key, record, by, settings, dns))


def _rebuilt(key: str, record: Record, settings: Settings, dns: Dns) -> Asked | None:
    """Put the defaults of a record in place, or give None where a rule but its budget refuses it."""
    by = answering(record, settings)
    if by is None or not _placed_well(settings) or any(_record(key, record, settings, dns)):
        return None
    return one(key, record, by, settings, dns)


def _placed_well(settings: Settings) -> bool:
    return all(network.region in REGIONS[network.cloud] for network in settings.networks.values())


def placed(estate: Estate) -> Iterator[Problem]:
    """Yield the private addresses that are not their network's, once networks have ranges."""
    networks = {network.name: network for network in estate.networks}
    for record in asked(estate.settings):
        for place in record.places if record.settings.private else ():
            address, network = place.settings.address, networks[place.name]
            path = f"dns.records.{record.key}.places.{place.name}.address"
            if address and not any(address in prefix for prefix in network.routed):
                rule = f"is no address of networks.{place.name} ({', '.join(map(str, network.routed))})"
                yield Problem(path, str(address), rule, "give the address that the place has in its network")
            elif address and record.service is Service.CLOUD_DNS_INTERNAL and not _free_in(network, address):
                subnet = network.subnets[SUBNET]
                rule = f"is no address that Google gives to a load balancer in networks.{place.name}"
                remedy = f"give one of {subnet[GOOGLE_KEEPS]} to {subnet[-GOOGLE_KEEPS - 1]}"
                yield Problem(path, str(address), rule, remedy)


def _free_in(network: Placed, address: IPv4Address) -> bool:
    subnet = network.subnets[SUBNET]
    return address in subnet and not kept_by_google(subnet, address)


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
        by_distance = record.service in IN_GOOGLE
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
    existing = form.fullmatch(public.zone) if public.zone else None
    if public.zone is not None and existing is None:
        yield Problem("dns.public.zone", public.zone, f"is no zone of {public.host}", f"write {said}")
    elif existing and public.host is Cloud.AZURE:
        yield from _existing_in_azure(existing, settings, public)


def _existing_in_azure(existing: re.Match[str], settings: Settings, public: PublicRoot) -> Iterator[Problem]:
    """Yield what of an existing zone is another's: records would be written there, or nowhere."""
    subscription, name = existing.groups()
    account = settings.accounts.azure
    if account and UUID(subscription) != account.subscription_id:
        rule = f"is in another subscription than accounts.azure.subscriptionId, {account.subscription_id}"
        yield Problem("dns.public.zone", subscription, rule, "name a zone of that subscription")
    if name.lower() != public.name:
        rule = f"is the name of another zone than dns.public.name, {public.name}"
        yield Problem("dns.public.zone", name, rule, "name the zone of that root, or change the root")


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


def _length(record: Asked) -> Iterator[Problem]:
    """Yield that a name is too long, by itself or for the helper names that lie below it."""
    longest = max(route53.names(record), key=len)
    if len(longest) > LONGEST_DOMAIN:
        rule = f"has {len(longest)} characters, and a domain name has {LONGEST_DOMAIN} at most"
        yield Problem(f"dns.records.{record.key}", longest, rule, "use a shorter name, or a shorter root")


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
    elif check.path is not None and not PATH.fullmatch(check.path):
        rule = "has more in it than printable ASCII without spaces and '#', which is all that probes ask for"
        yield Problem(f"{path}.path", ascii(check.path), rule, "write other characters as %20 and the like")
    elif check.path is not None and len(check.path) > LONGEST_PATH:
        rule = f"is longer than the {LONGEST_PATH} characters that a probe asks for"
        yield Problem(f"{path}.path", f"{check.path[:20]}...", rule, "use a shorter one")


def _in_use(settings: Settings, cloud: Cloud) -> bool:
    return any(network.cloud is cloud for network in settings.networks.values())
