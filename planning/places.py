"""What is where, in the words of the ledger's keys."""

from planning.settings import Cloud, Network, Settings

TRANSIT = "transit"
"""Name of a hub's own network in every region."""


def network_key(name: str, network: Network) -> str:
    """Name a network in the ledger: `aws/us-east-1/shop`."""
    return f"{network.cloud}/{network.region}/{name}"


def regions_in_use(settings: Settings) -> list[tuple[Cloud, str]]:
    """List the regions that have networks, and so a hub, in order of their names."""
    return sorted({(network.cloud, network.region) for network in settings.networks.values()})
