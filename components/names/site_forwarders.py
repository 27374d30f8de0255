"""The files of sites' own DNS servers, with the addresses that only a deployment tells filled in."""

from collections.abc import Mapping

import pulumi

from planning.names.forwarders import looked_up, render
from planning.names.types import SiteNames


def site_forwarders(
    sites: Mapping[str, SiteNames], entry_points: Mapping[str, pulumi.Input[str]]
) -> Mapping[str, pulumi.Output[Mapping[str, str]]]:
    """Map site -> file -> text.

    Args:
        sites: as planned.
        entry_points: Google's servers, by key -> where they answer.
    """
    return {name: _files(site, entry_points) for name, site in sites.items()}


def _files(site: SiteNames, entry_points: Mapping[str, pulumi.Input[str]]) -> pulumi.Output[Mapping[str, str]]:
    # Only what is needed: what others wait for would make files unknown for nothing.
    known = {key: entry_points[key] for key in looked_up(site)}
    return pulumi.Output.all(**known).apply(lambda addresses: render(site, addresses))
