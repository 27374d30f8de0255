"""What a lab is made of and what it is asked: plain data, so that it passes into the namespaces as JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

CLIENTS_ASK = {"udp": "127.0.0.1", "tcp": "127.0.0.2"}
"""Where clients on a host ask, so that the way to others is of the same transport."""


@dataclass(frozen=True, slots=True)
class Host:
    """A resolver's endpoints: a namespace with servers in it, joined to everybody by one router."""

    name: str
    """`aws/us-east-1`, `gcp`, or a site and an address: `hq/10.48.0.53`."""
    addresses: Sequence[str]
    """Its own, those that it answers at and those that it sends from."""
    reached_at: Sequence[str]
    """CIDRs that the router sends here."""
    ways: Sequence[str]
    """CIDRs that it knows a way to."""
    files: dict[str, str]
    """Name -> text; `udp.conf` and `tcp.conf` are what its servers start with."""
    rules: str = ""
    """nftables; what the plan lets in and out."""


@dataclass(frozen=True, slots=True)
class Question:
    """A query of a client beside a server, which asks that server alone."""

    host: str
    name: str
    type: str
    transport: str
    """`udp` or `tcp`: from the client to the server, and from that to others."""


@dataclass(frozen=True, slots=True)
class Round:
    """Questions that are put while some addresses are silent."""

    silent: Sequence[str]
    """Nothing that comes to port 53 of these is taken, and nobody is told."""
    questions: Sequence[Question]
    patience: int = 5
    """Seconds that a client waits before it asks again or gives up."""
    tries: int = 1
    """How often a client asks."""

    @classmethod
    def of(cls, told: dict[str, Any]) -> Self:
        """Read what `asdict` wrote."""
        return cls(told["silent"], [Question(**each) for each in told["questions"]], told["patience"], told["tries"])


@dataclass(frozen=True, slots=True)
class Answer:
    """What a client was told."""

    question: Question
    status: str
    """`NOERROR`, `NXDOMAIN`, `SERVFAIL`, `REFUSED`, or `TIMEOUT`."""
    values: Sequence[str] = ()
    """Without trailing dots, sorted."""

    @classmethod
    def of(cls, told: dict[str, Any]) -> Self:
        """Read what `asdict` wrote."""
        return cls(Question(**told["question"]), told["status"], told["values"])
