"""A configuration with names: three clouds and two sites, joined by tunnels."""

from typing import Any

from tests.planning.configurations import SMALL, Config, changed

HQ = {
    "prefixes": ["10.48.0.0/16"],
    "asn": 64580,
    "dns": ["10.48.0.53", "10.48.1.53"],
    "devices": {"edge": {"address": "203.0.113.10"}},
}
PLANT = {
    "prefixes": ["10.49.0.0/18", "10.50.0.0/20"],
    "asn": 64581,
    "dns": ["10.49.0.53"],
    "devices": {"edge": {"address": "198.51.100.7"}},
}
NAMED: Config = changed(
    {
        "sites.hq": HQ,
        "sites.plant": PLANT,
        "networks.shop-west": {"cloud": "aws", "region": "us-west-2", "size": 20, "segment": "apps"},
        "networks.identity-west": {"cloud": "azure", "region": "westus2", "size": 20, "segment": "shared"},
        "links": {"primary": "vpn"},
        "linkSecret": "hush-hush-hush",
        "dns": {"private": "acme.internal"},
    },
    SMALL,
)


def named(changes: dict[str, Any] | None = None) -> Config:
    """Copy the configuration with other values at some settings paths."""
    return changed(changes or {}, NAMED)
