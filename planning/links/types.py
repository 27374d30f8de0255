"""What a plan says of links: tunnels, circuits, sessions, and what each end sends and accepts.

A party is `aws`, `azure`, `gcp` or the name of a site. Addresses of sessions are IPv4 without a mask unless said
otherwise; bandwidth is in Mbps, MTU in bytes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from planning.links.circuit_types import (
    AwsCircuit,
    AwsEnd,
    AzureCircuit,
    AzureEnd,
    CircuitSession,
    GcpCircuit,
    GcpEnd,
    GcpLeg,
    Leg,
    Preference,
    Role,
    SiteEnd,
)
from planning.links.outside_types import Dedicated, External, Native


@dataclass(frozen=True, slots=True)
class TunnelEnd:
    """One end of a tunnel."""

    port: str
    """What has the public address: AWS the tunnel's own key, Azure `Instance0` or `Instance1`, Google interface `0`
    or `1`, a site its device."""
    address: str
    """Inside address that BGP speaks from."""


@dataclass(frozen=True, slots=True)
class Tunnel:
    """One IPsec tunnel with one BGP session in it."""

    key: str
    """For example `1-1`; never changes."""
    inside: str
    """The /30."""
    ends: Mapping[str, TunnelEnd]
    """Party -> its end; two of them."""


@dataclass(frozen=True, slots=True)
class Vpn:
    """All tunnels between two parties. Exactly two of the ends are given."""

    name: str
    """Of the component: `aws-gcp-vpn`."""
    pair: str
    """`aws/gcp`: the parties in the order of their names, clouds before sites."""
    role: Role
    tunnels: Sequence[Tunnel]
    aws: AwsEnd | None
    azure: AzureEnd | None
    gcp: GcpEnd | None
    site: SiteEnd | None
    accelerated: bool
    """AWS: enter its network at the nearest edge. Fixed when the connection is made."""
    aws_makes_keys: bool
    """Whether AWS makes the pre-shared keys; else they are handed in."""
    key_given: bool
    """Whether one pre-shared key for all tunnels stands in the configuration; else each has one derived."""

    def far(self, party: str, tunnel: Tunnel) -> TunnelEnd:
        """Give the other end of a tunnel."""
        return next(end for owner, end in tunnel.ends.items() if owner != party)


@dataclass(frozen=True, slots=True)
class PortOrder:
    """A port of a site's at the exchange, to be ordered."""

    metro: str
    ibx: str
    """Data centre: `DC5`."""
    speed: int
    physical_type: str
    """What Equinix calls the fibre's standard: `10GBASE_LR`."""
    cage: str
    cabinet: str
    patch_panel: str
    connector: str
    users: Sequence[str]
    """User names at Equinix that it writes to."""


@dataclass(frozen=True, slots=True)
class SiteCircuit:
    """A virtual circuit from the exchange to a port of a site."""

    name: str
    metro: str
    site: str
    port: str | PortOrder
    """UUID of the Fabric port, or the order."""
    up: bool
    """Whether the port is patched, and a circuit can be made on it."""
    vlan: int
    asn: int
    bandwidth: int
    leg: Leg
    preference: Preference
    session: CircuitSession


@dataclass(frozen=True, slots=True)
class ExchangeRouter:
    """A Fabric Cloud Router in one metro and what hangs on it."""

    metro: str
    name: str
    """At the exchange: `prod-dc`, 24 characters at most."""
    package: str
    aws: AwsCircuit | None
    azure: AzureCircuit | None
    gcp: GcpCircuit | None
    sites: Sequence[SiteCircuit]


@dataclass(frozen=True, slots=True)
class Exchange:
    """Cloud exchange (Equinix Fabric)."""

    project_id: str
    account_number: int
    notify: Sequence[str]
    """E-mail addresses that Equinix writes to."""
    purchase_order: str | None
    term_months: int
    routers: Sequence[ExchangeRouter]
    """The first metro is preferred."""


@dataclass(frozen=True, slots=True)
class AwsCircuitGateway:
    """A Direct Connect gateway and what it tells the other side of AWS's hub."""

    end: AwsEnd
    asn: int
    """Of the Direct Connect gateway; differs from every hub's."""
    allowed_prefixes: Sequence[str]
    """Aggregates of a Transit Gateway that are announced to the other side; what a core network announces, its policy
    says."""
    edge_locations: Sequence[str] = ()
    """Regions whose edges of a core network it meets: each edge announces its own region's networks and no others'."""


@dataclass(frozen=True, slots=True)
class AzureVpnGateway:
    """The VPN gateway of a virtual hub: two instances, each with the inside addresses of its tunnels."""

    region: str
    scale_units: int
    """500 Mbps each."""
    custom_addresses: Mapping[str, Sequence[str]]
    """`Instance0`, `Instance1` -> inside addresses."""


@dataclass(frozen=True, slots=True)
class AzureCircuitGateway:
    """The ExpressRoute gateway of a virtual hub."""

    end: AzureEnd
    scale_units: int
    """2 Gbps each."""


@dataclass(frozen=True, slots=True)
class Links:
    """Every link of an environment, and the gateways that links of one hub share."""

    vpns: Sequence[Vpn]
    exchange: Exchange | None
    aws_circuit_gateway: AwsCircuitGateway | None
    azure_vpn_gateways: Sequence[AzureVpnGateway]
    azure_circuit_gateway: AzureCircuitGateway | None
    gcp_vpn_regions: Sequence[str]
    """Regions with an HA VPN gateway."""
    table: Sequence[Mapping[str, object]]
    """Every link as plain data, for outputs and reports."""
    external: Sequence[External] = ()
    """The preferred one first."""
    dedicated: Sequence[Dedicated] = ()
    native: Sequence[Native] = ()
    """None, or the one pair that has it."""


__all__ = [
    "AwsCircuit",
    "AwsCircuitGateway",
    "AwsEnd",
    "AzureCircuit",
    "AzureCircuitGateway",
    "AzureEnd",
    "AzureVpnGateway",
    "CircuitSession",
    "Dedicated",
    "Exchange",
    "ExchangeRouter",
    "External",
    "GcpCircuit",
    "GcpEnd",
    "GcpLeg",
    "Leg",
    "Links",
    "Native",
    "PortOrder",
    "Preference",
    "Role",
    "SiteCircuit",
    "SiteEnd",
    "Tunnel",
    "TunnelEnd",
    "Vpn",
]
