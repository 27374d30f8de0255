"""What a plan says of links: tunnels, circuits, sessions, and what each end sends and accepts.

A party is `aws`, `azure`, `gcp` or the name of a site. Addresses of sessions are IPv4 without a mask unless said
otherwise; bandwidth is in Mbps, MTU in bytes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a link is to its pair."""

    PRIMARY = "primary"
    BACKUP = "backup"


@dataclass(frozen=True, slots=True)
class AwsEnd:
    """Where a link meets a Transit Gateway."""

    region: str
    asn: int
    """Of the Transit Gateway."""
    route_table: str
    """The one Transit Gateway table that traffic from the link is looked up in."""
    propagates_to: Sequence[str]
    """Transit Gateway tables that learn what the link brings."""


@dataclass(frozen=True, slots=True)
class AzureEnd:
    """Where a link meets a virtual hub. The ASN is 65515 on every hub."""

    region: str
    labels: Sequence[str]
    """Labels of the hub route tables that learn what the link brings; the same for every branch (Azure's rule)."""
    sends: Sequence[str]
    """Aggregates that longer prefixes are summarised to when they leave."""
    accepts: Sequence[str]
    """Aggregates that longer prefixes are summarised to when they arrive; everything else is dropped."""


@dataclass(frozen=True, slots=True)
class GcpEnd:
    """Where a link meets the Cloud Router of a region in the transit VPC."""

    region: str
    asn: int
    """Of the Cloud Router that speaks for VPN."""
    group: str
    """Group of the connectivity hub that hybrid spokes join: `default` or `center`."""
    accepts: Sequence[str]
    """Aggregates that are learned; everything else is dropped."""
    accepts_longer: bool
    """Whether prefixes inside the aggregates are learned too. A Transit Gateway sends its VPCs' beside the aggregates,
    and they would win over a circuit that brings aggregates only."""
    med: int
    """MED that learned routes are given, and that is sent: lower wins."""
    prepends: int
    """How often the neighbour's ASN is repeated on learned routes: shorter wins before MED is looked at."""


@dataclass(frozen=True, slots=True)
class SiteEnd:
    """Where a link meets a site."""

    name: str
    asn: int
    prefixes: Sequence[str]
    devices: Mapping[str, str]
    """Device -> public address."""


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
class Leg:
    """One virtual circuit with one BGP session over it, as the router in the middle sees it."""

    key: str
    """For example `primary`; never changes."""
    connection_name: str
    """Name at the exchange, 24 characters at most; AWS finds its hosted connection by it."""
    middle_address: str | None
    """The middle router's address with its mask. None where Google gives the addresses out."""
    end_address: str | None
    """The far end's address without mask. None where Google gives the addresses out."""


@dataclass(frozen=True, slots=True)
class Preference:
    """How a circuit ranks among those that bring the same prefixes: the first metro wins in both directions."""

    prepends: int
    """What the middle adds to its path when it sends: 0, 1, 3 or 5 (Equinix's choices)."""
    med: int
    """MED that the middle sends: lower wins."""
    weight: int
    """ExpressRoute connection weight: higher wins on the way out of Azure."""


@dataclass(frozen=True, slots=True)
class CircuitSession:
    """What the middle's sessions with one party carry."""

    sends: Sequence[str]
    """Aggregates of everybody else, let out to the party."""
    accepts: Sequence[str]
    """Aggregates of the party, let in."""


@dataclass(frozen=True, slots=True)
class AwsCircuit:
    """A hosted Direct Connect connection with its transit virtual interface."""

    name: str
    """Of the component: `exchange-dc-aws`."""
    metro: str
    seller_region: str
    """AWS region that the Direct Connect location belongs to; the connection shows up there."""
    bandwidth: int
    profile: str
    """Equinix service profile by name."""
    mtu: int
    leg: Leg
    preference: Preference
    session: CircuitSession


@dataclass(frozen=True, slots=True)
class AzureCircuit:
    """An ExpressRoute circuit: two legs into one metro."""

    name: str
    metro: str
    physical_name: str
    """In Azure: `prod-dc`."""
    provider: str
    """Service provider as Azure knows it: `Equinix`."""
    peering_location: str
    """Metro as Azure names it: `Washington DC`."""
    bandwidth: int
    vlan: int
    primary_prefix: str
    """The /30 of the primary leg; the middle has the first host, Microsoft the second."""
    secondary_prefix: str
    legs: Sequence[Leg]
    """Primary, then secondary."""
    preference: Preference
    session: CircuitSession


@dataclass(frozen=True, slots=True)
class GcpLeg:
    """One Partner Interconnect attachment and its virtual circuit."""

    domain: int
    """Edge availability domain, 1 or 2; the exchange's profile for that zone has to match."""
    profile: str
    leg: Leg


@dataclass(frozen=True, slots=True)
class GcpCircuit:
    """Two Partner Interconnect attachments, one in each edge availability domain of a metro."""

    name: str
    metro: str
    physical_name: str
    """In Google Cloud: `prod-dc`."""
    region: str
    bandwidth: int
    mtu: int
    group: str
    """Group of the connectivity hub that the hybrid spoke joins: `default` or `center`."""
    legs: Sequence[GcpLeg]
    preference: Preference
    session: CircuitSession


@dataclass(frozen=True, slots=True)
class SiteCircuit:
    """A virtual circuit from the exchange to a port of a site."""

    name: str
    metro: str
    site: str
    port_id: str
    """UUID of the Fabric port."""
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
    """A Direct Connect gateway and what it tells the other side of one Transit Gateway."""

    end: AwsEnd
    asn: int
    """Of the Direct Connect gateway; differs from every Transit Gateway's."""
    allowed_prefixes: Sequence[str]
    """Aggregates that are announced to the other side."""


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
