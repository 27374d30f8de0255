from itertools import product

import pytest

from planning.azure import Azure, Network
from tests.planning.configurations import LEFT_OUT, MEETING, SMALL, WIDE, Config, changed, covers, planned, prefixes

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
