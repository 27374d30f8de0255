"""Circuits over the cloud exchange: a router in each metro, and from it a circuit to every party."""

from collections.abc import Sequence
from ipaddress import IPv4Network

from planning.estate import Estate
from planning.layouts.gcp import hybrid_group
from planning.links.ends import announced, aws_end, azure_end, met_over
from planning.links.metros import METROS
from planning.links.requests import AZURE_LEGS, parties_on_exchange
from planning.links.types import (
    AwsCircuit,
    AwsCircuitGateway,
    AzureCircuit,
    AzureCircuitGateway,
    CircuitSession,
    Exchange,
    ExchangeRouter,
    GcpCircuit,
    GcpLeg,
    Leg,
    Preference,
    SiteCircuit,
)
from planning.settings import Cloud
from planning.settings import links as wanted
from planning.settings.accounts import EquinixAccount
from planning.settings.links import Transport

MTU = 1500
"""ExpressRoute takes no more, and one MTU for all circuits spares a path that fragments in one direction only."""
HIGH_CAPACITY_MBPS = 1000
"""From here on AWS is another service profile at the exchange [D45]."""
PREFERENCES = (
    Preference(prepends=0, med=100, weight=100),
    Preference(prepends=3, med=200, weight=50),
    Preference(prepends=5, med=300, weight=0),
)
"""First metro, second, all others."""
AZURE_UNIT_MBPS = 2000
"""An ExpressRoute gateway grows by such units [D20]."""


def exchange(estate: Estate) -> Exchange | None:
    """Plan the exchange, or None where no pair runs over it."""
    settings = estate.settings
    account = settings.accounts.equinix
    links = settings.links.exchange if settings.links else None
    parties = parties_on_exchange(settings)
    if links is None or account is None or not parties:
        return None
    return _exchange(estate, links, account, parties)


def _exchange(estate: Estate, links: wanted.Exchange, account: EquinixAccount, parties: Sequence[str]) -> Exchange:
    sites = [party for party in parties if party in estate.settings.sites]
    routers = []
    for rank, metro in enumerate(links.metros):
        circuits = _Circuits(estate, links, metro, PREFERENCES[min(rank, len(PREFERENCES) - 1)])
        routers.append(
            ExchangeRouter(
                metro=metro,
                name=f"{estate.environment}-{metro.lower()}",
                package=links.package,
                aws=circuits.aws() if Cloud.AWS in parties else None,
                azure=circuits.azure() if Cloud.AZURE in parties else None,
                gcp=circuits.gcp() if Cloud.GCP in parties else None,
                sites=[circuits.site(site) for site in sites if metro in estate.settings.sites[site].ports],
            )
        )
    return Exchange(
        project_id=str(account.project_id),
        account_number=account.account_number,
        notify=account.notify,
        purchase_order=account.purchase_order,
        term_months=links.term_months,
        routers=routers,
    )


class _Circuits:
    """The circuits of one metro."""

    def __init__(self, estate: Estate, links: wanted.Exchange, metro: str, preference: Preference) -> None:
        self.estate = estate
        self.metro = METROS[metro]
        self.bandwidth = links.bandwidth
        self.preference = preference
        self.start = f"{estate.environment}-{metro.lower()}"

    def aws(self) -> AwsCircuit:
        high = self.bandwidth >= HIGH_CAPACITY_MBPS
        return AwsCircuit(
            name=self._name(Cloud.AWS),
            metro=self.metro.code,
            seller_region=self.metro.aws_region or "",
            bandwidth=self.bandwidth,
            profile="AWS Direct Connect - High Capacity" if high else "AWS Direct Connect",
            mtu=MTU,
            leg=self._leg(Cloud.AWS, "primary", ""),
            preference=self.preference,
            session=self._session(Cloud.AWS),
        )

    def azure(self) -> AzureCircuit:
        primary, secondary = (self._inside(Cloud.AZURE, leg) for leg in AZURE_LEGS)
        return AzureCircuit(
            name=self._name(Cloud.AZURE),
            metro=self.metro.code,
            physical_name=self.start,
            provider="Equinix",
            peering_location=self.metro.azure_location or "",
            bandwidth=self.bandwidth,
            vlan=_vlan(self.metro.code),
            primary_prefix=str(primary),
            secondary_prefix=str(secondary),
            legs=[self._leg(Cloud.AZURE, key, f"-{number}") for number, key in enumerate(AZURE_LEGS, start=1)],
            preference=self.preference,
            session=self._session(Cloud.AZURE),
        )

    def gcp(self) -> GcpCircuit:
        return GcpCircuit(
            name=self._name(Cloud.GCP),
            metro=self.metro.code,
            physical_name=self.start,
            region=self.estate.gateway_region(Cloud.GCP),
            bandwidth=self.bandwidth,
            mtu=MTU,
            group=hybrid_group(self.estate),
            legs=[
                GcpLeg(
                    domain=domain,
                    profile=f"Google Cloud Partner Interconnect Zone {domain}",
                    leg=Leg(f"domain-{domain}", f"{self.start}-gcp-{domain}", None, None),
                )
                for domain in (1, 2)
            ],
            preference=self.preference,
            session=self._session(Cloud.GCP),
        )

    def site(self, name: str) -> SiteCircuit:
        site = self.estate.settings.sites[name]
        port = site.ports[self.metro.code]
        return SiteCircuit(
            name=self._name(name),
            metro=self.metro.code,
            site=name,
            port_id=str(port.id),
            vlan=port.vlan,
            asn=site.asn,
            bandwidth=self.bandwidth,
            leg=self._leg(name, "primary", ""),
            preference=self.preference,
            session=self._session(name),
        )

    def _name(self, party: str) -> str:
        return f"exchange-{self.metro.code.lower()}-{party}"

    def _leg(self, party: str, key: str, suffix: str) -> Leg:
        """Plan a leg. The middle has the first host: Microsoft takes the second of every /30 [D22]."""
        inside = self._inside(party, key)
        middle, end = inside.hosts()
        return Leg(key, f"{self.start}-{party}{suffix}", f"{middle}/{inside.prefixlen}", str(end))

    def _inside(self, party: str, leg: str) -> IPv4Network:
        return self.estate.held.links[f"exchange/{self.metro.code.lower()}/{party}/{leg}"]

    def _session(self, party: str) -> CircuitSession:
        far = met_over(self.estate, party, Transport.EXCHANGE)
        return CircuitSession(sends=announced(self.estate, far), accepts=self.estate.announced_by(party))


def _vlan(metro: str) -> int:
    """Make a VLAN from the metro's two letters, so that every circuit has one of its own and keeps it: 100 to 775."""
    first, second = (ord(letter) - ord("A") for letter in metro)
    return 100 + 26 * first + second


def aws_gateway(estate: Estate) -> AwsCircuitGateway | None:
    """Plan the Direct Connect gateway, or None where no circuit reaches AWS."""
    far = met_over(estate, Cloud.AWS, Transport.EXCHANGE)
    if not far:
        return None
    return AwsCircuitGateway(
        end=aws_end(estate, far),
        asn=estate.held.asns[f"direct-connect-gateway/{estate.gateway_region(Cloud.AWS)}"],
        allowed_prefixes=estate.announced_by(Cloud.AWS),
    )


def azure_gateway(estate: Estate) -> AzureCircuitGateway | None:
    """Plan the ExpressRoute gateway, or None where no circuit reaches Azure."""
    far = met_over(estate, Cloud.AZURE, Transport.EXCHANGE)
    links = estate.settings.links.exchange if estate.settings.links else None
    if not far or links is None:
        return None
    units = -(-links.bandwidth // AZURE_UNIT_MBPS)
    return AzureCircuitGateway(end=azure_end(estate, far), scale_units=units)
