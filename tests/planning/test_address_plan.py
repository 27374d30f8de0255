from ipaddress import IPv4Network, collapse_addresses
from typing import Any

import pytest

from tests.planning.configurations import LEFT_OUT, SMALL, WIDE, changed, held, planned, prefixes

Addressing = dict[str, Any]


@pytest.fixture(scope="module")
def wide() -> Addressing:
    return dict(planned(WIDE)[0].addressing)


def size(blocks: list[IPv4Network]) -> int:
    return sum(block.num_addresses for block in collapse_addresses(blocks))


def test_every_network_stands_in_its_region_with_its_segment_and_subnets(wide: Addressing) -> None:
    shown = {
        name: (place, network["segment"])
        for place, region in wide["regions"].items()
        for name, network in region["networks"].items()
        if name != "transit"
    }
    assert shown == {
        name: (f"{network['cloud']}/{network['region']}", network["segment"])
        for name, network in WIDE["networks"].items()
    }


def test_what_is_held_and_what_is_free_make_a_regions_block() -> None:
    plan, ledger = planned(WIDE)
    for place, region in plan.addressing["regions"].items():
        (block,) = held(ledger).blocks_of(place).values()
        used = prefixes(*(network["cidr"] for network in region["networks"].values()))
        used += prefixes(region["hub"]["prefix"]) if region["hub"]["prefix"] else []
        inside = [prefix for prefix in used if prefix.subnet_of(block)]
        free = prefixes(*region["free"])
        assert size([*inside, *free]) == block.num_addresses
        assert not any(hole.overlaps(prefix) for hole in free for prefix in used)


def test_reserved_space_and_space_of_networks_not_released_is_not_free() -> None:
    before = planned(changed({"networks.web": SMALL["networks"]["shop"]}))[1]
    plan, _ = planned(changed({"addressing.reserved.lab": "10.1.224.0/20"}), before)
    free = prefixes(*plan.addressing["regions"]["aws/us-east-1"]["free"])
    assert not any(hole.overlaps(held(before).networks["aws/us-east-1/web"]) for hole in free)
    assert not any(hole.overlaps(IPv4Network("10.1.224.0/20")) for hole in free)


def test_free_space_of_a_supernet_is_what_no_environment_holds() -> None:
    ledger = planned(SMALL)[1]
    plan, both = planned(changed({"environment": "prod"}), ledger, "acme/prod")
    free = prefixes(*plan.addressing["free"]["aws"])
    blocks = [held(both, name).regions["aws/us-east-1"] for name in ("dev", "prod")]
    assert size([*free, *blocks]) == IPv4Network("10.0.0.0/12").num_addresses
    assert size(free) + size(blocks) == IPv4Network("10.0.0.0/12").num_addresses


def test_a_hub_is_shown_with_its_asn_and_prefix(wide: Addressing) -> None:
    shown = {place: (region["hub"]["asn"], bool(region["hub"]["prefix"])) for place, region in wide["regions"].items()}
    assert shown == {
        "aws/us-east-1": (64520, False),
        "aws/us-west-2": (64521, False),
        "azure/eastus": (65515, True),
        "azure/westus2": (65515, True),
        "gcp/us-central1": (64550, False),
        "gcp/us-east4": (64551, False),
    }


def test_a_hubs_own_network_that_is_only_set_aside_is_told_from_one_that_is_built(wide: Addressing) -> None:
    built = {place for place, region in wide["regions"].items() if region["networks"]["transit"]["built"]}
    assert built == set(wide["regions"]) - {"aws/us-west-2"}, "nothing there leaves by a central NAT"


def test_a_region_without_networks_is_not_shown() -> None:
    ledger = planned(SMALL)[1]
    plan, _ = planned(changed({"networks.identity": LEFT_OUT}), ledger)
    assert set(plan.addressing["regions"]) == {"aws/us-east-1", "gcp/us-east4"}


def test_sites_are_shown_with_what_others_need_to_know_of_them(wide: Addressing) -> None:
    assert wide["sites"]["hq"] == {"prefixes": ["10.48.0.0/16"], "asn": 64580, "dns": ["10.48.0.53"], "devices": {}}
