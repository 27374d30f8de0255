"""Configurations with names that follow health, and what services answer by their own rules."""

from collections.abc import Collection, Mapping
from typing import Any

from planning.ledger import Ledger
from planning.problems import ConfigurationError
from planning.records import rules
from planning.records.layout import lay_out
from planning.records.types import Endpoint, Profile, Records, Route53Set
from tests.planning.configurations import SMALL, Config, changed, estate_of, settings_of

NETWORKS = {
    "shop": SMALL["networks"]["shop"],
    "store": {"cloud": "aws", "region": "eu-west-1", "size": 20, "segment": "apps"},
    "identity": SMALL["networks"]["identity"],
    "erp": {"cloud": "azure", "region": "westeurope", "size": 20, "segment": "shared"},
    "analytics": SMALL["networks"]["analytics"],
    "models": {"cloud": "gcp", "region": "us-central1", "size": 18, "segment": "apps"},
}
ADDRESSES = {name: f"203.0.113.{number}" for number, name in enumerate(list(NETWORKS)[:5], start=1)}
PLACE_OF = {address: place for place, address in ADDRESSES.items()}
SERVES = {"shop": ["*"], "store": ["EU", "AF"], "identity": ["DE"], "erp": ["AS", "OC"]}
"""Place -> what it serves, of a geographic record."""


def _inside() -> dict[str, str]:
    estate = estate_of(changed({"networks": NETWORKS, "dns": {"private": "acme.internal"}}))
    return {network.name: str(network.cidr[9]) for network in estate.networks}


INSIDE = _inside()
"""Network -> an address of it."""
PRIVATE_IN_AWS: dict[str, Any] = {
    "private": True,
    "policy": "active-passive",
    "budget": 240,
    "places": {
        "shop": {
            "address": INSIDE["shop"],
            "order": 1,
            "metric": {
                "namespace": "AWS/NetworkELB",
                "name": "HealthyHostCount",
                "dimensions": {"LoadBalancer": "net/a"},
            },
        },
        "identity": {
            "address": INSIDE["identity"],
            "order": 2,
            "metric": {"namespace": "Acme", "name": "Healthy", "region": "us-east-1"},
        },
    },
}
PRIVATE_IN_GOOGLE: dict[str, Any] = {
    "private": True,
    "policy": "active-passive",
    "places": {
        "analytics": {"address": INSIDE["analytics"], "order": 1, "loadBalancer": {"port": 443}},
        "models": {"address": INSIDE["models"], "order": 2, "loadBalancer": {"port": 443, "type": "globalL7ilb"}},
    },
}


def places(count: int, setting: str = "", values: Collection[Any] = ()) -> dict[str, Any]:
    """Give the first few places addresses, and a setting each where one is named."""
    first = {name: {"address": address} for name, address in list(ADDRESSES.items())[:count]}
    given = zip(first.values(), values, strict=True) if setting else ()
    for place, value in given:
        place[setting] = value
    return first


def with_record(record: Mapping[str, Any], host: str = "aws", **dns: Any) -> Config:  # noqa: ANN401 - any JSON
    """Configure one name, `www.acme.example`, or with others in the same root."""
    public = {"name": "acme.example", "host": host}
    return changed(
        {"networks": NETWORKS, "dns": {"private": "acme.internal", "public": public, "records": {"www": record}, **dns}}
    )


def told(
    change: Mapping[str, Any], record: Mapping[str, Any], host: str = "aws", ledger: Ledger | None = None
) -> list[str]:
    settings = settings_of(changed(change, with_record(record, host)))
    return [str(problem) for problem in rules.problems(settings, ledger or Ledger())]


def read(change: dict[str, Any], record: dict[str, Any], host: str = "aws") -> list[str]:
    """Tell what is wrong, found in reading or by the rules."""
    try:
        return told(change, record, host)
    except ConfigurationError as error:
        return [str(problem) for problem in error.problems]


def laid_out(config: Config) -> Records:
    records = lay_out(estate_of(config))
    assert records is not None
    return records


def order(count: int) -> dict[str, Any]:
    return {"policy": "active-passive", "places": places(count, "order", range(1, count + 1))}


def geographic(count: int = 4) -> dict[str, Any]:
    return {"policy": "geographic", "places": places(count, "serves", list(SERVES.values())[:count])}


def route53_answers(
    sets: Collection[Route53Set], name: str, well: Collection[str], asker: Collection[str] = ()
) -> set[str]:
    """List the places that Route 53 may answer with, by what its documentation says of each policy.

    `well` are the healthy places; `asker` the codes of who asks, the narrowest first: `DE`, `EU`.
    """
    group = [one for one in sets if one.name == name]
    healthy = [one for one in group if _healthy(sets, one, well)]
    if group[0].failover:
        primary, secondary = (next(one for one in group if one.failover == role) for role in ("PRIMARY", "SECONDARY"))
        chosen = [secondary if primary not in healthy and secondary in healthy else primary]
    elif group[0].geography:
        codes = [code for code in (*asker, "*") for one in group if code in _codes(one)]
        matching = [next(one for one in group if code in _codes(one)) for code in codes]
        chosen = [next((one for one in matching if one in healthy), matching[0])]
    elif group[0].weight is not None:
        chosen = [one for one in healthy if one.weight] or healthy or group
    else:
        chosen = healthy or group
    found: set[str] = set()
    for one in chosen:
        found |= route53_answers(sets, one.alias, well, asker) if one.alias else {PLACE_OF[one.values[0]]}
    return found


def _codes(one: Route53Set) -> Collection[str]:
    return (one.geography or {}).values()


def _healthy(sets: Collection[Route53Set], one: Route53Set, well: Collection[str]) -> bool:
    if one.alias:
        return any(_healthy(sets, other, well) for other in sets if other.name == one.alias)
    return one.health is not None and one.health.partition(".")[2] in well


def traffic_manager_answers(
    profiles: Collection[Profile], key: str, well: Collection[str], asker: Collection[str] = ()
) -> set[str]:
    """List the places that Traffic Manager may answer with: all of a profile where none is healthy."""
    profile = next(profile for profile in profiles if profile.key == key)
    on = [endpoint for endpoint in profile.endpoints if endpoint.enabled]
    if profile.method == "Geographic":
        codes = [code for code in (*asker, "WORLD") for one in on if code in one.geography]
        on = [next(one for one in on if codes[0] in one.geography)]
    healthy = [one for one in on if _up(profiles, one, well)]
    if profile.method == "Priority" and healthy:
        healthy = [min(healthy, key=lambda one: one.priority or 0)]
    found: set[str] = set()
    for one in healthy or on:
        found |= traffic_manager_answers(profiles, one.child, well, asker) if one.child else {PLACE_OF[str(one.target)]}
    return found


def _up(profiles: Collection[Profile], endpoint: Endpoint, well: Collection[str]) -> bool:
    if endpoint.child:
        child = next(profile for profile in profiles if profile.key == endpoint.child)
        return any(_up(profiles, one, well) for one in child.endpoints)
    return PLACE_OF[str(endpoint.target)] in well
