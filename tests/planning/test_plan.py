"""What a plan refuses or warns of when everything has its place."""

from ipaddress import IPv4Network
from typing import Any
from unittest import mock

import pytest

from planning import limits
from planning.ledger import Ledger
from planning.plan import make_plan
from planning.problems import ConfigurationError
from planning.settings import Settings

AZURE: dict[str, Any] = {
    "environment": "prod",
    "accounts": {"azure": {"subscriptionId": "00000000-0000-0000-0000-000000000000"}},
    "networks": {"identity": {"cloud": "azure", "region": "eastus", "size": 20}},
}


def test_azures_resolver_subnets_are_kept_out_of_the_addresses_that_the_service_uses_itself() -> None:
    supernets = {"aws": "10.128.0.0/12", "azure": "10.0.0.0/16", "gcp": "10.160.0.0/12", "onprem": "10.176.0.0/12"}
    small = {"identity": AZURE["networks"]["identity"] | {"size": 22}}
    addressing = {"supernets": supernets, "regionSize": 20}
    settings = Settings.model_validate(AZURE | {"addressing": addressing, "networks": small})
    above = ("10.0.16.0/20", "10.0.32.0/19", "10.0.64.0/18", "10.0.128.0/17")
    taken = {f"addressing.reserved.r{number}": IPv4Network(prefix) for number, prefix in enumerate(above)}

    with pytest.raises(ConfigurationError, match=r"10\.0\.1\.0-10\.0\.16\.255"):
        make_plan(settings, Ledger(), "net/prod", taken)


def test_a_limit_that_nobody_verified_is_a_warning_and_never_stops_a_plan() -> None:
    settings = Settings.model_validate(AZURE)

    with mock.patch.dict(limits.FILTER_PREFIXES, {"azure": 0}):
        plan, _ = make_plan(settings, Ledger(), "net/prod", {})

    assert [warning for warning in plan.warnings if "is said to hold 0" in warning]


def test_a_vpc_of_two_private_ranges_is_a_warning() -> None:
    """AWS is known to refuse it; nobody verified that here."""
    settings = Settings.model_validate(
        {
            "environment": "prod",
            "accounts": {"aws": {"accountId": "111122223333"}},
            "addressing": {"supernets": {"aws": "172.16.0.0/12"}},
            "networks": {"shop": {"cloud": "aws", "region": "us-east-1", "size": 18, "kubernetes": {}}},
        }
    )

    plan, _ = make_plan(settings, Ledger(), "net/prod", {})

    assert [warning for warning in plan.warnings if "different private ranges" in warning]
