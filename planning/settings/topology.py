"""What is joined: segments, networks, hubs and sites."""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from planning import limits
from planning.settings.addressing import Cloud
from planning.settings.external import Dedicated, Vlan, check_origin
from planning.settings.types import Address, Asn, Name, Prefix, Section, Uuid, refuse


class Segment(Section):
    """A routing domain. Networks of one segment reach each other, and nothing else unless `reaches` says so."""

    reaches: tuple[str, ...] = ()
    """Other segments, or `sites` for all sites. Written on one side it holds for both. Default: none."""


class Nat(StrEnum):
    """How a network's private subnets get out to the internet."""

    NONE = "none"
    ONE = "one"
    PER_ZONE = "per-zone"
    CENTRAL = "central"


class Kubernetes(Section):
    """Address ranges for clusters in a network."""

    pods: int = Field(default=18, ge=16, le=22)
    """Prefix length of the routable pod range."""
    services: int = Field(default=20, ge=16, le=24)
    """Prefix length of the service range, which stays inside the cluster."""


class Network(Section):
    """A VPC, a VNet or a Google VPC network."""

    cloud: Cloud
    region: str
    size: Annotated[int, Field(ge=limits.LARGEST_NETWORK, le=limits.SMALLEST_NETWORK)] | None = None
    """Prefix length of the range that the ledger gives out; or `cidr`."""
    cidr: Prefix | None = None
    """A range that must be this one (adopted), because others route to it already; or `size`. The network is new."""
    segment: Name | None = None
    """Default: the only segment there is."""
    zones: int | None = Field(default=None, ge=1)
    """AWS: zones with subnets. Default: three, or all of a smaller region. Azure's and Google's subnets span zones."""
    nat: Nat = Nat.NONE
    """Default: no way out to the internet."""
    public: bool = False
    """AWS: public subnets and an internet gateway. Default: only what `nat` needs."""
    kubernetes: Kubernetes | None = None
    """Default: no ranges for clusters."""

    @model_validator(mode="after")
    def _one_way_to_an_address(self) -> Self:
        if (self.size is None) == (self.cidr is None):
            raise refuse(
                "needs either a size or a cidr",
                "give size (the ledger finds the range) or cidr (the range is there already)",
            )
        return self


class Topology(StrEnum):
    """Shapes of a Network Connectivity Center hub."""

    MESH = "mesh"
    STAR = "star"


class GcpHubs(Section):
    """How Google's hub is shaped; fixed when it is created."""

    topology: Topology = Topology.MESH
    """`mesh`: every segment table fits, firewall policies keep segments apart. `star`: routes keep edges apart too."""


class AwsHub(StrEnum):
    """What joins AWS's networks. The values are also the ledger's names of the ASNs that they need."""

    TRANSIT_GATEWAY = "transit-gateway"
    CLOUD_WAN = "cloud-wan"


class Hubs(Section):
    """What cannot be derived about hubs."""

    aws: AwsHub = AwsHub.TRANSIT_GATEWAY
    """`transit-gateway`: one in each region, peered. `cloud-wan`: one core network for all regions. Fixed when it is
    deployed."""
    gcp: GcpHubs = GcpHubs()


class Device(Section):
    """A router or firewall at a site that terminates VPN tunnels."""

    address: Address
    """Public address."""


class PortOrder(Section):
    """A port at the cloud exchange to order: a contract of 12 months, and never deleted from here."""

    ibx: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}[0-9]{1,2}$")]
    """Data centre of Equinix's, for example `DC5`."""
    speed: Literal[1_000, 10_000, 100_000]
    """Mbps."""
    cage: str
    """Unique space id of the site's cage, for example `DC5:01:002087`."""
    cabinet: str
    """Unique space id of the cabinet, or `Demarc`."""
    patch_panel: str
    """Where the cross connect ends, for example `PP:Demarc:00002087`."""
    connector: str
    """Of the fibre, for example `SC`."""
    users: Annotated[tuple[str, ...], Field(min_length=1)]
    """User names at Equinix that it writes to about the port; it takes no addresses for this."""


class Port(Section):
    """A port of a site's at the cloud exchange (Equinix Fabric): there already, or to be ordered."""

    vlan: Vlan
    """VLAN on the port that the link takes."""
    id: Uuid | None = None
    """Or `order`."""
    order: PortOrder | None = None
    """Or `id`."""
    provisioned: bool = False
    """Whether an ordered port is patched and up. One that is there already is taken to be."""

    @model_validator(mode="after")
    def _origin(self) -> Self:
        given, ordered = self.id is not None, self.order is not None
        check_origin("id", given=given, ordered=ordered, provisioned=self.provisioned)
        return self


class Site(Section):
    """A place of the company's own."""

    prefixes: Annotated[tuple[Prefix, ...], Field(min_length=1)]
    asn: Asn
    dns: tuple[Address, ...] = ()
    """Addresses of its DNS servers. Default: none, so its names are not resolved from the clouds."""
    devices: dict[Name, Device] = {}
    """Default: none, so no VPN can reach it."""
    ports: dict[str, Port] = {}
    """Metro code -> port there. Default: none, so no exchange can reach it."""
    dedicated: Dedicated = Dedicated()
    """Ports straight at clouds. Default: none."""


__all__ = ["AwsHub", "Cloud", "Hubs", "Kubernetes", "Nat", "Network", "Segment", "Site", "Topology"]
