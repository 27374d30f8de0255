"""What the AWS part of a plan says: VPCs, their routes, and the hubs they join: Transit Gateways or a core network."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

LINKS = "links"
"""Transit Gateway table, or segment of a core network, that what arrives over links is looked up in. It knows AWS's own
networks and nobody else's, so nothing passes through from one link to another."""
PEERING = "peering"
"""Transit Gateway table that what arrives from other regions is looked up in."""
SEGMENT_TAG = "segment"
"""Tag of a core network's attachment that names its segment."""
TUNNELS = "tunnels"
"""Label of a core network's attachments that are VPN connections."""
CIRCUITS = "circuits"
"""Label of a core network's attachment that is a Direct Connect gateway."""


class Target(Enum):
    """What a VPC route points at."""

    INTERNET_GATEWAY = "internet-gateway"
    NAT_GATEWAY = "nat-gateway"
    HUB = "hub"


@dataclass(frozen=True, slots=True)
class Route:
    """One route of a VPC route table."""

    destination: str
    """CIDR."""
    target: Target
    nat_gateway: str | None = None
    """Key in `Network.nat_gateways`; given exactly when the target is a NAT gateway."""


@dataclass(frozen=True, slots=True)
class RouteTable:
    """One VPC route table; subnets name it by its key."""

    key: str
    """For example `private-az1`."""
    routes: Sequence[Route]


@dataclass(frozen=True, slots=True)
class Subnet:
    """One subnet of one tier in one zone."""

    key: str
    """`<tier>-<zone>`, for example `private-az1`; never changes."""
    tier: str
    """`private`, `public`, `attachment`, `pods` or `resolver`."""
    zone_id: str
    """Availability zone id, for example `use1-az1`: the same place in every account, unlike a zone name."""
    cidr: str
    route_table: str
    """Key of the route table that the subnet is associated with."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """How a VPC hangs on its region's hub. Route tables are named as in `Hub.route_tables`.

    In a core network they are segments: an attachment is in one, and policy says which others learn of it.
    """

    subnets: Sequence[str]
    """Keys of the attachment subnets, one in each zone."""
    route_table: str
    """The one table that traffic from this VPC is looked up in (association)."""
    propagates_to: Sequence[str]
    """Tables that learn this VPC's prefixes."""
    default_route_in: Sequence[str]
    """Tables whose 0.0.0.0/0 points at this VPC: it is the way out for networks with central NAT."""
    summaries: Sequence[str] = ()
    """CIDRs that the table `links` sends here, so that the Transit Gateway announces them over VPN (a blackhole is not
    announced). Each CIDR is in one attachment of a region."""


@dataclass(frozen=True, slots=True)
class Network:
    """One VPC."""

    name: str
    region: str
    segment: str | None
    """None for the transit network of a hub, which belongs to no segment."""
    cidr: str
    pods_cidr: str | None
    """Second CIDR block of the VPC, for routable Kubernetes pods."""
    internet_gateway: bool
    subnets: Sequence[Subnet]
    route_tables: Sequence[RouteTable]
    nat_gateways: Mapping[str, str]
    """Key (the zone, `az1`) of each NAT gateway -> key of the public subnet that it stands in."""
    gateway_endpoints: Sequence[str]
    """Services reached through gateway endpoints: `s3`, `dynamodb`."""
    attachment: Attachment
    refused_ranges: Sequence[str] = ()
    """CIDRs that a network ACL on every subnet refuses both ways; AWS takes 19 beside the rule for the rest."""


@dataclass(frozen=True, slots=True)
class Hub:
    """One Transit Gateway."""

    region: str
    asn: int
    route_tables: Sequence[str]
    """One for each segment, named after it; `peering` where regions are peered; `transit` where NAT is central or
    resolvers stand; `links` where traffic comes in over VPN or circuits."""
    blackholes: Mapping[str, Sequence[str]]
    """Route table -> CIDRs dropped there unless a more specific route is known."""


@dataclass(frozen=True, slots=True)
class CoreNetwork:
    """A core network of Cloud WAN: one hub for all regions, in place of a Transit Gateway in each."""

    edges: Mapping[str, int]
    """Region -> ASN of the edge there."""
    segments: Sequence[str]
    """By name, then `transit` where resolvers stand or stood; `links` is the last."""
    policy: str
    """The core network policy: a JSON document."""


@dataclass(frozen=True, slots=True)
class Peering:
    """Two Transit Gateways of one account, peered; peerings carry static routes only."""

    requester: str
    """Region."""
    accepter: str
    """Region."""
    requester_routes: Mapping[str, Sequence[str]]
    """Route table of the requester's hub -> CIDRs by way of the accepter's that its networks may reach."""
    accepter_routes: Mapping[str, Sequence[str]]
    """The same the other way."""


@dataclass(frozen=True, slots=True)
class Ipam:
    """What AWS's own address manager is told, so that nobody else takes what the ledger gave out."""

    home_region: str
    supernets: Sequence[str]
    pools: Mapping[str, Sequence[str]]
    """Region -> CIDRs provisioned to its pool."""
    reserved: Mapping[str, str]
    """Name -> CIDR inside the supernets that nobody may use."""


@dataclass(frozen=True, slots=True)
class Aws:
    """Everything the stack builds in AWS."""

    account_id: str
    home_region: str
    """Where the provider signs in; every resource names its own region."""
    shared_with: Sequence[str]
    """Account ids that may attach their own VPCs to the hubs."""
    hubs: Sequence[Hub]
    """Transit Gateways; none where there is a core network."""
    networks: Sequence[Network]
    """Transit networks included."""
    peerings: Sequence[Peering]
    ipam: Ipam | None
    flow_log_retention_days: int
    core_network: CoreNetwork | None = None
