"""Free address space: takes blocks out of prefixes, tightest hole first, without ever overlapping."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network

ADDRESS_BITS = 32


class FreeSpace:
    """The unused part of some prefixes, which must not overlap. A block never spans two of them.

    Holes are kept by prefix length as sorted first addresses, so that a block is taken or cut in time that depends
    on the 32 possible lengths and hardly on how much is in use.
    """

    def __init__(self, prefixes: Iterable[IPv4Network], used: Iterable[IPv4Network] = ()) -> None:
        self._holes: list[list[int]] = [[] for _ in range(ADDRESS_BITS + 1)]
        for prefix in prefixes:
            self.add(prefix)
        for block in used:
            self.cut(block)

    def add(self, prefix: IPv4Network) -> None:
        """Add a prefix that is not part of the space yet, all of it unused."""
        insort(self._holes[prefix.prefixlen], int(prefix.network_address))

    def take(self, length: int, avoid: Iterable[IPv4Network] = ()) -> IPv4Network | None:
        """Give out a block of this prefix length, or None where none is left.

        The tightest hole is used first and its lowest address, which keeps large holes whole. Blocks that touch
        `avoid` are given out only when nothing else is left.
        """
        avoided = [(int(trap.network_address), int(trap.broadcast_address)) for trap in avoid]
        fallback: int | None = None
        for hole_length in range(length, -1, -1):
            for hole in self._holes[hole_length]:
                address = _first_clear(hole, hole_length, length, avoided)
                if address is not None:
                    return self._give(address, length)
                fallback = hole if fallback is None else fallback
        return None if fallback is None else self._give(fallback, length)

    def take_last(self, length: int) -> IPv4Network | None:
        """Give out the highest block of this prefix length: small things stay at the end, away from large ones."""
        ends = [holes[-1] + _size(at) for at, holes in enumerate(self._holes[: length + 1]) if holes]
        return self._give(max(ends) - _size(length), length) if ends else None

    def cut(self, block: IPv4Network) -> None:
        """Mark a block as used, whether it lies in one hole, covers several or touches none."""
        self._cut(int(block.network_address), block.prefixlen)

    def holes(self) -> list[IPv4Network]:
        """List what is left, in address order."""
        return sorted(IPv4Network((hole, length)) for length, holes in enumerate(self._holes) for hole in holes)

    def _give(self, address: int, length: int) -> IPv4Network:
        self._cut(address, length)
        return IPv4Network((address, length))

    def _cut(self, address: int, length: int) -> None:
        for hole_length, holes in enumerate(self._holes[: length + 1]):
            if not holes:
                continue
            hole = address & -_size(hole_length)
            at = bisect_left(holes, hole)
            if at < len(holes) and holes[at] == hole:
                del holes[at]
                for rest_length, rest in _halves_beside(address, hole_length, length):
                    insort(self._holes[rest_length], rest)
                return
        for holes in self._holes[length + 1 :]:
            del holes[bisect_left(holes, address) : bisect_left(holes, address + _size(length))]


def _size(length: int) -> int:
    """Count the addresses of a prefix of this length."""
    return 1 << (ADDRESS_BITS - length)


def _halves_beside(address: int, hole_length: int, length: int) -> Iterator[tuple[int, int]]:
    """Yield what is left of a hole round a block in it: at each halving the half without the block."""
    for rest_length in range(hole_length + 1, length + 1):
        yield rest_length, (address ^ _size(rest_length)) & -_size(rest_length)


def _first_clear(hole: int, hole_length: int, length: int, avoided: Iterable[tuple[int, int]]) -> int | None:
    """Find the lowest block of this length in the hole that touches nothing avoided."""
    step = _size(length)
    address = hole
    while address < hole + _size(hole_length):
        beyond = max((last + 1 for first, last in avoided if first < address + step and last >= address), default=None)
        if beyond is None:
            return address
        address = -(-max(beyond, address + step) // step) * step
    return None
