from ipaddress import IPv4Network
from itertools import product

from hypothesis import assume, given, settings

from planning.estate import Estate
from planning.problems import ConfigurationError
from planning.settings import Cloud
from tests.planning.configurations import (
    LEFT_OUT,
    SMALL,
    WIDE,
    Config,
    changed,
    estate_of,
    held,
    planned,
    prefixes,
    settings_of,
    with_networks,
)
from tests.planning.strategies import NETWORKS, Network

SHOP = SMALL["networks"]["shop"]


def regions(estate: Estate) -> list[tuple[Cloud, str]]:
    return [(cloud, region) for cloud in Cloud for region in estate.regions(cloud)]


def narrow(config: Config = SMALL) -> Config:
    """Give AWS no more space than two blocks."""
    return changed({"addressing.supernets.aws": "10.2.0.0/15"}, config)


def test_a_region_announces_its_block_alone_when_everything_is_in_it() -> None:
    estate = estate_of(SMALL)
    assert [str(prefix) for prefix in estate.aggregates(Cloud.AZURE, "eastus")] == ["10.16.0.0/16"]


def test_what_is_announced_is_never_withdrawn_when_more_is_added_beside_it() -> None:
    """Joined with a neighbour, a range in use would leave the routes and the cloud's address manager."""
    before = {"n0": {**SHOP, "size": 16, "kubernetes": {}}}
    after = {**before, "n1": {**SHOP, "size": 16, "kubernetes": {}}}
    supernets = {"addressing.supernets.aws": "10.208.0.0/12"}
    _, ledger = planned(changed({"networks": before, **supernets}))
    small, large = (
        Estate(settings_of(changed({"networks": networks, **supernets})), held(grown))
        for networks, grown in (
            (before, ledger),
            (after, planned(changed({"networks": after, **supernets}), ledger)[1]),
        )
    )

    announced, later = (set(estate.aggregates(Cloud.AWS, "us-east-1")) for estate in (small, large))

    assert announced < later


def test_a_region_that_fills_its_supernet_announces_the_halves_which_hubs_do_not_drop() -> None:
    networks = {f"n{number}": {**SHOP, "size": 17} for number in range(3)}
    estate = estate_of(narrow(changed({"networks": networks})))
    assert [str(prefix) for prefix in estate.aggregates(Cloud.AWS, "us-east-1")] == ["10.2.0.0/16", "10.3.0.0/16"]


def test_pods_are_announced_beside_the_block() -> None:
    estate = estate_of(SMALL)
    assert [str(prefix) for prefix in estate.aggregates(Cloud.GCP, "us-east4")] == ["10.32.0.0/16", "10.112.0.0/15"]


@settings(deadline=None, max_examples=50)
@given(NETWORKS)
def test_what_is_announced_holds_every_network_meets_no_other_region_and_outranks_every_drop(
    networks: dict[str, Network],
) -> None:
    try:
        estate = estate_of(with_networks(networks))
    except ConfigurationError:
        assume(False)  # noqa: FBT003 - hypothesis asks for it
        return
    announced = {place: estate.aggregates(*place) for place in regions(estate)}
    for place, routes in announced.items():
        cloud, region = place
        ranges = [estate.transit(cloud, region), *(p for n in estate.networks_in(cloud, region) for p in n.routed)]
        assert all(any(prefix.subnet_of(route) for route in routes) for prefix in ranges)
        for other, others in announced.items():
            assert other == place or not any(one.overlaps(two) for one, two in product(routes, others))
    for segment in estate.connected:
        drops = prefixes(*estate.drops(segment).values())
        for route, drop in product([route for routes in announced.values() for route in routes], drops):
            assert not route.overlaps(drop) or route.prefixlen > drop.prefixlen


def test_a_segment_reaches_its_own_networks_those_of_connected_ones_and_sites_where_it_says_so() -> None:
    estate = estate_of(WIDE)

    def reached(segment: str) -> set[str]:
        ranges = prefixes(*estate.reachable[segment])
        return {
            network.name
            for network in estate.networks
            if all(any(p.subnet_of(r) for r in ranges) for p in network.routed)
        }

    named = {
        name: {n for n, network in WIDE["networks"].items() if network["segment"] == name} for name in WIDE["segments"]
    }
    assert reached("prod") == named["prod"] | named["shared"]
    assert reached("alone") == named["alone"]
    assert reached("shared") == named["prod"] | named["staging"] | named["shared"]
    assert "10.48.0.0/15" in estate.reachable["shared"], "the two sites, joined"
    assert not any(IPv4Network("10.48.0.0/12").overlaps(prefix) for prefix in prefixes(*estate.reachable["prod"]))


def test_a_segments_ranges_hold_no_address_that_nobody_has() -> None:
    estate = estate_of(WIDE)
    wanted = {
        "prod": ("prod", "shared"),
        "staging": ("staging", "shared"),
        "shared": ("prod", "staging", "shared"),
        "alone": ("alone",),
    }
    sites = sum(prefix.num_addresses for site in estate.settings.sites.values() for prefix in site.prefixes)
    for segment, others in wanted.items():
        own = sum(p.num_addresses for n in estate.networks if n.segment in others for p in n.routed)
        assert sum(p.num_addresses for p in prefixes(*estate.reachable[segment])) == own + (
            sites if segment == "shared" else 0
        )


def test_private_space_is_rfc_1918_and_the_supernets_beyond_it() -> None:
    space = estate_of(changed({"addressing.supernets.aws": ["10.0.0.0/12", "100.0.0.0/12"]})).private_space
    assert set(space.values()) == {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.0.0.0/12"}


def test_what_a_site_announces_whole_is_dropped_only_by_segments_that_do_not_reach_it() -> None:
    """A fixed route would win over the equal one that the site sends."""
    home = {"addressing.supernets.onprem": ["10.48.0.0/12", "192.168.0.0/16"]}
    sites = {"sites.home": {"prefixes": ["192.168.0.0/16"], "asn": 64590}}
    estate = estate_of(changed({**home, **sites}))
    assert "192.168.0.0/16" in estate.drops("apps").values()
    assert "192.168.0.0/16" not in estate.drops("shared").values()


def test_address_managers_are_told_what_the_ledger_holds_until_it_is_released() -> None:
    with_pods = changed({"networks.shop.kubernetes": {}})
    _, ledger = planned(with_pods)
    without = Estate(settings_of(SMALL), held(planned(SMALL, ledger)[1]))
    assert [str(prefix) for prefix in without.recorded_in(Cloud.AWS, "us-east-1")] == ["10.1.0.0/16", "10.64.0.0/15"]
    assert [str(prefix) for prefix in without.aggregates(Cloud.AWS, "us-east-1")] == ["10.1.0.0/16"]


def test_ranges_of_clusters_that_are_gone_are_used_no_more() -> None:
    estate = estate_of(changed({"networks.analytics.kubernetes": LEFT_OUT}))
    (analytics,) = estate.networks_in(Cloud.GCP)
    assert (analytics.pods, analytics.services) == (None, None)
    assert analytics.routed == (analytics.cidr,)
