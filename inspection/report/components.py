"""The components of a stack as a tree, each with what it is made of."""

from collections import Counter
from collections.abc import Iterable, Iterator

from rich.table import Table
from rich.text import Text

from inspection.graph import STACK_TYPE, Graph, Resource


def component_table(graph: Graph) -> Table:
    """Lay out every component below the one that it is part of, siblings of a type together.

    What is only read is no part of any: it is neither made nor changed.
    """
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("Component", no_wrap=True)
    table.add_column("Type", no_wrap=True)
    table.add_column("Resources", justify="right", no_wrap=True)
    table.add_column("Of its own")
    for root in graph.of_type(STACK_TYPE):
        for depth, component in _tree(graph, root, 0):
            label = Text("  " * depth + (component.name if depth else "stack"), style="" if depth else "bold")
            kind = "" if component is root else _kind_of(component)
            table.add_row(label, kind, str(_total(graph, component)), _counts(_own(graph, component)))
    return table


def _kind_of(resource: Resource) -> str:
    """Return the class of a resource without its package: `Subnet`; of a provider, whose it is."""
    package, _, kind = resource.type.rpartition(":")
    return f"{kind} provider" if package == "pulumi:providers" else kind


def _tree(graph: Graph, component: Resource, depth: int) -> Iterator[tuple[int, Resource]]:
    yield depth, component
    below = (child for child in graph.children(component.urn) if not child.custom)
    for child in sorted(below, key=lambda each: (each.type, each.name)):
        yield from _tree(graph, child, depth + 1)


def _own(graph: Graph, component: Resource) -> Iterator[Resource]:
    """Yield the resources of a component that are not those of a component in it."""
    for child in graph.children(component.urn):
        if child.custom:
            if not child.read:
                yield child
            yield from _own(graph, child)


def _total(graph: Graph, component: Resource) -> int:
    return sum((child.custom and not child.read) + _total(graph, child) for child in graph.children(component.urn))


def _counts(resources: Iterable[Resource]) -> str:
    kinds = Counter(_kind_of(resource) for resource in resources)
    ordered = sorted(kinds.items(), key=lambda each: (-each[1], each[0]))
    return ", ".join(kind if count == 1 else f"{count}\N{MULTIPLICATION SIGN}{kind}" for kind, count in ordered)
