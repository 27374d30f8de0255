"""The ledger while a configuration's needs are written into it."""

from dataclasses import dataclass, field

from planning.ledger import Entry, Environment, Ledger
from planning.places import regions_in_use
from planning.problems import ConfigurationError, Problem
from planning.settings import Cloud, Settings


@dataclass(slots=True)
class Allocation:
    """The ledger with everything that the configuration needs, and what of it is new."""

    settings: Settings
    ledger: Ledger
    environment: Environment
    """The part of the ledger that is written."""
    new: list[str] = field(default_factory=list)
    """One line each, for the reader of a preview."""
    unused: list[str] = field(default_factory=list)
    """Recorded names that the configuration no longer has."""
    problems: list[Problem] = field(default_factory=list)
    """What cannot be had."""
    places: list[tuple[Cloud, str]] = field(init=False)
    """Clouds and regions with networks."""

    def __post_init__(self) -> None:
        """Look where networks are."""
        self.places = regions_in_use(self.settings)

    def record(self, section: str, key: str, value: Entry) -> None:
        """Write an entry down, and that it is new."""
        getattr(self.environment, section)[key] = value
        self.new.append(f"{section.replace('_', ' ')} {key}: {value}")

    def stop_on_problems(self) -> None:
        """Go no further once something cannot be had: what follows would only say the same again.

        Raises:
            ConfigurationError: with everything found so far.
        """
        if self.problems:
            raise ConfigurationError(self.problems)
