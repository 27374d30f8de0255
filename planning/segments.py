"""Who may reach whom, from the one table `segments`, and how each cloud can hold it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from planning.problems import Problem
from planning.rules import SITES
from planning.settings import Cloud, Settings, Topology


def segment_of(settings: Settings, name: str) -> str:
    """Name the segment of a configured network: its own, or the only one there is."""
    return settings.networks[name].segment or next(iter(settings.segments))


def connected(settings: Settings) -> Mapping[str, frozenset[str]]:
    """Map each segment to those that it exchanges traffic with, itself included.

    Traffic needs a way back, so that `reaches` on either side joins both.
    """
    joined: dict[str, set[str]] = {name: {name} for name in settings.segments}
    for name, segment in settings.segments.items():
        for other in segment.reaches:
            if other != SITES:
                joined[name].add(other)
                joined[other].add(name)
    return {name: frozenset(others) for name, others in joined.items()}


def reaches_sites(settings: Settings) -> frozenset[str]:
    """List the segments that exchange traffic with the sites."""
    return frozenset(name for name, segment in settings.segments.items() if SITES in segment.reaches)


def star_centers(settings: Settings) -> frozenset[str]:
    """List the segments at the center of a star: those that every Google segment is connected to."""
    joined = connected(settings)
    used = set(_google_networks(settings))
    return frozenset(name for name in used if used <= joined[name])


def problems(settings: Settings) -> Iterator[Problem]:
    """Yield why Google's hub cannot hold the segments as a star; a mesh with firewall policies holds any table."""
    if settings.hubs.gcp.topology is not Topology.STAR:
        return
    joined = connected(settings)
    networks = _google_networks(settings)
    edges = sorted(set(networks) - star_centers(settings))
    apart = [f"{' and '.join(sorted(networks[name]))} of segment {name}" for name in edges if len(networks[name]) > 1]
    apart += [
        f"the segments {name} and {other}"
        for name in edges
        for other in edges
        if name < other and other in joined[name]
    ]
    if apart:
        rule = f"keeps apart what must meet: {', '.join(apart)} (only the center of a star meets all)"
        remedy = "use mesh, where firewall policies hold any table of segments, or change the segments"
        yield Problem("hubs.gcp.topology", "star", rule, remedy)


def _google_networks(settings: Settings) -> Mapping[str, list[str]]:
    networks: dict[str, list[str]] = defaultdict(list)
    for name, network in settings.networks.items():
        if network.cloud is Cloud.GCP:
            networks[segment_of(settings, name)].append(name)
    return networks
