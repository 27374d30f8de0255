"""Configurations to plan from: one small and valid, and ways to change it."""

import json
from collections.abc import Mapping
from copy import deepcopy
from ipaddress import IPv4Network
from typing import Any

from planning.estate import Estate
from planning.ledger import PREFIX_SECTIONS, Environment, Ledger
from planning.plan import Plan, make_plan
from planning.reading import read_settings
from planning.settings import Settings

Config = dict[str, Any]

STACK = "acme/dev"
SMALL: Config = {
    "environment": "dev",
    "accounts": {
        "aws": {"accountId": "111122223333"},
        "azure": {"subscriptionId": "11111111-2222-3333-4444-555555555555"},
        "gcp": {"project": "acme-net-dev"},
    },
    "segments": {"apps": {"reaches": ["shared"]}, "shared": {"reaches": ["sites"]}},
    "networks": {
        "shop": {"cloud": "aws", "region": "us-east-1", "size": 18, "segment": "apps"},
        "identity": {"cloud": "azure", "region": "eastus", "size": 20, "segment": "shared"},
        "analytics": {"cloud": "gcp", "region": "us-east4", "size": 18, "segment": "apps", "kubernetes": {}},
    },
    "sites": {
        "hq": {"prefixes": ["10.48.0.0/16"], "asn": 64580, "dns": ["10.48.0.53"]},
        "plant": {"prefixes": ["10.49.0.0/16"], "asn": 64581},
    },
}
"""One network in each cloud; two segments, of which only `shared` reaches the two sites."""

LEFT_OUT = object()
"""Takes a key out, in `changed`."""


def changed(changes: Mapping[str, Any], config: Config = SMALL) -> Config:
    """Copy a configuration with other values at some settings paths, such as `networks.shop.size`."""
    copy = deepcopy(config)
    for path, value in changes.items():
        *parents, last = path.split(".")
        section = copy
        for parent in parents:
            section = section.setdefault(parent, {})
        if value is LEFT_OUT:
            del section[last]
        else:
            section[last] = deepcopy(value)
    return copy


def with_networks(networks: Mapping[str, Any], **sections: Any) -> Config:  # noqa: ANN401 - any JSON
    """Copy the small configuration with other networks, and other sections where given."""
    return deepcopy({**SMALL, "networks": dict(networks), **sections})


def as_text(config: Mapping[str, Any]) -> dict[str, str]:
    """Write a configuration as the engine hands it over: text as it is, everything else as JSON."""
    return {key: value if isinstance(value, str) else json.dumps(value) for key, value in config.items()}


def settings_of(config: Mapping[str, Any]) -> Settings:
    return read_settings(as_text(config))


def planned(config: Mapping[str, Any], ledger: Ledger | None = None, stack: str = STACK) -> tuple[Plan, Ledger]:
    """Plan without files; the ledger returned holds what was given out."""
    settings = settings_of(config)
    reserved = {f"addressing.reserved.{name}": prefix for name, prefix in settings.addressing.reserved.items()}
    plan, allocation = make_plan(settings, ledger or Ledger(), stack, reserved)
    return plan, allocation.ledger


def held(ledger: Ledger, environment: str = "dev") -> Environment:
    return ledger.environments[environment]


def estate_of(config: Mapping[str, Any]) -> Estate:
    settings = settings_of(config)
    return Estate(settings, held(planned(config)[1], settings.environment))


def entries(ledger: Ledger) -> dict[tuple[str, str, str], IPv4Network]:
    """List every range that a ledger holds: environment, section, key -> range."""
    return {
        (environment, section, key): prefix
        for environment, content in ledger.environments.items()
        for section in PREFIX_SECTIONS
        for key, prefix in getattr(content, section).items()
    }
