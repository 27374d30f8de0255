"""The plan: everything that a stack builds, decided before the first resource."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Any

from planning import limits, rules, segments
from planning.addresses import Allocation, allocate
from planning.aws import Aws
from planning.azure import Azure
from planning.estate import Estate, Placed
from planning.gcp import Gcp
from planning.layouts import aws, azure, gcp
from planning.ledger import Ledger
from planning.places import TRANSIT
from planning.problems import ConfigurationError, Problem
from planning.settings import Cloud, Settings
from planning.space import FreeSpace


@dataclass(frozen=True, slots=True)
class Plan:
    """One environment, decided."""

    environment: str
    protect: bool
    aws: Aws | None
    azure: Azure | None
    gcp: Gcp | None
    addressing: Mapping[str, Any]
    """The address plan as plain data, for outputs and reports."""
    warnings: Sequence[str]
    new: Sequence[str]
    """What the ledger did not hold before."""


def make_plan(
    settings: Settings, ledger: Ledger, stack: str, reserved: Mapping[str, IPv4Network]
) -> tuple[Plan, Allocation]:
    """Decide everything. `stack` is `<project>/<stack>`, `reserved` all ranges that are not ours to give.

    Raises:
        ConfigurationError: with every problem found.
    """
    problems = [*rules.problems(settings), *_reserved_problems(reserved)]
    if not problems:
        problems += segments.problems(settings)
    if problems:
        raise ConfigurationError(problems)
    allocation = allocate(settings, ledger, stack, reserved)
    estate = Estate(settings, allocation.environment)
    problems += _limit_problems(estate)
    if problems:
        raise ConfigurationError(problems)
    plan = Plan(
        environment=settings.environment,
        protect=settings.protect,
        aws=aws.lay_out(estate, _inside(reserved, settings)),
        azure=azure.lay_out(estate),
        gcp=gcp.lay_out(estate),
        addressing=_addressing(estate, reserved.values()),
        warnings=(*rules.warnings(settings), *_trap_warnings(estate), *_unused_warnings(allocation)),
        new=allocation.new,
    )
    return plan, allocation


def _reserved_problems(reserved: Mapping[str, IPv4Network]) -> Iterator[Problem]:
    for name, prefix in reserved.items():
        if prefix.prefixlen == 0:
            yield Problem(name, str(prefix), "reserves every address", "name the range that is taken")


def _inside(reserved: Mapping[str, IPv4Network], settings: Settings) -> Mapping[str, str]:
    """Pick the reserved ranges that AWS's pools would otherwise give out, under names that resources can have."""
    supernets = (*settings.addressing.supernets.aws, *settings.addressing.pods.aws)
    return {
        re.sub(r"[^a-z0-9]+", "-", name.removeprefix("addressing.").lower()): str(prefix)
        for name, prefix in sorted(reserved.items())
        if any(prefix.subnet_of(supernet) for supernet in supernets)
    }


def _limit_problems(estate: Estate) -> Iterator[Problem]:
    for cloud, limit in limits.HUB_ATTACHMENTS.items():
        for region in (None,) if cloud == Cloud.GCP else estate.regions(Cloud(cloud)):
            count = len(estate.networks_in(Cloud(cloud), region))
            if count > limit:
                rule = f"stand in {f'{cloud}/{region}' if region else cloud}, whose hub takes {limit}"
                yield Problem("networks", str(count), rule, "move some to another region or environment")
    for cloud, limit in limits.FILTER_PREFIXES.items():
        for segment in sorted({network.segment for network in estate.networks_in(Cloud(cloud))}):
            count = len(estate.reachable[segment])
            if count > limit:
                rule = f"reaches {count} ranges; one rule of a {cloud} filter holds {limit}"
                yield Problem(f"segments.{segment}", str(count), rule, "split the segment")


def _trap_warnings(estate: Estate) -> Iterator[str]:
    for network in estate.networks:
        for trap, owner in limits.TRAPS.items():
            for prefix in network.routed:
                if prefix.overlaps(trap):
                    yield (
                        f"networks.{network.name}: {prefix} overlaps {trap}, {owner}; "
                        "a cluster or host left at that default cannot reach this network"
                    )


def _unused_warnings(allocation: Allocation) -> Iterator[str]:
    for key in allocation.unused:
        yield (
            f"ledger: {key} is recorded and no longer configured; its range stays taken until "
            f"python -m planning release {key}"
        )


def _addressing(estate: Estate, reserved: Collection[IPv4Network]) -> dict[str, Any]:
    """Write the address plan as plain data: whose space, what each region announces, what is in it, what is free."""
    addressing = estate.settings.addressing
    return {
        "supernets": {owner: [str(prefix) for prefix in held] for owner, held in addressing.supernets},
        "pods": {owner: [str(prefix) for prefix in held] for owner, held in addressing.pods},
        "regions": {
            f"{cloud}/{region}": _region(estate, cloud, region, reserved)
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


def _region(estate: Estate, cloud: Cloud, region: str, reserved: Collection[IPv4Network]) -> dict[str, Any]:
    place = f"{cloud}/{region}"
    hub = estate.held.hubs.get(place)
    transit = estate.transit(cloud, region)
    networks = estate.networks_in(cloud, region)
    held = [prefix for key, prefix in estate.held.networks.items() if key.startswith(f"{place}/")]
    used = [*held, *([hub] if hub else []), *reserved]
    speaker = {Cloud.AWS: "transit-gateway", Cloud.GCP: "cloud-router"}.get(cloud)
    return {
        "cloud": str(cloud),
        "region": region,
        "aggregates": [str(prefix) for prefix in estate.aggregates(cloud, region)],
        "hub": {
            "asn": estate.held.asns[f"{speaker}/{region}"] if speaker else AZURE_HUB_ASN,
            "prefix": str(hub) if hub else None,
        },
        "free": [str(hole) for hole in FreeSpace(estate.held.blocks_of(place).values(), used).holes()],
        "networks": {
            TRANSIT: {
                "cidr": str(transit),
                "segment": None,
                "pods": None,
                "clusterServices": None,
                "subnets": {key: str(prefix) for key, prefix in estate.subnets(f"{place}/{TRANSIT}").items()},
            },
            **{network.name: _network(network) for network in networks},
        },
    }


AZURE_HUB_ASN = 65515
"""Every virtual hub has it; it cannot be chosen."""


def _network(network: Placed) -> dict[str, Any]:
    return {
        "cidr": str(network.cidr),
        "segment": network.segment,
        "pods": str(network.pods) if network.pods else None,
        "clusterServices": str(network.services) if network.services else None,
        "subnets": {key: str(prefix) for key, prefix in network.subnets.items()},
    }
