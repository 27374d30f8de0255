"""The kinds of value that a configuration is made of, and the base of all its sections."""

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_network
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, StringConstraints, WithJsonSchema
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

CIDR_PATTERN = r"^\d{1,3}(\.\d{1,3}){3}/\d{1,2}$"
LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
DOMAIN_PATTERN = rf"^({LABEL}\.)+[a-z]([a-z0-9-]{{0,61}}[a-z0-9])?$"
LONGEST_DOMAIN = 253


class Section(BaseModel):
    """A part of the configuration: never changed after reading, unknown keys refused, camelCase outside."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel)


def refuse(rule: str, remedy: str) -> PydanticCustomError:
    """Make the error that says which rule a value breaks and what to do about it."""
    return PydanticCustomError("rule", "{rule}", {"rule": rule, "remedy": remedy})


def _parse_prefix(value: Any) -> IPv4Network:  # noqa: ANN401 - whatever the user wrote
    if isinstance(value, IPv4Network):
        return value
    if not isinstance(value, str) or "/" not in value:
        raise refuse("is not a prefix", "write it as address and length, for example 10.0.0.0/16")
    try:
        network = ip_network(value, strict=False)
    except ValueError:
        raise refuse("is not a prefix", "write it as address and length, for example 10.0.0.0/16") from None
    if isinstance(network, IPv6Network):
        raise refuse(
            "is IPv6, which a virtual hub and a connectivity hub's dynamic routes do not carry",
            "write an IPv4 prefix; IPv6 stays inside one cloud",
        )
    if str(network) != value:
        raise refuse("has address bits beyond its length", f"write {network}, or the longer prefix that you mean")
    return network


def _parse_address(value: Any) -> IPv4Address:  # noqa: ANN401 - whatever the user wrote
    if isinstance(value, IPv4Address):
        return value
    try:
        return IPv4Address(str(value))
    except ValueError:
        raise refuse("is not an IPv4 address", "write it as four numbers, for example 203.0.113.10") from None


def _parse_domain(value: Any) -> str:  # noqa: ANN401 - whatever the user wrote
    if not isinstance(value, str):
        raise refuse("is not a domain name", "write it as text, for example acme.internal")
    plain = value.rstrip(".").lower()
    if "." not in plain and re.fullmatch(LABEL, plain):
        raise refuse(
            "is a single label, which resolvers treat in their own ways",
            f"write a domain name of two labels or more, for example acme.{plain}",
        )
    if not re.fullmatch(DOMAIN_PATTERN, plain) or len(plain) > LONGEST_DOMAIN:
        raise refuse("is not a domain name", "write labels of letters, digits and inner hyphens, as in acme.internal")
    if plain != value:
        raise refuse("has a trailing dot or capital letters", f"write {plain}; each provider gets the form it wants")
    return value


def _as_list(value: Any) -> Any:  # noqa: ANN401 - passed on to pydantic as it is
    return [value] if isinstance(value, str) else value


Prefix = Annotated[
    IPv4Network,
    BeforeValidator(_parse_prefix),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "pattern": CIDR_PATTERN, "examples": ["10.0.0.0/16"]}),
]
"""An IPv4 prefix such as `10.0.0.0/16`, without address bits beyond its length."""

Prefixes = Annotated[
    tuple[Prefix, ...],
    BeforeValidator(_as_list),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": CIDR_PATTERN},
                {"type": "array", "items": {"type": "string", "pattern": CIDR_PATTERN}},
            ]
        }
    ),
]
"""One IPv4 prefix or a list of them."""

Address = Annotated[IPv4Address, BeforeValidator(_parse_address), WithJsonSchema({"type": "string", "format": "ipv4"})]
"""An IPv4 address such as `203.0.113.10`."""

DomainName = Annotated[
    str,
    BeforeValidator(_parse_domain),
    WithJsonSchema({"type": "string", "pattern": DOMAIN_PATTERN, "maxLength": LONGEST_DOMAIN}),
]
"""A domain name of two labels or more, in lower case, without a trailing dot."""

Name = Annotated[str, StringConstraints(pattern=r"^[a-z]([a-z0-9-]{0,18}[a-z0-9])?$")]
"""Lower-case letters, digits and inner hyphens, a letter first, 20 characters at most: every cloud takes it."""

EnvironmentName = Annotated[str, StringConstraints(pattern=r"^[a-z]([a-z0-9-]{0,8}[a-z0-9])?$")]
"""As a name, 10 characters at most: it starts every name in the clouds."""

Asn = Annotated[int, Field(ge=1, le=4_294_967_295)]
"""An autonomous system number."""

AwsAccountId = Annotated[str, StringConstraints(pattern=r"^\d{12}$")]
"""Twelve digits in quotes: a number would lose leading zeros."""

GcpProject = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{4,28}[a-z0-9]$")]
"""A Google Cloud project id."""

Uuid = Annotated[UUID, PlainSerializer(str, return_type=str)]
"""For example `00000000-0000-0000-0000-000000000000`."""
