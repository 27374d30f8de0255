"""What is announced over links, taken from them and looked up, read from the resources of an update."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Network

from inspection.graph import Graph, Resource
from tests.program.ends import (
    ASSOCIATION,
    AWS_VPN,
    AZURE_VPN,
    CIRCUIT_CONNECTION,
    CLOUD_ROUTER,
    DX_ASSOCIATION,
    EXCHANGE,
    PROPAGATION,
    outputs,
)
from tests.program.sessions import sessions_of
from tests.program.stacks import settings_of, update_of
from tests.program.wanted import OVER_CIRCUITS, joined, pairs, segment_of, sites

TGW = "aws:ec2transitgateway"
ROUTE = f"{TGW}/route:Route"
TABLE = f"{TGW}/routeTable:RouteTable"
VPC_ATTACHMENT = f"{TGW}/vpcAttachment:VpcAttachment"
PEERING_ATTACHMENT = f"{TGW}/peeringAttachment:PeeringAttachment"
SECOND_BLOCK = "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation"
IMPORT_POLICY = "gcp:compute/routerRoutePolicy:RouterRoutePolicy"
NETWORK = "gcp:compute/network:Network"
SUBNETWORK = "gcp:compute/subnetwork:Subnetwork"
VNET = "azure-native:network:VirtualNetwork"
FILTER = "equinix:fabric/routeFilter:RouteFilter"
RULE = "equinix:fabric/routeFilterRule:RouteFilterRule"
ATTACHED_FILTER = "equinix:fabric/connectionRouteFilter:ConnectionRouteFilter"

Prefixes = frozenset[IPv4Network]


def networks(texts: Iterable[str]) -> Prefixes:
    return frozenset(IPv4Network(text) for text in texts)


def union(sets: Iterable[Prefixes]) -> Prefixes:
    return frozenset(prefix for each in sets for prefix in each)


@cache
def by_id(stack: str) -> Mapping[str, Resource]:
    return {resource.id: resource for resource in update_of(stack).resources if resource.custom and not resource.read}


# -- who is where


def far_parties(stack: str, cloud: str) -> set[str]:
    """List who is joined to a cloud."""
    return {party for pair in pairs(stack) if cloud in pair for party in pair} - {cloud}


def dns_partners(stack: str, cloud: str) -> set[str]:
    """List who asks a cloud for names and is asked by it: clouds joined to it, and sites with DNS servers."""
    if "dns" not in settings_of(stack):
        return set()
    return {party for party in far_parties(stack, cloud) if party not in sites(stack) or sites(stack)[party].get("dns")}


@cache
def ranges_of(stack: str, network: str) -> Prefixes:
    """List the ranges that others route to of one configured network, pods among them."""
    graph = update_of(stack)
    vpcs = {r.id for token in ("aws:ec2/vpc:Vpc", NETWORK) for r in graph.of_type(token) if r.name == network}
    found = [vpc.inputs["cidrBlock"] for vpc in graph.of_type("aws:ec2/vpc:Vpc") if vpc.id in vpcs]
    found += [block.inputs["cidrBlock"] for block in graph.of_type(SECOND_BLOCK) if block.inputs["vpcId"] in vpcs]
    for vnet in graph.of_type(VNET):
        found += vnet.inputs["addressSpace"]["addressPrefixes"] if vnet.name == network else ()
    for subnet in graph.of_type(SUBNETWORK):
        if subnet.inputs["network"] in vpcs:
            pods = [s["ipCidrRange"] for s in subnet.inputs.get("secondaryIpRanges", []) if s["rangeName"] == "pods"]
            found += [subnet.inputs["ipCidrRange"], *pods]
    assert found, f"{network} has no range"
    return networks(found)


def networks_in(stack: str, cloud: str) -> Sequence[str]:
    return [name for name, network in settings_of(stack)["networks"].items() if network["cloud"] == cloud]


def behind_links(stack: str, cloud: str) -> Mapping[str, tuple[str, Prefixes]]:
    """Map everything behind a cloud's links, networks and sites, to whose it is and its ranges."""
    far = far_parties(stack, cloud)
    return {
        **{name: (p, ranges_of(stack, name)) for p in far - {*sites(stack)} for name in networks_in(stack, p)},
        **{name: (name, networks(site["prefixes"])) for name, site in sites(stack).items() if name in far},
    }


def reached(stack: str, network: str, far: str) -> bool:
    """Tell whether a network is to exchange traffic with another, or with a site."""
    other = "sites" if far in sites(stack) else segment_of(stack, far)
    return other in joined(stack)[segment_of(stack, network)]


def reaches(stack: str, segment: str, parties: set[str]) -> bool:
    """Tell whether a segment exchanges traffic with anything at some parties."""
    there = {segment_of(stack, name) for party in parties for name in networks_in(stack, party)}
    return bool(there & joined(stack)[segment]) or (
        "sites" in joined(stack)[segment] and bool(parties & {*sites(stack)})
    )


def segments_reaching(stack: str, parties: set[str]) -> set[str]:
    return {segment for segment in joined(stack) if segment != "sites" and reaches(stack, segment, parties)}


# -- Transit Gateways


@dataclass(frozen=True, slots=True)
class Way:
    """An entry of a Transit Gateway's table."""

    prefix: IPv4Network
    rank: int
    """Of two for one prefix the lower wins."""
    attachment: str
    """Empty for one that drops."""


FIXED, OF_A_VPC, BY_CIRCUIT, BY_TUNNEL = range(4)
"""Ranks, from the reference."""


@cache
def attachments(stack: str) -> Mapping[str, Resource]:
    """Map what hangs on Transit Gateways, by the id that their tables know it by."""
    graph = update_of(stack)
    own = {r.id: r for token in (VPC_ATTACHMENT, PEERING_ATTACHMENT) for r in graph.of_type(token)}
    linking = (*graph.of_type(AWS_VPN), *graph.of_type(DX_ASSOCIATION))
    return {**own, **{outputs(r)["transitGatewayAttachmentId"]: r for r in linking if not r.read}}


def links_on_gateways(stack: str) -> Mapping[str, Resource]:
    """Give those of the attachments that are links."""
    return {key: r for key, r in attachments(stack).items() if r.type in (AWS_VPN, DX_ASSOCIATION)}


def parties_behind(stack: str, attachment: Resource) -> set[str]:
    """List who is behind a link."""
    if attachment.type == DX_ASSOCIATION:
        over_circuits = [pair for pair, over in pairs(stack).items() if "aws" in pair and OVER_CIRCUITS & {*over}]
        return {party for pair in over_circuits for party in pair} - {"aws"}
    meeting = [s for s in sessions_of(stack) if attachment.urn in {end.speaker for end in s.ends}]
    return {party for session in meeting for party in session.parties} - {"aws"}


def brought_by(stack: str, attachment: Resource) -> tuple[int, Prefixes]:
    """Tell what an attachment has to say where it is propagated, and with which rank."""
    if attachment.type == VPC_ATTACHMENT:
        return OF_A_VPC, vpc_ranges(stack, attachment)
    if attachment.type == AWS_VPN:
        return BY_TUNNEL, union(sent_by(stack, party) for party in parties_behind(stack, attachment))
    circuits = [s.at(EXCHANGE).speaker for s in sessions_of(stack) if s.parties == {"aws", EXCHANGE}]
    if circuits:
        return BY_CIRCUIT, union(let_through(stack, circuit, "OUTBOUND") for circuit in circuits)
    return BY_CIRCUIT, union(sent_by(stack, party) for party in parties_behind(stack, attachment))


def vpc_ranges(stack: str, attachment: Resource) -> Prefixes:
    return ranges_of(stack, by_id(stack)[attachment.inputs["vpcId"]].name)


@cache
def table_of(stack: str, table: str) -> Sequence[Way]:
    """List all that a Transit Gateway's table knows."""
    graph = update_of(stack)
    ways = [
        Way(IPv4Network(r.inputs["destinationCidrBlock"]), FIXED, r.inputs.get("transitGatewayAttachmentId", ""))
        for r in graph.of_type(ROUTE)
        if r.inputs["transitGatewayRouteTableId"] == table
    ]
    for propagation in graph.of_type(PROPAGATION):
        if propagation.inputs["transitGatewayRouteTableId"] == table:
            attachment = propagation.inputs["transitGatewayAttachmentId"]
            rank, prefixes = brought_by(stack, attachments(stack)[attachment])
            ways += [Way(prefix, rank, attachment) for prefix in prefixes]
    return ways


def looked_up(stack: str, table: str, destination: IPv4Network) -> Resource | None:
    """Give what a packet is handed to: the longest prefix wins, then the rank. None if it is dropped."""
    fitting = [way for way in table_of(stack, table) if destination.subnet_of(way.prefix)]
    best = min(fitting, key=lambda way: (-way.prefix.prefixlen, way.rank), default=None)
    return attachments(stack).get(best.attachment) if best else None


def tables_for(stack: str, attachment: str, region: str | None = None) -> set[str]:
    """List the tables that traffic from an attachment is looked up in, in one region or in all."""
    return {
        association.inputs["transitGatewayRouteTableId"]
        for association in update_of(stack).of_type(ASSOCIATION)
        if association.inputs["transitGatewayAttachmentId"] == attachment
        and region in (None, association.inputs["region"])
    }


@cache
def table_for_links(stack: str) -> str:
    """Give the one table that what arrives over links is looked up in."""
    [table] = {table for attachment in links_on_gateways(stack) for table in tables_for(stack, attachment)}
    return table


def followed(stack: str, table: str, destination: IPv4Network) -> Resource | None:
    """Follow a packet from a table to where it leaves the Transit Gateways; None if it is dropped on the way."""
    hop = looked_up(stack, table, destination)
    if hop is not None and hop.type == PEERING_ATTACHMENT:
        [beyond] = tables_for(stack, hop.id) - tables_for(stack, hop.id, by_id(stack)[table].inputs["region"])
        return looked_up(stack, beyond, destination)
    return hop


def vpc_attachments(stack: str) -> Mapping[str, Resource]:
    """Map the configured networks of AWS to their attachments."""
    attached = {by_id(stack)[a.inputs["vpcId"]].name: a for a in update_of(stack).of_type(VPC_ATTACHMENT)}
    return {name: attached[name] for name in networks_in(stack, "aws")}


# -- what is sent and taken


@cache
def sent_by(stack: str, party: str) -> Prefixes:
    """List the aggregates that a party sends over links, from what sends them."""
    graph = update_of(stack)
    if party == "aws":
        table = table_of(stack, table_for_links(stack))
        leading = frozenset(way.prefix for way in table if way.rank == FIXED and way.attachment)
        others = {way.prefix for way in table if way.rank != FIXED}
        return leading | {prefix for prefix in others if not any(map(prefix.subnet_of, leading))}
    if party == "azure":
        [sent] = {route_map(stack, branch, "outbound") for branch in branches(graph)}
        return sent
    if party == "gcp":
        routers = [router.inputs["bgp"] for router in graph.of_type(CLOUD_ROUTER) if "bgp" in router.inputs]
        [sent] = {networks(each["range"] for each in bgp["advertisedIpRanges"]) for bgp in routers}
        return sent
    return networks(sites(stack)[party]["prefixes"])


def branches(graph: Graph) -> Sequence[Resource]:
    """List what hangs on virtual hubs from outside."""
    return (*graph.of_type(AZURE_VPN), *graph.of_type(CIRCUIT_CONNECTION))


def route_map(stack: str, branch: Resource, direction: str) -> Prefixes:
    """List what passes a branch of a virtual hub; whatever is longer is summed up and the rest dropped."""
    identity = branch.inputs["routingConfiguration"][f"{direction}RouteMap"]["id"]
    *rules, last = by_id(stack)[identity].inputs["rules"]
    assert last["matchCriteria"] == []
    assert [action["type"] for action in last["actions"]] == ["Drop"]
    assert {rule["nextStepIfMatched"] for rule in (*rules, last)} == {"Terminate"}
    passing = []
    for rule in rules:
        [criterion], [action] = rule["matchCriteria"], rule["actions"]
        [prefix] = criterion["routePrefix"]
        assert (criterion["matchCondition"], action["type"]) == ("Contains", "Replace")
        assert action["parameters"] == [{"routePrefix": [prefix]}]
        passing.append(prefix)
    return networks(passing)


def let_through(stack: str, circuit: str, direction: str) -> Prefixes:
    """List what the exchange lets through on a circuit, by the circuit's URN."""
    graph = update_of(stack)
    [attached] = [
        each
        for each in graph.of_type(ATTACHED_FILTER)
        if each.inputs["direction"] == direction and circuit in each.property_dependencies["connectionId"]
    ]
    rules = [r for r in graph.of_type(RULE) if r.inputs["routeFilterId"] == attached.inputs["routeFilterId"]]
    assert {rule.inputs["prefixMatch"] for rule in rules} <= {"exact"}, "a longer prefix would win over segments' drops"
    return networks(rule.inputs["prefix"] for rule in rules)


@dataclass(frozen=True, slots=True)
class Taken:
    """What one end does to the routes of its neighbour."""

    prefixes: Prefixes
    """Exactly these; nothing inside them."""
    path: int = 0
    """Length added to their paths."""
    med: int = 0
    preference: int = 0
    """Local preference: higher wins before anything else is looked at."""


def taken_by_google(stack: str, peer: Resource) -> Taken:
    """Read the import policy of a peer."""
    [name] = peer.inputs["importPolicies"]
    [policy] = [p.inputs for p in update_of(stack).of_type(IMPORT_POLICY) if p.inputs["name"] == name]
    assert (policy["router"], policy["type"]) == (peer.inputs["router"], "ROUTE_POLICY_TYPE_IMPORT")
    *terms, last = sorted(policy["terms"], key=lambda term: term["priority"])
    assert last["match"]["expression"] == "destination.inAnyRange(prefix('0.0.0.0/0').orLonger())"
    assert [action["expression"] for action in last["actions"]] == ["drop()"]
    matches = "\n".join(term["match"]["expression"] for term in terms)
    accepted = re.findall(r"^destination == '([\d./]+)'$", matches, re.MULTILINE)
    assert len(accepted) == len(terms), "a longer prefix would win over a circuit, which brings aggregates only"
    [actions] = {"\n".join(action["expression"] for action in term["actions"]) for term in terms}
    told = re.fullmatch(r"med\.set\((\d+)\)\nasPath\.prependSequence\(\[([\d, ]+)\]\)\naccept\(\)", actions)
    assert told, actions
    added = [int(number) for number in told[2].split(", ")]
    assert {*added} == {peer.inputs["peerAsn"]}, "with another's number, whoever has that would see a loop"
    return Taken(networks(accepted), path=len(added), med=int(told[1]))


@dataclass(frozen=True, slots=True)
class SitePolicy:
    """What a site's router takes from a neighbour and sends to it."""

    taken: Taken
    sent: Prefixes
    path: int
    """How often it repeats its number."""
    med: int


def policy_of_site(stack: str, speaker: str) -> SitePolicy:
    """Read a router's file about the neighbour that an end is named by."""
    site, router, neighbour = speaker.split("/")
    text = update_of(stack).outputs["siteFiles"][site][router]["frr.conf"]
    [address] = re.findall(rf"^ neighbor (\S+) description {neighbour}$", text, re.MULTILINE)
    directions = dict(re.findall(rf"^  neighbor {address} route-map (\S+) (in|out)$", text, re.MULTILINE))
    [inward, outward] = sorted(directions, key=lambda name: directions[name])
    entry, leaving = _route_map_in(text, inward), _route_map_in(text, outward)
    prepended = re.findall(r"^ set as-path prepend ([\d ]+)$", leaving, re.MULTILINE)
    return SitePolicy(
        taken=Taken(
            _prefix_list(text, entry),
            preference=_number(entry, "local-preference", default=100),
        ),
        sent=_prefix_list(text, leaving),
        path=len(prepended[0].split()) if prepended else 0,
        med=_number(leaving, "metric", default=0),
    )


def _route_map_in(text: str, name: str) -> str:
    """Give the one entry of a route map; what it does not match is dropped."""
    entries = re.findall(rf"^route-map {name} (\w+) \d+\n(.*?)^exit$", text, re.MULTILINE | re.DOTALL)
    [(verdict, content)] = entries
    assert verdict == "permit"
    return content


def _prefix_list(text: str, entry: str) -> Prefixes:
    [name] = re.findall(r"^ match ip address prefix-list (\S+)$", entry, re.MULTILINE)
    lines = re.findall(rf"^ip prefix-list {name} seq \d+ (.*)$", text, re.MULTILINE)
    permitted = [re.fullmatch(r"permit ([\d./]+)", line) for line in lines]
    assert all(permitted), "exactly these, nothing inside them"
    return networks(match[1] for match in permitted if match)


def _number(entry: str, key: str, *, default: int) -> int:
    found = re.findall(rf"^ set {key} (\d+)$", entry, re.MULTILINE)
    return int(found[0]) if found else default


def peers_with(stack: str, party: str) -> Iterator[Resource]:
    """Yield Google's peers at a party."""
    graph = update_of(stack)
    for session in sessions_of(stack):
        if session.parties == {"gcp", party}:
            yield graph.by_urn[session.at("gcp").speaker]
