"""What a preview prints: what is built, its addresses and links, what to do by hand, to know and to worry about."""

from collections.abc import Sequence
from typing import TextIO

from rich.console import Console
from rich.text import Text

from inspection.graph import Graph, Message
from inspection.matrix import matrix
from inspection.name_findings import findings
from inspection.report.address_plan import address_table
from inspection.report.components import component_table
from inspection.report.links import Link, link_addresses, link_table, manual_steps
from inspection.report.names import missing, names_table, records_table

_PIPED_WIDTH = 120
"""Columns where no terminal says how many it has: a log or a file."""


def print_report(graph: Graph, seconds: float, file: TextIO) -> None:
    """Print a preview that took `seconds`."""
    console = Console(
        file=file, width=None if file.isatty() else _PIPED_WIDTH, highlight=False, emoji=False, markup=False
    )
    _heading(console, f"{graph.project}, stack {graph.stack}")
    console.print(component_table(graph))
    if "addressing" in graph.outputs:
        _heading(console, "Addresses")
        console.print(address_table(graph.outputs["addressing"]))
    if graph.outputs.get("links"):
        _links(console, graph.outputs["links"])
    _names(console, graph)
    _messages(console, "Notes", "info", graph.messages)
    _messages(console, "Warnings", "warning", graph.messages)
    custom = sum(resource.custom and not resource.read for resource in graph.resources)
    components = sum(not resource.custom for resource in graph.resources) - 1  # the stack is none
    console.print()
    console.print(f"Resources: {custom}, components: {components}. Previewed in {seconds:.1f} s without any cloud.")


def _links(console: Console, links: Sequence[Link]) -> None:
    _heading(console, "Links")
    console.print(link_table(links))
    addresses, steps = link_addresses(links), manual_steps(links)
    if addresses.row_count:
        console.print()
        console.print(addresses)
    if steps.row_count:
        _heading(console, "To be done by hand")
        console.print(steps)


def _names(console: Console, graph: Graph) -> None:
    cells, records = matrix(graph), graph.outputs.get("names", {}).get("records")
    if cells:
        _heading(console, "Names")
        console.print(names_table(cells))
        wrong = [*missing(cells), *findings(graph)]
        if wrong:
            console.print()
            console.print("\n".join(f"- {text}" for text in wrong), soft_wrap=True)
    if records:
        _heading(console, "Records")
        console.print(records_table(records))


def _messages(console: Console, title: str, severity: str, messages: Sequence[Message]) -> None:
    texts = [message.text for message in messages if message.severity == severity]
    if not texts:
        return
    _heading(console, title)
    for text in texts:
        first, *rest = text.splitlines()
        console.print("\n".join([f"- {first}", *(f"  {line}" for line in rest)]), soft_wrap=True)


def _heading(console: Console, title: str) -> None:
    console.print()
    console.print(Text(title, style="bold underline"))
