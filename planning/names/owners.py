"""Who owns which domains: clouds in use, and the sites together."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

from planning.estate import Estate
from planning.names import reverse
from planning.names.private_services import Service, service
from planning.names.types import ONPREM
from planning.settings import Cloud
from planning.settings.names import Dns, PrivateService


@dataclass(frozen=True, slots=True)
class Offered:
    """A private service with its names."""

    key: str
    settings: PrivateService
    names: Service


@dataclass(frozen=True, slots=True)
class Owner:
    """Who answers for some domains."""

    party: str
    """`aws`, `azure`, `gcp` or `onprem`."""
    domain: str
    """Of its own names: `aws.acme.internal`."""
    reverse: Sequence[IPv4Network]
    """Its reverse zones."""
    services: Sequence[Offered]

    def forwarded(self) -> Iterator[tuple[str, str]]:
        """Yield what others send here: key, domain."""
        yield self.party, self.domain
        for zone in self.reverse:
            yield reverse.key(zone), reverse.domain(zone)
        for offered in self.services:
            for domain in offered.names.forwarded:
                several = f"-{domain.split('.')[0]}" if len(offered.names.forwarded) > 1 else ""
                yield f"service-{offered.key}{several}", domain


def owners(estate: Estate, dns: Dns) -> Mapping[str, Owner]:
    """Map the clouds in use, and `onprem` where sites have DNS servers, to what they own."""
    found = {str(cloud): _cloud(estate, dns, cloud) for cloud in Cloud if estate.regions(cloud)}
    sites = estate.settings.sites.values()
    if any(site.dns for site in sites):
        prefixes = [prefix for site in sites for prefix in site.prefixes]
        zones = reverse.zones(prefixes, estate.settings.addressing.supernets.onprem)
        found[ONPREM] = Owner(ONPREM, f"{ONPREM}.{dns.private}", zones, ())
    return found


def offered(dns: Dns, cloud: Cloud) -> Iterator[Offered]:
    """Yield a cloud's private services."""
    for key, settings in sorted(dns.private_services.items()):
        names = service(settings)
        if settings.cloud is cloud and names is not None:
            yield Offered(key, settings, names)


def _cloud(estate: Estate, dns: Dns, cloud: Cloud) -> Owner:
    addressing = estate.settings.addressing
    space = (*getattr(addressing.supernets, cloud), *getattr(addressing.pods, cloud))
    announced = [prefix for region in estate.regions(cloud) for prefix in estate.aggregates(cloud, region)]
    zones = reverse.zones(announced, space)
    return Owner(str(cloud), f"{cloud}.{dns.private}", zones, tuple(offered(dns, cloud)))
