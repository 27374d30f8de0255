"""The files of sites' own routers, with what only a deployment tells filled in, and the keys that go with them."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from components.links.build import BuiltLinks
from planning.links.devices import Router, render


def site_files(
    site_routers: Mapping[str, Sequence[Router]], links: BuiltLinks
) -> Mapping[str, Mapping[str, pulumi.Output[Mapping[str, str]]]]:
    """Map site -> router -> file -> text."""
    return {site: {router.name: _files(router, links) for router in routers} for site, routers in site_routers.items()}


def site_keys(
    site_routers: Mapping[str, Sequence[Router]], links: BuiltLinks
) -> Mapping[str, Mapping[str, pulumi.Output[str]]]:
    """Map site -> neighbour -> key, secret."""
    keys = {**_by_neighbour(links, "keys"), **links.exchange.session_keys}
    return {
        site: {each.name: keys[each.name] for router in routers for each in router.neighbours}
        for site, routers in site_routers.items()
    }


def _files(router: Router, links: BuiltLinks) -> pulumi.Output[Mapping[str, str]]:
    addresses = _by_neighbour(links, "addresses")
    known = {
        each.name: links.exchange.asns[each.metro].apply(str) if each.metro else addresses[each.name]
        for each in router.neighbours
    }
    return pulumi.Output.all(**known).apply(lambda values: render(router, values))


def _by_neighbour(links: BuiltLinks, what: str) -> dict[str, Any]:
    """Name what each tunnel has as its neighbour on the router is named."""
    return {f"{name}-{key}": value for name, vpn in links.vpns.items() for key, value in getattr(vpn, what).items()}
