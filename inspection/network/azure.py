"""Routes of Azure: what a VNet learns from branches of its hubs, and what those send and take."""

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network

from inspection.graph import Graph, Resource
from inspection.network import azure_names
from inspection.network.filters import holds, prefixes
from inspection.network.model import pointing, sources

_CONNECTION = "azure-native:network:HubVirtualNetworkConnection"
_TABLE = "azure-native:network:HubRouteTable"
_BRANCHES = ("azure-native:network:VpnConnection", "azure-native:network:ExpressRouteConnection")
_MAP = "azure-native:network:RouteMap"
_ROUTE_TABLE = "azure-native:network:RouteTable"
_ROUTE = "azure-native:network:Route"
_BRANCH_LABEL = "default"
"""Of the table that branches look routes up in, which is Azure's own."""


def branches(graph: Graph) -> Sequence[Resource]:
    """List what links hang on virtual hubs by."""
    return [branch for token in _BRANCHES for branch in graph.of_type(token)]


def sent(graph: Graph) -> Sequence[IPv4Network]:
    """List what any branch sends."""
    return [prefix for branch in branches(graph) for prefix in _passing(graph, branch, "outbound")]


def unsent(graph: Graph, network: str, own: IPv4Network) -> Iterator[str]:
    """Yield why a VNet's own is known nowhere outside."""
    labels = {label for connection in _connections(graph, network) for label in _labels(connection)}
    if _BRANCH_LABEL not in labels:
        yield f"{network} is not propagated to branches"
    if not any(holds(_passing(graph, branch, "outbound"), own) for branch in branches(graph)):
        yield f"no branch of Azure sends a route to {own}"


def untaken(graph: Graph, network: str, subnets: Sequence[Resource], far: IPv4Network) -> Iterator[str]:
    """Yield why a VNet learns no way to somebody, or does not use it."""
    connections = _connections(graph, network)
    if not connections:
        yield f"{network} is connected to no virtual hub"
    for connection in connections:
        tables = sources(graph, connection, "routingConfiguration", _TABLE)
        heard = {label for table in tables for label in table.inputs.get("labels") or ()}
        learnt = [
            prefix
            for branch in branches(graph)
            if not tables or heard & {*_labels(branch)}
            for prefix in _passing(graph, branch, "inbound")
            if far.subnet_of(prefix)
        ]
        if not learnt:
            yield f"{network} learns no route to {far} from any branch"
        for subnet in subnets if learnt else ():
            longest = max(prefix.prefixlen for prefix in learnt)
            for table in sources(graph, subnet, "routeTable", _ROUTE_TABLE):
                for route in pointing(graph, _ROUTE, "routeTableName", table):
                    drops = route.inputs["nextHopType"] == "None" and [
                        prefix for prefix in prefixes(route.inputs["addressPrefix"]) if prefix.prefixlen >= longest
                    ]
                    if drops and holds(drops, far):
                        yield f"{route.name} drops what {subnet.name} sends to {far}"


def _connections(graph: Graph, network: str) -> Sequence[Resource]:
    return [
        each
        for each in graph.of_type(_CONNECTION)
        if network in {vnet.name for vnet in sources(graph, each, "remoteVirtualNetwork", azure_names.VNET)}
    ]


def _labels(connection: Resource) -> Sequence[str]:
    """List the tables that a connection is made known in, by their labels; without a word, Azure's own."""
    told = connection.inputs.get("routingConfiguration") or {}
    return told.get("propagatedRouteTables", {}).get("labels") or [_BRANCH_LABEL]


def _passing(graph: Graph, branch: Resource, direction: str) -> Sequence[IPv4Network]:
    """List the networks that pass a branch's map, whole or in parts; without a map all do."""
    told = branch.inputs.get("routingConfiguration") or {}
    if f"{direction}RouteMap" not in told:
        return [IPv4Network("0.0.0.0/0")]
    # Both maps stand in one input. Before their ids are known, only their names tell which is which.
    maps = sources(graph, branch, "routingConfiguration", _MAP)
    known = [each for each in maps if each.id and each.id == told[f"{direction}RouteMap"]["id"]]
    mine = known or [each for each in maps if each.inputs["routeMapName"].endswith(f"-{direction}")]
    return [
        prefix
        for each in mine
        for rule in each.inputs["rules"]
        if all(action["type"] != "Drop" for action in rule["actions"])
        for criterion in rule["matchCriteria"]
        for prefix in prefixes(criterion.get("routePrefix"))
    ]
