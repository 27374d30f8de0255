from ipaddress import IPv4Network
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.ledger import Claim, Environment, Ledger, Place, overlaps, problems
from tests.planning.configurations import SMALL, WIDE, changed, held, planned

CLAIMS = st.lists(
    st.builds(
        lambda address, length: IPv4Network((address, length), strict=False),
        st.integers(0x0A000000, 0x0A0FFFFF),
        st.integers(12, 24),
    ),
    max_size=12,
).map(lambda ranges: [Claim(prefix, f"c{number}") for number, prefix in enumerate(ranges)])


def place(of: Place) -> str:
    return "/".join(of)


def told(ledger: Ledger) -> list[str]:
    return [str(problem) for problem in problems(ledger, place)]


@settings(deadline=None, max_examples=200)
@given(CLAIMS)
def test_every_claim_that_overlaps_another_is_found_and_no_other(claims: list[Claim]) -> None:
    expected = {
        claim.owner for pair in combinations(claims, 2) if pair[0].prefix.overlaps(pair[1].prefix) for claim in pair
    }
    found = list(overlaps(claims))
    assert all(first.prefix.overlaps(second.prefix) for first, second in found)
    assert {claim.owner for pair in found for claim in pair} == expected


def test_blocks_of_a_region_are_counted_on() -> None:
    content = Environment("acme/dev")
    for key, block in (
        ("aws/eu-west-1", "10.1.0.0/16"),
        ("aws/eu-west-1/2", "10.2.0.0/16"),
        ("aws/eu-west-2", "10.3.0.0/16"),
    ):
        content.regions[key] = IPv4Network(block)
    assert list(content.blocks_of("aws/eu-west-1")) == ["aws/eu-west-1", "aws/eu-west-1/2"]
    assert list(content.blocks_of("aws/eu-west-2")) == ["aws/eu-west-2"]
    assert not content.blocks_of("aws/eu-west-3")


def test_a_network_outside_its_regions_blocks_stands_alone() -> None:
    assert held(planned(WIDE)[1]).standing_alone() == ["aws/us-east-1/old-shop"]


def test_what_planning_records_breaks_no_rule() -> None:
    assert told(planned(WIDE)[1]) == []


def test_an_adopted_network_in_the_block_of_another_environment_is_refused() -> None:
    ledger = planned(SMALL)[1]
    ledger.environments["prod"] = Environment("acme/prod", networks={"aws/us-west-2/old": IPv4Network("10.1.0.0/20")})
    (problem,) = told(ledger)
    assert problem.startswith("prod/networks/aws/us-west-2/old: prod/networks/aws/us-west-2/old 10.1.0.0/20: overlaps")
    assert "dev/regions/aws/us-east-1 10.1.0.0/16" in problem


def test_pods_of_one_environment_in_the_block_of_another_are_refused() -> None:
    ledger = planned(SMALL)[1]
    ledger.environments["prod"] = Environment("acme/prod", pod_regions={"aws/us-west-2": IPv4Network("10.1.0.0/18")})
    (problem,) = told(ledger)
    assert "prod/pod_regions/aws/us-west-2" in problem
    assert "dev/regions/aws/us-east-1" in problem


@pytest.mark.parametrize(
    ("section", "key"),
    [
        ("networks", "aws/us-east-1/shop"),
        ("hubs", "azure/eastus"),
        ("pods", "gcp/us-east4/analytics"),
        ("cluster_services", "gcp/us-east4/analytics"),
    ],
)
def test_what_a_branch_reserves_and_another_gives_out_is_refused(section: str, key: str) -> None:
    ledger = planned(SMALL)[1]
    range_given_out = getattr(held(ledger), section)[key]
    ledger.environments["prod"] = Environment("acme/prod", reserved={"lab": range_given_out})
    (problem,) = told(ledger)
    assert f"dev/{section}/{key} {range_given_out}" in problem
    assert f"prod/reserved/lab {range_given_out}" in problem


def test_two_stacks_may_reserve_the_same_range() -> None:
    ledger = planned(changed({"addressing.reserved.lab": "10.5.0.0/16"}))[1]
    ledger.environments["prod"] = Environment("acme/prod", reserved={"lab": IPv4Network("10.5.0.0/16")})
    assert told(ledger) == []


def test_overlapping_blocks_are_told_without_all_that_lies_in_them() -> None:
    ledger = planned(SMALL)[1]
    ledger.environments["prod"] = Environment("acme/prod", regions=dict(held(ledger).regions))
    content = held(ledger, "prod")
    content.networks.update(held(ledger).networks)
    content.asns.update(held(ledger).asns)
    assert len(told(ledger)) == 3, "one for each of the three regions"


def test_a_subnet_may_lie_in_its_networks_pods() -> None:
    content = Environment("acme/dev", regions={"aws/eu-west-1": IPv4Network("10.1.0.0/16")})
    content.networks["aws/eu-west-1/shop"] = IPv4Network("10.1.0.0/20")
    content.pod_regions["aws/eu-west-1"] = IPv4Network("10.64.0.0/15")
    content.pods["aws/eu-west-1/shop"] = IPv4Network("10.64.0.0/18")
    content.subnets["aws/eu-west-1/shop/pods-az1"] = IPv4Network("10.64.0.0/20")
    ledger = Ledger({"dev": content})
    assert told(ledger) == []
    content.subnets["aws/eu-west-1/shop/pods-az2"] = IPv4Network("10.64.128.0/20")
    (problem,) = told(ledger)
    assert "lies outside its network aws/eu-west-1/shop" in problem


def test_who_has_an_asn_is_known_over_all_environments() -> None:
    ledger = planned({**SMALL, "environment": "prod"}, planned(SMALL)[1], "acme/prod")[1]
    assert ledger.asns() == {
        64520: "dev/transit-gateway/us-east-1",
        64521: "prod/transit-gateway/us-east-1",
        64550: "dev/cloud-router/us-east4",
        64551: "prod/cloud-router/us-east4",
    }


def test_a_link_with_addresses_that_a_side_keeps_is_refused() -> None:
    content = Environment(
        "net/dev", links={"shop-hq": IPv4Network("169.254.0.0/30"), "ok": IPv4Network("169.254.9.0/30")}
    )

    (problem,) = problems(Ledger({"dev": content}), "/".join)

    assert problem.where == "dev/links/shop-hq"
    assert "169.254.0.0/30, which AWS" in problem.rule


@pytest.mark.parametrize(
    ("section", "key", "value", "told_as"),
    [
        ("asns", "transit-gateway/us-east-1", 64512, "is the default of every AWS gateway"),
        ("asns", "transit-gateway/us-east-1", 16550, "is Google's own"),
        ("asns", "cloud-router/us-east4", 3356, "is in no pool"),
        ("hubs", "azure/eastus", None, "is smaller than /24"),
        ("fixed", "aws/home-region", "us-east-9", "is not one of the choices"),
        ("fixed", "azure/home-region", "us-east-1", "is not one of the choices"),
        ("fixed", "gcp/topology", "ring", "is not one of the choices"),
        ("fixed", "gcp/registered", "true", "is not one of the choices"),
    ],
)
def test_what_no_allocation_writes_is_refused(section: str, key: str, value: int | str | None, told_as: str) -> None:
    ledger = planned(SMALL)[1]
    wrong = next(held(ledger).hubs[key].subnets(new_prefix=25)) if value is None else value
    getattr(held(ledger), section)[key] = wrong

    (problem,) = told(ledger)

    assert problem.startswith(f"dev/{section}/{key}: {key} {wrong}: {told_as}")
