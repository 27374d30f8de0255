"""Who owns a name, and in which shape: what the ledger keeps, and what other environments have."""

from typing import Any

import pytest

from planning.ledger import Environment, Ledger
from planning.records import rules
from planning.release import release
from tests.planning.configurations import STACK, changed, estate_of, held, planned, settings_of
from tests.planning.records import PRIVATE_IN_AWS, PRIVATE_IN_GOOGLE, geographic, order, places, told, with_record

WWW = "dns.records.www"
KEY = "dns/name/www.acme.example"
PRIVATE_KEY = "dns/name/www.aws.acme.internal"
TARGETS = {
    "shop": {"target": "a.elb.example", "order": 1},
    "store": {"target": "b.elb.example", "order": 2},
}


def test_the_ledger_keeps_who_answers_until_the_name_is_released() -> None:
    _, ledger = planned(with_record(order(2)))
    assert held(ledger).fixed[KEY] == "aws active-passive A"
    assert told({}, order(2), ledger=ledger) == []
    (problem,) = told({f"{WWW}.by": "azure"}, order(2), ledger=ledger)
    assert problem.startswith(f"{WWW}: www.acme.example: is answered for by aws in the ledger, not by azure")
    assert f"python -m planning release {KEY}" in problem
    assert release(ledger, STACK, KEY) == [f"fixed {KEY}: aws active-passive A"]
    assert told({f"{WWW}.by": "azure"}, order(2), ledger=ledger) == []


@pytest.mark.parametrize(
    ("record", "shape"),
    [
        ({"policy": "weighted", "places": places(2)}, "weighted A"),
        ({"policy": "latency", "places": places(2)}, "latency A"),
        (geographic(2), "geographic A"),
        ({**order(2), "places": TARGETS}, "active-passive CNAME"),
    ],
)
def test_route_53_takes_no_other_shape_of_a_name_beside_the_one_there_is(record: dict[str, Any], shape: str) -> None:
    _, ledger = planned(with_record(order(2)))
    (problem,) = told({}, record, ledger=ledger)
    assert problem.startswith(
        f"{WWW}: www.acme.example: is active-passive A in the ledger, and Route 53 takes no {shape} beside it"
    )
    assert (
        f"another name and move clients there, or take the name out, run pulumi up and python -m planning release {KEY}"
        in problem
    )
    assert release(ledger, STACK, KEY)
    assert told({}, record, ledger=ledger) == []
    _, ledger = planned(with_record(record))
    assert held(ledger).fixed[KEY] == f"aws {shape}"


@pytest.mark.parametrize(
    ("record", "host", "owner"),
    [
        ({**order(2), "by": "azure"}, "aws", "azure"),
        (order(2), "azure", "azure"),
        (order(2), "gcp", "gcp"),
    ],
)
def test_other_services_may_choose_otherwise_at_any_time(record: dict[str, Any], host: str, owner: str) -> None:
    _, ledger = planned(with_record(record, host))
    assert held(ledger).fixed[KEY] == owner
    other = {**record, "policy": "weighted", "places": places(2)}
    assert told({}, other, host, ledger) == []


def test_more_places_and_another_order_are_the_same_shape() -> None:
    _, ledger = planned(with_record(order(2)))
    assert told({}, order(4), ledger=ledger) == []
    assert told({f"{WWW}.ttl": 20, f"{WWW}.check": {"path": "/x"}}, order(3), ledger=ledger) == []


def test_a_private_name_of_route_53_keeps_its_shape_and_one_of_cloud_dns_has_none() -> None:
    _, ledger = planned(with_record(PRIVATE_IN_AWS))
    assert held(ledger).fixed[PRIVATE_KEY] == "aws active-passive A"
    change = {
        f"{WWW}.policy": "weighted",
        **{
            f"{WWW}.places.{name}": {key: value for key, value in place.items() if key != "order"}
            for name, place in PRIVATE_IN_AWS["places"].items()
        },
    }
    (problem,) = told(change, PRIVATE_IN_AWS, ledger=ledger)
    assert problem.startswith(f"{WWW}: www.aws.acme.internal: is active-passive A in the ledger")
    assert f"release {PRIVATE_KEY}" in problem
    _, ledger = planned(with_record(PRIVATE_IN_GOOGLE))
    assert not [key for key in held(ledger).fixed if key.startswith("dns/name/")]


def test_a_private_name_may_be_called_like_a_public_service() -> None:
    change = {"services.www": {"port": 443, "runsIn": ["shop"], "public": {}}}
    assert told(change, PRIVATE_IN_AWS) == []


def test_a_name_that_is_gone_is_said_to_be_kept() -> None:
    estate = estate_of(with_record(order(2)))
    assert list(rules.warnings(estate)) == []
    estate.held.fixed["dns/name/old.acme.example"] = "aws weighted A"
    (warning,) = rules.warnings(estate)
    assert "python -m planning release dns/name/old.acme.example" in warning


def other(fixed: dict[str, str]) -> Ledger:
    return Ledger({"prod": Environment("acme/prod", fixed=fixed)})


@pytest.mark.parametrize(
    ("fixed", "message"),
    [
        ({KEY: "aws weighted A"}, f"{WWW}: www.acme.example: is a name of environment prod; one service"),
        (
            {"dns/public": "www.acme.example"},
            f"{WWW}: www.acme.example: is, or holds, www.acme.example, the public root",
        ),
        ({"dns/public": "eu.www.acme.example"}, f"{WWW}: www.acme.example: is, or holds, eu.www.acme.example"),
        (
            {"dns/private": "www.acme.example"},
            f"{WWW}: www.acme.example: is, or holds, www.acme.example, the private root of environment prod",
        ),
        (
            {"dns/name/acme.example": "azure"},
            "dns.public: acme.example: lies in acme.example, a name of environment prod",
        ),
        (
            {"dns/name/acme.internal": "aws latency A"},
            "dns.private: acme.internal: lies in acme.internal, a name of environment prod",
        ),
    ],
)
def test_what_another_environment_owns_is_refused(fixed: dict[str, str], message: str) -> None:
    (problem,) = told({}, order(2), ledger=other(fixed))
    assert problem.startswith(message)


def test_a_private_name_of_another_environment_is_refused_too() -> None:
    (problem,) = told({}, PRIVATE_IN_AWS, ledger=other({PRIVATE_KEY: "aws active-passive A"}))
    assert problem.startswith(f"{WWW}: www.aws.acme.internal: is a name of environment prod")


def test_other_names_of_other_environments_are_no_matter() -> None:
    fixed = {
        "dns/name/shop.acme.example": "aws weighted A",
        "dns/name/xwww.acme.example": "azure",
        "dns/public": "example",
        "dns/private": "prod.internal",
    }
    assert told({}, order(2), ledger=other(fixed)) == []


def test_without_names_nobody_owns_any() -> None:
    assert list(rules.problems(settings_of(changed({})), other({KEY: "azure"}))) == []
