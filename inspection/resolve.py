"""Which resolver answers for which names, and the way that a query takes: from resources, before any id is known."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from inspection.graph import Graph
from inspection.network import aws_names, azure_names, gcp_names, site_names
from inspection.network.model import AFTER_DEPLOY, Record, Resolver, View, Zone, within

__all__ = [
    "AFTER_DEPLOY",
    "CLOUDS",
    "Outcome",
    "Record",
    "Resolver",
    "View",
    "Walk",
    "Zone",
    "answering",
    "joined",
    "resolvers",
    "views",
    "walk",
]

_PARTIES = (aws_names, azure_names, gcp_names, site_names)
CLOUDS = ("aws", "azure", "gcp")


class Outcome(StrEnum):
    """How a query ends."""

    ANSWERED = "is answered"
    INTERNET = "is asked of the internet"
    LOOP = "goes in a circle"
    NOBODY = "is sent where nobody answers"


@dataclass(frozen=True, slots=True)
class Walk:
    """One way that a query may take."""

    name: str
    way: Sequence[str]
    """Names of the resolvers it comes to, from the one that is asked first."""
    outcome: Outcome
    domain: str = ""
    """Of the zone or the forward that the last one of them went by; empty where it knows none."""
    address: str = ""
    """That the last one of them asked in vain, or that leads back into the circle."""

    @property
    def hops(self) -> int:
        """How often the query is handed on."""
        return len(self.way) - 1


def views(graph: Graph) -> Mapping[str, View]:
    """Map every network, and every site, to what it sees of names."""
    return {view.network: view for party in _PARTIES for view in party.views(graph)}


def resolvers(graph: Graph) -> Sequence[Resolver]:
    """List what asks others and answers them: of each region, of Google and of each site."""
    seen = views(graph)
    return [resolver for party in _PARTIES for resolver in party.resolvers(graph, seen)]


def joined(graph: Graph, one: str, other: str) -> bool:
    """Tell whether links join two parties; without a word of links, all are but sites among themselves."""
    links = graph.outputs.get("links")
    if links is None:
        return one in CLOUDS or other in CLOUDS
    return any({one, other} == {*link["name"].split("/")} for link in links)


def walk(everybody: Iterable[Resolver], source: str, name: str) -> Sequence[Walk]:
    """Follow a query on every way that it may take: one for each address that a resolver may ask.

    Args:
        everybody: that there is.
        source: name of the resolver that is asked first.
        name: without trailing dot.
    """
    by_name = {resolver.name: resolver for resolver in everybody}
    found: list[Walk] = []
    ways: list[tuple[str, ...]] = [(source,)]
    while ways:
        way = ways.pop()
        last = by_name[way[-1]]
        zone, forward = _decide(last, name)
        if zone is not None:
            found.append(Walk(name, way, Outcome.ANSWERED, zone))
        elif forward is None:
            found.append(Walk(name, way, Outcome.INTERNET))
        else:
            targets = last.forwards[forward]
            for address in targets:
                following = answering(by_name.values(), address)
                if following is None:
                    found.append(Walk(name, way, Outcome.NOBODY, forward, address))
                elif following.name in way:
                    found.append(Walk(name, (*way, following.name), Outcome.LOOP, forward, address))
                elif (*way, following.name) not in ways:
                    ways.append((*way, following.name))
            if not targets:
                found.append(Walk(name, way, Outcome.NOBODY, forward, "no address"))
    return found


def answering(everybody: Iterable[Resolver], address: str) -> Resolver | None:
    """Give who answers at an address; of those that are picked later there are Google's only."""
    return next((resolver for resolver in everybody if address in resolver.answers_at), None)


def _decide(resolver: Resolver, name: str) -> tuple[str | None, str | None]:
    """Find the zone or the forward that decides: the longer one. Both are None where the internet is asked.

    Of two for one domain a Route 53 rule wins over a zone, elsewhere the zone; in Azure a linked zone wins over every
    rule, however long.
    """
    zone = max((zone.domain for zone in resolver.zones if within(name, zone.domain)), key=len, default=None)
    forward = max((domain for domain in resolver.forwards if within(name, domain)), key=len, default=None)
    if zone is None or forward is None:
        return zone, forward
    if resolver.party == "azure":
        wins = True
    elif resolver.party == "aws":
        wins = len(zone) > len(forward)
    else:
        wins = len(zone) >= len(forward)
    return (zone, None) if wins else (None, forward)
