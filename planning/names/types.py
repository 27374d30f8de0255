"""What the names part of a plan says: zones, who forwards what to whom, and where resolvers stand.

Domains are written without a trailing dot; components add it where a provider wants it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

ONPREM = "onprem"
"""Owner of the names of all sites."""
NAMES = "names"
"""Key of the zone of a cloud's own names."""
TTL = 300
"""Seconds that answers of zones may be kept: they change only with the ledger, which keeps addresses for good."""


@dataclass(frozen=True, slots=True)
class Server:
    """An address that answers queries from outside for an owner's names."""

    key: str
    """Within its owner: subnet of the endpoint (`resolver-az1`, `resolver-inbound`, `transit-us-east4`) or, of a site,
    `hq-10-48-0-53`; never changes."""
    address: str | None
    """None for one of Google's that is looked up once it is there."""


@dataclass(frozen=True, slots=True)
class Forward:
    """A domain that a resolver sends to its owner, with all that is below it."""

    key: str
    """Part of resource names: `azure`, `onprem`, `reverse-10-17`, `service-documents`; never changes."""
    domain: str
    owner: str
    """`aws`, `azure`, `gcp` or `onprem`."""
    servers: Sequence[Server]
    """The owner's that are joined to who asks; never empty."""


@dataclass(frozen=True, slots=True)
class ZoneRecord:
    """A record of a zone for private services."""

    name: str
    """Within the zone: `@`, or `*` for all that is below."""
    addresses: Sequence[str]


@dataclass(frozen=True, slots=True)
class Zone:
    """A private zone."""

    key: str
    """Part of resource names: `names` for the owner's own, `reverse-10-1`, `service-files`; never changes."""
    domain: str
    networks: Sequence[str]
    """Names of the networks that see it, the transit networks included."""
    records: Sequence[ZoneRecord] = ()
    redirect: bool = False
    """Azure: ask the internet for what the zone does not have."""


@dataclass(frozen=True, slots=True)
class NamedServer:
    """A server's own name and the way back from its address: what proves from anywhere that names resolve."""

    label: str
    """`dns-1`, in the zone `names`."""
    server: Server
    reverse_zone: str
    """Key of the reverse zone that holds its address."""


@dataclass(frozen=True, slots=True)
class AwsResolver:
    """The Route 53 Resolver of one region."""

    region: str
    network: str
    """Transit VPC that the endpoints stand in."""
    inbound: Mapping[str, str]
    """Subnet -> address; empty in regions where no link lands."""
    outbound: Mapping[str, str]
    """Subnet -> address; empty where nothing is forwarded."""
    asked_by: Mapping[str, str]
    """CIDRs that queries come from -> whose they are."""
    asks: Mapping[str, str]
    """CIDRs that queries go to -> whose they are."""
    forwards: Sequence[Forward]
    networks: Sequence[str]
    """Names of the region's VPCs, whose queries follow the forwards; the transit VPC included."""


@dataclass(frozen=True, slots=True)
class AwsNames:
    """Names in AWS."""

    zones: Sequence[Zone]
    """Their first network is in the region where links land."""
    named: Sequence[NamedServer]
    resolvers: Sequence[AwsResolver]
    shared_with: Sequence[str]
    """Account ids whose VPCs may take over zones and forwards."""
    offered: Sequence[str]
    """Keys of the zones that they may take over: those that every network of ours sees."""
    profiles_in: Sequence[str]
    """Regions with a Route 53 Profile for them; it bills by the hour, so none where nobody is shared with."""


@dataclass(frozen=True, slots=True)
class AzureResolver:
    """The DNS Private Resolver of one region."""

    region: str
    physical_name: str
    """In Azure: `prod-eastus-dns`."""
    network: str
    """Transit VNet that the endpoints stand in."""
    inbound: Mapping[str, str]
    """Subnet -> address, an endpoint each; empty in regions where no link lands."""
    outbound: str | None
    """Subnet; None where nothing is forwarded."""
    forwards: Sequence[Forward]
    networks: Sequence[str]
    """Names of the region's VNets, whose queries follow the forwards; the transit VNet included."""


@dataclass(frozen=True, slots=True)
class AzureNames:
    """Names in Azure."""

    zones: Sequence[Zone]
    named: Sequence[NamedServer]
    resolvers: Sequence[AzureResolver]


@dataclass(frozen=True, slots=True)
class GcpNames:
    """Names in Google Cloud: one VPC forwards for all, the others ask it by peering zones."""

    physical_name: str
    """Start of the names in Google Cloud: `prod`."""
    region: str
    """Where links land, and the entry points are."""
    network: str
    """The VPC that forwards and is asked: the transit network."""
    entry_points: Mapping[str, Server]
    """Subnet -> the address there that answers; empty where nobody asks."""
    zones: Sequence[Zone]
    named: Sequence[NamedServer]
    forwards: Sequence[Forward]
    peered: Sequence[str]
    """Names of the other networks."""


@dataclass(frozen=True, slots=True)
class SiteNames:
    """What a site's own DNS servers have to do."""

    site: str
    servers: Sequence[str]
    """Their addresses."""
    own: Sequence[str]
    """Domains that they answer for: their own first, then reverse zones."""
    forwards: Sequence[Forward]
    asked_by: Mapping[str, str]
    """CIDRs that queries come from -> whose they are."""


@dataclass(frozen=True, slots=True)
class Names:
    """All private names of the stack."""

    private: str
    """The root."""
    aws: AwsNames | None
    azure: AzureNames | None
    gcp: GcpNames | None
    sites: Mapping[str, SiteNames]
    """Sites with DNS servers of their own that links bring."""
