"""What the exchange lets through: the filters of each circuit's session on the routers there."""

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network

from inspection.graph import Graph, Resource
from inspection.network.model import pointing, sources

CIRCUIT = "equinix:fabric/connection:Connection"
_ATTACHED = "equinix:fabric/connectionRouteFilter:ConnectionRouteFilter"
_FILTER = "equinix:fabric/routeFilter:RouteFilter"
_RULE = "equinix:fabric/routeFilterRule:RouteFilterRule"
_OF_CLOUDS = {
    "azure": "azure-native:network:ExpressRouteCircuit",
    "gcp": "gcp:compute/interconnectAttachment:InterconnectAttachment",
}
"""Cloud -> what the key of its circuits comes from; AWS's is an account's number, ports have none."""


def circuits(graph: Graph, party: str, own: Sequence[IPv4Network]) -> Sequence[Resource]:
    """List a party's circuits; a site's are those that bring it: let its own networks in."""
    return [circuit for circuit in graph.of_type(CIRCUIT) if _belongs(graph, circuit, party, own)]


def let_through(graph: Graph, circuit: Resource, direction: str) -> Sequence[IPv4Network]:
    """List what passes a circuit, `INBOUND` to the exchange or `OUTBOUND` from it."""
    return [
        IPv4Network(rule.inputs["prefix"])
        for attached in pointing(graph, _ATTACHED, "connectionId", circuit)
        if attached.inputs["direction"] == direction
        for filtering in sources(graph, attached, "routeFilterId", _FILTER)
        for rule in pointing(graph, _RULE, "routeFilterId", filtering)
    ]


def dropped(
    graph: Graph, sender: Sequence[Resource], receiver: Sequence[Resource], wanted: IPv4Network
) -> Iterator[str]:
    """Yield the circuits that do not let a network's route through, from a party's to another's."""
    for ends, direction in ((sender, "INBOUND"), (receiver, "OUTBOUND")):
        for circuit in ends:
            if not any(wanted.subnet_of(prefix) for prefix in let_through(graph, circuit, direction)):
                yield f"{circuit.name} lets no route to {wanted} through ({direction.lower()})"


def _belongs(graph: Graph, circuit: Resource, party: str, own: Sequence[IPv4Network]) -> bool:
    far = circuit.inputs["zSide"]["accessPoint"]
    of = next((cloud for cloud, token in _OF_CLOUDS.items() if sources(graph, circuit, "zSide", token)), None)
    if far["type"] == "COLO":
        brought = let_through(graph, circuit, "INBOUND")
        return party not in ("aws", *_OF_CLOUDS) and any(each.subnet_of(prefix) for each in own for prefix in brought)
    return party == (of or "aws")
