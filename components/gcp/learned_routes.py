"""Rules for what a Cloud Router learns from a neighbour.

They are written in the language of
https://cloud.google.com/network-connectivity/docs/router/reference/bgp-route-policy-reference. A route that no rule
decides is accepted.
"""

from collections.abc import Sequence

from pulumi_gcp import compute

from planning.links.types import GcpEnd

_LAST = 2**31 - 1
"""The lowest priority of a rule."""


def learned_routes(end: GcpEnd, peer_asn: int) -> Sequence[compute.RouterRoutePolicyTermArgs]:
    """Let the aggregates of an end in, ranked as it says, and nothing else."""
    ranking = _ranking(end, peer_asn)
    # A rule for each aggregate: one match may name no more than 100.
    accepted = [
        _term(priority, f"destination == '{prefix}'", *ranking, "accept()")
        for priority, prefix in enumerate(end.accepts)
    ]
    return [*accepted, _term(_LAST, "destination.inAnyRange(prefix('0.0.0.0/0').orLonger())", "drop()")]


def _ranking(end: GcpEnd, peer_asn: int) -> Sequence[str]:
    # The neighbour's own number: with another's, whoever has that would take the route for a loop.
    longer_path = f"asPath.prependSequence([{', '.join([str(peer_asn)] * end.prepends)}])"
    return (f"med.set({end.med})", *([longer_path] if end.prepends else []))


def _term(priority: int, match: str, *actions: str) -> compute.RouterRoutePolicyTermArgs:
    return compute.RouterRoutePolicyTermArgs(
        priority=priority,
        match=compute.RouterRoutePolicyTermMatchArgs(expression=match),
        actions=[compute.RouterRoutePolicyTermActionArgs(expression=action) for action in actions],
    )
