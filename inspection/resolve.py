"""Which resolver answers for which names, and the way a query takes: read from resources, before any id is known."""

from collections.abc import Mapping, Sequence

from inspection.graph import Graph
from inspection.network import aws_names, azure_names, gcp_names, site_names
from inspection.network.model import AFTER_DEPLOY, Record, Resolver, View, Zone

__all__ = ["AFTER_DEPLOY", "Record", "Resolver", "View", "Zone", "resolvers", "views"]

_PARTIES = (aws_names, azure_names, gcp_names, site_names)


def views(graph: Graph) -> Mapping[str, View]:
    """Map every network, and every site, to what it sees of names."""
    return {view.network: view for party in _PARTIES for view in party.views(graph)}


def resolvers(graph: Graph) -> Sequence[Resolver]:
    """List what asks others and answers them: of each region, of Google and of each site."""
    seen = views(graph)
    return [resolver for party in _PARTIES for resolver in party.resolvers(graph, seen)]
