"""What is wrong with the input, said so that the reader can mend it."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to mend."""

    where: str
    """Settings path (`networks.shop.size`) or place in the ledger (`ledger.yaml line 12`)."""
    value: str
    """What was given, as written; empty where something is missing."""
    rule: str
    """What the value breaks."""
    remedy: str
    """What to do about it."""

    def __str__(self) -> str:
        value = self.value if self.value.isprintable() else json.dumps(self.value)
        given = f" {value}:" if value else ""
        return f"{self.where}:{given} {self.rule}; {self.remedy}"


class ConfigurationError(Exception):
    """The input cannot be planned. Carries every problem found, in the order of their places."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: Sequence[Problem] = tuple(dict.fromkeys(sorted(problems)))
        noun = "problem" if len(self.problems) == 1 else "problems"
        lines = "\n".join(f"  - {problem}" for problem in self.problems)
        super().__init__(f"{len(self.problems)} {noun} in the configuration:\n{lines}")
