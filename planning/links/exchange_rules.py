"""Rules of the cloud exchange: what is sold, where, and to whom."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from difflib import get_close_matches

from planning.links import metros
from planning.links.metros import FAR_KM, METROS
from planning.links.pairs import joined
from planning.links.requests import parties_on_exchange
from planning.places import regions_in_use
from planning.problems import Problem
from planning.settings import Cloud, Settings, Transport
from planning.settings.links import Exchange, Package

OFFERED: Mapping[str, Sequence[int]] = {
    Cloud.AWS: (50, 100, 200, 300, 400, 500, 1_000, 2_000, 5_000, 10_000, 25_000),
    Cloud.AZURE: (50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000),
}
"""Mbps of a hosted Direct Connect connection [S] and of an ExpressRoute circuit [D17b]."""
GOOGLE_MBPS = (50, 100, 200, 300, 400, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000)
"""Mbps of a Partner Interconnect attachment [K], so that others warn and are not refused."""
TIERS = (10, 50, 200, 500, 1_000, 2_000, 5_000, 10_000, 25_000, 50_000)
"""Mbps that Equinix bills by [D43]; the last is the most that a virtual circuit has."""
PACKAGE_MBPS = {Package.LAB: 50, Package.STANDARD: 10_000, Package.ADVANCED: 50_000, Package.PREMIUM: 50_000}
"""Mbps of all circuits of a router: sample data of the API [D26], so that it warns and does not refuse."""
PACKAGE_CIRCUITS = {Package.LAB: 10, Package.STANDARD: 10}
CIRCUITS = {Cloud.AWS: 1, Cloud.AZURE: 2, Cloud.GCP: 2}
"""Virtual circuits of a cloud in each metro."""
LONGEST_NAME = 22
"""Characters that a connection's name has: those of any name at Equinix [S] less the `-i` or `-o` of its filters.

Those of clouds fit whatever the environment is called: `production-dc-azure-1` has 21.
"""
MOST_METROS = 3
"""How many are told apart: the exchange lengthens a path by 0, 1, 3 or 5, and every metro after the third is alike."""
NEAR = 3
"""How many metros a remedy names."""
EXAMPLE = "{metros: [DC, NY], bandwidth: 1000}"


def problems(settings: Settings) -> Iterator[Problem]:
    """Yield everything that is wrong with the exchange."""
    parties = parties_on_exchange(settings)
    exchange = settings.links.exchange if settings.links else None
    yield from _ports(settings)
    wrong = [*_metros(exchange)] if exchange is not None else []
    if parties and exchange is not None:
        wrong += _remote(settings, exchange, parties)
    yield from wrong
    if parties:
        yield from _order(settings)
    if parties and exchange is not None:
        yield from _bandwidth(exchange, parties)
        if not wrong:  # ports that fit no metro are no mistake of their own while a metro has to go
            yield from _sites(settings, exchange, parties)
            if settings.protect:
                yield from _production(settings, exchange, parties)


def warnings(settings: Settings) -> Iterator[str]:
    """Yield what is accepted and may surprise."""
    parties = parties_on_exchange(settings)
    exchange = settings.links.exchange if settings.links else None
    if exchange is None:
        return
    if not parties:
        yield "links.exchange: nothing runs over it, so it is not built"
        return
    if Cloud.GCP in parties:
        yield from google_warnings("links.exchange.bandwidth", exchange.bandwidth)
    if exchange.bandwidth not in TIERS:
        tier = next(tier for tier in TIERS if tier > exchange.bandwidth)
        yield f"links.exchange.bandwidth: {exchange.bandwidth} is no tier of Equinix's price list; the next is {tier}"
    yield from _package_warnings(settings, exchange, parties)
    for metro in exchange.metros:
        if Cloud.GCP in parties and not METROS[metro].gcp_regions:
            yield f"links.exchange.metros: {metro} is not known to sell Partner Interconnect; ask Equinix"


def google_warnings(path: str, mbps: int) -> Iterator[str]:
    """Yield a bandwidth that Google is not known to offer."""
    if mbps not in GOOGLE_MBPS:
        known = ", ".join(map(str, GOOGLE_MBPS))
        yield f"{path}: {mbps} is not known to be offered by Google, which has {known}; ask before it is ordered"


def _ports(settings: Settings) -> Iterator[Problem]:
    """Check ports as they are, whatever runs over them."""
    exchange = settings.links.exchange if settings.links else None
    told = exchange.metros if exchange else ()
    taken: dict[tuple[str, int], str] = {}
    metro_of: dict[str, str] = {}
    for name, site in settings.sites.items():
        for metro, port in site.ports.items():
            path, port_id = f"sites.{name}.ports.{metro}", str(port.id)
            if metro not in METROS:
                if metro not in told:
                    yield Problem(path, "", *no_metro(metro))
            elif port.id is None:
                continue
            elif metro_of.setdefault(port_id, metro) != metro:
                yield Problem(f"{path}.id", port_id, f"is a port in {metro_of[port_id]} already", "name the port here")
            elif (port_id, port.vlan) in taken:
                rule = f"is taken on this port by {taken[port_id, port.vlan]}"
                yield Problem(f"{path}.vlan", str(port.vlan), rule, "use another VLAN")
            taken.setdefault((port_id, port.vlan), f"sites.{name}")


def _metros(exchange: Exchange) -> Iterator[Problem]:
    count = len(set(exchange.metros))
    if count > MOST_METROS:
        rule = f"are more metros than the {MOST_METROS} that can be told apart by preference"
        yield Problem("links.exchange.metros", str(count), rule, f"use {MOST_METROS} or fewer")
    for metro in sorted(set(exchange.metros)):
        if exchange.metros.count(metro) > 1:
            rule = "stands there twice, and would fail twice at once"
            yield Problem("links.exchange.metros", metro, rule, "name each metro once")
        if metro not in METROS:
            yield Problem("links.exchange.metros", metro, *no_metro(metro))


def _remote(settings: Settings, exchange: Exchange, parties: Collection[str]) -> Iterator[Problem]:
    """Yield the metros that no region of some cloud is near to, wherever its links may land."""
    for metro in (metro for metro in exchange.metros if metro in METROS):
        too_far: dict[str, tuple[float, str]] = {}
        for cloud in sorted({*parties} & {*Cloud}):
            there = [region for used, region in regions_in_use(settings) if used == cloud]
            away = [(metros.distance(metro, cloud, region), region) for region in there]
            known = sorted((km, region) for km, region in away if km is not None)
            # A region of unknown place may be near.
            if len(known) == len(there) and known[0][0] > FAR_KM:
                too_far[cloud] = known[0]
        if too_far:
            rule = " and ".join(f"{km:,.0f} km from {region} of {cloud}" for cloud, (km, region) in too_far.items())
            near = metros.nearest(*next((cloud, region) for cloud, (_, region) in too_far.items()))
            remedy = f"use a metro near it, such as {', '.join(near[:NEAR])}"
            yield Problem("links.exchange.metros", metro, f"is {rule}, where circuits end", remedy)


def no_metro(given: str) -> tuple[str, str]:
    """Say that a metro is not known, and which may have been meant: codes and cities are both looked through."""
    words = {word.lower(): code for code, metro in METROS.items() for word in (code, metro.name)}
    near = get_close_matches(given.lower(), words, n=1)
    meant = f"did you mean {words[near[0]]} ({METROS[words[near[0]]].name})?" if near else f"known: {', '.join(METROS)}"
    return "is no metro", f"{meant} (one newer than this program is added in planning/links/metros.py)"


def _order(settings: Settings) -> Iterator[Problem]:
    """Check that there is somebody to order for, and something to order."""
    first = next(pair for pair in joined(settings) if Transport.EXCHANGE in pair.transports)
    if settings.accounts.equinix is None:
        rule = f"is missing, and {first.key} runs over the exchange"
        yield Problem("accounts.equinix", "", rule, "say who orders and who pays: projectId, accountNumber and notify")
    if settings.links is not None and settings.links.exchange is None:
        rule = f"is missing, and {first.key} runs over the exchange"
        yield Problem("links.exchange", "", rule, f"say where and how much: {EXAMPLE}")


def _bandwidth(exchange: Exchange, parties: Sequence[str]) -> Iterator[Problem]:
    sellers = [cloud for cloud in OFFERED if cloud in parties]
    refusing = [cloud for cloud in sellers if exchange.bandwidth not in OFFERED[cloud]]
    if exchange.bandwidth > TIERS[-1]:
        rule = "is more than a virtual circuit has"
        yield Problem("links.exchange.bandwidth", str(exchange.bandwidth), rule, f"use {TIERS[-1]} or less")
    elif refusing:
        common = [mbps for mbps in OFFERED[sellers[0]] if all(mbps in OFFERED[cloud] for cloud in sellers)]
        rule = f"is not offered by {' and '.join(refusing)}"
        remedy = f"use one of {', '.join(map(str, common))}"
        yield Problem("links.exchange.bandwidth", str(exchange.bandwidth), rule, remedy)


def _sites(settings: Settings, exchange: Exchange, parties: Sequence[str]) -> Iterator[Problem]:
    # One that is not known may be meant for that of a port, and is told already.
    known = all(metro in METROS for metro in exchange.metros)
    for name in parties:
        if name not in settings.sites:
            continue
        path, ports = f"sites.{name}", settings.sites[name].ports
        if not ports:
            rule = f"is missing, and {name} is to be joined over the exchange"
            remedy = f"give its ports in {' and '.join(exchange.metros)}, or say links.pairs.{name}: {{primary: vpn}}"
            yield Problem(f"{path}.ports", "", rule, remedy)
        for metro in ports:
            if known and metro in METROS and metro not in exchange.metros:
                rule, remedy = "is in none of links.exchange.metros", f"add {metro} there, or take the port out"
                yield Problem(f"{path}.ports.{metro}", "", rule, remedy)
        longest = f"{settings.environment}-{exchange.metros[0].lower()}-{name}"
        if known and ports and len(longest) > LONGEST_NAME:
            room = f"the {LONGEST_NAME} characters of the exchange's connections"
            rule = f"makes names such as {longest}, longer than {room}"
            yield Problem(path, name, rule, f"shorten it by {len(longest) - LONGEST_NAME}")


def _production(settings: Settings, exchange: Exchange, parties: Sequence[str]) -> Iterator[Problem]:
    """Refuse what one failure would cut, or what is for trials."""
    given = set(exchange.metros)
    if len(given) == 1 and given <= METROS.keys():
        (metro,) = given
        rule = "is one metro alone, whose failure cuts every circuit of what protect: true says is production"
        remedy = f"add a second one, such as {', '.join(metros.neighbours(metro)[:NEAR])}"
        yield Problem("links.exchange.metros", metro, rule, remedy)
    if exchange.package is Package.LAB:
        rule = "is a trial, and protect: true says that this is production"
        yield Problem("links.exchange.package", exchange.package, rule, "use STANDARD or a larger one")
    for name in parties:
        ports = set(settings.sites[name].ports) if name in settings.sites else set()
        missing = [metro for metro in exchange.metros if metro in METROS and metro not in ports]
        if ports & given and missing and ports <= METROS.keys():
            rule = f"has no port in {' and '.join(missing)}, and protect: true says that losing one metro cuts nobody"
            yield Problem(f"sites.{name}.ports", "", rule, "add one there")


def _package_warnings(settings: Settings, exchange: Exchange, parties: Sequence[str]) -> Iterator[str]:
    for metro in exchange.metros:
        with_port = [name for name in parties if name in settings.sites and metro in settings.sites[name].ports]
        count = len(with_port) + sum(CIRCUITS[cloud] for cloud in Cloud if cloud in parties)
        mbps, limit = count * exchange.bandwidth, PACKAGE_MBPS.get(exchange.package)
        if limit and mbps > limit:
            yield f"links.exchange.package: {exchange.package} is said to carry {limit} Mbps; {metro} has {mbps} in all"
        most = PACKAGE_CIRCUITS.get(exchange.package)
        if most and count > most:
            yield f"links.exchange.package: {exchange.package} is said to hold {most} circuits; {metro} has {count}"
