"""Routes of Google Cloud: what the Cloud Routers of a VPC send, and what they learn from whom."""

import re
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network

from inspection.graph import UNKNOWN, Graph, Json, Resource
from inspection.network import gcp_names
from inspection.network.filters import holds, prefixes
from inspection.network.model import pointing, sources

_SUBNET = "gcp:compute/subnetwork:Subnetwork"
_ATTACHMENT = "gcp:compute/interconnectAttachment:InterconnectAttachment"
_ROUTER = "gcp:compute/router:Router"
_PEER = "gcp:compute/routerPeer:RouterPeer"
_PARTNER_SESSION = "pulumi-python:dynamic/gcp:PartnerSession"
_POLICY = "gcp:compute/routerRoutePolicy:RouterRoutePolicy"


def routers(graph: Graph, network: str) -> Sequence[Resource]:
    """List the routers of a VPC that speak BGP."""
    return [
        router
        for router in graph.of_type(_ROUTER)
        if "bgp" in router.inputs
        and network in {each.name for each in sources(graph, router, "network", gcp_names.NETWORK)}
    ]


def regions_without_links(graph: Graph) -> Sequence[str]:
    """List the regions with subnets where neither a BGP session nor an attachment lands."""
    landing = {each.inputs.get("region") for kind in (_PEER, _ATTACHMENT) for each in graph.of_type(kind)}
    return sorted({subnet.inputs["region"] for subnet in graph.of_type(_SUBNET)} - landing)


def sent(graph: Graph) -> Sequence[IPv4Network]:
    """List what any Cloud Router sends."""
    return [prefix for router in graph.of_type(_ROUTER) for prefix in _advertised(router.inputs.get("bgp") or {})]


def unsent(graph: Graph, network: str, own: IPv4Network) -> Iterator[str]:
    """Yield the routers and peers of a VPC that send no route to its own."""
    speakers = routers(graph, network)
    if not speakers:
        yield f"{network} has no Cloud Router that speaks BGP"
    for router in speakers:
        if not holds(_advertised(router.inputs["bgp"]), own):
            yield f"{router.name} sends no route to {own}"
        for peer in pointing(graph, _PEER, "router", router):
            # What a peer lists stands in place of what its router lists [K].
            if peer.inputs.get("advertiseMode") == "CUSTOM" and not holds(_advertised(peer.inputs), own):
                yield f"{peer.name} sends no route to {own}"


def untaken(graph: Graph, network: str, far: IPv4Network) -> Iterator[str]:
    """Yield why a VPC learns no way to somebody."""
    for router in routers(graph, network):
        if pointing(graph, _PARTNER_SESSION, "router", router):
            return  # what arrives there is what the exchange lets through
        if any(_takes(graph, peer, far) for peer in pointing(graph, _PEER, "router", router)):
            return
    yield f"no Cloud Router of {network} takes a route to {far}"


def open_paths(graph: Graph, domains: Sequence[str]) -> Iterator[str]:
    """Yield the forwarding zones for some domains that may ask over the internet."""
    for domain, zone in gcp_names.forwarding_zones(graph):
        config = zone.inputs["forwardingConfig"]
        targets = [] if config == UNKNOWN else config["targetNameServers"]
        if domain in domains and any(_path(each) != "private" for each in targets if targets != UNKNOWN):
            yield f"{zone.name} does not keep queries to the VPC's own ways (forwarding path)"


def _path(target: Json) -> str:
    return "private" if target == UNKNOWN else target.get("forwardingPath", "default")


def _advertised(told: Json) -> Sequence[IPv4Network]:
    return prefixes(*(each["range"] for each in told.get("advertisedIpRanges") or ()))


def _takes(graph: Graph, peer: Resource, far: IPv4Network) -> bool:
    policies = sources(graph, peer, "importPolicies", _POLICY)
    if not policies:
        return not peer.inputs.get("importPolicies")
    return any(holds(_accepted(policy), far) for policy in policies)


def _accepted(policy: Resource) -> Sequence[IPv4Network]:
    """List what a policy lets in by name; a rule in any other words counts for nothing."""
    matches = [
        term["match"]["expression"]
        for term in policy.inputs["terms"]
        if any(action["expression"] == "accept()" for action in term["actions"])
    ]
    return prefixes(*(found for match in matches for found in re.findall(r"^destination == '([\d./]+)'$", match)))
