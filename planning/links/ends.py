"""Where a link meets each cloud's hub, and a site: the same for tunnels and circuits."""

from collections.abc import Iterable, Sequence

from planning.aws import LINKS, PEERING
from planning.estate import Estate
from planning.layouts.gcp import hybrid_group
from planning.links.pairs import Pair
from planning.links.types import AwsEnd, AzureEnd, GcpEnd, Role, SiteEnd
from planning.places import TRANSIT
from planning.settings import Cloud
from planning.settings.links import Transport

VPN_MED = 1000
"""Circuits bring less."""
VPN_PREPENDS = 10
"""Longer than any path over circuits: six times the router in the middle of the third metro, Microsoft's edge and a
virtual hub are eight. Google lets one action of a policy add ten and no more."""


def aws_end(estate: Estate, far: Iterable[str]) -> AwsEnd:
    """Meet AWS's hub; the segments that reach the far parties learn the way, in a core network by its policy.

    So does the region's own VPC, whose resolvers ask them.
    """
    far = tuple(far)
    region = estate.gateway_region(Cloud.AWS)
    resolvers = [] if set(far).isdisjoint(estate.dns_partners(Cloud.AWS)) else [TRANSIT]
    peering = [PEERING] if len(estate.regions(Cloud.AWS)) > 1 else []
    return AwsEnd(
        region=region,
        asn=estate.aws_asn(region),
        route_table=LINKS,
        propagates_to=() if estate.on_core_network else (*estate.segments_reaching(far), *peering, *resolvers),
    )


def azure_end(estate: Estate, far: Iterable[str]) -> AzureEnd:
    """Meet the virtual hub. Azure wants all branches to be learned by the same tables."""
    return AzureEnd(
        region=estate.gateway_region(Cloud.AZURE),
        labels=(*estate.segments_reaching(estate.far_parties(Cloud.AZURE)), TRANSIT),
        sends=estate.announced_by(Cloud.AZURE),
        accepts=announced(estate, far),
    )


def gcp_end(estate: Estate, far: str) -> GcpEnd:
    """Meet the Cloud Router.

    Routes of tunnels are marked as second to those of circuits also where there are none, so that a circuit added later
    changes nothing of the tunnels.
    """
    region = estate.gateway_region(Cloud.GCP)
    return GcpEnd(
        region=region,
        asn=estate.held.asns[f"cloud-router/{region}"],
        group=hybrid_group(estate),
        accepts=estate.announced_by(far),
        med=VPN_MED,
        prepends=VPN_PREPENDS,
    )


def site_end(estate: Estate, name: str) -> SiteEnd:
    """Meet the devices of a site."""
    site = estate.settings.sites[name]
    devices = {device: str(settings.address) for device, settings in sorted(site.devices.items())}
    return SiteEnd(name=name, asn=site.asn, prefixes=estate.announced_by(name), devices=devices)


def announced(estate: Estate, parties: Iterable[str]) -> Sequence[str]:
    """List what some parties send, each aggregate once."""
    return tuple(prefix for party in sorted(set(parties)) for prefix in estate.announced_by(party))


def pairs_over(estate: Estate, *transports: Transport) -> Sequence[tuple[Pair, Role]]:
    """List the pairs that run over any of these, and what it is to them."""
    return tuple(
        (pair, role)
        for pair in estate.pairs
        for role, carrier in ((Role.PRIMARY, pair.primary), (Role.BACKUP, pair.backup))
        if carrier in transports
    )


def met_over(estate: Estate, party: str, *transports: Transport) -> Sequence[str]:
    """List whom a party is joined to over any of these."""
    both = (pair.parties for pair, _ in pairs_over(estate, *transports))
    return tuple(sorted({other for parties in both if party in parties for other in parties if other != party}))
