from ipaddress import IPv4Network
from itertools import product
from typing import Any

import pytest

from planning.estate import Estate
from planning.gcp import FirewallRule, Gcp, Network
from planning.ledger import Ledger
from planning.names import google_rules
from planning.plan import make_plan
from planning.reading import read_settings
from planning.settings import Cloud
from tests.planning.configurations import (
    LEFT_OUT,
    MEETING,
    SMALL,
    STACK,
    WIDE,
    Config,
    as_text,
    changed,
    covers,
    planned,
    prefixes,
)

SUPERNETS = {
    "10.0.0.0/12",
    "10.16.0.0/12",
    "10.32.0.0/12",
    "10.48.0.0/12",
    "10.64.0.0/12",
    "10.80.0.0/12",
    "10.112.0.0/12",
}
PRIVATE = {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"}
GOOGLES = {"10.32.0.0/12", "10.112.0.0/12"}
SITES = {"10.48.0.0/16", "10.49.0.0/16"}
FORWARDERS = "35.199.192.0/19"
"""Where Google's forwarded queries come from."""
JOINED: Config = changed(
    {
        "links": {"primary": "vpn"},
        "linkSecret": "correct horse battery staple",
        "sites.hq.devices": {"edge": {"address": "198.51.100.20"}},
        "sites.plant.devices": {"edge": {"address": "198.51.100.21"}},
    },
    WIDE,
)
"""All joined; of the two sites, one has DNS servers."""
NAMES: Config = {"dns": {"private": "acme.internal"}}
NAMED: Config = changed(NAMES, JOINED)
AWS_RESOLVERS = ("resolver-az1", "resolver-az2")
STAR: dict[str, Any] = {"hubs": {"gcp": {"topology": "star"}}}


def gcp_of(config: Config) -> Gcp:
    gcp = planned(config)[0].gcp
    assert gcp is not None
    return gcp


def joined(config: Config) -> tuple[Gcp, Estate]:
    """Plan with links, whose secret is no plain text."""
    settings = read_settings(as_text(config), ["linkSecret"])
    plan, allocation = make_plan(settings, Ledger(), STACK, {})
    assert plan.gcp is not None
    return plan.gcp, Estate(settings, allocation.environment)


@pytest.fixture(scope="module")
def wide() -> Gcp:
    return gcp_of(WIDE)


def network(gcp: Gcp, name: str) -> Network:
    return next(network for network in gcp.networks if network.name == name)


def placed(gcp: Gcp) -> list[Network]:
    return [network for network in gcp.networks if network.segment is not None]


def spokes_meet(one: Network, other: Network) -> bool:
    """Tell whether a connectivity hub exchanges the routes of two spokes: all in a mesh, never two edges of a star."""
    return one is other or {one.group, other.group} != {"edge"}


def test_a_mesh_has_one_group(wide: Gcp) -> None:
    assert (wide.hub.topology, wide.hub.groups) == ("MESH", ("default",))
    assert {candidate.group for candidate in wide.networks} == {"default"}


def test_a_star_keeps_apart_exactly_the_segments_that_are_not_connected() -> None:
    star = gcp_of(changed(STAR, WIDE))
    assert (star.hub.topology, star.hub.groups) == ("STAR", ("center", "edge"))
    assert {candidate.name: candidate.group for candidate in star.networks} == {
        "analytics": "edge",
        "models": "edge",
        "artifacts": "center",
        "gcp-transit": "center",
    }
    for one, other in product(placed(star), placed(star)):
        assert one.segment is not None
        assert spokes_meet(one, other) == (other.segment in MEETING[one.segment])


def test_networks_of_a_lone_segment_meet_in_the_center_of_a_star() -> None:
    reports = {"cloud": "gcp", "region": "us-east4", "size": 20, "segment": "apps"}
    star = gcp_of(changed({**STAR, "networks.reports": reports}))
    assert {candidate.group for candidate in star.networks} == {"center"}


def test_policies_leave_what_the_segment_reaches_to_others_and_deny_all_other_private_space(wide: Gcp) -> None:
    for candidate in placed(wide):
        for direction in ("INGRESS", "EGRESS"):
            first, second = sorted(
                (rule for rule in candidate.firewall_rules if rule.direction == direction),
                key=lambda rule: rule.priority,
            )
            assert (first.action, second.action) == ("goto_next", "deny")
            assert set(second.prefixes) == PRIVATE
        assert len({rule.priority for rule in candidate.firewall_rules}) == 2
        assert len(candidate.firewall_rules) == 4


@pytest.mark.parametrize("cloud_of_the_other", ["aws", "azure", "gcp"])
def test_policies_hold_the_segments_against_networks_of_every_cloud(wide: Gcp, cloud_of_the_other: str) -> None:
    others = {
        name: [held["cidr"], *([held["pods"]] if held["pods"] else [])]
        for place, region in planned(WIDE)[0].addressing["regions"].items()
        if place.startswith(f"{cloud_of_the_other}/")
        for name, held in region["networks"].items()
        if held["segment"]
    }
    assert others
    for candidate in placed(wide):
        assert candidate.segment is not None
        for rule in candidate.firewall_rules:
            if rule.action == "goto_next":
                for name, cidrs in others.items():
                    meets = WIDE["networks"][name]["segment"] in MEETING[candidate.segment]
                    assert covers(rule.prefixes, cidrs) == meets, (candidate.name, name)


def test_policies_leave_the_transit_network_to_others_in_every_region(wide: Gcp) -> None:
    transit = [subnet.cidr for subnet in network(wide, "gcp-transit").subnets]
    for candidate in placed(wide):
        assert all(covers(rule.prefixes, transit) for rule in candidate.firewall_rules if rule.action == "goto_next")


def test_only_the_segment_that_reaches_sites_lets_them_in(wide: Gcp) -> None:
    for candidate in placed(wide):
        for rule in candidate.firewall_rules:
            if rule.action == "goto_next":
                assert covers(rule.prefixes, SITES) == (candidate.segment == "shared")


def test_every_cloud_router_announces_all_regions_and_speaks_with_a_number_of_its_own(wide: Gcp) -> None:
    routers = network(wide, "gcp-transit").routers
    assert {router.region: router.asn for router in routers} == {"us-central1": 64550, "us-east4": 64551}
    ranges = [subnet.cidr for candidate in wide.networks for subnet in candidate.subnets]
    pods = [subnet.secondary["pods"] for subnet in network(wide, "analytics").subnets]
    for router in routers:
        assert covers(router.advertised, [*ranges, *pods])
        assert set(router.advertised) == set(routers[0].advertised)
        assert covers(GOOGLES, router.advertised)
        assert not set(router.advertised) & GOOGLES, "a route equal to what other clouds drop would be lost"


def test_routers_stand_in_the_transit_network_alone(wide: Gcp) -> None:
    assert [candidate.name for candidate in wide.networks if candidate.routers] == ["gcp-transit"]
    assert [candidate.name for candidate in wide.networks if candidate.segment is None] == ["gcp-transit"]


def test_the_transit_network_has_a_subnet_in_each_region_where_google_has_networks(wide: Gcp) -> None:
    assert {subnet.key: subnet.region for subnet in network(wide, "gcp-transit").subnets} == {
        "transit-us-central1": "us-central1",
        "transit-us-east4": "us-east4",
    }


def test_clusters_have_secondary_ranges_and_their_services_stay_out_of_the_hub(wide: Gcp) -> None:
    (subnet,) = network(wide, "analytics").subnets
    assert set(subnet.secondary) == {"pods", "services"}
    assert covers(["10.112.0.0/12"], [subnet.secondary["pods"]])
    assert covers(network(wide, "analytics").hidden_ranges, [subnet.secondary["services"]])
    assert not network(wide, "models").subnets[0].secondary


def test_nat_is_where_it_is_asked_for(wide: Gcp) -> None:
    assert {candidate.name: list(candidate.nat_regions) for candidate in wide.networks if candidate.nat_regions} == {
        "analytics": ["us-east4"]
    }


def test_space_of_other_clouds_and_sites_can_never_become_a_subnet_here(wide: Gcp) -> None:
    for candidate in wide.networks:
        assert set(candidate.external_ranges.values()) == SUPERNETS - GOOGLES


def test_private_subnets_take_half_of_the_network_so_that_tiers_can_be_added(wide: Gcp) -> None:
    for candidate in placed(wide):
        (subnet,) = prefixes(*(subnet.cidr for subnet in candidate.subnets))
        assert subnet.prefixlen == WIDE["networks"][candidate.name]["size"] + 1


def test_ranges_are_registered_only_where_it_is_asked_for(wide: Gcp) -> None:
    assert wide.register_addresses
    assert not gcp_of(changed({"addressing.registerIn": []})).register_addresses


def test_no_networks_in_google_cloud_build_nothing_there() -> None:
    assert planned(changed({"networks.analytics": LEFT_OUT}, SMALL))[0].gcp is None


@pytest.fixture(scope="module")
def named() -> Gcp:
    return joined(NAMED)[0]


@pytest.fixture(scope="module")
def estate() -> Estate:
    return joined(NAMED)[1]


def by_name(gcp: Gcp) -> dict[str, FirewallRule]:
    return {rule.name: rule for rule in network(gcp, "gcp-transit").firewall_rules}


def gateway_region(gcp: Gcp) -> str:
    (region,) = (subnet.region for subnet in network(gcp, "gcp-transit").subnets if subnet.tier == "resolver")
    return region


def test_every_router_announces_where_forwarded_queries_come_from() -> None:
    over_exchange = {
        "links.primary": "exchange",
        "links.exchange": {"metros": ["DC", "NY"], "bandwidth": 1000},
        "links.pairs": {name: {"primary": "vpn"} for name in ("hq", "plant")},
        "accounts.equinix": {
            "projectId": "11111111-2222-3333-4444-555555555555",
            "accountNumber": 270001,
            "notify": ["noc@acme.example"],
        },
    }
    routers = network(joined(changed(over_exchange, NAMED))[0], "gcp-transit").routers
    assert {router.suffix for router in routers} == {"router", "partner"}
    assert not [router for router in routers if FORWARDERS not in router.advertised]


def test_who_asks_google_has_two_places_to_ask_where_links_land(named: Gcp) -> None:
    subnets = network(named, "gcp-transit").subnets
    where = {subnet.key: subnet.region for subnet in subnets if subnet.region == gateway_region(named)}
    assert set(where) == {f"transit-{gateway_region(named)}", f"resolver-{gateway_region(named)}"}
    assert len(subnets) == 3, "the other region needs no more than what its router announces"
    one, other = prefixes(*(subnet.cidr for subnet in subnets if subnet.key in where))
    assert not one.overlaps(other)


def in_transit(estate: Estate, cloud: str, *subnets: str) -> list[tuple[str, IPv4Network]]:
    """List region and range of some subnets in a cloud's transit networks, as the ledger has them."""
    held = estate.held.subnets
    keys = [key.split("/") for key in sorted(held) if key.startswith(f"{cloud}/")]
    return [
        (region, held[f"{cloud}/{region}/{network}/{subnet}"])
        for _, region, network, subnet in keys
        if network == "transit" and subnet in subnets
    ]


def test_the_transit_network_is_asked_for_names_by_each_cloud_and_each_dns_server_of_a_site(
    named: Gcp, estate: Estate
) -> None:
    ways_out = [
        *(f"{prefix[5]}/32" for _, prefix in in_transit(estate, "aws", *AWS_RESOLVERS)),
        *(str(prefix) for _, prefix in in_transit(estate, "azure", "resolver-outbound")),
        "10.48.0.53/32",
    ]
    assert len(ways_out) == 2 * 2 + 2 + 1, "two regions in each cloud, of which AWS has two addresses in each"
    rule = by_name(named)["names-ingress"]
    assert (rule.direction, rule.action, rule.port) == ("INGRESS", "allow", 53)
    assert sorted(rule.prefixes) == sorted(ways_out)


def test_the_transit_network_asks_where_others_answer(named: Gcp, estate: Estate) -> None:
    answering = [
        f"{prefix[4]}/32"
        for cloud, subnets in {"aws": AWS_RESOLVERS, "azure": ("resolver-inbound", "resolver-inbound-2")}.items()
        for region, prefix in in_transit(estate, cloud, *subnets)
        if region == estate.held.fixed[f"{cloud}/gateway-region"]
    ]
    rule = by_name(named)["names-egress"]
    assert (rule.direction, rule.action, rule.port) == ("EGRESS", "allow", 53)
    assert len(answering) == 4
    assert sorted(rule.prefixes) == sorted([*answering, "10.48.0.53/32"])


@pytest.mark.parametrize("direction", ["ingress", "egress"])
def test_the_transit_network_exchanges_nothing_else_with_private_space(named: Gcp, direction: str) -> None:
    rules = by_name(named)
    assert set(rules) == {"names-ingress", "private-ingress", "names-egress", "private-egress"}
    rest = rules[f"private-{direction}"]
    assert (rest.direction, rest.action, rest.port, set(rest.prefixes)) == (direction.upper(), "deny", None, PRIVATE)
    assert rules[f"names-{direction}"].priority < rest.priority


@pytest.mark.parametrize("alone", [JOINED, changed(NAMES, WIDE)], ids=["no names", "no links"])
def test_nothing_changes_where_names_are_not_exchanged(alone: Config) -> None:
    transit = network(joined(alone)[0], "gcp-transit")
    assert not transit.firewall_rules
    assert {subnet.tier for subnet in transit.subnets} == {"transit"}
    assert not [router for router in transit.routers if FORWARDERS in router.advertised]


def test_a_region_that_asks_without_a_link_of_its_own_is_a_warning(estate: Estate) -> None:
    landing = estate.gateway_region(Cloud.GCP)
    elsewhere = {"us-east4": "us-central1", "us-central1": "us-east4"}[landing]
    there = [name for name, each in NAMED["networks"].items() if each["region"] == elsewhere]
    (warning,) = google_rules.warnings(estate, Ledger())
    assert warning.startswith(f"networks: {', '.join(sorted(there))} in gcp {elsewhere}, and links land in {landing}")
    assert f"transit-{elsewhere}" in warning


@pytest.mark.parametrize(
    "config", [JOINED, changed({"networks.models.region": "us-east4"}, NAMED)], ids=["no names", "one region"]
)
def test_who_asks_where_links_land_or_asks_nobody_is_not_warned(config: Config) -> None:
    assert not [*google_rules.warnings(joined(config)[1], Ledger())]
