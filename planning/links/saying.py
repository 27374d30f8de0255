"""How messages about links say what was written, and where."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from planning.links.pairs import Pair, joined
from planning.settings import Settings, Transport
from planning.settings.links import PairLinks

SHOWN = 3
"""How many of many a message names."""


def said_in(settings: Settings, pair: Pair, role: str) -> str:
    """Name the setting that decides what a pair runs over."""
    overrides: dict[str, PairLinks] = settings.links.pairs if settings.links else {}
    one, other = pair.parties
    key = next((key for key in (pair.key, f"{other}/{one}", other, one) if key in overrides), None)
    decides = key is not None and getattr(overrides[key], role) is not None
    return f"links.pairs.{key}.{role}" if decides else f"links.{role}"


def asked(settings: Settings, transport: Transport) -> Mapping[str, Sequence[Pair]]:
    """Map each setting that lets pairs run over something to those pairs."""
    found: dict[str, list[Pair]] = defaultdict(list)
    for pair in joined(settings):
        for role, carrier in (("primary", pair.primary), ("backup", pair.backup)):
            if carrier is transport:
                found[said_in(settings, pair, role)].append(pair)
    return found


def some(names: Sequence[str]) -> str:
    """List a few names, and count the others."""
    shown, more = names[:SHOWN], len(names) - SHOWN
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")
