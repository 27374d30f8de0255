"""What is accepted; what is refused stands in `test_bad_inputs.py`."""

from typing import Any
from unittest import mock

import pytest

from planning import limits, rules
from planning.problems import ConfigurationError
from planning.regions import AWS_ZONE_IDS, REGIONS
from tests.planning.configurations import LEFT_OUT, SMALL, WIDE, changed, planned, settings_of

ADOPTED = {"cloud": "aws", "region": "us-east-1", "segment": "apps"}


@pytest.mark.parametrize(
    "change",
    [
        {"networks.shop.zones": 5, "networks.shop.size": 22},
        {"networks.shop.size": 16},
        {"networks.shop.size": 24},
        {"networks.old": {**ADOPTED, "cidr": "10.8.0.0/16"}},
        {"networks.old": {**ADOPTED, "cidr": "10.8.3.0/24"}},
        {"networks.identity.nat": "one", "networks.analytics.nat": "one"},
        {"networks.shop.nat": "central"},
        {"segments.shared.reaches": ["apps", "sites", "shared"]},
        {"sites.hq.asn": 64999},
        {"sites.hq.asn": 4200000100},
        {"accounts.azure": LEFT_OUT, "networks.identity": LEFT_OUT},
        {"sites": {}},
        {"addressing.supernets.onprem": ["10.48.0.0/15", "192.168.0.0/16"], "sites.plant.prefixes": ["192.168.7.0/24"]},
        {"addressing.regionSize": 20, "networks": {"shop": {**SMALL["networks"]["shop"], "size": 21}}},
        {"segments": {"apps": {}, "shared": {}, **{f"s{number}": {} for number in range(16)}}},
    ],
)
def test_what_every_cloud_can_do_is_accepted(change: dict[str, Any]) -> None:
    plan, _ = planned(changed(change))
    assert plan.new


@pytest.mark.parametrize("region", sorted(AWS_ZONE_IDS))
def test_every_aws_region_has_zones_of_its_own_for_a_network(region: str) -> None:
    plan, _ = planned(changed({"networks.shop.region": region}))
    assert plan.aws is not None
    (shop,) = plan.aws.networks
    zones = {subnet.zone_id for subnet in shop.subnets}
    assert len(zones) == min(3, len(AWS_ZONE_IDS[region]))
    assert zones <= set(AWS_ZONE_IDS[region])
    elsewhere = {zone for other, ids in AWS_ZONE_IDS.items() if other != region for zone in ids}
    assert not zones & elsewhere


def test_no_region_is_of_two_clouds() -> None:
    names = [region for regions in REGIONS.values() for region in regions]
    assert len(names) == len(set(names))


def test_a_valid_configuration_has_no_problems_and_no_warnings() -> None:
    for config in (SMALL, WIDE):
        assert list(rules.problems(settings_of(config))) == []
        assert planned(config)[0].warnings == ()


@pytest.mark.parametrize(
    ("section", "value"),
    [
        ("services", {"checkout": {"port": 443, "runsIn": ["shop"]}}),
        ("flows", [{"from": "shop", "to": "hq", "gbPerMonth": 1}]),
    ],
)
def test_a_section_that_builds_nothing_yet_is_told(section: str, value: Any) -> None:  # noqa: ANN401 - any JSON
    (warning,) = planned(changed({section: value}))[0].warnings
    assert warning.startswith(f"{section}: read and checked")


def test_an_adopted_range_that_software_takes_by_default_is_a_warning() -> None:
    plan, _ = planned(changed({"networks.old": {**ADOPTED, "cidr": "10.0.0.0/20"}}))
    (warning,) = plan.warnings
    assert warning.startswith("networks.old: 10.0.0.0/20 overlaps 10.0.0.0/16, the service range that AKS takes")


def test_an_environment_an_account_and_a_network_are_enough() -> None:
    network = {"cloud": "aws", "region": "us-east-1", "size": 20}
    config = {"environment": "dev", "accounts": {"aws": SMALL["accounts"]["aws"]}, "networks": {"shop": network}}
    plan, _ = planned(config)
    assert plan.aws is not None
    assert [candidate.segment for candidate in plan.aws.networks] == ["main"]


def test_a_hub_with_more_networks_than_it_takes_is_refused() -> None:
    with mock.patch.dict(limits.HUB_ATTACHMENTS, {"aws": 4}), pytest.raises(ConfigurationError) as caught:
        planned(WIDE)
    (problem,) = caught.value.problems
    assert str(problem).startswith("networks: 5: stand in aws/us-east-1, whose hub takes 4; move some")


def test_more_routes_than_a_transit_gateway_holds_are_refused() -> None:
    """Three drops in two tables, a network learned in two tables and for the peering, two routes over the peering."""
    config = changed({"networks.west": {**SMALL["networks"]["shop"], "region": "us-west-2"}})
    with mock.patch.object(limits, "HUB_ROUTES", 11):
        planned(config)
    with mock.patch.object(limits, "HUB_ROUTES", 10), pytest.raises(ConfigurationError) as caught:
        planned(config)
    assert "needs 11 routes in the Transit Gateway of us-east-1, which holds 10" in str(caught.value)


def test_more_networks_than_googles_hub_is_said_to_take_are_a_warning() -> None:
    with mock.patch.object(limits, "GCP_SPOKES", 2):
        (warning,) = planned(WIDE)[0].warnings
    assert warning.startswith("networks: 3 in gcp, whose hub is said to take 2 VPCs")
