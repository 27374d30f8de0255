"""Who answers for which names, whom they ask, and from where: the words that all parties are described in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from inspection.graph import UNKNOWN, Graph, Json, Resource

AFTER_DEPLOY = "known after deploy"
"""Stands for the address of a server that the cloud picks."""


@dataclass(frozen=True, slots=True)
class Record:
    """Names and addresses that a zone has, or the way back from an address."""

    name: str
    """Whole, without trailing dot."""
    type: str
    """`A`, `PTR`, `CNAME`."""
    values: Sequence[str]
    """Without trailing dots. What is known only after deployment is left out."""


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone that is answered from."""

    domain: str
    """Without trailing dot."""
    records: Sequence[Record] = ()


@dataclass(frozen=True, slots=True)
class View:
    """What one network sees of names."""

    network: str
    """Logical name; of a site's servers the name of the site."""
    party: str
    """`aws`, `azure`, `gcp`, or the name of a site."""
    region: str = ""
    """Empty where networks are of no region."""
    zones: Sequence[Zone] = ()
    forwards: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Domain without trailing dot -> addresses that are asked, or `AFTER_DEPLOY`."""
    asks: Mapping[str, str] = field(default_factory=dict)
    """Google: domain without trailing dot -> network in whose place it is resolved."""


@dataclass(frozen=True, slots=True)
class Resolver:
    """What asks and answers for all networks of a region, of Google, or of a site."""

    name: str
    """`aws/us-east-1`, `azure/eastus`, `gcp`, or the name of a site."""
    party: str
    """`aws`, `azure`, `gcp`, or the name of a site."""
    network: str
    """That its endpoints stand in; of a site its name."""
    zones: Sequence[Zone] = ()
    """Seen by that network, and thus by all who ask it."""
    forwards: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Domain without trailing dot -> addresses that are asked, or `AFTER_DEPLOY`."""
    answers_at: Sequence[str] = ()
    """Addresses where it answers others, or `AFTER_DEPLOY`."""
    answers_in: Sequence[str] = ()
    """CIDRs that those addresses are in: subnets where the cloud picks, else the addresses themselves."""
    sends_from: Sequence[str] = ()
    """CIDRs that others see its queries come from."""


def sources(graph: Graph, resource: Resource, key: str, token: str) -> Sequence[Resource]:
    """List the resources of a type that an input's value comes from: known before any id is."""
    found = (graph.by_urn.get(urn) for urn in resource.property_dependencies.get(key, ()))
    return [each for each in found if each is not None and each.type == token]


def pointing(graph: Graph, token: str, key: str, at: Resource) -> Sequence[Resource]:
    """List the resources of a type whose input comes from a resource."""
    return [each for each in graph.of_type(token) if at.urn in each.property_dependencies.get(key, ())]


def addresses(values: Json) -> Sequence[str]:
    """List addresses, or one mark for a whole list that is known only after deployment."""
    if values == UNKNOWN:
        return [AFTER_DEPLOY]
    return [AFTER_DEPLOY if value == UNKNOWN else value for value in values]


def hosts_of(values: Json) -> Sequence[str]:
    """Write the addresses that are known as CIDRs."""
    return [f"{value}/32" for value in values if value not in (UNKNOWN, AFTER_DEPLOY)]


def known(values: Json) -> Sequence[str]:
    """List what is known of values, without trailing dots."""
    return [] if values == UNKNOWN else [value.rstrip(".") for value in values if value != UNKNOWN]


def plain(domain: str) -> str:
    """Write a domain as all parties' are compared: in lower case, without trailing dot."""
    return domain.rstrip(".").lower()


def within(name: str, domain: str) -> bool:
    """Tell whether a name is a domain or lies below it; everything lies below the root, which is empty."""
    return not domain or name == domain or name.endswith(f".{domain}")
