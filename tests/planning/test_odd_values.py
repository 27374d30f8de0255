"""No input ends in a traceback: a plan, or problems that each say a rule and a remedy."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.problems import ConfigurationError
from planning.reading import SECRETS, read_settings
from planning.settings import Settings
from planning.workspace import load_plan
from tests.planning.configurations import LEFT_OUT, STACK, Config, as_text, changed

HIDDEN = ("a-secret-of-the-test", "given_by_somebody_else")
FULL: Config = changed(
    {
        "accounts.aws.shareWith": ["777788889999"],
        "accounts.equinix": {
            "projectId": "11111111-2222-3333-4444-555555555555",
            "accountNumber": 270001,
            "notify": ["noc@acme.example"],
            "purchaseOrder": "PO-1",
        },
        "networks.shop.zones": 2,
        "networks.shop.nat": "one",
        "networks.shop.public": True,
        "networks.analytics.kubernetes": {"pods": 20, "services": 22},
        "networks.old": {"cloud": "aws", "region": "us-east-1", "cidr": "10.8.0.0/18", "segment": "apps"},
        "sites.hq.devices": {"edge": {"address": "203.0.113.10"}},
        "addressing": {
            "supernets": {
                "aws": ["10.0.0.0/12"],
                "azure": "10.16.0.0/12",
                "gcp": "10.32.0.0/12",
                "onprem": "10.48.0.0/12",
            },
            "pods": {"aws": "10.64.0.0/12", "azure": "10.80.0.0/12", "gcp": "10.112.0.0/12"},
            "clusterServices": "100.64.0.0/10",
            "regionSize": 16,
            "reserved": {"lab": "10.5.0.0/16"},
            "reservedFiles": [],
            "registerIn": ["gcp"],
        },
        "hubs": {"gcp": {"topology": "mesh"}},
        "protect": True,
        "flowLogDays": 7,
        "ledger": "ledger.yaml",
        "sites.hq.ports": {"DC": {"id": "aaaaaaaa-1111-3333-4444-555555555555", "vlan": 101}},
        "links": {
            "primary": "exchange",
            "backup": "vpn",
            "pairs": {"azure/gcp": {"primary": "vpn", "backup": "none"}, "plant": {"primary": "none"}},
            "exchange": {"metros": ["DC"], "bandwidth": 1000, "package": "STANDARD", "termMonths": 12},
            "vpn": {"accelerated": True, "azureScaleUnits": 2},
        },
        "linkSecret": HIDDEN[0],
        "linkKeys": {"aws/hq": HIDDEN[1]},
        "dns": {"private": "acme.internal", "public": "acme.example"},
        "services": {
            "checkout": {"port": 443, "runsIn": ["shop"], "usedBy": ["hq"], "public": {"weights": {"shop": 1}}}
        },
        "flows": [{"from": "shop", "to": "hq", "gbPerMonth": 1.5}],
    }
)
"""Every setting there is."""


def paths(value: Any, at: str = "") -> Iterator[str]:  # noqa: ANN401 - any JSON
    """Yield the settings path of everything in a configuration."""
    if at:
        yield at
    if isinstance(value, dict):
        for key, child in value.items():
            yield from paths(child, f"{at}.{key}" if at else key)


PATHS = sorted(paths(FULL))
WORDS = [
    "", "x", "shop", "hq", "apps", "sites", "transit", "aws", "us-east-1", "10.0.0.0/12", "10.48.0.0/16", "10.8.0.0/18",
    "0.0.0.0/0", "10.0.0.1/8", "::/0", "255.255.255.255/32", "10.0.0.0", "star", "none", "central", "null", "9" * 40,
    "a\nb", "…", "ä", "\u2028",
]  # fmt: skip
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 40),
    st.sampled_from([2**31, 2**32, 2**64, 10**400, 64512, 64580, 1.5, -0.0, 1e308, float("inf"), float("nan")]),
    st.sampled_from(WORDS),
    st.text(max_size=5),
)
KEYS = st.sampled_from(["shop", "new", "x" * 30, "", "Ä", "a.b", "cloud", "size", "cidr", "aws", "hq", "reaches"])
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8
)


def unclear(config: dict[str, str]) -> list[str]:
    """Plan, and list the problems that lack a place, a rule or a remedy."""
    with TemporaryDirectory() as folder:
        try:
            load_plan(config, Path(folder), STACK, record=True, secret_keys=SECRETS)
        except ConfigurationError as error:
            if any(secret in str(error) for secret in HIDDEN):
                return ["a secret is shown"]
            found = error.problems
            return [str(one) for one in found if not (one.where and one.rule and one.remedy)] if found else ["none"]
    return []


def test_every_setting_is_among_the_odd_ones() -> None:
    assert set(FULL) == {field.alias or name for name, field in Settings.model_fields.items()}
    assert read_settings(as_text(FULL), SECRETS).flows
    assert unclear(as_text(FULL)) == []


@settings(deadline=None, max_examples=300)
@given(st.dictionaries(st.sampled_from(PATHS), JSON, min_size=1, max_size=2))
def test_any_value_in_any_place_is_planned_or_refused_in_words(change: dict[str, Any]) -> None:
    config = FULL
    for path in sorted(change):  # a path below one that has become something else is gone
        try:
            config = changed({path: change[path]}, config)
        except (AttributeError, TypeError):
            continue
    assert unclear(as_text(config)) == []


@settings(deadline=None, max_examples=100)
@given(
    st.sampled_from(sorted(FULL)), st.text(max_size=12) | st.sampled_from(["{", "[]", "{}", "NaN", '{"a"}', "0x1", "'"])
)
def test_any_text_of_a_section_is_planned_or_refused_in_words(section: str, text: str) -> None:
    assert unclear({**as_text(FULL), section: text}) == []


@settings(deadline=None, max_examples=50)
@given(st.dictionaries(st.sampled_from([*FULL, "networs", "Networks"]), st.text(max_size=8), max_size=6))
def test_any_configuration_is_planned_or_refused_in_words(config: dict[str, str]) -> None:
    assert unclear(config) == []


@pytest.mark.parametrize("path", PATHS)
def test_whatever_is_left_out_or_null_is_planned_or_refused_in_words(path: str) -> None:
    for value in (LEFT_OUT, None):
        assert unclear(as_text(changed({path: value}, FULL))) == []
