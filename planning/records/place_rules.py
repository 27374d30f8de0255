"""Rules of a record's places: which networks, what is answered, and why this one is chosen."""

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address

from planning.links.rules import NOT_PUBLIC
from planning.names.loops import within
from planning.problems import Problem
from planning.reading import suggestion
from planning.records.asked import ALL_OTHERS
from planning.records.codes import CONTINENTS, COUNTRIES
from planning.settings import Settings
from planning.settings.records import Place, Policy, Record

USED_BY = {"weight": Policy.WEIGHTED, "order": Policy.ACTIVE_PASSIVE, "serves": Policy.GEOGRAPHIC}
"""Setting of a place -> the policy that it is for."""
FOLLOWS_HEALTH = ".trafficmanager.net"
"""Names that follow health themselves."""


def problems(key: str, record: Record, settings: Settings) -> Iterator[Problem]:
    """Yield what is wrong with the places of a record."""
    path = f"dns.records.{key}.places"
    for name, place in record.places.items():
        if name not in settings.networks:
            yield Problem(f"{path}.{name}", "", "is no network", suggestion(name, settings.networks))
        for setting, policy in USED_BY.items():
            given = getattr(place, setting)
            if given not in (None, ()) and policy is not record.policy:
                rule = f"means nothing where the policy is {record.policy}"
                yield Problem(f"{path}.{name}.{setting}", _text(given), rule, f"leave it out, or use {policy}")
        yield from _answer(f"{path}.{name}", place, record, settings)
    yield from _alike(path, record)
    if record.policy is Policy.WEIGHTED and all(place.weight == 0 for place in record.places.values()):
        yield Problem(path, "", "have weights that sum to nothing", "give at least one a weight above 0")
    if record.policy is Policy.ACTIVE_PASSIVE:
        yield from _orders(path, record)
    if record.policy is Policy.GEOGRAPHIC:
        yield from _codes(path, record)


def serves(path: str, record: Record) -> Iterator[Problem]:
    """Yield the places of a geographic record that serve nobody, and whoever is served by none."""
    for name, place in record.places.items():
        if not place.serves:
            rule = "is missing, and the place would serve nobody"
            yield Problem(f"{path}.{name}.serves", "", rule, "list continents (EU) and countries (DE), or '*'")
    default = [name for name, place in record.places.items() if ALL_OTHERS in place.serves]
    if not default:
        rule = "leave out whoever is on no list: no place serves '*'"
        yield Problem(path, "", rule, "add '*' to what one place serves")


def _text(given: object) -> str:
    return ", ".join(map(str, given)) if isinstance(given, tuple) else str(given)


def _answer(path: str, place: Place, record: Record, settings: Settings) -> Iterator[Problem]:
    """Yield what is wrong with an address or a target."""
    if (place.address is None) == (place.target is None):
        yield Problem(path, "", "needs either an address or a target", "give one of them")
    elif place.target is not None:
        yield from _target(f"{path}.target", place.target, record, settings)
    elif place.address and not record.private:
        reason = _not_public(place.address, settings)
        if reason:
            rule = f"{reason}, and probes come from the internet"
            remedy = "give the public address, or make the name private: true"
            yield Problem(f"{path}.address", str(place.address), rule, remedy)


def _not_public(address: IPv4Address, settings: Settings) -> str | None:
    reason = next((reason for prefix, reason in NOT_PUBLIC.items() if address in prefix), None)
    addressing = settings.addressing
    supernets = [
        *((f"addressing.supernets.{owner}", prefix) for owner, held in addressing.supernets for prefix in held),
        *((f"addressing.pods.{owner}", prefix) for owner, held in addressing.pods for prefix in held),
        ("addressing.clusterServices", addressing.cluster_services),
    ]
    own = next(
        (f"lies in {path} ({prefix}), which is private" for path, prefix in supernets if address in prefix), None
    )
    return reason or own


def _target(path: str, target: str, record: Record, settings: Settings) -> Iterator[Problem]:
    dns = settings.dns
    public = dns.public.name if dns and dns.public else None
    followers = {f"{key}.{public}" for key, other in dns.records.items() if not other.private} if dns else set()
    if target in followers or target.endswith(FOLLOWS_HEALTH):
        rule = "follows health itself: two verdicts in a row take twice as long, and may contradict each other"
        yield Problem(path, target, rule, "give the name of what runs there")
    elif dns and not record.private and within(target, dns.private):
        rule = "is a private name, and probes come from the internet"
        yield Problem(path, target, rule, "give a public name, or make the record private: true")


def _alike(path: str, record: Record) -> Iterator[Problem]:
    """Yield places of another kind than the others, and those that are the same place twice."""
    addresses = sorted(name for name, place in record.places.items() if place.address and not place.target)
    targets = sorted(name for name, place in record.places.items() if place.target and not place.address)
    if addresses and targets:
        rule = f"mix addresses ({', '.join(addresses)}) and targets ({', '.join(targets)}); a name has one type"
        yield Problem(path, "", rule, "give all of them addresses, or all targets")
    owner_of: dict[IPv4Address | str, str] = {}
    for name, place in record.places.items():
        given = place.address or place.target
        if given is not None and given in owner_of:
            rule = f"is what {path}.{owner_of[given]} has as well: both would be out at once"
            yield Problem(f"{path}.{name}", str(given), rule, "give each place what runs there")
        elif given is not None:
            owner_of[given] = name


def _orders(path: str, record: Record) -> Iterator[Problem]:
    owner_of: dict[int, str] = {}
    for name, place in record.places.items():
        if place.order is None:
            remedy = "say 1 for the active place, 2 for what takes over from it, and so on"
            yield Problem(f"{path}.{name}.order", "", "is missing", remedy)
        elif place.order in owner_of:
            rule = f"is that of {path}.{owner_of[place.order]} as well"
            yield Problem(f"{path}.{name}.order", str(place.order), rule, "give each place an order of its own")
        else:
            owner_of[place.order] = name


def _codes(path: str, record: Record) -> Iterator[Problem]:
    owner_of: dict[str, str] = {}
    known: Sequence[str] = (ALL_OTHERS, *CONTINENTS, *sorted(COUNTRIES))
    for name, place in record.places.items():
        for code in place.serves:
            at = f"{path}.{name}.serves"
            if code not in known:
                remedy = f"write a continent ({', '.join(CONTINENTS)}), a country of ISO 3166-1 (DE), or '*'"
                yield Problem(at, code, "is neither continent nor country", remedy)
            elif code in owner_of:
                rule = f"is served by {path}.{owner_of[code]} already"
                yield Problem(at, code, rule, "leave it to one place")
            owner_of.setdefault(code, name)
