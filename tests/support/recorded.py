"""Record components in a test and ask about what they registered, in words that mean something."""

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from unittest import mock

from inspection.graph import SECRET, UNKNOWN, Graph, Json, Resource
from inspection.recording import record
from tests.support.known_outputs import remembering


def preview_of(program: Callable[[], object]) -> Graph:
    """Record a first preview: ids and all that the cloud makes up are unknown. Default providers serve as needed."""
    return record(program)


def update_of(program: Callable[[], object]) -> Graph:
    """Record an update: ids and all that the cloud makes up are known, and provider functions are answered."""
    return record(program, complete=remembering())


@contextmanager
def careless() -> Generator[None]:
    """Record like an engine that takes no notice of `additional_secret_outputs`."""
    with (
        mock.patch("inspection.recording.with_secrets", lambda state, _request: state),
        mock.patch("inspection.provider_outputs.with_secrets", lambda state, _request: state),
    ):
        yield


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
    wanted = _stand_ins(graph, other)
    return bool(wanted) and _waited_for(resource).issuperset(wanted)


def comes_after(graph: Graph, resource: Resource, other: Resource) -> bool:
    """Tell whether one resource waits for another, itself or through others."""
    wanted, reached, ahead = set(_stand_ins(graph, other)), set(), [resource.urn]
    while ahead:
        new = _waited_for(graph.by_urn[ahead.pop()]) - reached
        reached |= new
        ahead += new
    return bool(wanted) and reached.issuperset(wanted)


def source_of(graph: Graph, resource: Resource, key: str, token: str) -> Resource:
    """Return the one resource of a type that an input's value comes from.

    Args:
        graph: holds both.
        resource: has the input.
        key: wire name of the input; of what is in it nothing is told apart.
        token: type of the source.
    """
    sources = [graph.by_urn[urn] for urn in resource.property_dependencies.get(key, ())]
    found = [source for source in sources if source.type == token]
    names = [f"{source.type} {source.name}" for source in sources]
    assert len(found) == 1, f"{key} of {resource.name} comes from {len(found)} {token}; its sources are {names}"
    return found[0]


def component_around(graph: Graph, resource: Resource, kind: str) -> Resource:
    """Return the nearest component of a class, for example `VpnLink`, that a resource stands in."""
    while resource.custom or resource.type.rpartition(":")[2] != kind:
        assert resource.parent, f"it stands in no {kind}"
        resource = graph.by_urn[resource.parent]
    return resource


def _waited_for(resource: Resource) -> set[str]:
    return {*resource.dependencies, *(urn for urns in resource.property_dependencies.values() for urn in urns)}


def _stand_ins(graph: Graph, resource: Resource) -> Sequence[str]:
    if resource.custom:
        return [resource.urn]
    return [urn for child in graph.children(resource.urn) for urn in _stand_ins(graph, child)]
