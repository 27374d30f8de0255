"""What a plan says of the ends of links, and of circuits whoever has the middle.

Addresses of sessions are IPv4 without a mask unless said otherwise; bandwidth is in Mbps, MTU in bytes.
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
    """Where a link meets AWS's hub: a Transit Gateway, or the edge of a core network."""

    region: str
    asn: int
    """Of the Transit Gateway or the edge."""
    route_table: str
    """The one Transit Gateway table, or segment, that traffic from the link is looked up in."""
    propagates_to: Sequence[str]
    """Transit Gateway tables that learn what the link brings; a core network's policy says it for segments."""


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
    """Aggregates that are learned; everything else is dropped, also what is inside them: a Transit Gateway sends its
    VPCs' prefixes beside them, and those would win over a circuit that brings aggregates only."""
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
    """Metro code; empty for a port of a site's, which may stand anywhere."""
    seller_region: str
    """AWS region that the Direct Connect location belongs to; the connection shows up there."""
    bandwidth: int
    profile: str
    """Equinix service profile by name; empty where the middle is somebody else's."""
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
    """Service provider as Azure knows it: `Equinix`; empty where the circuit is on ports of a site's."""
    peering_location: str
    """Metro as Azure names it: `Washington DC`; empty where the circuit is on ports of a site's."""
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
