"""Circuits to a router in the middle, whoever provides it: the same ends, addresses, sessions and preferences."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

from planning.estate import Estate
from planning.layouts.gcp import hybrid_group
from planning.links.ends import announced
from planning.links.metros import Metro
from planning.links.requests import AZURE_LEGS
from planning.links.types import AwsCircuit, AzureCircuit, CircuitSession, GcpCircuit, GcpLeg, Leg, Preference
from planning.settings import Cloud

MTU = 1500
"""ExpressRoute takes no more, and one MTU for all circuits spares a path that fragments in one direction only."""
PREFERENCES = (
    Preference(prepends=0, med=100, weight=100),
    Preference(prepends=3, med=200, weight=50),
    Preference(prepends=5, med=300, weight=0),
)
"""First middle, second, all others."""


def preference(place: int) -> Preference:
    """Give the preference of the first middle (0), the second (1) and so on."""
    return PREFERENCES[min(place, len(PREFERENCES) - 1)]


@dataclass(frozen=True, slots=True)
class Middle:
    """Where circuits meet, and what they are called."""

    kind: str
    """Starts the names of components and of the ledger's entries: `exchange`."""
    key: str
    """Tells middles of a kind apart, and never changes: `dc`."""
    start: str
    """Of names at the provider and in the clouds: `prod-dc`."""
    metro: Metro
    bandwidth: int
    preference: Preference
    aws_profile: str = ""
    """Equinix service profile."""
    gcp_profile: str = ""
    """Equinix service profile, without its zone."""


class Circuits:
    """The circuits of one middle."""

    def __init__(self, estate: Estate, middle: Middle, far: Callable[[str], Sequence[str]]) -> None:
        """Plan for an estate; `far` lists whom a party meets in this middle."""
        self.estate = estate
        self.middle = middle
        self.far = far

    def aws(self, region: str | None = None) -> AwsCircuit:
        """Plan the circuit to AWS; `region` is that of the Direct Connect location, if not the metro's."""
        return AwsCircuit(
            name=self.name(Cloud.AWS),
            metro=self.middle.metro.code,
            seller_region=region or self.middle.metro.aws_region or "",
            bandwidth=self.middle.bandwidth,
            profile=self.middle.aws_profile,
            mtu=MTU,
            leg=self.leg(Cloud.AWS, "primary", ""),
            preference=self.middle.preference,
            session=self.session(Cloud.AWS),
        )

    def azure(self, provider: str, location: str | None = None, vlan: int | None = None) -> AzureCircuit:
        """Plan the circuit to Azure; peering location and VLAN follow from the metro unless given."""
        primary, secondary = (self._inside(Cloud.AZURE, leg) for leg in AZURE_LEGS)
        return AzureCircuit(
            name=self.name(Cloud.AZURE),
            metro=self.middle.metro.code,
            physical_name=self.middle.start,
            provider=provider,
            peering_location=location or self.middle.metro.azure_location or "",
            bandwidth=self.middle.bandwidth,
            vlan=vlan or _vlan(self.middle.metro.code),
            primary_prefix=str(primary),
            secondary_prefix=str(secondary),
            legs=[self.leg(Cloud.AZURE, key, f"-{number}") for number, key in enumerate(AZURE_LEGS, start=1)],
            preference=self.middle.preference,
            session=self.session(Cloud.AZURE),
        )

    def gcp(self) -> GcpCircuit:
        """Plan the circuit to Google: a leg in each edge availability domain."""
        profile = self.middle.gcp_profile
        return GcpCircuit(
            name=self.name(Cloud.GCP),
            metro=self.middle.metro.code,
            physical_name=self.middle.start,
            region=self.estate.gateway_region(Cloud.GCP),
            bandwidth=self.middle.bandwidth,
            mtu=MTU,
            group=hybrid_group(self.estate),
            legs=[
                GcpLeg(
                    domain=domain,
                    profile=f"{profile} {domain}" if profile else "",
                    leg=Leg(f"domain-{domain}", f"{self.middle.start}-gcp-{domain}", None, None),
                )
                for domain in (1, 2)
            ],
            preference=self.middle.preference,
            session=self.session(Cloud.GCP),
        )

    def name(self, party: str) -> str:
        """Name the component of a circuit."""
        return f"{self.middle.kind}-{self.middle.key}-{party}"

    def leg(self, party: str, key: str, suffix: str) -> Leg:
        """Plan a leg. The middle has the first host: Microsoft takes the second of every /30 [D22]."""
        inside = self._inside(party, key)
        middle, end = inside.hosts()
        return Leg(key, f"{self.middle.start}-{party}{suffix}", f"{middle}/{inside.prefixlen}", str(end))

    def session(self, party: str) -> CircuitSession:
        """Plan what the middle's sessions with a party carry."""
        sends = announced(self.estate, self.far(party))
        return CircuitSession(sends=sends, accepts=self.estate.announced_by(party))

    def _inside(self, party: str, leg: str) -> IPv4Network:
        return self.estate.held.links[f"{self.middle.kind}/{self.middle.key}/{party}/{leg}"]


def _vlan(metro: str) -> int:
    """Make a VLAN from the metro's two letters, so that every circuit has one of its own and keeps it: 100 to 775."""
    first, second = (ord(letter) - ord("A") for letter in metro)
    return 100 + 26 * first + second
