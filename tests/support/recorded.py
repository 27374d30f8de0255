"""Record components in a test and ask about what they registered, in words that mean something."""

from collections.abc import Callable, Mapping, Sequence

from inspection.graph import SECRET, UNKNOWN, Graph, Json, Resource
from inspection.recording import record


def preview_of(program: Callable[[], object]) -> Graph:
    """Record a first preview: ids and all that the cloud makes up are unknown. Default providers serve as needed."""
    return record(program)


def unknown(value: Json) -> bool:
    """Tell whether a value, or what a secret wraps, is known only after deployment."""
    return value == UNKNOWN or (isinstance(value, Mapping) and value.get(SECRET) == UNKNOWN)


def secret(value: Json) -> bool:
    """Tell whether a value is kept secret."""
    return isinstance(value, Mapping) and value.keys() == {SECRET}


def depends_on(graph: Graph, resource: Resource, other: Resource) -> bool:
    """Tell whether one resource waits for another itself, not merely through a third.

    To depend on a component is to depend on all its children: the SDK sends those in its place.
    """
    waited_for = {*resource.dependencies, *(urn for urns in resource.property_dependencies.values() for urn in urns)}
    wanted = _stand_ins(graph, other)
    return bool(wanted) and waited_for.issuperset(wanted)


def _stand_ins(graph: Graph, resource: Resource) -> Sequence[str]:
    if resource.custom:
        return [resource.urn]
    return [urn for child in graph.children(resource.urn) for urn in _stand_ins(graph, child)]
