"""Links whose middle is not ours to build: circuits of another provider, a site's ports at a cloud, the clouds' own."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from planning.settings.types import Asn, Name, Section, refuse

ConnectionId = Annotated[str, StringConstraints(pattern=r"^dxcon-[a-z0-9]{8,}$")]
"""A connection of AWS Direct Connect."""

PortId = Annotated[
    str,
    StringConstraints(
        pattern=r"^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.Network/expressRoutePorts/[^/]+$"
    ),
]
"""An ExpressRoute Direct port pair."""

Vlan = Annotated[int, Field(ge=1, le=4_094)]


class ExternalAws(Section):
    """The AWS end: a hosted Direct Connect connection. Empty until the provider has made it."""

    connection_id: ConnectionId | None = None
    """Default: ordered by hand yet."""
    vlan: Vlan | None = None
    """VLAN of the hosted connection; comes with its id."""
    accepted: bool = False
    """Whether somebody has accepted the connection already: AWS takes it once. Default: it is accepted here."""
    region: str | None = None
    """Region that the Direct Connect location belongs to. Default: the metro's."""

    @model_validator(mode="after")
    def _facts_together(self) -> Self:
        if (self.connection_id is None) != (self.vlan is None):
            raise refuse("has half of its facts", "give connectionId and vlan together, as AWS shows them, or neither")
        if self.accepted and self.connection_id is None:
            raise refuse("is accepted and has no connectionId", "give connectionId and vlan, as AWS shows them")
        return self


class ExternalAzure(Section):
    """The Azure end: an ExpressRoute circuit with both legs. Empty until the provider has connected it."""

    provisioned: bool = False
    """Whether Azure shows the provider's side of the circuit as Provisioned."""
    peering_location: str | None = None
    """As Azure names it. Default: the metro's."""
    vlan: Vlan | None = None
    """VLAN that the sessions of both legs run on. Default: one made from the metro's code."""


class ExternalGcp(Section):
    """The Google end: a Partner Interconnect attachment in each edge domain. Empty until both are connected."""

    provisioned: bool = False
    """Whether Google shows both attachments as active, or pending for the customer."""


class External(Section):
    """A router or service of somebody else in one metro, and the clouds that it is to reach."""

    metro: str
    """Metro code, for example `DC`."""
    asn: Asn
    """Of the router in the middle."""
    provider: str | None = None
    """As Azure names it: `Megaport`. Default: not known, so Azure cannot be reached."""
    bandwidth: int = Field(ge=50)
    """Mbps of each circuit."""
    rank: int = Field(default=1, ge=1)
    """1 is preferred, the others take over in order; each has its own, since nobody keeps the order of a mapping."""
    aws: ExternalAws | None = None
    """Default: no circuit to AWS."""
    azure: ExternalAzure | None = None
    """Default: no circuit to Azure."""
    gcp: ExternalGcp | None = None
    """Default: no circuit to Google Cloud."""
    sites: tuple[Name, ...] = ()
    """Sites that the middle reaches on its own. Default: none."""


class DirectConnectOrder(Section):
    """A Direct Connect connection to order: billed until it is deleted."""

    location: str
    """Code of the Direct Connect location, for example `EqDC2`."""


class ExpressRouteOrder(Section):
    """A pair of ExpressRoute Direct ports to order: billed until it is deleted."""

    location: str
    """Peering location as Azure names it, for example `Equinix-Ashburn-DC2`."""
    bandwidth: Literal[10_000, 100_000, 400_000]
    """Mbps of each port."""


class InterconnectOrder(Section):
    """A Dedicated Interconnect to order: billed until it is deleted."""

    location: str
    """Name of the colocation facility, for example `iad-zone1-1`; the zone is what two ports should differ in."""
    bandwidth: Literal[10_000, 100_000, 400_000]
    """Mbps of each of its links."""
    links: int = Field(default=1, ge=1, le=8)
    customer_name: str
    """Company that the letter of authorization names."""
    contact: str
    """E-mail address that Google writes to."""


class DedicatedPort(Section):
    """A port of a site's straight at a cloud: there already, or to be ordered."""

    vlan: Vlan
    """VLAN on the port that the link takes."""
    provisioned: bool = False
    """Whether an ordered port is patched and up. One that is there already is taken to be."""


def check_origin(port: str, *, given: bool, ordered: bool, provisioned: bool) -> None:
    """Refuse a port that is neither there nor ordered, or both, and a word on orders beside one that is there."""
    if given == ordered:
        raise refuse("needs either a port that is there or an order", f"give {port} or order, not both")
    if given and provisioned:
        raise refuse("is provisioned, which only an order has to be told", f"leave it out beside {port}")


class AwsPort(DedicatedPort):
    """A dedicated connection of AWS Direct Connect."""

    bandwidth: Literal[1_000, 10_000, 100_000, 400_000]
    """Mbps."""
    connection_id: ConnectionId | None = None
    """Or `order`."""
    order: DirectConnectOrder | None = None
    """Or `connectionId`."""
    region: str | None = None
    """Region that the Direct Connect location belongs to. Default: the one where AWS's links land."""

    @model_validator(mode="after")
    def _origin(self) -> Self:
        given, ordered = self.connection_id is not None, self.order is not None
        check_origin("connectionId", given=given, ordered=ordered, provisioned=self.provisioned)
        return self


class AzurePort(DedicatedPort):
    """A circuit on a pair of ExpressRoute Direct ports."""

    bandwidth: int = Field(ge=1_000)
    """Mbps of the circuit on the ports."""
    port_id: PortId | None = None
    """Or `order`."""
    order: ExpressRouteOrder | None = None
    """Or `portId`."""

    @model_validator(mode="after")
    def _origin(self) -> Self:
        given, ordered = self.port_id is not None, self.order is not None
        check_origin("portId", given=given, ordered=ordered, provisioned=self.provisioned)
        return self


class GcpPort(DedicatedPort):
    """An attachment on a Dedicated Interconnect."""

    bandwidth: Literal[50, 100, 200, 300, 400, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 400_000]
    """Mbps of the attachment."""
    interconnect: str | None = None
    """Name of the connection in the project; or `order`."""
    order: InterconnectOrder | None = None
    """Or `interconnect`."""

    @model_validator(mode="after")
    def _origin(self) -> Self:
        given, ordered = self.interconnect is not None, self.order is not None
        check_origin("interconnect", given=given, ordered=ordered, provisioned=self.provisioned)
        return self


class Dedicated(Section):
    """Ports of a site, by cloud and by a name that never changes."""

    aws: dict[Name, AwsPort] = {}
    """Default: none."""
    azure: dict[Name, AzurePort] = {}
    """Default: none."""
    gcp: dict[Name, GcpPort] = {}
    """Default: none."""


class Native(Section):
    """AWS Interconnect - multicloud with Google's Partner Cross-Cloud Interconnect."""

    bandwidth: int = Field(default=1_000, ge=1_000, le=100_000, multiple_of=1_000)
    """Mbps."""
    remote_profile: str | None = None
    """As Google names the far end. Default: `aws-` and AWS's region."""


__all__ = [
    "AwsPort",
    "AzurePort",
    "Dedicated",
    "External",
    "ExternalAws",
    "ExternalAzure",
    "ExternalGcp",
    "GcpPort",
    "Native",
]
