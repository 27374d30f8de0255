"""What the Google Cloud part of a plan says: VPC networks, their filters, Cloud Routers and the connectivity hub."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

PARTNER_ASN = 16550
"""Google's own; a Cloud Router without it takes no Partner Interconnect attachment."""


@dataclass(frozen=True, slots=True)
class Subnet:
    """One regional subnet."""

    key: str
    """`<tier>-<region>`, for example `private-us-east4`; never changes."""
    tier: str
    """`private`; in the transit network `transit`, or `resolver` for the second place where Google answers."""
    region: str
    cidr: str
    secondary: Mapping[str, str]
    """Name (`pods`, `services`) -> CIDR."""


@dataclass(frozen=True, slots=True)
class FirewallRule:
    """One rule of a network firewall policy."""

    name: str
    priority: int
    direction: str
    """`INGRESS` or `EGRESS`."""
    action: str
    """`allow`, `deny`, or `goto_next` to leave the decision to the rules after the policy."""
    prefixes: Sequence[str]
    """CIDRs of the far side."""
    port: int | None = None
    """Of the side that is asked, by TCP and UDP; None for all protocols."""


@dataclass(frozen=True, slots=True)
class Router:
    """One Cloud Router that speaks BGP; hybrid spokes hang on it.

    A region has one with a private ASN, for tunnels, and one with `PARTNER_ASN` where attachments land.
    """

    region: str
    asn: int
    advertised: Mapping[str, str]
    """CIDR -> what it is; the routes sent to every peer, and nothing else."""
    suffix: str = "router"
    """What it is called in its network: `<network>-<suffix>-<region>`; never changes."""


@dataclass(frozen=True, slots=True)
class Network:
    """One VPC network. Google's are global: subnets name their regions."""

    name: str
    physical_name: str
    """Start of the names in Google Cloud, for example `prod-analytics`."""
    segment: str | None
    """None for the transit network of the hub, which belongs to no segment."""
    subnets: Sequence[Subnet]
    nat_regions: Sequence[str]
    """Regions with a Cloud NAT."""
    firewall_rules: Sequence[FirewallRule]
    group: str
    """Group of the connectivity hub that the network's spoke joins: `default`, `center` or `edge`."""
    hidden_ranges: Sequence[str]
    """CIDRs that the spoke does not tell the hub: service ranges of clusters mean nothing outside them."""
    external_ranges: Mapping[str, str]
    """Name -> CIDR in use elsewhere (other clouds, sites): reserved so that no subnet here can take it."""
    routers: Sequence[Router]


@dataclass(frozen=True, slots=True)
class Hub:
    """The Network Connectivity Center hub; its topology can never change."""

    physical_name: str
    topology: str
    """`MESH` or `STAR`."""
    groups: Sequence[str]


@dataclass(frozen=True, slots=True)
class Gcp:
    """Everything the stack builds in Google Cloud."""

    project: str
    home_region: str
    hub: Hub
    networks: Sequence[Network]
    """The transit network included."""
    register_addresses: bool
    """Whether every range is also reserved as an internal range."""
