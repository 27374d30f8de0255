"""What Cloud DNS is said to do and nothing here has seen: warnings, never errors.

Source: Google's constraints as quoted in `dns-addresses-cost.md` A.4 of the project's reference.
"""

from collections.abc import Iterator
from ipaddress import IPv4Network

from planning import limits
from planning.estate import Estate
from planning.ledger import Environment, Ledger, gateway_key
from planning.names.root_rules import PRIVATE_KEY
from planning.places import TRANSIT
from planning.settings import Cloud
from planning.settings.links import Transport


def warnings(estate: Estate, ledger: Ledger) -> Iterator[str]:
    """Yield from where Google's forwarding may not reach whom it asks, or answers may not find back."""
    if not estate.dns_partners(Cloud.GCP):
        return
    yield from _regions(estate)
    for pair in estate.pairs:
        if Cloud.GCP in pair.parties and Transport.NATIVE in pair.transports:
            yield (
                f"dns: {pair.key} is joined by the clouds' own link, which ends at the connectivity hub; Cloud DNS is "
                "said to forward only over tunnels and attachments of its own network: names of the one may not "
                "resolve in the other; join them by vpn or circuits if they do not"
            )
    for name, content in ledger.environments.items():
        if name != estate.environment and {PRIVATE_KEY, gateway_key(Cloud.GCP)} <= content.fixed.keys():
            yield from _shared_sites(estate, name, content)


def _regions(estate: Estate) -> Iterator[str]:
    """Yield the regions whose networks ask by way of a transit network that has no link there."""
    landing = estate.gateway_region(Cloud.GCP)
    for region in estate.regions(Cloud.GCP):
        asking = [network.name for network in estate.networks_in(Cloud.GCP, region)]
        if asking and region != landing:
            yield (
                f"networks: {', '.join(asking)} in gcp {region}, and links land in {landing}; Cloud DNS is said to "
                "forward for other VPCs only where the one that forwards has a tunnel, an attachment or a VM in the "
                f"region of who asks: if names of others do not resolve there, put a VM into {TRANSIT}-{region}"
            )


def _shared_sites(estate: Estate, other: str, content: Environment) -> Iterator[str]:
    """Yield sites that two environments have: both announce Google's forwarders to them."""
    theirs = [prefix for key, prefix in content.reserved.items() if key.startswith("sites/")]
    for party in estate.dns_partners(Cloud.GCP):
        if party in estate.settings.sites and _meet(estate.settings.sites[party].prefixes, theirs):
            yield (
                f"sites.{party}: environment {other} has it too, and both announce {limits.GOOGLE_FORWARDERS} to it: "
                "answers to one of them would go to the other's Google; keep them apart on the site's routers (a VRF "
                "and DNS servers for each), or give the site's dns in one environment only"
            )


def _meet(ours: tuple[IPv4Network, ...], theirs: list[IPv4Network]) -> bool:
    return any(one.overlaps(other) for one in ours for other in theirs)
