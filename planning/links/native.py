"""What AWS and Google join themselves by: AWS Interconnect - multicloud and Partner Cross-Cloud Interconnect [D38].

The clouds run it as one thing, with BGP and four ways between them. Google's half is a resource; AWS's SDK has none for
its half, which stays an instruction until it does.
"""

from collections.abc import Iterator, Sequence

from planning.estate import Estate
from planning.links.ends import pairs_over
from planning.links.native_rules import KEY, PAIR
from planning.links.outside_types import Native
from planning.settings import Cloud, Transport

PAIRED = {
    "us-east-1": "us-east4",
    "us-west-1": "us-west2",
    "us-west-2": "us-west1",
    "eu-west-2": "europe-west2",
    "eu-central-1": "europe-west3",
}
"""Regions of AWS -> those of Google that they are offered with [K]."""


def native(estate: Estate) -> Sequence[Native]:
    """Plan the link of the one pair that can have it, if it does."""
    settings, accounts = estate.settings, estate.settings.accounts
    wanted = any(pair.key == PAIR for pair, _ in pairs_over(estate, Transport.NATIVE))
    if not wanted or settings.links is None or accounts.aws is None or accounts.gcp is None:
        return ()
    aws_region = estate.gateway_region(Cloud.AWS)
    link = Native(
        name="aws-gcp-native",
        physical_name=f"{estate.environment}-aws-native",
        project=accounts.gcp.project,
        region=estate.gateway_region(Cloud.GCP),
        aws_region=aws_region,
        aws_account_id=accounts.aws.account_id,
        remote_profile=settings.links.native.remote_profile or f"aws-{aws_region}",
        bandwidth=settings.links.native.bandwidth,
        advertised=estate.announced_by(Cloud.GCP),
        key_given=KEY in settings.link_keys,
    )
    return (link,)


def warnings(links: Sequence[Native]) -> Iterator[str]:
    """Yield regions that are not known to be offered together."""
    for link in links:
        if PAIRED.get(link.aws_region) != link.region:
            yield (
                f"links.native: {link.aws_region} and {link.region} are not known to be offered together; "
                f"known: {', '.join('/'.join(both) for both in sorted(PAIRED.items()))}"
            )
