"""What a plan says of links whose middle is not ours: others' circuits, ports of sites, the clouds' own link."""

from collections.abc import Sequence
from dataclasses import dataclass

from planning.links.circuit_types import AwsCircuit, AzureCircuit, AzureEnd, GcpCircuit, GcpEnd


@dataclass(frozen=True, slots=True)
class MiddleSession:
    """What the owner of a router in the middle, or of a site, configures for one session with a cloud."""

    party: str
    """The cloud."""
    leg: str
    asn: int
    """Of the router that is configured."""
    cloud_asn: int
    address: str | None
    """The router's own, with its mask. None where Google gives the addresses out."""
    cloud_address: str | None
    """The cloud's, without mask. None where Google gives the addresses out."""
    vlan: int | None
    """None where the provider of the circuit chooses it."""
    accepts: Sequence[str]
    """Aggregates of the cloud, to be let in and nothing else."""
    sends: Sequence[str]
    """Aggregates of everybody else, to be let out to the cloud and nothing else."""
    prepends: int
    """How often the router repeats its own ASN when it sends."""
    med: int
    """MED that the router sends."""


@dataclass(frozen=True, slots=True)
class ExternalAws:
    """The AWS end of somebody else's circuit."""

    circuit: AwsCircuit
    connection_id: str | None
    """Of the hosted connection. None: it is not there yet."""
    vlan: int | None
    accepted: bool
    """Whether somebody else has accepted the connection already."""


@dataclass(frozen=True, slots=True)
class ExternalAzure:
    """The Azure end of somebody else's circuit."""

    circuit: AzureCircuit
    end: AzureEnd
    provisioned: bool
    """Whether the provider has connected it, so that sessions can be configured."""


@dataclass(frozen=True, slots=True)
class ExternalGcp:
    """The Google end of somebody else's circuit."""

    circuit: GcpCircuit
    provisioned: bool
    """Whether the provider has connected both attachments."""


@dataclass(frozen=True, slots=True)
class External:
    """A router or service of somebody else in one metro, and our ends of its circuits."""

    name: str
    metro: str
    rank: int
    """1 is preferred."""
    asn: int
    """Of the router in the middle."""
    provider: str | None
    """As Azure names it."""
    bandwidth: int
    """Mbps of each circuit."""
    aws: ExternalAws | None
    azure: ExternalAzure | None
    gcp: ExternalGcp | None
    sites: Sequence[str]
    """What it reaches on its own."""
    sessions: Sequence[MiddleSession]
    """What its owner configures."""

    def reaches(self, party: str) -> bool:
        """Tell whether a cloud or a site is met here."""
        ends = {"aws": self.aws, "azure": self.azure, "gcp": self.gcp}
        return party in self.sites or ends.get(party) is not None


@dataclass(frozen=True, slots=True)
class DirectConnectOrder:
    """A dedicated connection of AWS Direct Connect to order."""

    location: str
    """Code of the Direct Connect location: `EqDC2`."""
    bandwidth: str
    """As AWS writes it: `10Gbps`."""


@dataclass(frozen=True, slots=True)
class DedicatedAws:
    """A port of a site's at AWS."""

    circuit: AwsCircuit
    """Interface and leg; the site has the first host."""
    site: str
    asn: int
    """Of the site."""
    vlan: int
    origin: str | DirectConnectOrder
    """Id of the connection that is there, or the order of one."""
    up: bool
    """Whether the port is patched, so that an interface can be made on it."""
    sessions: Sequence[MiddleSession]


@dataclass(frozen=True, slots=True)
class ExpressRouteOrder:
    """A pair of ExpressRoute Direct ports to order."""

    location: str
    """Peering location: `Equinix-Ashburn-DC2`."""
    bandwidth_gbps: int
    """Of each port."""


@dataclass(frozen=True, slots=True)
class DedicatedAzure:
    """A pair of ports of a site's at Azure, and a circuit on it."""

    circuit: AzureCircuit
    """The site has the first host of both legs."""
    end: AzureEnd
    site: str
    asn: int
    """Of the site."""
    origin: str | ExpressRouteOrder
    """Resource id of the ports that are there, or the order of some."""
    up: bool
    """Whether the ports are patched, so that sessions can be configured."""
    sessions: Sequence[MiddleSession]


@dataclass(frozen=True, slots=True)
class InterconnectOrder:
    """A Dedicated Interconnect to order."""

    location: str
    """Colocation facility: `iad-zone1-1`."""
    link_type: str
    """As Google names it: `LINK_TYPE_ETHERNET_10G_LR`."""
    links: int
    customer_name: str
    contact: str


@dataclass(frozen=True, slots=True)
class DedicatedGcp:
    """A port of a site's at Google, and an attachment on it."""

    name: str
    """Of the component: `dedicated-hq-east-gcp`."""
    physical_name: str
    site: str
    asn: int
    """Of the site."""
    end: GcpEnd
    origin: str | InterconnectOrder
    """Name of the interconnect that is there, or the order of one."""
    up: bool
    """Whether the port is patched, so that an attachment can be made on it."""
    vlan: int
    bandwidth: int
    """Mbps."""
    mtu: int
    address: str
    """The Cloud Router's, with the mask of the /29."""
    site_address: str
    """The site's, with the mask of the /29."""
    sessions: Sequence[MiddleSession]


Dedicated = DedicatedAws | DedicatedAzure | DedicatedGcp
"""A port of a site's straight at a cloud."""


@dataclass(frozen=True, slots=True)
class Native:
    """What AWS and Google join themselves by: Google's half as a resource, AWS's as an instruction."""

    name: str
    """Of the component: `aws-gcp-native`."""
    physical_name: str
    project: str
    region: str
    """Google's."""
    aws_region: str
    aws_account_id: str
    remote_profile: str
    """Name of the far end's profile: `aws-us-east-1`."""
    bandwidth: int
    """Mbps."""
    advertised: Sequence[str]
    """Aggregates that Google sends."""
    key_given: bool
    """Whether AWS made the activation key; else Google makes it."""
