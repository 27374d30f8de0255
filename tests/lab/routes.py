"""Which ways a party knows, and which it tells others of: what the lab's routing is made of."""

from collections.abc import Sequence
from ipaddress import IPv4Network

from inspection.graph import Graph, Resource
from inspection.network.aws_names import ENDPOINT, SUBNET, hosts
from inspection.network.model import Resolver, pointing, sources

ANYWHERE = ("0.0.0.0/0",)
"""Others' networks know what is told them; only VPCs of AWS have each route set by hand."""
_ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation"
_TABLE = "aws:ec2/routeTable:RouteTable"
_ROUTE = "aws:ec2/route:Route"
_ROUTER = "gcp:compute/router:Router"
_PEER = "gcp:compute/routerPeer:RouterPeer"


def ways(graph: Graph, resolver: Resolver) -> Sequence[str]:
    """List the CIDRs that a resolver's subnets have routes to: those that all of them have."""
    if resolver.party != "aws":
        return ANYWHERE
    endpoints = [
        each for each in graph.of_type(ENDPOINT) if resolver.network in {host.name for host in hosts(graph, each)}
    ]
    subnets = [subnet for each in endpoints for subnet in sources(graph, each, "ipAddresses", SUBNET)]
    return sorted(set.intersection(*(_routes(graph, subnet) for subnet in subnets)))


def announced(graph: Graph, party: str) -> Sequence[IPv4Network]:
    """List the CIDRs that others are told lead to a party."""
    addressing = graph.outputs["addressing"]
    if party in addressing["sites"]:
        told = addressing["sites"][party]["prefixes"]
    elif party == "gcp":
        told = set.intersection(*(_sent(graph, peer) for peer in graph.of_type(_PEER)))
    else:
        places = addressing["regions"].items()
        told = [prefix for place, region in places if place.startswith(f"{party}/") for prefix in region["aggregates"]]
    return [IPv4Network(prefix) for prefix in told]


def _routes(graph: Graph, subnet: Resource) -> set[str]:
    tables = [
        table
        for association in pointing(graph, _ASSOCIATION, "subnetId", subnet)
        for table in sources(graph, association, "routeTableId", _TABLE)
    ]
    routes = [route for table in tables for route in pointing(graph, _ROUTE, "routeTableId", table)]
    return {route.inputs["destinationCidrBlock"] for route in routes}


def _sent(graph: Graph, peer: Resource) -> set[str]:
    """List what a BGP session of Google's sends: a list of its own, or the router's."""
    (router,) = sources(graph, peer, "router", _ROUTER)
    told = peer.inputs if peer.inputs.get("advertiseMode") == "CUSTOM" else router.inputs["bgp"]
    return {each["range"] for each in told["advertisedIpRanges"]}
