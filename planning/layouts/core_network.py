"""A core network of Cloud WAN: the policy that says who meets whom in AWS, and what leaves over links.

Its version is 2025.11, the first that can sum up what is announced and lengthen the paths of what is learned. Sources:
AWS's documentation of core network policies and of Cloud WAN's quotas.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from ipaddress import IPv4Network

from planning import limits
from planning.asns import POOLS
from planning.aws import CIRCUITS, LINKS, SEGMENT_TAG, TUNNELS, CoreNetwork
from planning.estate import Estate
from planning.layouts import aws_transit
from planning.ledger import TRANSIT_SEGMENT
from planning.places import TRANSIT
from planning.problems import Problem
from planning.settings import AwsHub, Cloud

Part = Mapping[str, object]
"""An object of the policy document."""

VERSION = "2025.11"
AFTER_CIRCUITS = "afterCircuits"
"""Routing policy that ranks what tunnels bring after what circuits bring."""
PREPENDED_ASN = 65534
"""Outside the core network's range, as AWS asks, and in no pool of the ledger's."""
PREPENDS = 10
"""Longer than any path over circuits: the Direct Connect gateway, six times a router in the middle, Microsoft's edge
and a virtual hub. A core network compares the lengths of paths before it looks at what they come over."""
RULES = 10
"""Of a routing policy."""
OUTBOUND_POLICIES = 4
"""Of an attachment: AWS allows five, and one of a VPN connection's is inbound."""
ELSEWHERE = "move some to another environment"
EVERYTHING = tuple({"type": kind, "value": "0.0.0.0/0"} for kind in ("prefix-in-cidr", "prefix-equals"))


def core_network(estate: Estate, account_id: str, shared_with: Sequence[str]) -> CoreNetwork:
    """Plan the core network, with an edge wherever the ledger has an ASN for one.

    An edge goes only after everything that is attached to it, and a changed policy comes before what is deleted: so a
    region without networks keeps its edge until it is released. `links` is there without links for the same reason, and
    `transit`, where resolvers stand, once they stood.
    """
    start = f"{AwsHub.CLOUD_WAN}/"
    edges = {key.removeprefix(start): asn for key, asn in sorted(estate.held.asns.items()) if key.startswith(start)}
    transit = (TRANSIT,) if TRANSIT_SEGMENT in estate.held.fixed else ()
    segments = (*sorted(estate.connected), *transit, LINKS)
    on_links = _on_links(estate)
    policy = {
        "version": VERSION,
        "core-network-configuration": _configuration(edges),
        "segments": [
            {
                "name": name,
                "isolate-attachments": name in (TRANSIT, LINKS),
                "require-attachment-acceptance": False,
            }
            for name in segments
        ],
        "segment-actions": [*_shares(estate, on_links), *_drops(estate)],
        "attachment-policies": list(_attachment_policies(account_id, shared_with)),
        **(_routing_policies(_summed_up(estate)) if on_links else {}),
    }
    return CoreNetwork(edges=edges, segments=segments, policy=json.dumps(policy, indent=2))


def problems(estate: Estate) -> Iterator[Problem]:
    """Yield what is more than a core network holds."""
    if not estate.on_core_network:
        return
    count, taken = len(estate.networks_in(Cloud.AWS)), limits.HUB_ATTACHMENTS[Cloud.AWS]
    if count > taken:
        yield Problem("networks", str(count), f"are in aws, whose core network takes {taken}", ELSEWHERE)
    on_links = _on_links(estate)
    routes = _routes(estate, on_links)
    if routes > limits.HUB_ROUTES:
        rule = f"needs {routes} routes in the core network of aws, which holds {limits.HUB_ROUTES}"
        yield Problem("networks", "", rule, f"use fewer or larger networks, or {ELSEWHERE}")
    sums, most = len(_summed_up(estate)), OUTBOUND_POLICIES * RULES
    if sums > most and on_links:
        rule = f"{sums} aggregates leave AWS; a core network sums up {most}"
        remedy = "use larger or fewer blocks (addressing.regionSize), since every block of a region is a prefix"
        yield Problem("links", "aws", rule, remedy)


def _configuration(edges: Mapping[str, int]) -> Part:
    """Describe the edges. AWS's ranges end before their second number, as Python's do."""
    pool = POOLS[AwsHub.CLOUD_WAN]
    ranges = (pool, *(range(asn, asn + 1) for asn in edges.values() if asn not in pool))
    return {
        "vpn-ecmp-support": True,
        "dns-support": True,
        "asn-ranges": [f"{numbers.start}-{numbers.stop}" for numbers in ranges],
        "edge-locations": [{"location": region, "asn": asn} for region, asn in edges.items()],
    }


def _own(estate: Estate) -> Sequence[str]:
    """Name the segment of the VPCs that resolvers stand in, if any do: they need links and not each other."""
    return (TRANSIT,) if estate.dns_partners(Cloud.AWS) else ()


def _on_links(estate: Estate) -> Sequence[str]:
    """List the segments that reach something over links."""
    return (*estate.segments_reaching(estate.far_parties(Cloud.AWS)), *_own(estate))


def _shares(estate: Estate, on_links: Sequence[str]) -> Iterator[Part]:
    """Yield whose routes are whose too. A share holds both ways, and for what is attached to the two themselves."""
    for name, others in sorted(estate.connected.items()):
        later = [other for other in sorted(others) if other > name]
        if later:
            yield _share(name, later)
    if on_links:
        yield _share(LINKS, on_links)


def _share(segment: str, others: Sequence[str]) -> Part:
    return {"action": "share", "mode": "attachment-route", "segment": segment, "share-with": others}


def _drops(estate: Estate) -> Iterator[Part]:
    for name, dropped in _dropped(estate).items():
        yield {
            "action": "create-route",
            "segment": name,
            "destination-cidr-blocks": dropped,
            "destinations": ["blackhole"],
        }


def _dropped(estate: Estate) -> Mapping[str, Sequence[str]]:
    """Map segments to what they drop: private space, and exactly what lies behind links and is not the segment's.

    Links bring aggregates, which hold all segments of the far side.
    """
    dropped = {TRANSIT: aws_transit.dropped(estate)} if _own(estate) else {}
    for name in sorted(estate.connected):
        behind_links = (p for party in estate.far_parties(Cloud.AWS) for p in estate.refused_in(party, name))
        dropped[name] = tuple(dict.fromkeys((*estate.drops(name).values(), *map(str, behind_links))))
    return dropped


def _attachment_policies(account_id: str, shared_with: Sequence[str]) -> Iterator[Part]:
    """Yield who gets into a segment: ours by their tag, others' VPCs by theirs once they are accepted."""
    tagged = {"type": "tag-exists", "key": SEGMENT_TAG}
    by_tag = {"association-method": "tag", "tag-value-of-key": SEGMENT_TAG}
    yield {
        "rule-number": 100,
        "condition-logic": "and",
        "conditions": [{"type": "account-id", "operator": "equals", "value": account_id}, tagged],
        "action": by_tag,
    }
    if shared_with:
        yield {
            "rule-number": 200,
            "condition-logic": "and",
            "conditions": [{"type": "attachment-type", "operator": "equals", "value": "vpc"}, tagged],
            "action": {**by_tag, "require-acceptance": True},
        }


def _routing_policies(aggregates: Sequence[IPv4Network]) -> Mapping[str, Sequence[Part]]:
    """Say what leaves over links, and which of two ways to the same place is the second."""
    sums = [_sum(prefix) for prefix in aggregates]
    outbound = [
        _routing_policy(f"aggregates{first // RULES + 1}", "outbound", 200 + first, sums[first : first + RULES])
        for first in range(0, len(sums), RULES)
    ]
    longer = {"type": "prepend-asn-list", "value": [PREPENDED_ASN] * PREPENDS}
    inbound = _routing_policy(AFTER_CIRCUITS, "inbound", 100, [_rule(EVERYTHING, longer)])
    return {
        "routing-policies": [inbound, *outbound],
        "attachment-routing-policy-rules": [
            _labelled(100, TUNNELS, [inbound, *outbound]),
            *([_labelled(200, CIRCUITS, outbound)] if outbound else ()),
        ],
    }


def _summed_up(estate: Estate) -> Sequence[IPv4Network]:
    """List the aggregates that stand for longer prefixes; an adopted network may be one itself."""
    networks = {prefix for network in estate.networks_in(Cloud.AWS) for prefix in network.routed}
    announced = map(IPv4Network, estate.announced_by(Cloud.AWS))
    return [prefix for prefix in announced if prefix not in networks]


def _sum(aggregate: IPv4Network) -> Part:
    inside = {"type": "prefix-in-cidr", "value": str(aggregate)}
    return _rule([inside], {"type": "summarize", "value": str(aggregate)})


def _rule(conditions: Sequence[Part], action: Part) -> Part:
    return {"match-conditions": conditions, "condition-logic": "or", "action": action}


def _routing_policy(name: str, direction: str, number: int, rules: Sequence[Part]) -> Part:
    """Make a routing policy; its name takes letters and digits only."""
    return {
        "routing-policy-name": name,
        "routing-policy-direction": direction,
        "routing-policy-number": number,
        "routing-policy-rules": [
            {"rule-number": 100 * place, "rule-definition": rule} for place, rule in enumerate(rules, start=1)
        ],
    }


def _labelled(number: int, label: str, policies: Sequence[Part]) -> Part:
    return {
        "rule-number": number,
        "conditions": [{"type": "routing-policy-label", "value": label}],
        "action": {"associate-routing-policies": [policy["routing-policy-name"] for policy in policies]},
    }


def _routes(estate: Estate, on_links: Sequence[str]) -> int:
    """Count the routes of all segments' tables: networks that a segment knows, drops, and what links bring."""
    far = sum(len(estate.announced_by(party)) for party in estate.far_parties(Cloud.AWS))
    known = {LINKS: frozenset(on_links), **estate.connected}
    learned = (
        len(network.routed)
        for segments in known.values()
        for network in estate.networks_in(Cloud.AWS)
        if network.segment in segments
    )
    own = len(_own(estate)) * len(estate.regions(Cloud.AWS))
    return sum(learned) + own + sum(map(len, _dropped(estate).values())) + far * (len(on_links) + 1)
