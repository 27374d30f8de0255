from ipaddress import IPv4Network

import pytest

from planning.ledger import Ledger, problems
from planning.problems import ConfigurationError
from planning.regions import AWS_ZONE_IDS
from planning.release import release
from planning.space import FreeSpace
from tests.planning.configurations import (
    LEFT_OUT,
    SMALL,
    STACK,
    WIDE,
    Config,
    changed,
    conflicts,
    entries,
    held,
    planned,
)

SHOP = SMALL["networks"]["shop"]
TRAPS = [IPv4Network(trap) for trap in ("10.0.0.0/16", "10.96.0.0/12", "10.42.0.0/15")]


def grown(config: Config, ledger: Ledger | None = None) -> Ledger:
    return planned(config, ledger)[1]


def test_a_region_gets_one_block_and_advertises_it_as_one_route() -> None:
    plan, ledger = planned(SMALL)
    assert {key: str(block) for key, block in held(ledger).regions.items()} == {
        "aws/us-east-1": "10.1.0.0/16",
        "azure/eastus": "10.16.0.0/16",
        "gcp/us-east4": "10.32.0.0/16",
    }
    assert plan.addressing["regions"]["aws/us-east-1"]["aggregates"] == ["10.1.0.0/16"]


def test_a_full_region_gets_a_second_block_and_keeps_the_first() -> None:
    config = changed({"networks": {f"n{number}": {**SHOP, "size": 17} for number in range(2)}})
    content = held(grown(config))
    assert [str(block) for block in content.blocks_of("aws/us-east-1").values()] == ["10.1.0.0/16", "10.2.0.0/16"]
    assert "aws/us-east-1/2" in content.regions


def test_a_block_has_the_size_that_the_settings_ask_for() -> None:
    content = held(
        grown(changed({"addressing.regionSize": 18, "networks.shop.size": 20, "networks.analytics.size": 20}))
    )
    assert {block.prefixlen for block in content.regions.values()} == {18}


def test_a_second_supernet_is_used_when_the_first_is_full() -> None:
    narrow = {"addressing.supernets.aws": "10.0.0.0/15", "networks.mid": {**SHOP, "region": "us-east-2"}}
    full = grown(changed(narrow))
    wider = {**narrow, "addressing.supernets.aws": ["10.0.0.0/15", "10.4.0.0/14"]}
    more = grown(changed({**wider, "networks.west": {**SHOP, "region": "us-west-2"}}), full)
    assert entries(full).items() <= entries(more).items()
    assert held(more).regions["aws/us-west-2"].subnet_of(IPv4Network("10.4.0.0/14"))


def test_ranges_that_software_takes_by_default_are_given_out_last() -> None:
    ledger = grown(WIDE)
    assert not [key for key, prefix in entries(ledger).items() if any(prefix.overlaps(trap) for trap in TRAPS)]
    plan, _ = planned(
        changed({"addressing.supernets.aws": "10.0.0.0/15", "networks.mid": {**SHOP, "region": "us-east-2"}})
    )
    assert [warning for warning in plan.warnings if "10.0.0.0/16, the service range that AKS takes" in warning]


def test_a_reserved_range_is_never_given_out() -> None:
    reserved = {"lab": "10.1.0.0/16", "old": "10.112.0.0/14", "services": "100.64.0.0/12", "office": "10.17.0.0/16"}
    config = changed({"addressing.reserved": reserved}, WIDE)
    assert conflicts(grown(config), [IPv4Network(prefix) for prefix in reserved.values()]) == []


def test_what_is_reserved_later_inside_a_block_is_given_out_no_more() -> None:
    before = grown(SMALL)
    config = changed({"addressing.reserved.lab": "10.1.0.0/17", "networks.web": SHOP})
    content = held(grown(config, before))
    assert content.networks["aws/us-east-1/web"] == IPv4Network("10.2.0.0/18"), (
        "only the transit /22 is left above shop"
    )


def test_an_adopted_network_may_lie_in_the_free_space_of_its_own_region() -> None:
    before = grown(SMALL)
    config = changed(
        {"networks.old": {**{key: SHOP[key] for key in ("cloud", "region", "segment")}, "cidr": "10.1.0.0/18"}}
    )
    after = grown(config, before)
    assert held(after).networks["aws/us-east-1/old"] == IPv4Network("10.1.0.0/18")
    assert conflicts(after) == []


def test_an_adopted_network_beside_its_regions_block_is_announced_as_well() -> None:
    plan, ledger = planned(WIDE)
    block = str(held(ledger).regions["aws/us-east-1"])
    announced = plan.addressing["regions"]["aws/us-east-1"]["aggregates"]
    assert {block, "10.9.0.0/18"} < set(announced)


def test_a_network_that_was_placed_may_be_written_with_its_range() -> None:
    before = grown(SMALL)
    config = changed({"networks.shop.size": LEFT_OUT, "networks.shop.cidr": "10.1.128.0/18"})
    plan, after = planned(config, before)
    assert not plan.new
    assert after == before


def test_a_removed_network_keeps_its_range_until_it_is_released() -> None:
    before = grown(changed({"networks.web": SHOP}))
    plan, kept = planned(SMALL, before)
    assert entries(kept) == entries(before)
    (warning,) = [warning for warning in plan.warnings if "no longer configured" in warning]
    assert "aws/us-east-1/web" in warning
    assert "python -m planning release aws/us-east-1/web" in warning
    assert str(held(before).networks["aws/us-east-1/web"]) not in plan.addressing["regions"]["aws/us-east-1"]["free"]


def test_a_released_range_is_given_out_again() -> None:
    ledger = grown(changed({"networks.web": SHOP}))
    freed = held(ledger).networks["aws/us-east-1/web"]
    release(ledger, STACK, "web")
    assert held(grown(changed({"networks.store": SHOP}), ledger)).networks["aws/us-east-1/store"] == freed


def test_a_region_that_nothing_is_in_any_more_is_told_with_its_hubs_network() -> None:
    plan, _ = planned(changed({"networks.identity": LEFT_OUT}), grown(SMALL))
    assert [warning for warning in plan.warnings if "azure/eastus/transit" in warning]


def test_planning_leaves_the_ledger_that_it_was_given_alone() -> None:
    ledger = grown(SMALL)
    before = entries(ledger)
    grown(changed({"networks.web": SHOP}), ledger)
    assert entries(ledger) == before


def test_new_entries_are_told_one_by_one() -> None:
    plan, _ = planned(changed({"networks.web": {**SHOP, "zones": 1}}), grown(SMALL))
    assert plan.new == [
        "networks aws/us-east-1/web: 10.1.0.0/18",
        "subnets aws/us-east-1/web/private-az1: 10.1.0.0/21",
        "subnets aws/us-east-1/web/attachment-az1: 10.1.63.240/28",
    ]


def test_kubernetes_ranges_come_from_their_own_space_and_differ_everywhere() -> None:
    cluster = {"kubernetes": {"pods": 20, "services": 22}}
    config = changed({f"networks.n{number}": {**SHOP, "size": 22, **cluster} for number in range(4)})
    content = held(grown(config))
    assert all(pods.subnet_of(IPv4Network("10.64.0.0/12")) for key, pods in content.pods.items() if "/n" in key)
    assert all(services.subnet_of(IPv4Network("100.64.0.0/10")) for services in content.cluster_services.values())
    assert len(set(content.cluster_services.values())) == 5
    assert "aws/us-east-1/shop" not in content.pods


def test_speakers_of_bgp_get_their_asns_by_the_plan() -> None:
    assert held(grown(WIDE)).asns == {
        "transit-gateway/us-east-1": 64520,
        "transit-gateway/us-west-2": 64521,
        "cloud-router/us-central1": 64550,
        "cloud-router/us-east4": 64551,
    }


def test_two_environments_have_no_asn_in_common() -> None:
    ledger = planned(changed({"environment": "prod"}), grown(SMALL), "acme/prod")[1]
    assert held(ledger, "prod").asns == {"transit-gateway/us-east-1": 64521, "cloud-router/us-east4": 64551}


def test_hubs_take_spare_asns_when_their_pool_is_full_and_none_that_a_site_has() -> None:
    networks = {f"n{number}": {**SHOP, "region": region} for number, region in enumerate(sorted(AWS_ZONE_IDS)[:22])}
    config = changed({"sites.hq.asn": 64640, "addressing.regionSize": 18, "networks": networks})
    given_out = sorted(held(grown(config)).asns.values())
    assert given_out == [*range(64520, 64540), 64641, 64642]


def test_what_can_never_change_is_recorded_once() -> None:
    ledger = grown(changed({"networks.shop.region": "us-west-2"}))
    fixed = {
        "aws/home-region": "us-west-2",
        "azure/home-region": "eastus",
        "gcp/home-region": "us-east4",
        "gcp/topology": "mesh",
        "gcp/registered": "yes",
    }
    assert held(ledger).fixed == fixed
    more = {
        "networks.shop.region": "us-west-2",
        "networks.east": SHOP,
        "networks.north": {**SHOP, "region": "ca-west-1"},
    }
    assert held(grown(changed(more), ledger)).fixed == fixed


@pytest.mark.parametrize("size", range(16, 25))
def test_a_network_of_three_zones_and_all_tiers_has_room_for_a_fourth_zone(size: int) -> None:
    full = {**SHOP, "size": size, "nat": "per-zone", "kubernetes": {"pods": 22}}
    before = grown(changed({"networks.shop": full}))
    after = grown(changed({"networks.shop": {**full, "zones": 4}}), before)
    assert entries(before).items() <= entries(after).items()
    assert len([key for key in held(after).subnets if key.startswith("aws/us-east-1/shop/")]) == 16
    assert conflicts(after) == []


@pytest.mark.parametrize("size", range(16, 25))
def test_public_subnets_and_then_a_zone_fit_where_there_were_private_ones_alone(size: int) -> None:
    ledger = grown(changed({"networks.shop.size": size}))
    for change in ({"public": True}, {"public": True, "zones": 4}):
        before = entries(ledger)
        ledger = grown(changed({"networks.shop": {**SHOP, "size": size, **change}}), ledger)
        assert before.items() <= entries(ledger).items()
        assert conflicts(ledger) == []


@pytest.mark.parametrize("cloud", ["azure", "gcp"])
@pytest.mark.parametrize("size", range(16, 25))
def test_half_of_a_network_is_left_for_more_tiers_where_subnets_span_zones(cloud: str, size: int) -> None:
    name = {"azure": "identity", "gcp": "analytics"}[cloud]
    content = held(grown(changed({f"networks.{name}.size": size})))
    (space,) = [prefix for key, prefix in content.networks.items() if key.endswith(f"/{name}")]
    (subnet,) = [prefix for key, prefix in content.subnets.items() if key.endswith(f"/{name}/private")]
    assert FreeSpace([space], [subnet]).take(size + 1) is not None


def test_what_one_stack_reserves_no_other_stack_gives_out() -> None:
    prod = changed({"environment": "prod", "addressing.reserved": {"lab": "10.1.0.0/16"}})
    _, ledger = planned(prod, stack="net/prod")

    plan, both = planned(changed({"environment": "dev"}), ledger, stack="net/dev")

    assert conflicts(both) == []
    assert not any("10.1." in line for line in plan.new if line.startswith("regions"))


def test_what_another_stack_reserved_cannot_be_adopted() -> None:
    prod = changed({"environment": "prod", "addressing.reserved": {"lab": "10.9.0.0/16"}})
    _, ledger = planned(prod, stack="net/prod")
    adopting = changed({"environment": "dev", "networks.old": {**SHOP, "cidr": "10.9.0.0/18"}})
    del adopting["networks"]["old"]["size"]

    with pytest.raises(ConfigurationError, match=r"networks\.old: 10\.9\.0\.0/18: overlaps ledger\.yaml prod/lab"):
        planned(adopting, ledger, stack="net/dev")


def test_two_stacks_may_name_the_same_site() -> None:
    _, ledger = planned(changed({"environment": "prod"}), stack="net/prod")

    _, both = planned(changed({"environment": "dev"}), ledger, stack="net/dev")

    assert conflicts(both) == []
    assert list(problems(both, str)) == []


def test_a_site_may_change_its_prefixes() -> None:
    _, ledger = planned(SMALL)
    smaller = changed({"sites.hq.prefixes": ["10.48.0.0/17"]})

    plan, after = planned(smaller, ledger)

    assert [line for line in plan.new if "sites/" in line] == [
        "no longer reserved sites/hq/10.48.0.0/16: 10.48.0.0/16",
        "reserved sites/hq/10.48.0.0/17: 10.48.0.0/17",
    ]
    assert list(problems(after, str)) == []
    assert not planned(smaller, after)[0].new


def test_a_renamed_site_is_told_how_to_give_back_the_old_name() -> None:
    _, ledger = planned(SMALL)
    renamed = changed({"sites": {"headquarters": SMALL["sites"]["hq"]}})

    with pytest.raises(
        ConfigurationError, match=r"sites\.headquarters: 10\.48\.0\.0/16: overlaps ledger.yaml dev/sites/hq"
    ):
        planned(renamed, ledger)

    release(ledger, STACK, "sites/hq")
    assert list(problems(planned(renamed, ledger)[1], str)) == []
