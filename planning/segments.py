"""Who may reach whom, from the one table `segments`, and how each cloud can hold it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations

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


def star_groups(settings: Settings, recorded: Mapping[str, str]) -> Mapping[str, str]:
    """Map each segment with Google networks to its group in a star: `center` or `edge`.

    A spoke that changes its group is replaced, and its network cut off meanwhile. So what is recorded stays, and what
    is new is judged by the whole table of segments, so that segments yet to come change nothing; by the segments in
    use only where that does not fit.
    """
    joined = connected(settings)
    used = _google_networks(settings)
    groups: dict[str, str] = {}
    for others in (set(settings.segments), set(used)):
        derived = {name: "center" if others <= joined[name] else "edge" for name in sorted(used)}
        groups = derived | {name: group for name, group in recorded.items() if name in used}
        if not _unlike_the_table(settings, groups):
            break
    return groups


def problems(settings: Settings, recorded: Mapping[str, str]) -> Iterator[Problem]:
    """Yield why Google's hub cannot hold the segments as a star; a mesh with firewall policies holds any table."""
    if settings.hubs.gcp.topology is Topology.STAR:
        unlike = _unlike_the_table(settings, star_groups(settings, recorded))
        if unlike:
            rule = f"{'; '.join(unlike)} (only the center of a star meets all, and who is in it never changes)"
            remedy = "use mesh, where firewall policies hold any table of segments, or change the segments"
            yield Problem("hubs.gcp.topology", "star", rule, remedy)


def _unlike_the_table(settings: Settings, groups: Mapping[str, str]) -> list[str]:
    """Say what groups keep apart that must meet, and what they join that must not."""
    joined = connected(settings)
    networks = _google_networks(settings)
    found = [
        f"keeps apart {' and '.join(sorted(networks[name]))} of segment {name}"
        for name, group in groups.items()
        if group == "edge" and len(networks[name]) > 1
    ]
    for one, other in combinations(sorted(groups), 2):
        meet = "center" in (groups[one], groups[other])
        if meet != (other in joined[one]):
            found.append(f"{'joins' if meet else 'keeps apart'} the segments {one} and {other}")
    return found


def _google_networks(settings: Settings) -> Mapping[str, list[str]]:
    networks: dict[str, list[str]] = defaultdict(list)
    for name, network in settings.networks.items():
        if network.cloud is Cloud.GCP:
            networks[segment_of(settings, name)].append(name)
    return networks
