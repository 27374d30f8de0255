"""How long a failover takes at most, against numbers worked out by hand in the project's reference."""

import re

import pytest

from planning.ledger import Ledger
from planning.records import budgets, rules
from planning.records.layout import lay_out
from planning.records.types import WorstCase
from tests.planning.configurations import changed, estate_of, settings_of
from tests.planning.records import ADDRESSES, NETWORKS, laid_out, order, with_record


@pytest.mark.parametrize(
    ("worst", "seconds"),
    [
        (budgets.route53(3, 10, 4, 60), 102),
        (budgets.route53(3, 10, 4, 30), 72),
        (budgets.route53(2, 10, 4, 60), 88),
        (budgets.route53(3, 10, 10, 30), 90),
        (budgets.traffic_manager(3, 10, 5, 30), 65),
        (budgets.traffic_manager(4, 10, 9, 60), 109),
        (budgets.cloud_dns(2, 30, 30), 90),
        (budgets.alarm(1, 60, 30), 150),
    ],
)
def test_the_worst_case_is_what_the_reference_works_out(worst: WorstCase, seconds: int) -> None:
    assert worst.seconds == seconds
    terms, _, result = worst.formula.partition(" = ")
    assert re.fullmatch(r"[0-9 x()+]+", terms)
    assert eval(terms.replace("x", "*")) == seconds  # noqa: S307 - digits and signs alone, as the line above says
    assert result == f"{seconds} s"


@pytest.mark.parametrize(
    ("change", "host", "formula"),
    [
        ({}, "aws", "3 x (10 + 4) + 30 = 72 s"),
        ({"check": {"protocol": "tcp", "port": 5000}}, "aws", "3 x (10 + 10) + 30 = 90 s"),
        ({"check": {"interval": 30}}, "aws", "2 x (30 + 4) + 30 = 98 s"),
        ({"by": "azure"}, "aws", "3 x 10 + 5 + 30 = 65 s"),
        ({}, "gcp", "2 x 30 + 30 = 90 s"),
    ],
)
def test_a_preview_shows_the_worst_case_of_what_is_planned(change: dict[str, object], host: str, formula: str) -> None:
    (summary,) = laid_out(with_record({**order(2), **change}, host)).summaries
    assert summary.worst_case.formula == formula
    assert summary.budget == 100


def refusal(change: dict[str, object], host: str = "aws") -> str:
    (problem,) = rules.problems(settings_of(with_record({**order(2), **change}, host)), Ledger())
    return str(problem)


def test_a_record_over_its_budget_is_refused_with_each_change_that_would_do() -> None:
    assert refusal({"ttl": 60}) == (
        "dns.records.www: 102 s: is over the budget of 100 s: 3 x (10 + 4) + 60 = 102 s "
        "(failures x (interval + connect timeout) + ttl) with Route 53; "
        "set ttl: 58 or check.failures: 2 or budget: 102"
    )
    assert "set check.failures: 2 or check.interval: 10 or budget: 132" in refusal(
        {"check": {"interval": 30, "failures": 3}}
    )
    assert refusal({"ttl": 60}, "gcp").endswith(
        "; set ttl: 40 or check.failures: 1 or by: azure (Traffic Manager, which looks every 10 s) or budget: 120"
    )


def test_a_budget_may_be_used_up() -> None:
    assert list(rules.problems(settings_of(with_record({**order(2), "budget": 72})), Ledger())) == []
    assert refusal({"budget": 71}).startswith("dns.records.www: 72 s: is over the budget of 71 s")


NO_AZURE = {"networks": {name: network for name, network in NETWORKS.items() if network["cloud"] != "azure"}}
IN_AWS_AND_GOOGLE = {"shop": ADDRESSES["shop"], "analytics": ADDRESSES["analytics"]}


@pytest.mark.parametrize(
    ("host", "without_azure"), [("aws", False), ("azure", False), ("gcp", False), ("aws", True), ("gcp", True)]
)
@pytest.mark.parametrize("check", [{}, {"interval": 30}, {"failures": 4}, {"interval": 30, "failures": 3}])
@pytest.mark.parametrize(("ttl", "budget"), [(60, 95), (60, 100), (90, 100), (30, 50), (30, 10)])
@pytest.mark.parametrize("policy", ["active-passive", "geographic"])
def test_every_change_that_a_refusal_names_is_accepted(
    host: str, check: dict[str, int], ttl: int, budget: int, policy: str, *, without_azure: bool
) -> None:
    setting, values = ("order", range(1, 3)) if policy == "active-passive" else ("serves", ((), ()))
    if policy == "geographic" and host != "gcp":
        values = (["*"], ["EU"])
    chosen = {
        name: {"address": address, setting: list(value) if isinstance(value, tuple) else value}
        for (name, address), value in zip(IN_AWS_AND_GOOGLE.items(), values, strict=True)
    }
    bad = {"policy": policy, "places": chosen, "ttl": ttl, "check": check, "budget": budget}
    config = changed(NO_AZURE if without_azure else {}, with_record(bad, host))
    found = list(rules.problems(settings_of(config), Ledger()))
    for problem in found:
        assert "is over the budget" in problem.rule
        remedies = problem.remedy.removeprefix("set ").split(" or ")
        for remedy in remedies:
            path, _, value = remedy.partition(": ")
            given = value.split()[0]
            change = {f"dns.records.www.{path}": int(given) if given.isdigit() else given}
            settings = settings_of(changed(change, config))
            assert list(rules.problems(settings, Ledger())) == [], remedy
        if without_azure or policy == "geographic":
            assert "azure" not in problem.remedy
    assert len(found) <= 1
    assert found or budget > 10


def test_a_quicker_check_is_not_offered_where_it_takes_more_failures() -> None:
    told = refusal({"check": {"interval": 30}, "ttl": 60})
    assert "2 x (30 + 4) + 60 = 128 s" in told
    assert "check.interval" not in told, "3 x (10 + 4) + 60 = 102 s"


def test_traffic_manager_is_offered_as_often_as_it_would_look() -> None:
    slow: dict[str, object] = {"check": {"interval": 30, "failures": 3}, "ttl": 5, "budget": 94}
    assert "azure" not in refusal(slow, "gcp"), "3 x 30 + 5 + 5 = 100 s"


def test_a_ttl_above_a_minute_is_a_warning() -> None:
    estate = estate_of(with_record({**order(2), "ttl": 61, "budget": 200}))
    assert lay_out(estate)
    assert [warning for warning in rules.warnings(estate) if "ttl 61" in warning]
    estate = estate_of(with_record({**order(2), "ttl": 60, "budget": 200}))
    assert not list(rules.warnings(estate))
