"""The plan: everything that a stack builds, decided before the first resource."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Any

from planning import limits, rules, segments
from planning.address_plan import address_plan
from planning.addresses import Allocation, allocate
from planning.aws import Aws
from planning.azure import Azure
from planning.estate import Estate
from planning.gcp import Gcp
from planning.layouts import aws, azure, core_network, gcp
from planning.ledger import Environment, Ledger
from planning.links import budgets, landing_rules
from planning.links import layout as links
from planning.links.devices import Router, routers
from planning.links.ends import aws_end, site_end
from planning.links.types import Links
from planning.names import layout as names_layout
from planning.names import rules as name_rules
from planning.names.types import Names
from planning.problems import ConfigurationError, Problem
from planning.records import layout as records_layout
from planning.records import rules as record_rules
from planning.records.types import Records
from planning.settings import Cloud, Settings


@dataclass(frozen=True, slots=True)
class Plan:
    """One environment, decided."""

    environment: str
    protect: bool
    aws: Aws | None
    azure: Azure | None
    gcp: Gcp | None
    links: Links | None
    names: Names | None
    records: Records | None
    site_routers: Mapping[str, Sequence[Router]]
    """Site -> its routers that links end at."""
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
    problems = [
        *rules.problems(settings),
        *name_rules.problems(settings, ledger),
        *record_rules.problems(settings, ledger),
        *_reserved_problems(reserved),
    ]
    if not problems:
        held = ledger.environments.get(settings.environment, Environment(stack))
        problems += segments.problems(settings, held.recorded_groups())
    if problems:
        raise ConfigurationError(problems)
    allocation = allocate(settings, ledger, stack, reserved)
    estate = Estate(settings, allocation.environment)
    problems += [*_limit_problems(estate), *landing_rules.problems(estate), *record_rules.placed(estate)]
    if problems:
        raise ConfigurationError(problems)
    in_aws = aws.lay_out(estate, _inside(reserved, settings))
    in_azure = azure.lay_out(estate)
    in_gcp = gcp.lay_out(estate)
    joined = links.lay_out(estate)
    names = names_layout.lay_out(estate)
    problems += [
        *(_hub_route_problems(in_aws, estate) if in_aws else ()),
        *core_network.problems(estate),
        *(budgets.problems(joined) if joined else ()),
        *(name_rules.problems_in(estate, names) if names else ()),
    ]
    if problems:
        raise ConfigurationError(problems)
    built = frozenset(network.name for part in (in_aws, in_azure, in_gcp) if part for network in part.networks)
    plan = Plan(
        environment=settings.environment,
        protect=settings.protect,
        aws=in_aws,
        azure=in_azure,
        gcp=in_gcp,
        links=joined,
        names=names,
        records=records_layout.lay_out(estate),
        site_routers=_site_routers(estate, joined) if joined else {},
        addressing=address_plan(estate, allocation.ledger, built),
        warnings=(
            *rules.warnings(settings),
            *landing_rules.warnings(estate),
            *_limit_warnings(estate),
            *_mixed_range_warnings(estate),
            *_trap_warnings(estate),
            *(budgets.warnings(joined) if joined else ()),
            *(name_rules.warnings(estate, names, allocation.ledger) if names else ()),
            *record_rules.warnings(estate),
            *_unused_warnings(allocation),
        ),
        new=allocation.new,
    )
    return plan, allocation


def _site_routers(estate: Estate, joined: Links) -> Mapping[str, Sequence[Router]]:
    circuits = [circuit for router in joined.exchange.routers for circuit in router.sites] if joined.exchange else []
    announced = {str(cloud): estate.announced_by(cloud) for cloud, _ in estate.places}
    return {
        name: routers(estate.environment, site_end(estate, name), joined.vpns, circuits, announced)
        for name in sorted(estate.settings.sites)
    }


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
        for region in estate.regions(Cloud(cloud)):
            # In Azure the hub's own network is always built and connected too.
            count = len(estate.networks_in(Cloud(cloud), region)) + (cloud == Cloud.AZURE)
            if count > limit:
                rule = f"stand in {cloud}/{region}, whose hub takes {limit}"
                yield Problem("networks", str(count), rule, "move some to another region or environment")
    dropped = set(estate.private_space.values())
    for cloud, region in estate.places:
        for prefix in map(str, estate.recorded_in(cloud, region)):
            if prefix in dropped:
                rule = f"is all of what hubs drop by a fixed route, which would win over the route to {cloud}/{region}"
                yield Problem(f"addressing.supernets.{cloud}", prefix, rule, "give out only part of it")
    for region in estate.regions(Cloud.AZURE):
        transit = estate.transit(Cloud.AZURE, region)
        if any(transit.overlaps(refused) for refused in limits.AZURE_RESOLVER_REFUSED):
            rule = f"puts {region}'s resolver subnets into {transit}; Azure's resolver refuses 10.0.1.0-10.0.16.255"
            yield Problem("addressing.supernets.azure", "", rule, "give Azure other space, or reserve 10.0.0.0/19")


def _hub_route_problems(in_aws: Aws, estate: Estate) -> Iterator[Problem]:
    """Count what the tables of a Transit Gateway hold: propagated prefixes, fixed routes, drops, what links bring."""
    for hub in in_aws.hubs:
        count = sum(map(len, hub.blackholes.values()))
        for network in in_aws.networks:
            if network.region == hub.region:
                attached, learned = network.attachment, 2 if network.pods_cidr else 1
                count += (
                    learned * len(attached.propagates_to) + len(attached.default_route_in) + len(attached.summaries)
                )
        for peering in in_aws.peerings:
            routes = {peering.requester: peering.requester_routes, peering.accepter: peering.accepter_routes}
            count += sum(map(len, routes.get(hub.region, {}).values()))
        for party in estate.far_parties(Cloud.AWS, hub.region):
            count += len(estate.announced_by(party)) * len(aws_end(estate, [party]).propagates_to)
        if count > limits.HUB_ROUTES:
            rule = f"needs {count} routes in the Transit Gateway of {hub.region}, which holds {limits.HUB_ROUTES}"
            yield Problem("networks", "", rule, "use fewer or larger networks, or another environment")


def _limit_warnings(estate: Estate) -> Iterator[str]:
    count = len(estate.networks_in(Cloud.GCP))
    if count > limits.GCP_SPOKES:
        yield f"networks: {count} in gcp, whose hub is said to take {limits.GCP_SPOKES} VPCs; ask Google for the quota"
    for cloud, limit in limits.FILTER_PREFIXES.items():
        for segment in sorted({network.segment for network in estate.networks_in(Cloud(cloud))}):
            count = len(estate.reachable[segment])
            if count > limit:
                yield f"segments.{segment}: reaches {count} ranges; a rule of a {cloud} filter is said to hold {limit}"


def _mixed_range_warnings(estate: Estate) -> Iterator[str]:
    for network in estate.networks_in(Cloud.AWS):
        homes = {next((private for private in limits.PRIVATE if p.subnet_of(private)), None) for p in network.routed}
        if len(homes) > 1:
            yield (
                f"networks.{network.name}: {' and '.join(map(str, network.routed))} are of different private ranges, "
                "which AWS is known not to take in one VPC; give addressing.pods.aws a range beside the network's"
            )


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
