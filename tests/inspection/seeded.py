"""Graphs of a stack with something wrong in them, as somebody might have written it."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from inspection.graph import Graph, Json, Resource

Seed = Callable[[Graph], Graph]


def without(*names: str, of: str = "") -> Seed:
    """Take resources out whose logical names start with one of some, of types that end in a word."""

    def seed(graph: Graph) -> Graph:
        left = [r for r in graph.resources if not (r.type.endswith(of) and r.name.startswith(names))]
        assert len(left) < len(graph.resources), f"there is no {of} {names}"
        return replace(graph, resources=tuple(left))

    return seed


def told(name: str, of: str, /, **inputs: Json) -> Seed:
    """Tell a resource something else. Inputs by wire name; a function is given what was told."""

    def seed(graph: Graph) -> Graph:
        seen = [r for r in graph.resources if r.type.endswith(of) and r.name == name]
        assert len(seen) == 1, f"{len(seen)} {of} are named {name}"
        [old] = seen
        given = {key: value(old.inputs.get(key)) if callable(value) else value for key, value in inputs.items()}
        assert given.items() != {key: old.inputs.get(key) for key in given}.items(), "nothing changes"
        new = replace(old, inputs={**old.inputs, **given})
        return replace(graph, resources=tuple(new if r is old else r for r in graph.resources))

    return seed


def wired(name: str, of: str, key: str, to: str) -> Seed:
    """Wire an input of a resource to another resource, by the end of that one's URN, beside what it is wired to."""

    def seed(graph: Graph) -> Graph:
        [urn] = [r.urn for r in graph.resources if r.urn.endswith(to)]
        [old] = [r for r in graph.resources if r.type.endswith(of) and r.name == name]
        wires = {**old.property_dependencies, key: [*old.property_dependencies.get(key, ()), urn]}
        new = replace(old, property_dependencies=wires)
        return replace(graph, resources=tuple(new if r is old else r for r in graph.resources))

    return seed


def added(resource: Resource, wires: Mapping[str, str]) -> Seed:
    """Add a resource, its inputs wired to others by the ends of their URNs."""

    def seed(graph: Graph) -> Graph:
        urns = {key: [next(r.urn for r in graph.resources if r.urn.endswith(end))] for key, end in wires.items()}
        return replace(graph, resources=(*graph.resources, replace(resource, property_dependencies=urns)))

    return seed


def site(name: str, **changes: Json) -> Seed:
    """Tell a site's servers something else."""

    def seed(graph: Graph) -> Graph:
        names = graph.outputs["names"]
        sites = {**names["sites"], name: {**names["sites"][name], **changes}}
        return replace(graph, outputs={**graph.outputs, "names": {**names, "sites": sites}})

    return seed


def output(key: str, change: Callable[[Json], Json]) -> Seed:
    """Change a stack output."""
    return lambda graph: replace(graph, outputs={**graph.outputs, key: change(graph.outputs[key])})


def all_of(*seeds: Seed) -> Seed:
    """Do one after the other."""

    def seed(graph: Graph) -> Graph:
        for each in seeds:
            graph = each(graph)
        return graph

    return seed
