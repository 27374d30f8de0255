"""Names that run in several places and follow health."""

import re
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from planning.settings.addressing import Cloud
from planning.settings.types import Address, DomainName, Name, Section, refuse

CLOUDWATCH_TEXT = re.compile(r"[ -~]*[!-~][ -~]*")


def _check_text(value: str) -> str:
    if not CLOUDWATCH_TEXT.fullmatch(value):
        raise refuse("is nothing that CloudWatch calls by", "write it as CloudWatch shows it, in printable ASCII")
    return value


MetricText = Annotated[str, AfterValidator(_check_text)]
"""Printable ASCII, and not spaces alone."""


class Policy(StrEnum):
    """How answers are chosen among healthy places."""

    ACTIVE_PASSIVE = "active-passive"
    WEIGHTED = "weighted"
    LATENCY = "latency"
    GEOGRAPHIC = "geographic"


class Protocol(StrEnum):
    """What a probe speaks."""

    HTTPS = "https"
    HTTP = "http"
    TCP = "tcp"


class Check(Section):
    """How health is told."""

    protocol: Protocol = Protocol.HTTPS
    port: int | None = Field(default=None, ge=1, le=65_535, strict=True)
    """Default: 443, or 80 for http; tcp needs one."""
    path: str | None = None
    """Default: `/`; none for tcp."""
    interval: Literal[10, 30] | None = None
    """Seconds between probes. Default: 10, or 30 where the service has nothing shorter. Private names: left out in AWS,
    in Google Cloud what the load balancers' own health checks have."""
    failures: int | None = Field(default=None, ge=1, le=10, strict=True)
    """Probes that fail before a place is out. Default: 3, or 2 where they are 30 s apart or more. Private names: bad
    minutes in AWS, in Google Cloud what the load balancers' own health checks have."""


class Metric(Section):
    """A CloudWatch metric that tells the health of a place which no probe reaches: healthy is 1 or more."""

    namespace: MetricText
    """For example `AWS/NetworkELB`."""
    name: MetricText
    """For example `HealthyHostCount`."""
    dimensions: dict[MetricText, MetricText] = {}
    region: str | None = None
    """Default: that of the place's network, which then has to be in AWS."""


class LoadBalancer(Section):
    """An internal load balancer of Google's, which Cloud DNS asks for its health."""

    type: Literal["regionalL4ilb", "regionalL7ilb", "globalL7ilb"] = "regionalL4ilb"
    port: int = Field(ge=1, le=65_535, strict=True)
    protocol: Literal["tcp", "udp"] = "tcp"


class Place(Section):
    """One place that a name runs in; its key is the name of a network."""

    address: Address | None = None
    """Or `target`."""
    target: DomainName | None = None
    """A name, for example of a load balancer; or `address`."""
    weight: int | None = Field(default=None, ge=0, le=1_000, strict=True)
    """Weighted: share of the answers. Default: 1."""
    order: int | None = Field(default=None, ge=1, strict=True)
    """Active-passive: 1 is active, 2 takes over from it, and so on."""
    serves: tuple[str, ...] = ()
    """Geographic: continents (`EU`) and countries (`DE`) that get this place; `*` for all others. Not in Cloud DNS."""
    metric: Metric | None = None
    """Private names in Route 53: what an alarm watches."""
    load_balancer: LoadBalancer | None = None
    """Private names in Cloud DNS: what answers at the address."""


class Record(Section):
    """A name that runs in several places."""

    private: bool = False
    """Whether the name is `<name>.<cloud>.<private root>`, the cloud being `by`. Default: `<name>.<public root>`."""
    by: Cloud | None = None
    """The one service that answers for the name: Route 53, Traffic Manager or Cloud DNS. Default: that of the zone."""
    policy: Policy
    check: Check = Check()
    ttl: int = Field(default=30, ge=1, le=86_400, strict=True)
    """Seconds that an answer may be kept."""
    budget: int = Field(default=100, ge=1, strict=True)
    """Seconds after which everybody has to have been told of a place that is out, at the latest."""
    places: Annotated[dict[Name, Place], Field(min_length=1)]
