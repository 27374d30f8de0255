"""The address plan as plain data, for outputs and reports: whose space, what each region announces, what is free."""

from collections.abc import Collection
from ipaddress import IPv4Network
from typing import Any

from planning.asns import AZURE_HUB
from planning.claims import taken
from planning.estate import Estate, Placed
from planning.ledger import Ledger
from planning.places import TRANSIT
from planning.settings import Cloud
from planning.space import FreeSpace


def address_plan(estate: Estate, ledger: Ledger, built: frozenset[str]) -> dict[str, Any]:
    """Write everything down. `built` names the networks that are made; a hub's own may be only set aside."""
    addressing = estate.settings.addressing
    used = list(taken(ledger))
    reserved = list(ledger.reserved())
    return {
        "supernets": {owner: [str(prefix) for prefix in held] for owner, held in addressing.supernets},
        "free": {
            owner: [str(hole) for hole in FreeSpace(held, used).holes()]
            for owner, held in addressing.supernets
            if owner in set(Cloud)
        },
        "pods": {owner: [str(prefix) for prefix in held] for owner, held in addressing.pods},
        "regions": {
            f"{cloud}/{region}": _region(estate, cloud, region, reserved, built)
            for cloud in Cloud
            for region in estate.regions(cloud)
        },
        "sites": {
            name: {
                "prefixes": [str(prefix) for prefix in site.prefixes],
                "asn": site.asn,
                "dns": [str(server) for server in site.dns],
                "devices": {device: str(at.address) for device, at in site.devices.items()},
            }
            for name, site in sorted(estate.settings.sites.items())
        },
    }


def _region(
    estate: Estate, cloud: Cloud, region: str, reserved: Collection[IPv4Network], built: frozenset[str]
) -> dict[str, Any]:
    place = f"{cloud}/{region}"
    hub = estate.held.hubs.get(place)
    held = [prefix for key, prefix in estate.held.networks.items() if key.startswith(f"{place}/")]
    used = [*held, *([hub] if hub else []), *reserved]
    speaker = {Cloud.AWS: estate.settings.hubs.aws.value, Cloud.GCP: "cloud-router"}.get(cloud)
    return {
        "cloud": str(cloud),
        "region": region,
        "aggregates": [str(prefix) for prefix in estate.aggregates(cloud, region)],
        "hub": {
            "asn": estate.held.asns[f"{speaker}/{region}"] if speaker else AZURE_HUB,
            "prefix": str(hub) if hub else None,
        },
        "free": [str(hole) for hole in FreeSpace(estate.held.blocks_of(place).values(), used).holes()],
        "networks": {
            TRANSIT: {
                "built": not built.isdisjoint({f"{cloud}-{region}-{TRANSIT}", f"{cloud}-{TRANSIT}"}),
                "cidr": str(estate.transit(cloud, region)),
                "segment": None,
                "pods": None,
                "clusterServices": None,
                "subnets": {key: str(prefix) for key, prefix in estate.subnets(f"{place}/{TRANSIT}").items()},
            },
            **{network.name: _network(network) for network in estate.networks_in(cloud, region)},
        },
    }


def _network(network: Placed) -> dict[str, Any]:
    return {
        "built": True,
        "cidr": str(network.cidr),
        "segment": network.segment,
        "pods": str(network.pods) if network.pods else None,
        "clusterServices": str(network.services) if network.services else None,
        "subnets": {key: str(prefix) for key, prefix in network.subnets.items()},
    }
