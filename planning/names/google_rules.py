"""What Cloud DNS is said to do and nothing here has seen: warnings, never errors."""

from collections.abc import Iterator

from planning.estate import Estate
from planning.places import TRANSIT
from planning.settings import Cloud


def warnings(estate: Estate) -> Iterator[str]:
    """Yield the regions whose networks ask by way of a transit network that has no link there.

    Source: Google's constraints as quoted in `dns-addresses-cost.md` A.4 of the project's reference, which name the
    region of who asks and not those of the links.
    """
    if not estate.dns_partners(Cloud.GCP):
        return
    landing = estate.gateway_region(Cloud.GCP)
    for region in estate.regions(Cloud.GCP):
        asking = [network.name for network in estate.networks_in(Cloud.GCP, region)]
        if asking and region != landing:
            yield (
                f"networks: {', '.join(asking)} in gcp {region}, and links land in {landing}; Cloud DNS is said to "
                "forward for other VPCs only where the one that forwards has a tunnel, an attachment or a VM in the "
                f"region of who asks: if names of others do not resolve there, put a VM into {TRANSIT}-{region}"
            )
