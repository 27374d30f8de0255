"""BGP sessions that come up: each end was told of the other, over a tunnel or a circuit that both name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from inspection.graph import Graph
from tests.program.ends import EXCHANGE, End, ends_told
from tests.program.stacks import update_of
from tests.program.wanted import sites


@dataclass(frozen=True, slots=True)
class Session:
    """Two ends that met."""

    one: End
    other: End

    @property
    def ends(self) -> Sequence[End]:
        return (self.one, self.other)

    @property
    def parties(self) -> frozenset[str]:
        return frozenset(end.party for end in self.ends)

    @property
    def places(self) -> frozenset[str]:
        return frozenset(end.place for end in self.ends)

    @property
    def over_circuit(self) -> bool:
        return EXCHANGE in self.parties

    def at(self, party: str) -> End:
        return next(end for end in self.ends if end.party == party)


@cache
def sessions_of(stack: str) -> Sequence[Session]:
    """List the sessions of a stack in which nothing failed."""
    return established(update_of(stack), sites(stack))


def established(graph: Graph, routers: Mapping[str, Any]) -> Sequence[Session]:
    """List every session that comes up.

    Args:
        graph: an update, whole or after something failed.
        routers: the sites, as in the stack file.
    """
    ends = ends_told(graph, routers)
    by_path: dict[tuple[str, str], list[End]] = {}
    for end in ends:
        by_path.setdefault(end.path, []).append(end)
    met = {
        frozenset((end, other))
        for end in ends
        for other in by_path.get(end.path[::-1], ())
        if end.party != other.party and end.meets(other)
    }
    return [Session(*sorted(both, key=lambda end: end.party)) for both in met]


def meet(sessions: Sequence[Session], one: str, other: str) -> bool:
    """Tell whether two parties hear of each other: over a session of their own, or over one router in the middle."""
    middles = [
        {session.at(EXCHANGE).place for session in sessions if session.parties == {party, EXCHANGE}}
        for party in (one, other)
    ]
    return any(session.parties == {one, other} for session in sessions) or bool(set.intersection(*middles))
