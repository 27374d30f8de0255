"""How clouds and sites are joined."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr, WithJsonSchema

from planning.settings.external import External, Native
from planning.settings.types import Name, Section, refuse

SHORTEST_SECRET = 12
MAKE_ONE = 'pulumi config set --secret linkSecret "$(openssl rand -hex 32)"'


def _check_secret(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value()
    if len(text) < SHORTEST_SECRET or not (text.isascii() and text.isprintable()):
        rule = f"is not {SHORTEST_SECRET} or more printable ASCII characters"
        raise refuse(rule, f"make it anew: {MAKE_ONE}")
    return secret


_ENCRYPTED = WithJsonSchema(
    {
        "type": "object",
        "properties": {"secure": {"type": "string"}},
        "required": ["secure"],
        "additionalProperties": False,
    }
)
"""How `pulumi config set --secret` writes a value into the stack file."""

LinkSecret = Annotated[SecretStr, AfterValidator(_check_secret), _ENCRYPTED]
"""Text that keys are derived from: whoever knows it could join the network."""

LinkKey = Annotated[SecretStr, _ENCRYPTED]
"""A pre-shared key that somebody else gave."""


class Transport(StrEnum):
    """What a link runs over."""

    EXCHANGE = "exchange"
    EXTERNAL = "external"
    """Circuits whose middle somebody else provides."""
    DEDICATED = "dedicated"
    """Ports of a site straight at the cloud."""
    NATIVE = "native"
    """What the two clouds join themselves by."""
    VPN = "vpn"
    NONE = "none"
    """Nothing: no backup, or not joined at all."""


class Package(StrEnum):
    """What a Fabric Cloud Router is sold as."""

    LAB = "LAB"
    BASIC = "BASIC"
    STANDARD = "STANDARD"
    ADVANCED = "ADVANCED"
    PREMIUM = "PREMIUM"


class Exchange(Section):
    """Cloud exchange (Equinix Fabric)."""

    metros: Annotated[tuple[str, ...], Field(min_length=1)]
    """Metro codes, for example `DC`. The first is preferred, the others take over."""
    bandwidth: int = Field(ge=10)
    """Mbps of each circuit."""
    package: Package = Package.STANDARD
    """Fabric Cloud Router package."""
    term_months: Literal[1, 12, 24, 36] = 1
    """Months that a router is ordered for. Default: by the month."""


class Vpn(Section):
    """Tunnels over the internet."""

    accelerated: bool = False
    """AWS: enter its network at the nearest edge (billed). Fixed when the connection is made."""
    azure_scale_units: int = Field(default=1, ge=1, le=40)
    """Azure: size of a hub's VPN gateway, 500 Mbps a unit."""


class PairLinks(Section):
    """What is otherwise for one pair, or for all pairs of one party."""

    primary: Transport | None = None
    """Default: as for all. `none`: not joined."""
    backup: Transport | None = None
    """Default: as for all."""


class Links(Section):
    """How every pair of clouds, and every cloud and site, is joined."""

    primary: Transport = Transport.VPN
    backup: Transport = Transport.NONE
    """Takes over where the primary fails. Default: nothing does."""
    pairs: dict[str, PairLinks] = {}
    """`aws/gcp`, `aws/hq` (in any order), or one party for all its pairs: `plant`. Default: all pairs alike."""
    exchange: Exchange | None = None
    """Default: no exchange."""
    vpn: Vpn = Vpn()
    external: dict[Name, External] = {}
    """Middles of somebody else, by a name that never changes. Default: none."""
    native: Native = Native()


__all__ = ["Exchange", "LinkKey", "LinkSecret", "Links", "Package", "PairLinks", "Transport", "Vpn"]
