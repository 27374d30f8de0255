"""Claims about ports of sites at the exchange that are ordered: what is asked of an order, and the two passes."""

from typing import Any

import pytest

from planning.ledger import Ledger
from planning.links.types import Exchange, PortOrder, Role, SiteCircuit
from tests.planning.configurations import LEFT_OUT, Config
from tests.planning.test_link_rules import PORT, bad, planned, told, warned

ORDER: Config = {
    "ibx": "DC5",
    "speed": 10_000,
    "cage": "DC5:01:002087",
    "cabinet": "Demarc",
    "patchPanel": "PP:Demarc:00002087",
    "connector": "SC",
    "users": ["acme-noc"],
}
DC = "sites.hq.ports.DC"
ORDERED: Config = {DC: {"order": ORDER, "vlan": 101}}
PROVISIONED: Config = {DC: {"order": ORDER, "vlan": 101, "provisioned": True}}
LONG = "is a contract of 12 months, and protected in every environment"


def exchange_of(change: Config) -> Exchange:
    links = planned(change)[0].links
    assert links
    assert links.exchange
    return links.exchange


def to_site(change: Config, metro: str) -> SiteCircuit:
    [circuit] = [one for router in exchange_of(change).routers for one in router.sites if one.metro == metro]
    return circuit


def row(change: Config, name: str) -> Any:  # noqa: ANN401 - a line of the table is plain data
    links = planned(change)[0].links
    assert links
    [found] = [row for row in links.table if (row["name"], row["role"]) == (name, Role.PRIMARY)]
    return found


@pytest.mark.parametrize(
    ("message", "change"),
    [
        bad(
            "neither there nor ordered",
            f"{DC}: needs either a port that is there or an order; give id or order, not both",
            {DC: {"vlan": 101}},
        ),
        bad(
            "there and ordered",
            f"{DC}: needs either a port that is there or an order; give id or order, not both",
            {f"{DC}.order": ORDER},
        ),
        bad(
            "provisioned without an order",
            f"{DC}: is provisioned, which only an order has to be told; leave it out beside id",
            {f"{DC}.provisioned": True},
        ),
        bad(
            "slower than the circuit",
            f"{DC}.order.speed: 1000: is less than the circuit on the port has (2000); order a faster port, or make"
            " links.exchange.bandwidth less",
            {DC: {"order": {**ORDER, "speed": 1_000}, "vlan": 101}, "links.exchange.bandwidth": 2_000},
        ),
        bad(
            "data centre of another form",
            f"{DC}.order.ibx: Ashburn: is not of the right form; write the code of the data centre, for example DC5",
            {DC: {"order": {**ORDER, "ibx": "Ashburn"}, "vlan": 101}},
        ),
    ],
)
def test_an_order_that_is_wrong_is_told(message: str, change: Config) -> None:
    assert told(change) == [message]


def test_a_speed_that_nobody_sells_is_refused_with_those_that_there_are() -> None:
    [problem] = told({DC: {"order": {**ORDER, "speed": 25_000}, "vlan": 101}})

    assert problem.startswith(f"{DC}.order.speed")
    assert all(str(speed) in problem for speed in (1_000, 10_000, 100_000))


def test_a_port_may_be_as_fast_as_the_circuit_on_it() -> None:
    assert told({DC: {"order": {**ORDER, "speed": 1_000}, "vlan": 101}}) == []


def test_every_order_needs_to_say_where_the_cross_connect_ends_and_who_is_told() -> None:
    for key in ("cage", "cabinet", "patchPanel", "connector", "users"):
        without = {name: value for name, value in ORDER.items() if name != key}
        assert any(key in problem for problem in told({DC: {"order": without, "vlan": 101}})), key


def test_orders_in_two_metros_are_two_ports_and_may_have_the_same_vlan() -> None:
    both = {**ORDERED, "sites.hq.ports.NY": {"order": {**ORDER, "ibx": "NY5"}, "vlan": 101}}

    assert told(both) == []


def test_what_an_order_comes_to_is_told_until_it_is_there() -> None:
    [warning] = warned(ORDERED)

    assert warning.startswith(f"{DC}.order: {LONG}")
    assert warned(PROVISIONED) == []


def test_an_order_that_nothing_runs_over_is_told_and_not_placed() -> None:
    unused = {**ORDERED, "links": {"primary": "vpn"}}
    links = planned(unused)[0].links

    assert warned(unused) == [f"{DC}: nothing runs over it, so it is not ordered"]
    assert links
    assert links.exchange is None


def test_a_data_centre_that_sounds_like_another_metro_is_told() -> None:
    elsewhere = {DC: {"order": {**ORDER, "ibx": "NY5"}, "vlan": 101, "provisioned": True}}

    assert warned(elsewhere) == [f"{DC}.order.ibx: NY5 does not sound like DC; check it before it is ordered"]


@pytest.mark.parametrize(
    ("speed", "fibre"), [(1_000, "1000BASE_LX"), (10_000, "10GBASE_LR"), (100_000, "100GBASE_LR4")]
)
def test_the_plan_has_the_order_with_the_fibre_that_the_speed_runs_on(speed: int, fibre: str) -> None:
    change = {DC: {"order": {**ORDER, "speed": speed}, "vlan": 101}}

    assert to_site(change, "DC").port == PortOrder(
        metro="DC",
        ibx="DC5",
        speed=speed,
        physical_type=fibre,
        cage="DC5:01:002087",
        cabinet="Demarc",
        patch_panel="PP:Demarc:00002087",
        connector="SC",
        users=("acme-noc",),
    )


def test_a_port_that_is_there_is_up_and_an_ordered_one_when_it_is_said() -> None:
    there = to_site(ORDERED, "NY")

    assert (there.port, there.up) == (PORT(2), True)
    assert not to_site(ORDERED, "DC").up
    assert to_site(PROVISIONED, "DC").up


def test_once_provisioned_nothing_else_of_the_plan_or_the_ledger_changes() -> None:
    before, ledger = planned(ORDERED)
    after, later = planned(PROVISIONED, ledger)

    assert ledger == later != Ledger()
    assert before.site_routers == after.site_routers
    assert before.links
    assert after.links
    assert before.links.exchange
    assert after.links.exchange
    for first, second in zip(before.links.exchange.routers, after.links.exchange.routers, strict=True):
        assert (first.aws, first.azure, first.gcp) == (second.aws, second.azure, second.gcp)
        assert [(c.leg, c.session, c.port) for c in first.sites] == [(c.leg, c.session, c.port) for c in second.sites]


def test_the_table_says_what_is_left_to_do_for_a_port_that_is_waited_for() -> None:
    waiting, done = row(ORDERED, "aws/hq"), row(PROVISIONED, "aws/hq")

    assert waiting["leadTime"] == "days to weeks (cross connect)"
    assert done["leadTime"] == "30 min"
    assert row(ORDERED, "aws/gcp")["leadTime"] == "30 min"
    [letter] = [line for line in waiting["byHand"] if line not in done["byHand"]]
    assert letter == (
        "take the letter of authorization for the port of hq in DC from Equinix, have the cross connect to"
        " PP:Demarc:00002087 made at DC5, and then say provisioned: true in sites.hq.ports.DC"
    )
    assert sum(line.startswith("configure VLAN 101 and BGP") for line in done["byHand"]) == 2


def test_a_site_whose_only_port_is_waited_for_has_its_line_in_the_table() -> None:
    alone = {**ORDERED, "sites.hq.ports.NY": LEFT_OUT, "protect": LEFT_OUT}

    assert row(alone, "aws/hq")["redundancy"] == "1 metros, in each 1 to aws and 1 to hq"
