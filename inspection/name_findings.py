"""What is wrong with names: a name asked for anywhere has to end at its owner after one hop, whichever network asks."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from inspection.graph import Graph
from inspection.network.model import Resolver, View, within
from inspection.resolve import CLOUDS, Outcome, Walk, joined, resolvers, views, walk

_REVERSE = "in-addr.arpa"


def findings(graph: Graph) -> Sequence[str]:
    """List what is wrong with names, once each, naming both sides."""
    everybody = resolvers(graph)
    found = [
        *(finding for resolver in everybody for finding in _in_itself(resolver)),
        *_owned_twice(everybody),
        *_forwarding_twice(everybody),
        *_on_the_way(graph, everybody),
        *_seen_otherwise(graph, everybody),
    ]
    return tuple(dict.fromkeys(found))


def _in_itself(resolver: Resolver) -> Iterator[str]:
    for domain, targets in resolver.forwards.items():
        to = f"{domain or '.'} to {', '.join(targets) or 'nobody'}"
        if not domain:
            yield f"{resolver.name} forwards everything, {to}: whoever is asked may ask back"
            continue
        for zone in resolver.zones:
            if within(domain, zone.domain):
                lost = "which hides the rule" if resolver.party == "azure" else "so that its own names are lost"
                yield f"{resolver.name} forwards {to}, and has the zone {zone.domain} itself, {lost}"
            elif within(zone.domain, domain):
                yield f"{resolver.name} forwards {to}, and its zone {zone.domain} hides a part of that"
    for one, other in combinations(resolver.zones, 2):
        if one.domain != other.domain and (within(one.domain, other.domain) or within(other.domain, one.domain)):
            short, long = sorted((one.domain, other.domain), key=len)
            yield f"in {resolver.name} the zone {long} hides a part of the zone {short}"


def _owned_twice(everybody: Sequence[Resolver]) -> Iterator[str]:
    """Say which zones two parties have; sites have theirs together."""
    for one, other in combinations(everybody, 2):
        if one.party == other.party or (one.party not in CLOUDS and other.party not in CLOUDS):
            continue
        for domain in _domains(one) & _domains(other):
            yield f"{one.name} and {other.name} both have the zone {domain}, and answer from it each their own"


def _forwarding_twice(everybody: Sequence[Resolver]) -> Iterator[str]:
    networks = [resolver.network for resolver in everybody if resolver.party == "gcp" and resolver.forwards]
    if len(networks) > 1:
        yield f"{' and '.join(networks)} both forward, and answers to one of them may come back to the other"


def _domains(resolver: Resolver) -> set[str]:
    return {zone.domain for zone in resolver.zones}


def _on_the_way(graph: Graph, everybody: Sequence[Resolver]) -> Iterator[str]:
    zones = sorted({domain for resolver in everybody for domain in _domains(resolver)})
    records = {record.name for resolver in everybody for zone in resolver.zones for record in zone.records}
    forwarded = {domain for resolver in everybody for domain in resolver.forwards}
    names = sorted({*records, *(f"any.{domain}" for domain in (*zones, *forwarded) if domain)})
    for name in names:
        zone = max((domain for domain in zones if within(name, domain)), key=len, default=None)
        owners = [resolver.name for resolver in everybody if zone in _domains(resolver)]
        for resolver in everybody:
            for each in walk(everybody, resolver.name, name):
                yield from _wrong(graph, each, zone, owners, {other.name: other.party for other in everybody})


def _wrong(
    graph: Graph, walked: Walk, zone: str | None, owners: Sequence[str], parties: Mapping[str, str]
) -> Iterator[str]:
    """Say what is wrong with a way, if anything is.

    Args:
        graph: tells who is joined.
        walked: the way.
        zone: the longest that holds the name; None where nobody has one.
        owners: who has that zone.
        parties: whose each resolver is.
    """
    shown, owned = " -> ".join(walked.way), f"{' and '.join(owners)} has the zone {zone}"
    first, last = parties[walked.way[0]], walked.way[-1]
    if walked.outcome is Outcome.LOOP:
        yield f"{walked.name}: {shown} goes in a circle, {walked.way[-2]} by its forward of {walked.domain}"
    elif walked.outcome is Outcome.NOBODY:
        yield f"{walked.name}: {shown} forwards {walked.domain} to {walked.address}, where nobody answers"
    elif walked.outcome is Outcome.ANSWERED and zone is not None and walked.domain != zone:
        yield f"{walked.name}: {shown}, where the zone {walked.domain} hides it; {owned}"
    elif walked.outcome is Outcome.INTERNET and zone is not None:
        if walked.hops:
            yield f"{walked.name}: {shown}, and {last} knows nothing of it; {owned}"
        elif _shared(graph, zone) and any(joined(graph, first, parties[owner]) for owner in owners):
            yield f"{walked.name}: {shown} has no rule for it; {owned}"
    if walked.outcome is not Outcome.LOOP and walked.hops > 1:
        yield f"{walked.name}: {shown} takes {walked.hops} hops"


def _shared(graph: Graph, domain: str) -> bool:
    """Tell whether all have to see a zone; those of private services are for who reaches the service."""
    root = graph.outputs.get("names", {}).get("private", "")
    return within(domain, root) or within(domain, _REVERSE)


# -- what networks see


def _seen_otherwise(graph: Graph, everybody: Sequence[Resolver]) -> Iterator[str]:
    """Say which networks of a cloud see other than the one that its endpoints stand in."""
    seen = views(graph)
    for party in CLOUDS:
        own = [resolver for resolver in everybody if resolver.party == party]
        if not own:
            continue
        # Where queries arrive: whatever is asked from outside is looked up there.
        model = max(own, key=lambda resolver: len(resolver.answers_at)).network
        expected = _effective(seen[model], seen)
        for view in seen.values():
            if view.party == party and view.network != model:
                yield from _differences(graph, view, _effective(view, seen), model, expected)


def _differences(
    graph: Graph, view: View, effective: Mapping[str, str], model: str, expected: Mapping[str, str]
) -> Iterator[str]:
    where = f"{view.network} ({view.party}{f'/{view.region}' if view.region else ''})"
    for domain in sorted({*effective, *expected}):
        here, there = effective.get(domain, "nothing"), expected.get(domain, "nothing")
        asks_others = "to" in (here.split()[0], there.split()[0])
        if here != there and (asks_others or _shared(graph, domain)):
            yield f"{where} sees for {domain}: {here}; {model} sees: {there}"


def _effective(view: View, seen: Mapping[str, View]) -> Mapping[str, str]:
    """Map each domain to what becomes of it."""
    asked = {
        domain: _own(seen[producer]).get(domain, f"nothing at {producer}") for domain, producer in view.asks.items()
    }
    return {**_own(view), **asked}


def _own(view: View) -> Mapping[str, str]:
    return {
        **{zone.domain: "its zone" for zone in view.zones},
        **{domain: f"to {', '.join(sorted(targets))}" for domain, targets in view.forwards.items()},
    }
