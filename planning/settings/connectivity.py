"""What runs over the networks: services and flows. Read and checked; built by later versions."""

from typing import Annotated

from pydantic import Field

from planning.settings.types import Name, Section


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
