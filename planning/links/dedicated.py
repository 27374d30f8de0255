"""Ports of sites straight at clouds, ordered here or there already: one link has the site's router at its far end."""

from collections.abc import Sequence
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network

from planning.estate import Estate
from planning.links.circuits import MTU
from planning.links.ends import azure_end, gcp_end
from planning.links.external import aws_sessions, azure_sessions
from planning.links.outside_types import (
    Dedicated,
    DedicatedAws,
    DedicatedAzure,
    DedicatedGcp,
    DirectConnectOrder,
    ExpressRouteOrder,
    InterconnectOrder,
    MiddleSession,
)
from planning.links.requests import AZURE_LEGS, dedicated_ports
from planning.links.types import AwsCircuit, AzureCircuit, CircuitSession, Leg, Preference
from planning.settings import Cloud
from planning.settings import external as wanted

PREFERENCE = Preference(prepends=0, med=50, weight=200)
"""Before every circuit that has somebody in the middle. All ports of a site are alike: traffic is shared out."""
GBPS = 1000
"""Mbps."""
GOOGLE_LINKS = {
    10_000: "LINK_TYPE_ETHERNET_10G_LR",
    100_000: "LINK_TYPE_ETHERNET_100G_LR",
    400_000: "LINK_TYPE_ETHERNET_400G_LR4",
}
"""Mbps of a link -> what Google calls it [S]."""


def dedicated(estate: Estate) -> Sequence[Dedicated]:
    """Plan the ports that something runs over."""
    return tuple(_port(estate, *port) for port in dedicated_ports(estate.settings))


def _port(estate: Estate, site: str, cloud: Cloud, name: str) -> Dedicated:
    given = estate.settings.sites[site].dedicated
    port = _Port(estate, site, cloud, name)
    if cloud is Cloud.AWS:
        return port.aws(given.aws[name])
    return port.azure(given.azure[name]) if cloud is Cloud.AZURE else port.gcp(given.gcp[name])


class _Port:
    """One port, and the link over it. The settings see to it that a port is there or ordered, never neither."""

    def __init__(self, estate: Estate, site: str, cloud: Cloud, name: str) -> None:
        self.estate = estate
        self.site = site
        self.asn = estate.settings.sites[site].asn
        self.key = f"dedicated/{site}/{cloud}/{name}"
        self.name = f"dedicated-{site}-{name}-{cloud}"
        self.physical_name = f"{estate.environment}-dedicated-{site}-{name}"
        self.session = CircuitSession(sends=estate.announced_by(site), accepts=estate.announced_by(cloud))

    def aws(self, port: wanted.AwsPort) -> DedicatedAws:
        circuit = AwsCircuit(
            name=self.name,
            metro="",
            seller_region=port.region or self.estate.gateway_region(Cloud.AWS),
            bandwidth=port.bandwidth,
            profile="",
            mtu=MTU,
            leg=self._leg("primary", ""),
            preference=PREFERENCE,
            session=self.session,
        )
        return DedicatedAws(
            circuit=circuit,
            site=self.site,
            asn=self.asn,
            vlan=port.vlan,
            origin=DirectConnectOrder(port.order.location, f"{port.bandwidth // GBPS}Gbps")
            if port.order
            else port.connection_id or "",
            up=_is_up(port, port.order),
            sessions=tuple(aws_sessions(self.estate, circuit, self.asn, port.vlan)),
        )

    def azure(self, port: wanted.AzurePort) -> DedicatedAzure:
        circuit = AzureCircuit(
            name=self.name,
            metro="",
            physical_name=self.physical_name,
            provider="",
            peering_location="",
            bandwidth=port.bandwidth,
            vlan=port.vlan,
            primary_prefix=str(self._inside("primary")),
            secondary_prefix=str(self._inside("secondary")),
            legs=[self._leg(key, f"-{number}") for number, key in enumerate(AZURE_LEGS, start=1)],
            preference=PREFERENCE,
            session=self.session,
        )
        return DedicatedAzure(
            circuit=circuit,
            end=azure_end(self.estate, [self.site]),
            site=self.site,
            asn=self.asn,
            origin=ExpressRouteOrder(port.order.location, port.order.bandwidth // GBPS)
            if port.order
            else port.port_id or "",
            up=_is_up(port, port.order),
            sessions=tuple(azure_sessions(circuit, self.asn)),
        )

    def gcp(self, port: wanted.GcpPort) -> DedicatedGcp:
        """Plan an attachment. The Cloud Router for tunnels speaks over it, since it is not a partner's."""
        order = port.order
        end = replace(gcp_end(self.estate, self.site), med=PREFERENCE.med, prepends=PREFERENCE.prepends)
        router, far = self._hosts("primary")
        length = self._inside("primary").prefixlen
        return DedicatedGcp(
            name=self.name,
            physical_name=self.physical_name,
            site=self.site,
            asn=self.asn,
            end=end,
            origin=InterconnectOrder(
                location=order.location,
                link_type=GOOGLE_LINKS[order.bandwidth],
                links=order.links,
                customer_name=order.customer_name,
                contact=order.contact,
            )
            if order
            else port.interconnect or "",
            up=_is_up(port, order),
            vlan=port.vlan,
            bandwidth=port.bandwidth,
            mtu=MTU,
            address=f"{router}/{length}",
            site_address=f"{far}/{length}",
            sessions=(
                MiddleSession(
                    party=Cloud.GCP.value,
                    leg="primary",
                    asn=self.asn,
                    cloud_asn=end.asn,
                    address=f"{far}/{length}",
                    cloud_address=str(router),
                    vlan=port.vlan,
                    accepts=self.session.accepts,
                    sends=self.session.sends,
                    prepends=PREFERENCE.prepends,
                    med=PREFERENCE.med,
                ),
            ),
        )

    def _leg(self, key: str, suffix: str) -> Leg:
        """Plan a leg. The site has the first host: Microsoft takes the second of every /30 [D22]."""
        far, cloud = self._hosts(key)
        return Leg(key, f"{self.physical_name}{suffix}", f"{far}/{self._inside(key).prefixlen}", str(cloud))

    def _hosts(self, leg: str) -> tuple[IPv4Address, IPv4Address]:
        hosts = self._inside(leg).hosts()
        return next(hosts), next(hosts)

    def _inside(self, leg: str) -> IPv4Network:
        return self.estate.held.links[f"{self.key}/{leg}"]


def _is_up(port: wanted.DedicatedPort, order: object) -> bool:
    """Tell whether sessions can be made: what is there already is up, what is ordered when the settings say so."""
    return order is None or port.provisioned
