"""Files for a site's own DNS servers (BIND, Unbound or Windows): what to forward to clouds, and from whom they ask."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from planning.names.types import Forward, SiteNames

FILES = ("forwarders.ps1", "named-options.conf", "named.conf", "unbound.conf")
_REVERSE = ".in-addr.arpa"
_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
    autoescape=False,  # noqa: S701 - files for DNS servers, not HTML
)


def looked_up(site: SiteNames) -> Sequence[str]:
    """List the servers, by key, whose addresses only a deployment tells."""
    asked = (server for forward in site.forwards for server in forward.servers)
    return sorted({server.key for server in asked if server.address is None})


def render(site: SiteNames, addresses: Mapping[str, str]) -> Mapping[str, str]:
    """Write the files of a site's DNS servers: name -> text.

    Args:
        site: as planned.
        addresses: server, by key -> its address, for those that `looked_up` lists.
    """
    values = {
        "site": site,
        "targets": {forward.domain: _targets(forward, addresses) for forward in site.forwards},
        "names": [forward.domain for forward in site.forwards if not forward.domain.endswith(_REVERSE)],
        "reverse": [domain for domain in _domains(site) if domain.endswith(_REVERSE)],
        "empty": sorted({_built_in(f.domain) for f in site.forwards if f.domain.endswith(_REVERSE)}),
    }
    return {name: _TEMPLATES.get_template(name).render(values) for name in FILES}


def _domains(site: SiteNames) -> Sequence[str]:
    return (*site.own, *(forward.domain for forward in site.forwards))


def _targets(forward: Forward, addresses: Mapping[str, str]) -> Sequence[str]:
    return [server.address or addresses[server.key] for server in forward.servers]


def _built_in(domain: str) -> str:
    """Name the empty zone that BIND has of itself around a reverse zone: one for 10/8, for others of two octets."""
    octets = domain.removesuffix(_REVERSE).split(".")
    return ".".join(octets[-1:] if octets[-1] == "10" else octets[-2:]) + _REVERSE
