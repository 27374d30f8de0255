"""Where a link meets each cloud's hub, and a site: the same for tunnels and circuits."""

from collections.abc import Iterable, Sequence

from planning.estate import Crossing, Estate
from planning.layouts.aws import LINKS, PEERING
from planning.layouts.gcp import hybrid_group
from planning.links.types import AwsEnd, AzureEnd, GcpEnd, Role, SiteEnd
from planning.places import TRANSIT
from planning.settings import Cloud
from planning.settings.links import Transport

BEST_MED, BACKUP_MED = 100, 1000
BACKUP_PREPENDS = 5
"""Longer than any path over the exchange: its own ASN three times, the far cloud's and a virtual hub's."""


def aws_end(estate: Estate, region: str, far: Iterable[str]) -> AwsEnd:
    """Meet the Transit Gateway of a region; the segments that reach the far parties learn the way."""
    return AwsEnd(
        region=region,
        asn=estate.held.asns[f"transit-gateway/{region}"],
        route_table=LINKS,
        propagates_to=(
            *estate.segments_reaching(far),
            *([PEERING] if len(estate.regions(Cloud.AWS)) > 1 else ()),
        ),
    )


def azure_end(estate: Estate, region: str, far: Iterable[str]) -> AzureEnd:
    """Meet the virtual hub of a region. Azure wants all branches to be learned by the same tables."""
    return AzureEnd(
        region=region,
        labels=(*estate.segments_reaching(estate.far_parties(Cloud.AZURE)), TRANSIT),
        sends=estate.announced_by(Cloud.AZURE),
        accepts=announced(estate, far),
    )


def gcp_end(estate: Estate, region: str, far: str, role: Role) -> GcpEnd:
    """Meet the Cloud Router of a region."""
    backup = role is Role.BACKUP
    return GcpEnd(
        region=region,
        asn=estate.held.asns[f"cloud-router/{region}"],
        group=hybrid_group(estate),
        accepts=estate.announced_by(far),
        accepts_longer=far != Cloud.AWS,
        med=BACKUP_MED if backup else BEST_MED,
        prepends=BACKUP_PREPENDS if backup else 0,
    )


def site_end(estate: Estate, name: str) -> SiteEnd:
    """Meet the devices of a site."""
    site = estate.settings.sites[name]
    devices = {device: str(settings.address) for device, settings in sorted(site.devices.items())}
    return SiteEnd(name=name, asn=site.asn, prefixes=estate.announced_by(name), devices=devices)


def announced(estate: Estate, parties: Iterable[str]) -> Sequence[str]:
    """List what some parties send, each aggregate once."""
    return tuple(prefix for party in sorted(set(parties)) for prefix in estate.announced_by(party))


def crossings_over(estate: Estate, transport: Transport) -> Sequence[tuple[Crossing, Role]]:
    """List the pairs that run over something, and what it is to them."""
    return tuple(
        (crossing, role)
        for crossing in estate.crossings
        for role, carrier in ((Role.PRIMARY, crossing.pair.primary), (Role.BACKUP, crossing.pair.backup))
        if carrier is transport
    )


def met_over(estate: Estate, party: str, transport: Transport) -> Sequence[str]:
    """List whom a party is joined to over something."""
    pairs = (crossing.pair.parties for crossing, _ in crossings_over(estate, transport))
    return tuple(sorted(other for parties in pairs if party in parties for other in parties if other != party))
