"""Gives back what a destroyed network or region held; the only way anything leaves the ledger."""

from planning.addresses import TRANSIT
from planning.ledger import SECTIONS, Environment, Ledger, gateway_key
from planning.settings import Cloud

NAMES = "dns/"
"""Starts the keys of roots and names."""
HOLDS_CHOICES = "fixed"
"""What cannot change while it is deployed goes only by its own name, or with the environment's last network."""


def release(ledger: Ledger, stack: str, name: str) -> list[str]:
    """Remove what a stack holds under a name.

    A network (`shop`), a region (`aws/us-east-1`), a reserve (`lab`), a site's prefixes (`sites/hq`), links
    (`vpn/aws/gcp`, `exchange/ny`), the region where a cloud's links land (`aws/gateway-region`), a root of names
    (`dns/private`), or a name (`dns/name/www.acme.example`).

    Returns one line for each entry removed; none where the ledger has nothing of that name.
    """
    released: list[str] = []
    for environment, content in list(ledger.environments.items()):
        if content.stack == stack:
            released += _release(content, name)
            if not content.networks:
                del ledger.environments[environment]
                released.append(f"environment {environment}, which holds no network any more")
    return released


def meant(ledger: Ledger, stack: str, name: str) -> set[str]:
    """List the networks and reserves of a stack that a name stands for."""
    return {key for content in ledger.environments.values() if content.stack == stack for key in _meant(content, name)}


def _meant(content: Environment, name: str) -> set[str]:
    names = {key: key.rpartition("/") for key in content.networks}
    keys = {
        key for key, (place, _, last) in names.items() if name in (key, place) or (name == last and last != TRANSIT)
    }
    others = (*content.reserved, *content.links)
    gateways = {gateway_key(cloud) for cloud in Cloud}
    choices = {key for key in content.fixed if key == name and (key in gateways or key.startswith(NAMES))}
    return keys | choices | {key for key in others if key == name or key.startswith(f"{name}/")}


def _release(content: Environment, name: str) -> list[str]:
    keys = _meant(content, name)
    region = name if any(key.rpartition("/")[0] == name for key in content.networks) else None
    return [
        f"{section.replace('_', ' ')} {key}: {getattr(content, section).pop(key)}"
        for section in SECTIONS
        for key in list(getattr(content, section))
        if (key in keys if section == HOLDS_CHOICES else _belongs(key, keys) or _of_region(section, key, region))
    ]


def _belongs(key: str, networks: set[str]) -> bool:
    """Tell whether an entry is a network's own, or lies in it."""
    return key in networks or key.rpartition("/")[0] in networks


def _of_region(section: str, key: str, region: str | None) -> bool:
    """Tell whether an entry is a region's block or hub prefix, or the ASN of its hub."""
    if region is None:
        return False
    if section == "asns":
        return key.rpartition("/")[2] == region.rpartition("/")[2]
    return section in ("regions", "pod_regions", "hubs") and (key == region or key.rpartition("/")[0] == region)
