from itertools import product
from typing import Any

import pytest

from planning.gcp import Gcp, Network
from tests.planning.configurations import LEFT_OUT, MEETING, SMALL, WIDE, Config, changed, covers, planned, prefixes

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
STAR: dict[str, Any] = {"hubs": {"gcp": {"topology": "star"}}}


def gcp_of(config: Config) -> Gcp:
    gcp = planned(config)[0].gcp
    assert gcp is not None
    return gcp


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
