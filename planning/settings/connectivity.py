"""What runs over the networks: links, names, services and flows. Read and checked; built by later versions."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from planning.settings.types import Name, Section

DomainName = Annotated[
    str, StringConstraints(pattern=r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$")
]
"""A domain name of two labels or more, without a trailing dot."""


class Transport(StrEnum):
    """What a link runs over."""

    EXCHANGE = "exchange"
    EXTERNAL = "external"
    NATIVE = "native"
    VPN = "vpn"


class Exchange(Section):
    """Cloud exchange (Equinix Fabric)."""

    metros: Annotated[tuple[str, ...], Field(min_length=1)]
    """Metro codes, for example `DC`."""
    bandwidth: int = Field(ge=10)
    """Mbps of each circuit."""
    package: str = "STANDARD"
    """Fabric Cloud Router package."""


class Links(Section):
    """How every pair of clouds and sites is joined."""

    primary: Transport = Transport.VPN
    backup: Transport | None = None
    """Default: none."""
    exchange: Exchange | None = None
    """Default: no exchange."""


class Dns(Section):
    """The roots that names live under."""

    private: DomainName
    public: DomainName | None = None
    """Default: no public names."""


class PublicName(Section):
    """How a service is found from the internet."""

    weights: dict[Name, Annotated[int, Field(ge=0)]] = {}
    """Network -> weight. Default: equal."""
    check: str = "/"
    """Path that a health check asks for."""


class Service(Section):
    """Something that listens on a port in one or more networks."""

    port: int = Field(ge=1, le=65_535)
    runs_in: Annotated[tuple[Name, ...], Field(min_length=1)]
    used_by: tuple[Name, ...] = ()
    """Networks and sites. Default: nobody yet."""
    public: PublicName | None = None
    """Default: private."""


class Flow(Section):
    """Expected traffic, for the price of it."""

    source: Annotated[Name, Field(alias="from")]
    destination: Annotated[Name, Field(alias="to")]
    gb_per_month: float = Field(gt=0)
