"""The table of zones decides for what is new, and for nothing else."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning import regions
from tests.planning.configurations import WIDE, changed, entries, planned

ZONES = [f"use1-az{number}" for number in range(1, 9)]
TABLES = st.lists(st.sampled_from(ZONES), min_size=3, max_size=6, unique=True)


def planned_with(table: list[str], *arguments: Any) -> Any:  # noqa: ANN401 - what `planned` takes and gives
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(regions.AWS_ZONE_IDS, "us-east-1", tuple(table))
        return planned(*arguments)


@settings(deadline=None, max_examples=40)
@given(TABLES, TABLES, st.none() | st.integers(1, 3))
def test_no_edit_of_the_table_changes_a_network_that_is_recorded(
    table: list[str], edited: list[str], zones: int | None
) -> None:
    config = WIDE if zones is None else changed({"networks.shop.zones": zones}, WIDE)
    plan, ledger = planned_with(table, config)

    again, unchanged = planned_with(edited, config, ledger)

    assert again == replace(plan, new=[])
    assert unchanged == ledger


@pytest.mark.parametrize("edited", [["use1-az3", *ZONES[:2]], [*ZONES[4:8], "use1-az1"]])
def test_a_zone_more_leaves_the_others_and_the_nat_gateway_where_they_are(edited: list[str]) -> None:
    two = changed({"networks.shop.zones": 2, "networks.shop.nat": "one"}, WIDE)
    plan, ledger = planned_with(["use1-az4", "use1-az2"], two)
    before = entries(ledger)

    grown, after = planned_with(edited, changed({"networks.shop.zones": 3}, two), ledger)

    new, old = (next(n for n in of.aws.networks if n.name == "shop") for of in (grown, plan))
    assert new.nat_gateways == old.nat_gateways == {"az4": "public-az4"}
    assert before.items() <= entries(after).items()
    assert {(subnet.key, subnet.zone_id, subnet.cidr) for subnet in old.subnets} <= {
        (subnet.key, subnet.zone_id, subnet.cidr) for subnet in new.subnets
    }
    assert {subnet.zone_id for subnet in new.subnets} == {"use1-az4", "use1-az2", edited[0]}
