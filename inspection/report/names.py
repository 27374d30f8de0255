"""Names as a network engineer reads them: who asks whom, whether that gets through, and what follows health."""

from collections.abc import Iterator, Mapping, Sequence

from rich.table import Table

from inspection.graph import Json
from inspection.matrix import Cell

_PLANNED = "planned"
_IN_PART = "planned *"
_MISSING = "missing, see below"


def names_table(cells: Sequence[Cell]) -> Table:
    """Lay out who asks whom, a line for each ordered pair."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), caption=_not_judged(cells), caption_justify="left")
    for title in ("From", "To", "Rule", "Targets"):
        table.add_column(title, overflow="fold")
    table.add_column("DNS hops", justify="right", no_wrap=True)
    for title in ("Route both ways", "Filters"):
        table.add_column(title, overflow="fold")
    for cell in cells:
        if cell.domains:
            rest = (
                ", ".join(cell.targets),
                str(cell.hops),
                *(_verdict(cell, text) for text in (cell.route, cell.filters)),
            )
            table.add_row(cell.source, cell.owner, _rules(cell.domains), *rest)
        else:
            table.add_row(cell.source, cell.owner, "none" if cell.joined else "none, not joined", "", "", "", "")
    return table


def _verdict(cell: Cell, lacking: Sequence[str]) -> str:
    return _MISSING if lacking else _IN_PART if cell.not_judged else _PLANNED


def missing(cells: Sequence[Cell]) -> Iterator[str]:
    """Yield what is missing of each pair's way and filters."""
    for cell in cells:
        for what, texts in (("route", cell.route), ("filters", cell.filters)):
            yield from (f"{cell.source} asking {cell.owner}, {what}: {text}" for text in texts)


def records_table(rows: Sequence[Mapping[str, Json]]) -> Table:
    """Lay out the records that follow health: who answers, how long it takes at most, and below each its places."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for title in ("Name", "Answered by", "Worst case", "How"):
        table.add_column(title, overflow="fold")
    for row in rows:
        how = "\n".join([f"{row['policy']}, {row['check']}", *(f"  {place}" for place in row["places"])])
        table.add_row(row["name"], row["owner"], f"{row['worstCase']} <= {row['budget']} s", how)
    return table


def _rules(domains: Sequence[str]) -> str:
    """Name the domains, and count reverse zones."""
    names = [domain for domain in domains if not domain.endswith(".in-addr.arpa")]
    back = len(domains) - len(names)
    return ", ".join([*names, *([f"{back} reverse zone{'s' if back > 1 else ''}"] if back else [])])


def _not_judged(cells: Sequence[Cell]) -> str | None:
    open_ends = dict.fromkeys(text for cell in cells for text in cell.not_judged)
    return f"\n* Not judged: {'; '.join(open_ends)}." if open_ends else None
