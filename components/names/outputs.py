"""What other stacks and reports read of names."""

from collections.abc import Mapping
from typing import Any

import pulumi

from components.names.build import BuiltNames
from planning.names.types import Names, Server


def names_output(names: Names, built: BuiltNames) -> Mapping[str, Any]:
    """Describe names: the root, zones by cloud and key, and what each site's servers answer and forward."""
    return {
        "private": names.private,
        "zones": {
            "aws": built.aws.zone_ids if built.aws else {},
            "azure": built.azure.zone_ids if built.azure else {},
            "gcp": built.gcp.zone_names if built.gcp else {},
        },
        "profiles": {region: profile.profile_id for region, profile in built.profiles.items()},
        "googleEntryPoints": built.entry_points,
        "sites": {
            name: {
                "servers": list(site.servers),
                "own": list(site.own),
                "forwards": {
                    forward.domain: [_address(server, built.entry_points) for server in forward.servers]
                    for forward in site.forwards
                },
            }
            for name, site in names.sites.items()
        },
    }


def _address(server: Server, entry_points: Mapping[str, pulumi.Output[str]]) -> pulumi.Input[str]:
    return server.address if server.address is not None else entry_points[server.key]
