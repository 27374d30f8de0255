"""Rules of the link that two clouds have of their own."""

from collections.abc import Iterator

from planning.links.pairs import Pair, joined
from planning.links.saying import asked, some
from planning.problems import Problem
from planning.settings import Settings, Topology, Transport

PAIR = "aws/gcp"
HALVES = frozenset({"aws", "gcp"})
"""Clouds that have a half; they meet each other only."""
KEY = "native"
"""Under which `linkKeys` holds the activation key that AWS made."""
LONGEST_KEY = 2048


def problems(settings: Settings) -> Iterator[Problem]:
    """Yield who cannot be joined so, and why."""
    for path, pairs in asked(settings, Transport.NATIVE).items():
        halfless = [pair.key for pair in pairs if pair.key != PAIR]
        if halfless:
            lacking = sorted({party for key in halfless for party in key.split("/")} - HALVES)
            rule = f"is made of AWS's half and Google's, which meet only each other; {some(lacking)} has no half of it"
            yield Problem(path, Transport.NATIVE, rule, f"use another way for {some(halfless)}")
    key = settings.link_keys.get(KEY)
    if key is not None and _pair(settings) is None:
        rule = "is the activation key of a native link, and nothing runs over one"
        yield Problem(f"linkKeys.{KEY}", "", rule, "take it out, or say links.pairs.aws/gcp: {primary: native}")
    elif key is not None and not 1 <= len(key.get_secret_value()) <= LONGEST_KEY:
        rule = f"is no activation key: AWS's have 1 to {LONGEST_KEY} characters"
        yield Problem(f"linkKeys.{KEY}", "", rule, "copy it from AWS's console")


def warnings(settings: Settings) -> Iterator[str]:
    """Yield what is accepted and may surprise."""
    pair = _pair(settings)
    if pair is None:
        return
    yield "links.native: AWS's half is not in its SDK yet; the output of the link says what to run once in AWS"
    if settings.hubs.gcp.topology is Topology.STAR:
        yield (
            "links.native: Google's half names no group of a star, which every other spoke has to; "
            "whether it finds its way onto the hub is not known"
        )


def _pair(settings: Settings) -> Pair | None:
    return next((pair for pair in joined(settings) if pair.key == PAIR and Transport.NATIVE in pair.transports), None)
