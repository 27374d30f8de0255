"""Configurations to plan from: one small and valid, and ways to change it."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from copy import deepcopy
from ipaddress import IPv4Network
from itertools import combinations, product
from typing import Any

from planning.estate import Estate
from planning.ledger import PREFIX_SECTIONS, Environment, Ledger
from planning.plan import Plan, make_plan
from planning.reading import SECRETS, read_settings
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
    return read_settings(as_text(config), SECRETS)


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


def conflicts(ledger: Ledger, reserved: Iterable[IPv4Network] = ()) -> list[str]:
    """List what overlaps that must not, pair by pair, with nothing from `planning` but the entries themselves."""
    given_out = entries(ledger)
    blocks = {place: prefix for place, prefix in given_out.items() if place[1] == "regions"}
    subnets = {place: prefix for place, prefix in given_out.items() if place[1] == "subnets"}
    others = {place: prefix for place, prefix in given_out.items() if place[1] == "reserved"}
    own = {
        place: prefix
        for place, prefix in given_out.items()
        if place[1] in ("networks", "hubs", "pods", "cluster_services", "links")
    }
    pairs = [
        *combinations(blocks.items(), 2),
        *combinations(own.items(), 2),
        *combinations(subnets.items(), 2),
        *(pair for pair in product(own.items(), blocks.items()) if not _lies_in_its_region(*pair)),
        *product(own.items(), others.items()),
        *product(own.items(), ((("reserved",), prefix) for prefix in reserved)),
    ]
    found = [f"{one} and {other}" for one, other in pairs if one[1].overlaps(other[1])]
    for (environment, _, key), prefix in subnets.items():
        parent = key.rpartition("/")[0]
        homes = [own.get((environment, section, parent)) for section in ("networks", "pods")]
        if not any(home is not None and prefix.subnet_of(home) for home in homes):
            found.append(f"{key} {prefix} outside {homes}")
    numbers = [asn for content in ledger.environments.values() for asn in content.asns.values()]
    return found + [f"ASN {asn} twice" for asn, count in Counter(numbers).items() if count > 1]


def _lies_in_its_region(own: Any, block: Any) -> bool:  # noqa: ANN401 - items of `entries`
    (environment, section, key), prefix = own
    (block_environment, _, block_key), block_prefix = block
    region = "/".join(key.split("/")[:2])
    its_own = environment == block_environment and region == "/".join(block_key.split("/")[:2])
    return section in ("networks", "hubs") and its_own and prefix.subnet_of(block_prefix)


def _at(cloud: str, region: str, segment: str, **rest: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    return {"cloud": cloud, "region": region, "segment": segment, "size": 20, **rest}


WIDE: Config = {
    **SMALL,
    "segments": {
        "prod": {"reaches": ["shared"]},
        "staging": {"reaches": ["shared"]},
        "shared": {"reaches": ["sites"]},
        "alone": {},
    },
    "networks": {
        "shop": _at("aws", "us-east-1", "prod", nat="central", kubernetes={}),
        "shop-test": _at("aws", "us-east-1", "staging", nat="central"),
        "tools": _at("aws", "us-east-1", "shared", nat="one"),
        "vault": _at("aws", "us-east-1", "alone"),
        "old-shop": {"cloud": "aws", "region": "us-east-1", "segment": "prod", "cidr": "10.9.0.0/18"},
        "shop-west": _at("aws", "us-west-2", "prod", nat="per-zone"),
        "test-west": _at("aws", "us-west-2", "staging", public=True),
        "tools-west": _at("aws", "us-west-2", "shared"),
        "identity": _at("azure", "eastus", "shared", nat="one"),
        "erp": _at("azure", "eastus", "prod", kubernetes={}),
        "erp-test": _at("azure", "westus2", "staging"),
        "safe": _at("azure", "westus2", "alone"),
        "analytics": _at("gcp", "us-east4", "prod", nat="one", kubernetes={}),
        "models": _at("gcp", "us-central1", "staging"),
        "artifacts": _at("gcp", "us-east4", "shared"),
    },
}
"""Two regions in each cloud; `prod` and `staging` meet only in `shared`, nothing meets `alone`; one adopted network."""
MEETING = {
    "prod": {"prod", "shared"},
    "staging": {"staging", "shared"},
    "shared": {"prod", "staging", "shared"},
    "alone": {"alone"},
}
"""Who meets whom in `WIDE`, written out."""


def prefixes(*texts: str) -> list[IPv4Network]:
    return [IPv4Network(text) for text in texts]


def covers(outer: Iterable[str], inner: Iterable[str]) -> bool:
    """Tell whether every inner prefix lies in one of the outer ones."""
    return all(any(one.subnet_of(other) for other in prefixes(*outer)) for one in prefixes(*inner))
