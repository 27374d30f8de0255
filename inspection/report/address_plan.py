"""The address plan as a network engineer reads it: every prefix once, in address order, inside what contains it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network

from rich.table import Table
from rich.text import Text

from inspection.graph import Json

Prefix = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class _Row:
    """One prefix and what it is for."""

    prefix: Prefix
    rank: int
    """Orders equal prefixes: the container comes first."""
    use: str
    place: str = ""
    segment: str = ""
    style: str = ""

    @property
    def order(self) -> tuple[int, int, int, int]:
        """Sort key: by address, containers before what they contain."""
        return (self.prefix.version, int(self.prefix.network_address), self.prefix.prefixlen, self.rank)

    def holds(self, other: "_Row") -> bool:
        """Tell whether another row's prefix lies in this one's."""
        return (
            self.prefix.version == other.prefix.version
            and self.prefix.network_address <= other.prefix.network_address
            and self.prefix.broadcast_address >= other.prefix.broadcast_address
        )


def address_table(addressing: Mapping[str, Json]) -> Table:
    """Lay out the stack output `addressing`."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("Prefix", no_wrap=True)
    table.add_column("Addresses", justify="right", no_wrap=True)
    table.add_column("Use")
    table.add_column("Segment")
    table.add_column("Where")
    above: list[_Row] = []
    for row in sorted(_rows(addressing), key=lambda each: each.order):
        while above and not above[-1].holds(row):
            above.pop()
        prefix = Text("  " * len(above) + str(row.prefix))
        place = "" if above and above[-1].place == row.place else row.place
        table.add_row(prefix, f"{row.prefix.num_addresses:,}", row.use, row.segment, place, style=row.style)
        above.append(row)
    return table


def _rows(addressing: Mapping[str, Json]) -> Iterator[_Row]:
    for owner, prefixes in addressing.get("supernets", {}).items():
        yield from _each(prefixes, 0, f"{owner} supernet", style="bold")
    for prefixes in addressing.get("free", {}).values():
        yield from _each(prefixes, 3, "free", style="dim")
    for owner, prefixes in addressing.get("pods", {}).items():
        yield from _each(prefixes, 0, f"{owner} pods", style="bold")
    for name, site in addressing.get("sites", {}).items():
        yield from _each(site["prefixes"], 2, f"site {name}, AS {site['asn']}")
    for place, region in addressing.get("regions", {}).items():
        yield from _region_rows(place, region)


def _region_rows(place: str, region: Mapping[str, Json]) -> Iterator[_Row]:
    hub = region["hub"]
    yield from _each(region["aggregates"], 1, f"announced by AS {hub['asn']}", place=place, style="bold")
    yield from _each([hub["prefix"]], 2, "hub", place=place)
    yield from _each(region["free"], 3, "free", place=place, style="dim")
    for name, network in region["networks"].items():
        segment = network["segment"] or ""
        use = f"network {name}" if network["built"] else f"set aside for {name}"
        yield from _each([network["cidr"]], 2, use, place=place, segment=segment)
        yield from _each([network["pods"]], 2, f"pods of {name}", place=place, segment=segment)
        yield from _each([network["clusterServices"]], 2, f"cluster services of {name}", place=place, segment=segment)
        for key, prefix in network["subnets"].items():
            yield from _each([prefix], 3, f"  {key}")


def _each(prefixes: Iterable[str | None], rank: int, use: str, **marks: str) -> Iterator[_Row]:
    for prefix in prefixes:
        if prefix is not None:
            yield _Row(ip_network(prefix), rank, use, **marks)
