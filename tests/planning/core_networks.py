"""A core network as AWS makes it of a policy and of what is attached: tables, ways, and what leaves over links."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Any

from planning.aws import Aws, Network
from planning.ledger import Ledger
from planning.plan import Plan
from tests.planning.configurations import WIDE, Config, changed
from tests.planning.test_links import EXCHANGE, planned

CLOUD_WAN = {"hubs.aws": "cloud-wan"}
WITHOUT_CENTRAL = {"networks.shop.nat": "one", "networks.shop-test.nat": "none"}
MANY: Config = changed({**CLOUD_WAN, **WITHOUT_CENTRAL}, WIDE)
JOINED: Config = changed(CLOUD_WAN, EXCHANGE)
NAMED: Config = changed({"dns.private": "acme.internal", "sites.hq.dns": ["10.48.0.53"]}, JOINED)
"""With names for everybody but the plant."""
FORWARDERS = "35.199.192.0/19"


@dataclass(frozen=True)
class Attached:
    """An attachment, as a core network sees it."""

    name: str
    region: str
    kind: str
    segment_tag: str
    prefixes: tuple[str, ...]
    path: int = 0
    """Length of the path of what it brings."""
    label: str = ""
    account: str = "111122223333"


@dataclass(frozen=True)
class Route:
    prefix: IPv4Network
    to: str
    fixed: bool
    path: int


class CoreNetwork:
    """What AWS makes of a policy and attachments."""

    def __init__(self, policy: str, attached: list[Attached]) -> None:
        self.policy: dict[str, Any] = json.loads(policy)
        self.attached = attached
        self.segments = {segment["name"]: segment for segment in self.policy["segments"]}
        self.shared = {
            frozenset((action["segment"], other))
            for action in self.policy["segment-actions"]
            if action["action"] == "share"
            for other in action["share-with"]
        }

    def segment_of(self, attachment: Attached) -> tuple[str | None, bool]:
        """Say which segment takes an attachment in, by the first rule that matches, and whether we have to agree."""
        facts = {"account-id": attachment.account, "attachment-type": attachment.kind}
        for rule in sorted(self.policy["attachment-policies"], key=lambda rule: rule["rule-number"]):
            assert rule["condition-logic"] == "and"
            if all(
                (condition["type"] == "tag-exists" and condition["key"] == "segment")
                or facts.get(condition["type"]) == condition.get("value", "nothing")
                for condition in rule["conditions"]
            ):
                assert rule["action"]["tag-value-of-key"] == "segment"
                segment = self.segments.get(attachment.segment_tag)
                if segment is None:
                    return None, False
                asked = segment["require-attachment-acceptance"] or rule["action"].get("require-acceptance", False)
                return segment["name"], asked
        return None, False

    def inside(self) -> Iterator[tuple[Attached, str]]:
        for attachment in self.attached:
            segment, asked = self.segment_of(attachment)
            if segment is not None and not asked:
                yield attachment, segment

    def policies(self, label: str, direction: str) -> list[Mapping[str, Any]]:
        """List the routing policies of a label, in order."""
        names = [
            name
            for rule in self.policy.get("attachment-routing-policy-rules", [])
            if label in [condition["value"] for condition in rule["conditions"]]
            for name in rule["action"]["associate-routing-policies"]
        ]
        found = [
            policy
            for policy in self.policy.get("routing-policies", [])
            if policy["routing-policy-name"] in names and policy["routing-policy-direction"] == direction
        ]
        return sorted(found, key=lambda policy: policy["routing-policy-number"])

    def table(self, segment: str, besides: str = "") -> list[Route]:
        """Make a segment's table; `besides` looks, and does not see itself."""
        found = [
            Route(IPv4Network(cidr), "nowhere", fixed=True, path=0)
            for action in self.policy["segment-actions"]
            if action["action"] == "create-route" and action["segment"] == segment
            for cidr in action["destination-cidr-blocks"]
            if action["destinations"] == ["blackhole"]
        ]
        for attachment, home in self.inside():
            own = home == segment and not self.segments[segment]["isolate-attachments"]
            if attachment.name != besides and (own or frozenset((home, segment)) in self.shared):
                longer = sum(
                    len(rule["rule-definition"]["action"]["value"])
                    for policy in self.policies(attachment.label, "inbound")
                    for rule in policy["routing-policy-rules"]
                    if rule["rule-definition"]["action"]["type"] == "prepend-asn-list"
                )
                found += [
                    Route(IPv4Network(cidr), attachment.name, fixed=False, path=attachment.path + longer)
                    for cidr in attachment.prefixes
                ]
        return found

    def delivered_to(self, segment: str, destination: str) -> str:
        """Follow a packet: the longest prefix, fixed routes before learned ones, the shortest path."""
        wanted = IPv4Network(destination)
        matching = [route for route in self.table(segment) if wanted.subnet_of(route.prefix)]
        if not matching:
            return "nowhere"
        return max(matching, key=lambda route: (route.prefix.prefixlen, route.fixed, -route.path)).to

    def announced_to(self, attachment: Attached, region: str | None = None) -> set[str]:
        """List what an attachment is told; by one region's edge, only of what is attached there."""
        segment, _ = self.segment_of(attachment)
        assert segment is not None
        where = {other.name: other.region for other in self.attached}
        told = {
            route.prefix
            for route in self.table(segment, attachment.name)
            if not route.fixed and region in (None, where[route.to])
        }
        for policy in self.policies(attachment.label, "outbound"):
            for rule in sorted(policy["routing-policy-rules"], key=lambda rule: rule["rule-number"]):
                conditions = rule["rule-definition"]["match-conditions"]
                action = rule["rule-definition"]["action"]
                assert action["type"] == "summarize"
                held = {prefix for prefix in told if any(matches(condition, prefix) for condition in conditions)}
                told = (told - held) | ({IPv4Network(action["value"])} if held else set())
        return set(map(str, told))


def matches(condition: Mapping[str, str], prefix: IPv4Network) -> bool:
    value = IPv4Network(condition["value"])
    if condition["type"] == "prefix-in-cidr":
        return prefix.subnet_of(value) and prefix != value
    return condition["type"] == "prefix-equals" and prefix == value


def aws_of(config: Config, ledger: Ledger | None = None) -> Aws:
    aws = planned(config, ledger)[0].aws
    assert aws is not None
    return aws


def policy_of(config: Config, ledger: Ledger | None = None) -> str:
    core = aws_of(config, ledger).core_network
    assert core is not None
    return core.policy


def vpcs(aws: Aws) -> list[Attached]:
    return [
        Attached(network.name, network.region, "vpc", network.attachment.route_table, ranges(network))
        for network in aws.networks
    ]


def ranges(network: Network) -> tuple[str, ...]:
    return (network.cidr, network.pods_cidr) if network.pods_cidr else (network.cidr,)


def aggregates(plan: Plan, party: str) -> tuple[str, ...]:
    if party in plan.addressing["sites"]:
        return tuple(plan.addressing["sites"][party]["prefixes"])
    regions = plan.addressing["regions"].values()
    forwarders = (FORWARDERS,) if party == "gcp" and plan.names else ()
    return (*(prefix for each in regions if each["cloud"] == party for prefix in each["aggregates"]), *forwarders)


def tunnels(plan: Plan) -> list[Attached]:
    assert plan.links
    return [
        Attached(
            name=vpn.name,
            region=vpn.aws.region,
            kind="site-to-site-vpn",
            segment_tag=vpn.aws.route_table,
            prefixes=aggregates(plan, vpn.pair.split("/")[1]),
            path=1,
            label="tunnels",
        )
        for vpn in plan.links.vpns
        if vpn.aws
    ]


def circuits(plan: Plan, prepends: int = 0) -> list[Attached]:
    """Make the Direct Connect gateway's attachment, apart for each party: the furthest is behind two more ASNs."""
    assert plan.links
    gateway = plan.links.aws_circuit_gateway
    assert gateway
    beyond = {"azure": 2, "gcp": 1, "hq": 1}
    return [
        Attached(
            name=f"circuits to {party}",
            region="",
            kind="direct-connect-gateway",
            segment_tag=gateway.end.route_table,
            prefixes=aggregates(plan, party),
            path=2 + prepends + hops,
            label="circuits",
        )
        for party, hops in beyond.items()
    ]


def built(config: Config) -> tuple[Plan, CoreNetwork]:
    plan, _ = planned(config)
    assert plan.aws
    assert plan.aws.core_network
    links = [*tunnels(plan), *(circuits(plan) if plan.links and plan.links.exchange else [])] if plan.links else []
    return plan, CoreNetwork(plan.aws.core_network.policy, [*vpcs(plan.aws), *links])
