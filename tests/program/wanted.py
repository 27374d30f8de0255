"""What stack files ask for, read without the planner."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations, product
from typing import Any

from tests.program.stacks import STACKS, settings_of

LINKED = tuple(stack for stack in STACKS if "links" in settings_of(stack))
OVER_EXCHANGE = tuple(stack for stack in LINKED if "exchange" in settings_of(stack)["links"])
ON_TRANSIT_GATEWAYS = tuple(stack for stack in LINKED if settings_of(stack).get("hubs", {}).get("aws") != "cloud-wan")
OVER_CIRCUITS = {"exchange", "external", "dedicated", "native"}
"""Transports that end at a Direct Connect gateway in AWS; all others are tunnels."""


def joined(stack: str) -> Mapping[str, set[str]]:
    """Map each segment to all that it exchanges traffic with, `sites` among them."""
    table = settings_of(stack).get("segments", {"main": {"reaches": ["sites"]}})
    result = defaultdict(set, {name: {name} for name in table})
    for name, segment in table.items():
        for other in segment.get("reaches", []):
            result[name].add(other)
            result[other].add(name)
    return result


def segment_of(stack: str, network: str) -> str:
    only = next(iter(joined(stack)))
    return settings_of(stack)["networks"][network].get("segment", only)


def clouds(stack: str) -> Sequence[str]:
    return sorted({network["cloud"] for network in settings_of(stack)["networks"].values()})


def sites(stack: str) -> Mapping[str, Any]:
    return settings_of(stack).get("sites", {})


def metros(stack: str) -> Sequence[str]:
    """List the exchange's metros, the preferred one first."""
    return settings_of(stack)["links"]["exchange"]["metros"]


def pairs(stack: str) -> Mapping[tuple[str, str], Sequence[str]]:
    """Map all that are joined to what joins them, the preferred transport first.

    What the file says of a pair counts before what it says of a party, and of a site before a cloud.
    """
    links = settings_of(stack)["links"]
    said = {frozenset(key.split("/")): choice for key, choice in links.get("pairs", {}).items()}
    result = {}
    for one, other in (*combinations(clouds(stack), 2), *product(clouds(stack), sites(stack))):
        about = [{one, other}, {other}, {one}]
        choice = next((said[key] for key in map(frozenset, about) if key in said), {})
        primary = choice.get("primary", links.get("primary", "vpn"))
        backup = choice.get("backup", links.get("backup", "none"))
        if primary != "none":
            result[one, other] = [primary, *({backup} - {primary, "none"})]
    return result
