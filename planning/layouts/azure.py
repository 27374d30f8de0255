"""What Azure is told: VNets with filters of their own, one virtual WAN with a hub in each region."""

import hashlib
from collections.abc import Mapping, Sequence

from planning import limits
from planning.azure import Azure, Connection, FlowLogStore, Hub, Ipam, Network, SecurityRule, Subnet
from planning.estate import Estate, Placed
from planning.names import servers
from planning.places import TRANSIT
from planning.settings import Cloud, Nat
from planning.subnets import PODS

RESOLVERS = "Microsoft.Network/dnsResolvers"
TRANSIT_LABEL = TRANSIT
BRANCHES = "default"
"""The built-in table and label that VPN and ExpressRoute look routes up in."""
ALLOW_PRIORITY, DENY_PRIORITY = 1000, 4000
"""Room is left below for the rules of services."""
DNS_PORT = "53"


def lay_out(estate: Estate) -> Azure | None:
    """Lay out Azure, or None where the environment has nothing there."""
    account = estate.settings.accounts.azure
    regions = estate.regions(Cloud.AZURE)
    if not regions or account is None:
        return None
    subscription = str(account.subscription_id)
    return Azure(
        subscription_id=subscription,
        physical_name=estate.environment,
        home_region=estate.held.fixed["azure/home-region"],
        hubs=tuple(_hub(estate, region) for region in regions),
        networks=(
            *(_network(estate, network) for network in estate.networks_in(Cloud.AZURE)),
            *(_transit(estate, region) for region in regions),
        ),
        ipam=_ipam(estate) if Cloud.AZURE in estate.settings.addressing.register_in else None,
        flow_log_stores=tuple(
            FlowLogStore(region, _account_name(subscription, estate.environment, region)) for region in regions
        ),
        flow_log_retention_days=estate.settings.flow_log_days,
    )


def _hub(estate: Estate, region: str) -> Hub:
    return Hub(
        region=region,
        physical_name=f"{estate.environment}-{region}",
        prefix=str(estate.held.hubs[f"azure/{region}"]),
        route_tables={name: [name] for name in (*sorted(estate.connected), TRANSIT)},
    )


def _network(estate: Estate, network: Placed) -> Network:
    nat = network.settings.nat is not Nat.NONE
    reachable = estate.reachable[network.segment]
    subnets = [Subnet("private", "private", str(network.subnets["private"]), nat=nat, delegation=None)]
    if network.pods:
        subnets.append(Subnet(PODS, PODS, str(network.subnets[PODS]), nat=nat, delegation=None))
    return Network(
        name=network.name,
        physical_name=f"{estate.environment}-{network.name}",
        region=network.settings.region,
        segment=network.segment,
        address_space=[str(prefix) for prefix in network.routed],
        subnets=subnets,
        nat_gateway=nat,
        security_rules=_security_rules(estate, [*reachable, *_transit_ranges(estate)]),
        drops=estate.drops(network.segment),
        connection=Connection(
            route_table=network.segment,
            labels=[
                *sorted(estate.connected[network.segment]),
                TRANSIT_LABEL,
                *([BRANCHES] if _reaches_out(estate, network.segment) else ()),
            ],
        ),
    )


def _reaches_out(estate: Estate, segment: str) -> bool:
    """Tell whether somebody beyond Azure reaches the segment, so that gateways have to know the way to it."""
    return segment in estate.reaches_sites or segment in estate.segments_reaching(estate.far_parties(Cloud.AZURE))


def _transit(estate: Estate, region: str) -> Network:
    """Lay out a hub's own VNet, where the DNS resolver's endpoints stand: it serves every segment."""
    held = estate.subnets(f"azure/{region}/{TRANSIT}")
    asked_here = estate.dns_partners(Cloud.AZURE) and region == estate.gateway_region(Cloud.AZURE)
    second = () if asked_here else servers.AZURE_INBOUND[1:]
    return Network(
        name=f"azure-{region}-{TRANSIT}",
        physical_name=f"{estate.environment}-{region}-{TRANSIT}",
        region=region,
        segment=None,
        address_space=[str(estate.transit(Cloud.AZURE, region))],
        subnets=[
            Subnet(key, "resolver", str(held[key]), nat=False, delegation=RESOLVERS)
            for key in sorted(held)
            if key not in second
        ],
        nat_gateway=False,
        security_rules=_resolver_rules(estate, region),
        drops={},
        connection=Connection(route_table=TRANSIT, labels=[*sorted(estate.connected), TRANSIT_LABEL, BRANCHES]),
    )


def _transit_ranges(estate: Estate) -> Sequence[str]:
    return [str(estate.transit(Cloud.AZURE, region)) for region in estate.regions(Cloud.AZURE)]


def _security_rules(estate: Estate, reachable: Sequence[str]) -> Sequence[SecurityRule]:
    """Let in and out what the segment reaches, and no other private address, whatever routes there may be."""
    return [
        SecurityRule(f"{access.lower()}-{direction.lower()}-{what}", priority, direction, access, prefixes)
        for direction in ("Inbound", "Outbound")
        for what, priority, access, prefixes in (
            ("reachable", ALLOW_PRIORITY, "Allow", tuple(reachable)),
            ("private", DENY_PRIORITY, "Deny", _denied(estate)),
        )
    ]


def _resolver_rules(estate: Estate, region: str) -> Sequence[SecurityRule]:
    """Let queries in where inbound endpoints stand, and out to whom they are forwarded, and nothing else private.

    VNets are no exception: they ask 168.63.129.16, which no rule of a filter stands against [K]. The near side of every
    rule is the whole VNet, because Azure answers for an endpoint from other addresses of its subnet too. That the
    endpoints' subnets take a filter, the outbound one included, no page of Azure's says; others run them so [K].
    """
    if not estate.dns_partners(Cloud.AZURE):
        return ()
    asked_by = servers.asked_by(estate, Cloud.AZURE) if region == estate.gateway_region(Cloud.AZURE) else {}
    far_sides = {"Inbound": tuple(asked_by), "Outbound": tuple(servers.asks(estate, Cloud.AZURE))}
    return [
        *(
            SecurityRule(
                f"allow-{way.lower()}-dns-{protocol.lower()}", priority, way, "Allow", far_side, protocol, DNS_PORT
            )
            for way, far_side in far_sides.items()
            for priority, protocol in enumerate(("Tcp", "Udp"), start=ALLOW_PRIORITY)
            if far_side
        ),
        *(
            SecurityRule(f"deny-{way.lower()}-private", DENY_PRIORITY, way, "Deny", _denied(estate))
            for way in far_sides
        ),
    ]


def _denied(estate: Estate) -> Sequence[str]:
    """List what comes in and goes out by no rule but those above: the hub brings it, so Azure would let it all pass."""
    forwarders = [str(limits.GOOGLE_FORWARDERS)] if Cloud.GCP in estate.dns_partners(Cloud.AZURE) else []
    return (*estate.private_space.values(), *forwarders)


def _ipam(estate: Estate) -> Ipam:
    regions = estate.regions(Cloud.AZURE)
    allocations: dict[str, Mapping[str, str]] = {}
    for region in regions:
        allocations[region] = {
            "hub": str(estate.held.hubs[f"azure/{region}"]),
            TRANSIT: str(estate.transit(Cloud.AZURE, region)),
            **{network.name: str(network.cidr) for network in estate.networks_in(Cloud.AZURE, region)},
            **{f"{n.name}-pods": str(n.pods) for n in estate.networks_in(Cloud.AZURE, region) if n.pods},
        }
    return Ipam(
        home_region=estate.held.fixed["azure/home-region"],
        pools={region: [str(prefix) for prefix in estate.recorded_in(Cloud.AZURE, region)] for region in regions},
        allocations=allocations,
    )


def _account_name(subscription: str, environment: str, region: str) -> str:
    """Make a storage account name: 3 to 24 lower-case letters and digits, unique in all of Azure, always the same."""
    digest = hashlib.sha256(f"{subscription}/{environment}/{region}".encode()).hexdigest()
    return f"flow{digest[:20]}"
