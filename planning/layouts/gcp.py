"""What Google Cloud is told: VPC networks with filters, a connectivity hub, a transit network with Cloud Routers."""

from collections.abc import Mapping, Sequence

from planning import limits
from planning.estate import Estate, Placed
from planning.gcp import PARTNER_ASN, FirewallRule, Gcp, Hub, Network, Router, Subnet
from planning.links.pairs import IN_THE_MIDDLE, parties_over
from planning.names import servers
from planning.places import TRANSIT
from planning.settings import Cloud, Nat, Topology

DELEGATE_PRIORITY, DENY_PRIORITY = 1000, 4000
DNS_PORT = 53
"""Room is left below for the rules of services."""
GROUPS = {Topology.MESH: ("default",), Topology.STAR: ("center", "edge")}
"""Topology -> the groups that its spokes join; the names are Google's."""


def lay_out(estate: Estate) -> Gcp | None:
    """Lay out Google Cloud, or None where the environment has nothing there."""
    account = estate.settings.accounts.gcp
    if not estate.regions(Cloud.GCP) or account is None:
        return None
    topology = estate.settings.hubs.gcp.topology
    return Gcp(
        project=account.project,
        home_region=estate.held.fixed["gcp/home-region"],
        hub=Hub(f"{estate.environment}-hub", topology.value.upper(), GROUPS[topology]),
        networks=(*(_network(estate, network) for network in estate.networks_in(Cloud.GCP)), _transit(estate)),
        register_addresses=Cloud.GCP in estate.settings.addressing.register_in,
    )


def _network(estate: Estate, network: Placed) -> Network:
    region = network.settings.region
    ranges = {"pods": network.pods, "services": network.services}
    return Network(
        name=network.name,
        physical_name=f"{estate.environment}-{network.name}",
        segment=network.segment,
        subnets=[
            Subnet(
                key=f"private-{region}",
                tier="private",
                region=region,
                cidr=str(network.subnets["private"]),
                secondary={name: str(prefix) for name, prefix in ranges.items() if prefix},
            )
        ],
        nat_regions=[region] if network.settings.nat is not Nat.NONE else [],
        firewall_rules=_firewall_rules(estate, [*estate.reachable[network.segment], *_transit_ranges(estate)]),
        group=_group(estate, network.segment),
        hidden_ranges=[str(estate.settings.addressing.cluster_services)],
        external_ranges=estate.outside(Cloud.GCP),
        routers=(),
    )


def _transit(estate: Estate) -> Network:
    """Lay out the hub's own VPC: hybrid spokes must all be in one, and one VPC forwards DNS for all."""
    regions = estate.regions(Cloud.GCP)
    announced = {
        str(prefix): f"networks in {region}" for region in regions for prefix in estate.aggregates(Cloud.GCP, region)
    }
    if estate.dns_partners(Cloud.GCP):
        announced[str(limits.GOOGLE_FORWARDERS)] = "where forwarded queries come from"
    return Network(
        name=f"gcp-{TRANSIT}",
        physical_name=f"{estate.environment}-{TRANSIT}",
        segment=None,
        subnets=[
            _transit_subnet(estate, region, tier) for region in regions for tier in _transit_tiers(estate, region)
        ],
        nat_regions=[],
        firewall_rules=_resolver_rules(estate),
        group=_group(estate, None),
        hidden_ranges=[str(estate.settings.addressing.cluster_services)],
        external_ranges=estate.outside(Cloud.GCP),
        routers=[
            *(Router(region, estate.held.asns[f"cloud-router/{region}"], announced) for region in regions),
            *_partner_router(estate, announced),
        ],
    )


def _transit_tiers(estate: Estate, region: str) -> Sequence[str]:
    """List the transit network's subnets in a region: Google answers once in each, and who asks wants two addresses."""
    asked = estate.dns_partners(Cloud.GCP) and region == estate.gateway_region(Cloud.GCP)
    return servers.GOOGLE_SUBNETS if asked else (TRANSIT,)


def _transit_subnet(estate: Estate, region: str, tier: str) -> Subnet:
    cidr = estate.subnets(f"gcp/{region}/{TRANSIT}")[tier]
    return Subnet(key=f"{tier}-{region}", tier=tier, region=region, cidr=str(cidr), secondary={})


def _partner_router(estate: Estate, announced: Mapping[str, str]) -> Sequence[Router]:
    """Lay out the second router where circuits land: Google gives attachments its own ASN and takes no other [D29]."""
    if Cloud.GCP not in parties_over(estate.settings, *IN_THE_MIDDLE):
        return []
    return [Router(estate.gateway_region(Cloud.GCP), PARTNER_ASN, announced, suffix="partner")]


def _group(estate: Estate, segment: str | None) -> str:
    if estate.settings.hubs.gcp.topology is Topology.MESH:
        return "default"
    return "center" if segment is None else estate.held.recorded_groups()[segment]


def hybrid_group(estate: Estate) -> str:
    """Name the group that tunnels and attachments join the hub in: the one that every segment meets."""
    return _group(estate, None)


def _transit_ranges(estate: Estate) -> Sequence[str]:
    return [str(estate.transit(Cloud.GCP, region)) for region in estate.regions(Cloud.GCP)]


def _firewall_rules(estate: Estate, reachable: Sequence[str]) -> Sequence[FirewallRule]:
    """Leave what the segment reaches to the rules of its owners, and drop every other private address.

    A connectivity hub gives all routes to all spokes of a group; these rules hold the segments nevertheless.
    """
    private = tuple(estate.private_space.values())
    return [
        FirewallRule(f"{name}-{direction.lower()}", priority, direction, action, prefixes)
        for direction in ("INGRESS", "EGRESS")
        for name, priority, action, prefixes in (
            ("reachable", DELEGATE_PRIORITY, "goto_next", tuple(reachable)),
            ("private", DENY_PRIORITY, "deny", private),
        )
    ]


def _resolver_rules(estate: Estate) -> Sequence[FirewallRule]:
    """Let queries for names into and out of the transit network, to and from those who exchange them, and no more.

    No machine stands there, so that where names are not exchanged it needs no rules.
    """
    if not estate.dns_partners(Cloud.GCP):
        return ()
    far_side = {"INGRESS": servers.asked_by(estate, Cloud.GCP), "EGRESS": servers.asks(estate, Cloud.GCP)}
    private = tuple(estate.private_space.values())
    return [
        rule
        for direction, prefixes in far_side.items()
        for rule in (
            FirewallRule(
                f"names-{direction.lower()}", DELEGATE_PRIORITY, direction, "allow", tuple(prefixes), DNS_PORT
            ),
            FirewallRule(f"private-{direction.lower()}", DENY_PRIORITY, direction, "deny", private),
        )
    ]
