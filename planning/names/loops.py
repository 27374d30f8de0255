"""Walks every name from everybody who may ask for it: it has to end at its owner after one hop at most.

What is wrong is said with both sides of it: who forwards, who answers, and by which domains.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import permutations


@dataclass(frozen=True, slots=True)
class Asker:
    """A resolver as names see it: what it answers itself, and whom it asks for what."""

    name: str
    """`aws`, `gcp`, `hq`."""
    zones: Sequence[str]
    """Domains that it answers for."""
    forwards: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Domain -> names of the resolvers that it may send a query to."""
    public: Sequence[str] = ()
    """Domains that it finds on the internet, also for others: names in them lead into its zones."""

    def decide(self, name: str) -> str | None:
        """Find the longest domain that holds a name; None if the internet decides."""
        known = (*self.zones, *self.forwards, *self.public)
        return max((domain for domain in known if within(name, domain)), key=len, default=None)

    def answers(self, domain: str) -> bool:
        """Tell whether names in a domain end here; a zone wins over a forward of the same name."""
        return domain in self.zones or domain in self.public


def within(name: str, domain: str) -> bool:
    """Tell whether a name is a domain or lies below it; everything lies below `.`."""
    return domain in (".", name) or name.endswith(f".{domain}")


def findings(askers: Iterable[Asker]) -> Sequence[str]:
    """List what is wrong, once each."""
    by_name = {asker.name: asker for asker in askers}
    domains = dict.fromkeys(
        domain for asker in by_name.values() for domain in (*asker.zones, *asker.forwards, *asker.public)
    )
    found: dict[str, None] = {}
    for asker in by_name.values():
        found.update(dict.fromkeys(_in_itself(asker)))
        for domain in domains:
            found.update(dict.fromkeys(_walk(asker, f"any.{domain}" if domain != "." else "any.example", by_name)))
    return tuple(found)


def _in_itself(asker: Asker) -> Iterator[str]:
    for domain in asker.forwards:
        if domain == ".":
            yield f"{asker.name} forwards everything (.), and whoever is asked may ask back"
        elif asker.answers(domain):
            yield f"{asker.name} forwards {domain}, which it answers for itself"
        for zone in asker.zones:
            if domain not in (zone, ".") and within(domain, zone):
                yield f"in {asker.name} the zone {zone} and the forward of {domain} inside it hide each other"
            elif domain not in (zone, ".") and within(zone, domain):
                yield f"in {asker.name} the longer zone {zone} hides a part of {domain}, which it forwards"
    for zone, other in permutations(asker.zones, 2):
        if zone != other and within(zone, other):
            yield f"in {asker.name} the longer zone {zone} hides a part of the zone {other}"


def _walk(asker: Asker, name: str, by_name: Mapping[str, Asker]) -> Iterator[str]:
    """Follow a query on all the ways that it may take."""
    ways: list[tuple[str, ...]] = [(asker.name,)]
    while ways:
        way = ways.pop()
        last = by_name[way[-1]]
        shown = " -> ".join(way)
        domain = last.decide(name)
        if domain is None:
            if len(way) > 1:
                yield f"{name}: {shown}, which knows nothing of it"
        elif last.answers(domain):
            if len(way) > 2:  # noqa: PLR2004 - who asks, and who answers
                yield f"{name}: {shown} is more than one hop"
        else:
            for following in last.forwards[domain]:
                if following in way:
                    yield f"{name}: {shown} -> {following} goes in a circle"
                else:
                    ways.append((*way, following))
