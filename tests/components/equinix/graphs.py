"""What the tests ask of a recorded graph, in Equinix's words."""

from collections.abc import Callable, Mapping, Sequence

from inspection.graph import SECRET, Graph, Json, Resource
from inspection.recording import record

ROUTER = "equinix:fabric/cloudRouter:CloudRouter"
CONNECTION = "equinix:fabric/connection:Connection"
PROTOCOL = "equinix:fabric/routingProtocol:RoutingProtocol"
FILTER = "equinix:fabric/routeFilter:RouteFilter"
RULE = "equinix:fabric/routeFilterRule:RouteFilterRule"
ATTACHED_FILTER = "equinix:fabric/connectionRouteFilter:ConnectionRouteFilter"
PROFILES = "equinix:fabric/getServiceProfiles:getServiceProfiles"

Answers = Mapping[str, Mapping[str, Json]]
"""Token of a resource type or of a provider function -> what the cloud adds."""


def profiles(*offered: Mapping[str, Sequence[str]], uuids: Sequence[str] = ("5f1483f4", "69ee618d")) -> Answers:
    """Answer the lookup of a service profile with one profile for each map of metro -> seller regions."""
    data = [
        {
            "uuid": uuid,
            "metros": [
                {"code": metro, "sellerRegions": {region: f"Region {region}" for region in regions}}
                for metro, regions in metros.items()
            ],
        }
        for uuid, metros in zip(uuids, offered, strict=False)
    ]
    return {PROFILES: {"data": data}}


def update(program: Callable[[], object], answers: Answers) -> Graph:
    """Record an update in which the clouds answer as given."""
    return record(program, complete=lambda token, _name, _inputs: answers.get(token, {}))


def outputs_of(graph: Graph, kind: str) -> Mapping[str, Json]:
    """Give what the one component of a class registered as its outputs."""
    [component] = graph.of_type(f"multicloud-network:index:{kind}")
    return graph.component_outputs[component.urn]


def refers(resource: Resource, key: str, other: Resource) -> bool:
    """Tell whether an input's value comes from another resource."""
    return other.urn in resource.property_dependencies.get(key, ())


def protocols(graph: Graph, connection: Resource, kind: str) -> Sequence[Resource]:
    """List what the router speaks over a circuit, `DIRECT` or `BGP`."""
    return [
        protocol
        for protocol in graph.of_type(PROTOCOL)
        if protocol.inputs["type"] == kind and refers(protocol, "connectionUuid", connection)
    ]


def protocol(graph: Graph, connection: Resource, kind: str) -> Resource:
    """Give the one protocol of a kind that the router speaks over a circuit."""
    [found] = protocols(graph, connection, kind)
    return found


def far_side(connection: Resource) -> Mapping[str, Json]:
    """Give the access point of a circuit's far side."""
    return connection.inputs["zSide"]["accessPoint"]


def let_through(graph: Graph, connection: Resource, direction: str) -> set[tuple[str, str]]:
    """List prefix and match of what passes a circuit in one direction."""
    [attached] = [
        attached
        for attached in graph.of_type(ATTACHED_FILTER)
        if attached.inputs["direction"] == direction and refers(attached, "connectionId", connection)
    ]
    [chosen] = [each for each in graph.of_type(FILTER) if refers(attached, "routeFilterId", each)]
    return {
        (rule.inputs["prefix"], rule.inputs["prefixMatch"])
        for rule in graph.of_type(RULE)
        if refers(rule, "routeFilterId", chosen)
    }


def in_the_clear(graph: Graph, value: str) -> list[str]:
    """List where a value that should be secret is not: among inputs and what components hand out."""
    inputs = [(resource.urn, resource.inputs) for resource in graph.resources]
    return [urn for urn, content in [*inputs, *graph.component_outputs.items()] if _shows(content, value)]


def _shows(content: Json, value: str) -> bool:
    if isinstance(content, Mapping):
        return content.keys() != {SECRET} and any(_shows(item, value) for item in content.values())
    if isinstance(content, list):
        return any(_shows(item, value) for item in content)
    return content == value
