from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network
from itertools import product

import pytest

from planning.azure import Azure, Network, SecurityRule
from planning.ledger import Ledger
from planning.links.outside_types import DedicatedAzure
from planning.links.types import AzureEnd, Links
from planning.plan import Plan
from tests.planning import test_links
from tests.planning.configurations import LEFT_OUT, MEETING, SMALL, WIDE, Config, changed, covers, planned, prefixes
from tests.planning.outside import DEDICATED, EXTERNAL, NATIVE
from tests.planning.test_links import EXCHANGE, TUNNELS

PRIVATE = {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"}
SITES = {"10.48.0.0/16", "10.49.0.0/16"}


def azure_of(config: Config) -> Azure:
    azure = planned(config)[0].azure
    assert azure is not None
    return azure


@pytest.fixture(scope="module")
def wide() -> Azure:
    return azure_of(WIDE)


def network(azure: Azure, name: str) -> Network:
    return next(network for network in azure.networks if network.name == name)


def placed(azure: Azure) -> list[Network]:
    return [network for network in azure.networks if network.segment is not None]


def learns(azure: Azure, source: Network, target: Network) -> bool:
    """Tell whether the hub table that a VNet is looked up in learns another VNet: it has one of the other's labels."""
    labels = {label for hub in azure.hubs for label in hub.route_tables[source.connection.route_table]}
    return bool(labels & set(target.connection.labels))


def test_hub_tables_learn_exactly_the_networks_of_connected_segments(wide: Azure) -> None:
    for source, target in product(placed(wide), placed(wide)):
        assert source.segment is not None
        assert learns(wide, source, target) == (target.segment in MEETING[source.segment]), (source.name, target.name)


def test_every_hub_has_a_table_for_each_segment_labelled_with_its_name(wide: Azure) -> None:
    for hub in wide.hubs:
        assert hub.route_tables == {name: [name] for name in ("alone", "prod", "shared", "staging", "transit")}


def test_only_networks_that_reach_sites_are_known_to_vpn_and_circuits(wide: Azure) -> None:
    assert {candidate.name for candidate in placed(wide) if "default" in candidate.connection.labels} == {"identity"}


def test_the_transit_network_of_each_hub_serves_every_segment(wide: Azure) -> None:
    transits = [candidate for candidate in wide.networks if candidate.segment is None]
    assert [transit.name for transit in transits] == ["azure-eastus-transit", "azure-westus2-transit"]
    for transit, other in product(transits, placed(wide)):
        assert learns(wide, other, transit)
        assert learns(wide, transit, other)
        assert [subnet.key for subnet in transit.subnets] == ["resolver-inbound", "resolver-outbound"]
        assert {subnet.delegation for subnet in transit.subnets} == {"Microsoft.Network/dnsResolvers"}
        assert {subnet.cidr.partition("/")[2] for subnet in transit.subnets} == {"28"}


def test_rules_allow_what_the_segment_reaches_and_then_deny_all_private_space_in_both_directions(wide: Azure) -> None:
    identity = network(wide, "identity")
    for direction in ("Inbound", "Outbound"):
        first, second = sorted(
            (rule for rule in identity.security_rules if rule.direction == direction), key=lambda rule: rule.priority
        )
        assert (first.access, second.access) == ("Allow", "Deny")
        assert set(second.prefixes) == PRIVATE
    assert len(identity.security_rules) == 4
    assert len({rule.name for rule in identity.security_rules}) == 4


@pytest.mark.parametrize("cloud_of_the_other", ["aws", "azure", "gcp"])
def test_rules_hold_the_segments_against_networks_of_every_cloud(wide: Azure, cloud_of_the_other: str) -> None:
    regions = planned(WIDE)[0].addressing["regions"]
    others = {
        name: held["cidr"]
        for place, region in regions.items()
        if place.startswith(f"{cloud_of_the_other}/")
        for name, held in region["networks"].items()
        if held["segment"]
    }
    assert others
    for candidate in placed(wide):
        assert candidate.segment is not None
        for rule in candidate.security_rules:
            if rule.access == "Allow":
                for name, cidr in others.items():
                    meets = WIDE["networks"][name]["segment"] in MEETING[candidate.segment]
                    assert covers(rule.prefixes, [cidr]) == meets, (candidate.name, name)


def test_only_the_segment_that_reaches_sites_lets_them_in(wide: Azure) -> None:
    for candidate in placed(wide):
        for rule in candidate.security_rules:
            if rule.access == "Allow":
                assert covers(rule.prefixes, SITES) == (candidate.segment == "shared")


def test_rules_let_resolvers_of_all_hubs_in(wide: Azure) -> None:
    resolvers = [cidr for candidate in wide.networks if candidate.segment is None for cidr in candidate.address_space]
    for candidate in placed(wide):
        assert all(covers(rule.prefixes, resolvers) for rule in candidate.security_rules if rule.access == "Allow")


def test_a_network_drops_all_private_space_that_its_hub_knows_no_way_to(wide: Azure) -> None:
    for candidate in placed(wide):
        assert set(candidate.drops.values()) == PRIVATE


def test_dropped_space_is_less_specific_than_any_route_of_a_hub(wide: Azure) -> None:
    known = prefixes(*(cidr for candidate in wide.networks for cidr in candidate.address_space))
    for candidate in placed(wide):
        for route, dropped in product(known, prefixes(*candidate.drops.values())):
            assert not route.overlaps(dropped) or route.prefixlen > dropped.prefixlen


def test_hub_prefixes_are_a_23_in_their_regions_block_apart_from_its_networks(wide: Azure) -> None:
    assert wide.ipam is not None
    for hub in wide.hubs:
        (prefix,) = prefixes(hub.prefix)
        assert prefix.prefixlen == 23
        assert covers(wide.ipam.pools[hub.region], [hub.prefix])
        inside = [
            cidr for candidate in wide.networks if candidate.region == hub.region for cidr in candidate.address_space
        ]
        assert not any(prefix.overlaps(other) for other in prefixes(*inside))


def test_private_subnets_take_half_of_the_network_so_that_tiers_can_be_added(wide: Azure) -> None:
    identity = network(wide, "identity")
    (space,) = prefixes(*identity.address_space)
    (subnet,) = prefixes(*(subnet.cidr for subnet in identity.subnets))
    assert subnet.subnet_of(space)
    assert subnet.prefixlen == space.prefixlen + 1


def test_pods_have_a_subnet_in_an_address_space_of_their_own(wide: Azure) -> None:
    erp = network(wide, "erp")
    assert [subnet.key for subnet in erp.subnets] == ["private", "pods"]
    assert covers([erp.address_space[0]], [erp.subnets[0].cidr])
    assert covers([erp.address_space[1]], [erp.subnets[1].cidr])
    assert covers(["10.80.0.0/12"], [erp.address_space[1]])


def test_a_nat_gateway_serves_every_subnet_of_its_network_and_of_no_other(wide: Azure) -> None:
    assert {candidate.name for candidate in wide.networks if candidate.nat_gateway} == {"identity"}
    for candidate in wide.networks:
        assert {subnet.nat for subnet in candidate.subnets} == {candidate.nat_gateway}


def test_the_address_manager_is_told_everything_that_the_regions_hold(wide: Azure) -> None:
    assert wide.ipam is not None
    for region, allocations in wide.ipam.allocations.items():
        assert covers(wide.ipam.pools[region], allocations.values())
        (hub,) = [hub for hub in wide.hubs if hub.region == region]
        spaces = [cidr for candidate in wide.networks if candidate.region == region for cidr in candidate.address_space]
        assert set(allocations.values()) == {hub.prefix, *spaces}


def test_an_address_manager_is_told_only_where_it_is_asked_for() -> None:
    assert azure_of(changed({"addressing.registerIn": ["aws"]})).ipam is None


def test_flow_logs_of_each_region_go_to_an_account_that_nobody_else_can_have() -> None:
    stores = [
        store
        for change in (
            {},
            {"environment": "prod"},
            {"accounts.azure.subscriptionId": "99999999-2222-3333-4444-555555555555"},
        )
        for store in azure_of(changed(change, WIDE)).flow_log_stores
    ]
    names = [store.account_name for store in stores]
    assert len(names) == len(set(names)) == 6
    assert all(name.isalnum() and name.islower() and 3 <= len(name) <= 24 for name in names)
    assert [store.region for store in stores] == ["eastus", "westus2"] * 3
    assert azure_of(WIDE).flow_log_stores == tuple(stores[:2]), "the name is the same every time"


def test_names_in_azure_start_with_the_environment(wide: Azure) -> None:
    named = [candidate.physical_name for candidate in (*wide.networks, *wide.hubs)]
    assert all(name.startswith("dev-") for name in named)
    assert len(named) == len(set(named))


def test_no_networks_in_azure_build_nothing_there() -> None:
    assert planned(changed({"networks.identity": LEFT_OUT}, SMALL))[0].azure is None


# -- names


FORWARDERS = "35.199.192.0/19"
WITH_NAMES: Config = {"sites.hq.dns": ["10.48.0.53", "10.48.1.53"], "dns": {"private": "acme.internal"}}
"""One of the two sites has DNS servers."""


@pytest.fixture(scope="module")
def named() -> tuple[Plan, Ledger]:
    return test_links.planned(changed(WITH_NAMES, TUNNELS))


def transits(plan: Plan) -> tuple[Network, Network]:
    """Return the transit network of the region where links land, and the other one."""
    assert plan.azure is not None
    return network(plan.azure, "azure-eastus-transit"), network(plan.azure, "azure-westus2-transit")


def resolvers(ledger: Ledger, *, asking: bool) -> set[str]:
    """List where others' resolvers ask from, or are asked: by the ledger, and the design written out again."""
    subnets = ledger.environments["prod"].subnets
    regions = ("us-east-1", "us-west-2") if asking else ("us-east-1",)
    in_aws = {
        f"{sorted(held)[zone][5 if asking else 4]}/32"
        for region in regions
        for held in [[p for key, p in subnets.items() if key.startswith(f"aws/{region}/transit/resolver-")]]
        for zone in (0, 1)
    }
    google = {str(subnets[f"gcp/us-east4/transit/{key}"]) for key in ("transit", "resolver")}
    return {*in_aws, "10.48.0.53/32", "10.48.1.53/32"} | ({FORWARDERS} if asking else google)


def passes(rules: Sequence[SecurityRule], direction: str, address: str, protocol: str = "Udp", port: int = 53) -> bool:
    """Judge a first packet like Azure: the first rule by priority; by default, what a hub knows passes."""
    for rule in sorted(rules, key=lambda rule: rule.priority):
        if (
            rule.direction == direction
            and rule.protocol in ("*", protocol)
            and rule.port in ("*", str(port))
            and covers(rule.prefixes, [f"{address}/32"])
        ):
            return rule.access == "Allow"
    return True


def first(prefix: str) -> str:
    return str(IPv4Network(prefix)[0])


def test_without_names_a_transit_network_is_filtered_as_before(wide: Azure) -> None:
    assert [candidate.security_rules for candidate in wide.networks if candidate.segment is None] == [(), ()]
    for plan in (test_links.planned(TUNNELS)[0], planned(changed({"dns": WITH_NAMES["dns"]}, WIDE))[0]):
        assert [transit.security_rules for transit in transits(plan)] == [(), ()]


@pytest.mark.parametrize("protocol", ["Udp", "Tcp"])
def test_port_53_is_open_to_the_resolvers_that_ask_and_to_those_that_are_asked(
    named: tuple[Plan, Ledger], protocol: str
) -> None:
    plan, ledger = named
    landing, other = transits(plan)
    for cidr in resolvers(ledger, asking=True):
        assert passes(landing.security_rules, "Inbound", first(cidr), protocol), cidr
        assert not passes(other.security_rules, "Inbound", first(cidr), protocol), f"{cidr}: nothing answers there"
    for cidr, transit in product(resolvers(ledger, asking=False), (landing, other)):
        assert passes(transit.security_rules, "Outbound", first(cidr), protocol), cidr


def test_port_53_is_open_to_nobody_else(named: tuple[Plan, Ledger]) -> None:
    plan, ledger = named
    allowed = {
        (rule.direction, cidr)
        for rule in transits(plan)[0].security_rules
        if rule.access == "Allow"
        for cidr in rule.prefixes
    }

    assert {cidr for direction, cidr in allowed if direction == "Inbound"} == resolvers(ledger, asking=True)
    assert {cidr for direction, cidr in allowed if direction == "Outbound"} == resolvers(ledger, asking=False)


@pytest.mark.parametrize("direction", ["Inbound", "Outbound"])
def test_resolvers_exchange_nothing_but_queries_with_anything_private(
    named: tuple[Plan, Ledger], direction: str
) -> None:
    plan, ledger = named
    for transit in transits(plan):
        partners = resolvers(ledger, asking=direction == "Inbound")
        for cidr in partners:
            assert not passes(transit.security_rules, direction, first(cidr), "Tcp", 443), cidr
            assert not passes(transit.security_rules, direction, first(cidr), "Icmp", 53), cidr
        for space in (*ledger.environments["prod"].networks.values(), *prefixes(*SITES)):
            assert not passes(transit.security_rules, direction, str(space[-1])), space
        assert not passes(transit.security_rules, direction, "172.31.255.255")
        assert not passes(transit.security_rules, direction, "192.168.0.1")


def test_what_the_hub_knows_of_googles_forwarders_lets_them_into_no_other_network(named: tuple[Plan, Ledger]) -> None:
    azure = named[0].azure
    assert azure is not None
    assert placed(azure)
    for candidate, direction in product(placed(azure), ("Inbound", "Outbound")):
        assert not passes(candidate.security_rules, direction, first(FORWARDERS)), candidate.name


def test_google_is_not_denied_where_nobody_brings_its_forwarders(wide: Azure) -> None:
    assert not any(FORWARDERS in rule.prefixes for candidate in wide.networks for rule in candidate.security_rules)


def test_rules_of_a_filter_have_priorities_and_names_of_their_own(named: tuple[Plan, Ledger]) -> None:
    for transit in transits(named[0]):
        rules = transit.security_rules
        assert len({(rule.direction, rule.priority) for rule in rules}) == len(rules) > 0
        assert len({rule.name for rule in rules}) == len(rules)
        assert all(rule.prefixes for rule in rules), "Azure refuses a rule about nobody"
        assert all(len({*rule.prefixes}) == len(rule.prefixes) for rule in rules), "and one that says a prefix twice"


ALL = {"aws", "gcp", "hq"}
LINKED = {"tunnels": TUNNELS, "exchange": EXCHANGE, "external": EXTERNAL, "dedicated": DEDICATED, "native": NATIVE}


def ends(links: Links) -> Iterator[tuple[str, AzureEnd, set[str]]]:
    """Yield every place where a link meets Azure's hub, and who with names is behind it."""
    for vpn in links.vpns:
        if vpn.azure:
            yield vpn.name, vpn.azure, {*vpn.pair.split("/")} & ALL
    for circuit in links.dedicated:
        if isinstance(circuit, DedicatedAzure):
            yield circuit.circuit.name, circuit.end, {"hq"}
    for middle in links.external:
        if middle.azure:
            yield middle.name, middle.azure.end, ALL
    if links.exchange and links.azure_circuit_gateway:
        yield "exchange", links.azure_circuit_gateway.end, ALL


@pytest.mark.parametrize("kind", LINKED)
def test_queries_and_answers_find_the_way_between_transit_networks_and_partners_over_every_kind_of_link(
    kind: str,
) -> None:
    plan, ledger = test_links.planned(changed(WITH_NAMES, LINKED[kind]))
    assert plan.links is not None
    partners = resolvers(ledger, asking=True) | resolvers(ledger, asking=False)
    far = {
        "aws": {cidr for cidr in partners if covers(["10.0.0.0/12"], [cidr])},
        "gcp": {cidr for cidr in partners if covers(["10.32.0.0/12", FORWARDERS], [cidr])},
        "hq": {cidr for cidr in partners if covers(["10.48.0.0/12"], [cidr])},
    }
    assert set.union(*far.values()) == partners
    met = [*ends(plan.links)]
    assert set.union(*(parties for _, _, parties in met)) == ALL
    for name, end, parties in met:
        assert "transit" in end.labels, f"{name}: no way there from a transit network"
        assert all(covers(end.accepts, far[party]) for party in parties), name
        for transit in transits(plan):
            assert "default" in transit.connection.labels, "no way back"
            assert covers(end.sends, transit.address_space), name
