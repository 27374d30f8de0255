"""Who asks whom for names: by which rules, at which addresses, and whether the way there and back is open.

The way is judged at each end on its own: that the one sends a route to where its queries come from or go to, that the
other takes it and lets its endpoints use it, and that the exchange lets it through. That both ends of a link are of one
mind is left to the checks of links.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

from inspection.graph import Graph, Resource
from inspection.network import aws, azure, exchange, filters, gcp, sites
from inspection.network.model import AFTER_DEPLOY, Resolver
from inspection.resolve import CLOUDS, answering, joined, resolvers, walk

_GOOGLE_GATEWAY = "gcp:compute/haVpnGateway:HaVpnGateway"
_TUNNELS = "VPN"
"""What the stack output `links` calls them."""
_CORE_NETWORK = "aws:networkmanager/coreNetwork:CoreNetwork"
_AZURE_GATEWAY = "azure-native:network:VpnGateway"


@dataclass(frozen=True, slots=True)
class Cell:
    """How one party asks another."""

    source: str
    """`aws`, `azure`, `gcp`, or the name of a site."""
    owner: str
    """Likewise: whose names are asked for."""
    joined: bool
    """Whether links join the two."""
    domains: Sequence[str]
    """That are forwarded; empty where nothing is."""
    targets: Sequence[str]
    """Addresses that are asked, or that they are known after deployment."""
    hops: int
    """The most that a name takes."""
    route: Sequence[str]
    """What is missing of the way there and back; empty if nothing is."""
    filters: Sequence[str]
    """What keeps port 53 shut; empty if nothing does."""
    not_judged: Sequence[str] = ()
    """What of the way and of the filters no resource tells, or not yet."""


def matrix(graph: Graph) -> Sequence[Cell]:
    """Give a cell for each ordered pair of a cloud and a cloud, or a cloud and a site."""
    everybody = resolvers(graph)
    parties = list(dict.fromkeys(resolver.party for resolver in everybody))
    cells = [_cell(graph, everybody, source, owner) for source in parties for owner in parties if source != owner]
    return [cell for cell in cells if cell.domains or {*CLOUDS} & {cell.source, cell.owner}]


def _cell(graph: Graph, everybody: Sequence[Resolver], source: str, owner: str) -> Cell:
    domains: dict[str, None] = {}
    targets: dict[str, None] = {}
    hops, routes, shut = 0, {}, {}
    for resolver in (each for each in everybody if each.party == source):
        asked: dict[str, Resolver] = {}
        mine: list[str] = []
        for domain, addresses in resolver.forwards.items():
            there = {address: other for address in addresses if (other := answering(everybody, address))}
            there = {address: other for address, other in there.items() if other.party == owner}
            if there:
                mine.append(domain)
                asked.update(there)
                hops = max(hops, *(each.hops for each in walk(everybody, resolver.name, f"any.{domain}")))
        for other in {each.name: each for each in asked.values()}.values():
            routes.update(dict.fromkeys(_route(graph, resolver, other, mine)))
            shut.update(dict.fromkeys(_filters(graph, resolver, other)))
        domains.update(dict.fromkeys(mine))
        targets.update(dict.fromkeys(asked))
    open_ends = (*_not_judged(graph, source), *_not_judged(graph, owner), *(_far_off(graph) if source == "gcp" else ()))
    not_judged = open_ends if domains else ()
    together = joined(graph, source, owner)
    return Cell(source, owner, together, tuple(domains), tuple(targets), hops, tuple(routes), tuple(shut), not_judged)


def _not_judged(graph: Graph, party: str) -> Iterator[str]:
    if party == "aws" and graph.of_type(_CORE_NETWORK):
        yield "the way through AWS's core network"
    if party not in CLOUDS:
        yield f"filters of {party}"
        if not sites.written(graph, party):
            yield f"what {party} takes, before its routers' files are written"


def _far_off(graph: Graph) -> Iterator[str]:
    regions = gcp.regions_without_links(graph)
    if regions:
        yield f"whether Google forwards for its networks in {', '.join(regions)}, where no link lands"


def _networks(cidrs: Sequence[str]) -> Sequence[IPv4Network]:
    return [IPv4Network(cidr) for cidr in cidrs if cidr != AFTER_DEPLOY]


def _filters(graph: Graph, source: Resolver, owner: Resolver) -> Iterator[str]:
    for target in _networks(owner.answers_in):
        yield from filters.closed_to(graph, source, target)
    for asker in _networks(source.sends_from):
        yield from filters.closed_for(graph, owner, asker)


def _route(graph: Graph, source: Resolver, owner: Resolver, domains: Sequence[str]) -> Iterator[str]:
    kinds = _kinds(graph, source.party, owner.party)
    over_circuits = kinds != {_TUNNELS}
    asking, answers = _networks(source.sends_from), _networks(owner.answers_in)
    if not asking:
        yield f"{source.name} has nothing to ask from"
    if not answers:
        yield f"{owner.name} has nothing to answer at"
    if source.party == "gcp":
        yield from gcp.open_paths(graph, domains)
    for target in answers:
        yield from _untaken(graph, source, target, asks=True)
        yield from _unsent(graph, owner, target, over_circuits=over_circuits)
    for asker in asking:
        yield from _untaken(graph, owner, asker, asks=False)
        yield from _unsent(graph, source, asker, over_circuits=over_circuits)
    if "exchange" in kinds:
        ours, theirs = (exchange.circuits(graph, *ends) for ends in ((source.party, asking), (owner.party, answers)))
        for party, ends in ((source.party, ours), (owner.party, theirs)):
            if not ends:
                yield f"the exchange has no circuit to {party}"
        for wanted, sender, receiver in (*((w, theirs, ours) for w in answers), *((w, ours, theirs) for w in asking)):
            yield from exchange.dropped(graph, sender, receiver, wanted)


def _kinds(graph: Graph, one: str, other: str) -> set[str]:
    """List what joins two parties: `exchange`, `VPN` and others."""
    links = graph.outputs.get("links", ())
    return {link["kind"] for link in links if {one, other} == {*link["name"].split("/")}}


def _untaken(graph: Graph, resolver: Resolver, far: IPv4Network, *, asks: bool) -> Iterator[str]:
    """Yield why a resolver's endpoints have no way to somebody: those that ask, or those that are asked."""
    if resolver.party == "aws":
        endpoints = filters.endpoints(graph, resolver, "OUTBOUND" if asks else "INBOUND")
        yield from aws.untaken(graph, aws.subnets_of(graph, endpoints), far, _brought(graph))
    elif resolver.party == "azure":
        subnets = filters.azure_subnets(graph, resolver, "Outbound" if asks else "Inbound")
        yield from azure.untaken(graph, resolver.network, subnets, far)
    elif resolver.party == "gcp":
        yield from gcp.untaken(graph, resolver.network, far)
    else:
        yield from sites.untaken(graph, resolver.party, far)


def _unsent(graph: Graph, resolver: Resolver, own: IPv4Network, *, over_circuits: bool) -> Iterator[str]:
    """Yield why others learn no way to a resolver's endpoints."""
    if resolver.party == "aws":
        yield from aws.unsent(graph, resolver.network, own, _brought(graph), over_circuits=over_circuits)
    elif resolver.party == "azure":
        yield from azure.unsent(graph, resolver.network, own)
    elif resolver.party == "gcp":
        yield from gcp.unsent(graph, resolver.network, own)
    else:
        yield from sites.unsent(graph, resolver.party, own)


def _brought(graph: Graph) -> aws.Brought:
    """Tell what AWS learns from a link: what its far side sends, or what the exchange lets through."""
    known_sites = sites.asns(graph)

    def sent_by(party: str) -> Sequence[IPv4Network]:
        if party == "azure":
            return azure.sent(graph)
        return gcp.sent(graph) if party == "gcp" else sites.prefixes_of(graph, party)

    def brought(link: Resource) -> Sequence[IPv4Network]:
        if link.type == aws.CIRCUITS:
            circuits = exchange.circuits(graph, "aws", ())
            if circuits:
                return [prefix for each in circuits for prefix in exchange.let_through(graph, each, "OUTBOUND")]
            far = [party for party in (*CLOUDS[1:], *known_sites.values()) if joined(graph, "aws", party)]
            return [prefix for party in far for prefix in sent_by(party)]
        return [prefix for gateway in aws.far_ends(graph, link) for prefix in sent_by(_far_party(gateway))]

    def _far_party(gateway: Resource) -> str:
        kinds = {graph.by_urn[urn].type for urn in gateway.property_dependencies.get("ipAddress", ())}
        if _GOOGLE_GATEWAY in kinds:
            return "gcp"
        if _AZURE_GATEWAY in kinds:
            return "azure"
        return known_sites.get(int(gateway.inputs.get("bgpAsn") or gateway.inputs["bgpAsnExtended"]), "")

    return brought
