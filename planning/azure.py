"""What the Azure part of a plan says: VNets, their filters, virtual hubs and how they join."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SecurityRule:
    """One rule of a network security group."""

    name: str
    priority: int
    direction: str
    """`Inbound` or `Outbound`."""
    access: str
    """`Allow` or `Deny`."""
    prefixes: Sequence[str]
    """CIDRs of the far side: sources of an inbound rule, destinations of an outbound one."""
    protocol: str = "*"
    """`Tcp`, `Udp`, or `*` for any."""
    port: str = "*"
    """Destination port, or `*` for any."""


@dataclass(frozen=True, slots=True)
class Subnet:
    """One subnet; regional, so it spans the zones."""

    key: str
    """The tier, for example `private`; never changes."""
    tier: str
    cidr: str
    nat: bool
    """Whether the network's NAT gateway serves it."""
    delegation: str | None
    """Service that the subnet is given to, for example `Microsoft.Network/dnsResolvers`."""


@dataclass(frozen=True, slots=True)
class Connection:
    """How a VNet hangs on its region's virtual hub."""

    route_table: str
    """Name of the hub route table that traffic from this VNet is looked up in (association)."""
    labels: Sequence[str]
    """Labels of the hub route tables that learn this VNet's prefixes, in every hub of the WAN."""


@dataclass(frozen=True, slots=True)
class Network:
    """One VNet with its own resource group."""

    name: str
    physical_name: str
    """Start of the names in Azure, for example `prod-identity`."""
    region: str
    segment: str | None
    """None for the transit network of a hub, which belongs to no segment."""
    address_space: Sequence[str]
    subnets: Sequence[Subnet]
    nat_gateway: bool
    security_rules: Sequence[SecurityRule]
    drops: Mapping[str, str]
    """Route name -> CIDR dropped (next hop None) unless the hub knows a more specific route."""
    connection: Connection


@dataclass(frozen=True, slots=True)
class Hub:
    """One virtual hub."""

    region: str
    physical_name: str
    prefix: str
    """CIDR, immutable once created."""
    route_tables: Mapping[str, Sequence[str]]
    """Name -> labels; one table for each segment, labelled with the segment's name."""


@dataclass(frozen=True, slots=True)
class Ipam:
    """What Azure's own address manager is told, so that nobody else takes what the ledger gave out."""

    home_region: str
    pools: Mapping[str, Sequence[str]]
    """Region -> CIDRs of its pool."""
    allocations: Mapping[str, Mapping[str, str]]
    """Region -> name -> CIDR taken from its pool."""


@dataclass(frozen=True, slots=True)
class FlowLogStore:
    """Where the flow logs of one region's VNets go."""

    region: str
    account_name: str
    """Storage account, unique in all of Azure."""


@dataclass(frozen=True, slots=True)
class Azure:
    """Everything the stack builds in Azure."""

    subscription_id: str
    physical_name: str
    """Start of the names of what all regions share, for example `prod`."""
    home_region: str
    """Where the resource group and the virtual WAN are kept."""
    hubs: Sequence[Hub]
    networks: Sequence[Network]
    """Transit networks included."""
    ipam: Ipam | None
    flow_log_stores: Sequence[FlowLogStore]
    flow_log_retention_days: int
