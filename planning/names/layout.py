"""Decides names: every owner's zones, and for every resolver whom it asks for what."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address

from planning.estate import Estate
from planning.layouts import aws_transit
from planning.names import reverse, servers
from planning.names.owners import Offered, Owner, owners
from planning.names.types import (
    NAMES,
    ONPREM,
    AwsNames,
    AwsResolver,
    AzureNames,
    AzureResolver,
    Forward,
    GcpNames,
    NamedServer,
    Names,
    Server,
    SiteNames,
    Zone,
    ZoneRecord,
)
from planning.places import TRANSIT
from planning.settings import Cloud
from planning.settings.names import Dns


def lay_out(estate: Estate) -> Names | None:
    """Lay out names, or None where the settings have no roots for them."""
    dns = estate.settings.dns
    if dns is None:
        return None
    return _Layout(estate, dns).names()


def transit_networks(estate: Estate, cloud: Cloud) -> Sequence[str]:
    """List a cloud's transit networks that are built, that of the region where links land first."""
    if cloud is Cloud.GCP:
        return [f"gcp-{TRANSIT}"] if estate.regions(cloud) else []
    built = [region for region in estate.regions(cloud) if cloud is Cloud.AZURE or aws_transit.needed(estate, region)]
    first = estate.gateway_region(cloud) if estate.dns_partners(cloud) else ""
    return [f"{cloud}-{region}-{TRANSIT}" for region in sorted(built, key=lambda region: (region != first, region))]


class _Layout:
    def __init__(self, estate: Estate, dns: Dns) -> None:
        self.estate = estate
        self.dns = dns
        self.owners = owners(estate, dns)

    def names(self) -> Names:
        sites = self.estate.settings.sites
        return Names(
            private=self.dns.private,
            aws=self._aws() if Cloud.AWS in self.owners else None,
            azure=self._azure() if Cloud.AZURE in self.owners else None,
            gcp=self._gcp() if Cloud.GCP in self.owners else None,
            sites={name: self._site(name) for name in sorted(sites) if sites[name].dns and self._joined(name)},
        )

    def _aws(self) -> AwsNames:
        account = self.estate.settings.accounts.aws
        shared_with = account.share_with if account else ()
        partners = self.estate.dns_partners(Cloud.AWS)
        zones = self._zones(Cloud.AWS)
        return AwsNames(
            zones=zones,
            named=self._named(Cloud.AWS),
            resolvers=tuple(self._aws_resolver(region) for region in self.estate.regions(Cloud.AWS) if partners),
            shared_with=shared_with,
            offered=[zone.key for zone in zones if {*zone.networks} == {*zones[0].networks}],
            profiles_in=self.estate.regions(Cloud.AWS) if shared_with else (),
        )

    def _aws_resolver(self, region: str) -> AwsResolver:
        landing = region == self.estate.gateway_region(Cloud.AWS)
        return AwsResolver(
            region=region,
            network=f"aws-{region}-{TRANSIT}",
            inbound=servers.inbound(self.estate, Cloud.AWS) if landing else {},
            outbound=servers.outbound(self.estate, region),
            asked_by=servers.asked_by(self.estate, Cloud.AWS) if landing else {},
            asks=servers.asks(self.estate, Cloud.AWS),
            forwards=self._forwards(Cloud.AWS),
            networks=self._in_region(Cloud.AWS, region),
        )

    def _azure(self) -> AzureNames:
        partners = self.estate.dns_partners(Cloud.AZURE)
        return AzureNames(
            zones=self._zones(Cloud.AZURE),
            named=self._named(Cloud.AZURE),
            resolvers=tuple(self._azure_resolver(region) for region in self.estate.regions(Cloud.AZURE) if partners),
        )

    def _azure_resolver(self, region: str) -> AzureResolver:
        landing = region == self.estate.gateway_region(Cloud.AZURE)
        return AzureResolver(
            region=region,
            physical_name=f"{self.estate.environment}-{region}-dns",
            network=f"azure-{region}-{TRANSIT}",
            inbound=servers.inbound(self.estate, Cloud.AZURE) if landing else {},
            outbound=servers.AZURE_OUTBOUND,
            forwards=self._forwards(Cloud.AZURE),
            networks=self._in_region(Cloud.AZURE, region),
        )

    def _gcp(self) -> GcpNames:
        partners = self.estate.dns_partners(Cloud.GCP)
        region = self.estate.gateway_region(Cloud.GCP) if partners else self.estate.held.fixed["gcp/home-region"]
        return GcpNames(
            physical_name=self.estate.environment,
            region=region,
            network=f"gcp-{TRANSIT}",
            entry_points=servers.entry_points(self.estate) if partners else {},
            zones=self._zones(Cloud.GCP),
            named=self._named(Cloud.GCP),
            forwards=self._forwards(Cloud.GCP),
            peered=[network.name for network in self.estate.networks_in(Cloud.GCP)],
        )

    def _site(self, name: str) -> SiteNames:
        onprem = self.owners[ONPREM]
        clouds = [cloud for cloud in Cloud if name in self.estate.dns_partners(cloud)]
        return SiteNames(
            site=name,
            servers=[str(address) for address in self.estate.settings.sites[name].dns],
            own=[domain for _, domain in onprem.forwarded()],
            forwards=[
                Forward(key, domain, str(cloud), servers.servers(self.estate, cloud, name))
                for cloud in clouds
                for key, domain in self.owners[cloud].forwarded()
            ],
            asked_by={cidr: str(cloud) for cloud in clouds for cidr in servers.sources(self.estate, cloud)},
        )

    def _joined(self, site: str) -> bool:
        return any(site in self.estate.dns_partners(cloud) for cloud in Cloud)

    def _forwards(self, cloud: Cloud) -> Sequence[Forward]:
        """List what a cloud sends to others: to clouds that it is joined to, and to the sites if it is to any."""
        partners = self.estate.dns_partners(cloud)
        asked = dict.fromkeys(party if party in self.owners else ONPREM for party in partners)
        return tuple(
            Forward(key, domain, owner, servers.servers(self.estate, owner, cloud))
            for owner in asked
            for key, domain in self.owners[owner].forwarded()
        )

    def _zones(self, cloud: Cloud) -> Sequence[Zone]:
        owner = self.owners[cloud]
        everywhere = self._seen_by(cloud, [network.name for network in self.estate.networks_in(cloud)])
        return (
            Zone(NAMES, owner.domain, everywhere),
            *(Zone(reverse.key(zone), reverse.domain(zone), everywhere) for zone in owner.reverse),
            *(self._service_zone(owner, offered, everywhere) for offered in owner.services),
        )

    def _service_zone(self, owner: Owner, offered: Offered, everywhere: Sequence[str]) -> Zone:
        cloud = Cloud(owner.party)
        key = f"service-{offered.key}"
        addresses = [str(address) for address in offered.settings.addresses]
        records = tuple(ZoneRecord(name, addresses) for name in ("@", "*") if addresses)
        if cloud is Cloud.AZURE:
            return Zone(key, offered.names.zone, everywhere, records, redirect=True)
        reaching = reaching_segments(self.estate, cloud, offered.settings.addresses)
        seen_by = [network.name for network in self.estate.networks_in(cloud) if network.segment in reaching]
        return Zone(key, offered.names.zone, self._seen_by(cloud, seen_by), records)

    def _seen_by(self, cloud: Cloud, networks: Iterable[str]) -> Sequence[str]:
        return (*transit_networks(self.estate, cloud), *networks)

    def _in_region(self, cloud: Cloud, region: str) -> Sequence[str]:
        return (*(network.name for network in self.estate.networks_in(cloud, region)), f"{cloud}-{region}-{TRANSIT}")

    def _named(self, cloud: Cloud) -> Sequence[NamedServer]:
        if not self.estate.dns_partners(cloud):
            return ()
        return tuple(
            NamedServer(f"dns-{number}", server, self._reverse_zone(cloud, server))
            for number, server in enumerate(servers.servers(self.estate, cloud, cloud), start=1)
        )

    def _reverse_zone(self, cloud: Cloud, server: Server) -> str:
        stands_in = servers.subnet_of(self.estate, cloud, server)
        return next(reverse.key(zone) for zone in self.owners[cloud].reverse if stands_in.subnet_of(zone))


def reaching_segments(estate: Estate, cloud: Cloud, addresses: Iterable[IPv4Address]) -> frozenset[str]:
    """List the segments that reach every one of some addresses in a cloud."""
    found = frozenset(estate.connected)
    for address in addresses:
        holder = next((n for n in estate.networks_in(cloud) if any(address in prefix for prefix in n.routed)), None)
        found &= frozenset(estate.connected[holder.segment]) if holder else frozenset()
    return found
