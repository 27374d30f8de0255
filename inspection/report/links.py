"""The links between clouds and sites as a network engineer reviews them, and what is left for people to do."""

from collections.abc import Iterator, Mapping, Sequence

from rich.table import Table

from inspection.graph import Json

Link = Mapping[str, Json]
"""One entry of the stack output `links`."""
_SHARED = "\nPairs that end at the same circuit or gateway share its Mbps."


def link_table(links: Sequence[Link]) -> Table:
    """Lay out every link: between what it is, how it fails, what it carries and how it ranks.

    Links between the same ends, as a primary and its backup, stand together below one name.
    """
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), caption=_SHARED, caption_justify="left")
    for title in ("Link", "Role", "Kind"):
        table.add_column(title, no_wrap=True)
    table.add_column("Redundancy", overflow="fold")
    for title in ("Mbps", "MTU"):
        table.add_column(title, justify="right", no_wrap=True)
    for title in ("AS", "Preference", "Lead time"):
        table.add_column(title, overflow="fold")
    for heading, link in _under_headings(links):
        if heading and table.row_count:
            table.add_row()
        bandwidth = link["bandwidthMbps"]
        table.add_row(
            heading,
            link["role"],
            link["kind"],
            link["redundancy"],
            "" if bandwidth is None else f"{bandwidth:,}",
            str(link["mtu"]),
            "\n".join(link["asns"]),
            link["preference"],
            link["leadTime"],
        )
    return table


def link_addresses(links: Sequence[Link]) -> Table:
    """Lay out the addresses of the links that have some of their own."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("Link", no_wrap=True)
    table.add_column("Kind", no_wrap=True)
    table.add_column("Addresses", overflow="fold")
    for link in links:
        if link["addresses"]:
            table.add_row(link["name"], link["kind"], ", ".join(link["addresses"]))
    return table


def manual_steps(links: Sequence[Link]) -> Table:
    """Give a number to each step to be done by hand, once, in the order in which links ask for it."""
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(justify="right", no_wrap=True)
    table.add_column(overflow="fold")
    steps = dict.fromkeys(step for link in links for step in link["byHand"])
    for number, step in enumerate(steps, 1):
        table.add_row(f"{number}.", step)
    return table


def _under_headings(links: Sequence[Link]) -> Iterator[tuple[str, Link]]:
    """Yield every link with its name and ends, or with nothing where they are those of the link before it."""
    before = ""
    for link in links:
        heading = "\n".join([link["name"], *(f"  {end}" for end in link["ends"])])
        yield "" if heading == before else heading, link
        before = heading
