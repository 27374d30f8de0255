"""What other stacks and reports read of names."""

from collections.abc import Mapping
from typing import Any

import pulumi

from components.names.build import BuiltNames
from components.names.records import BuiltRecords
from planning.names.types import Names, Server
from planning.records.types import Records, Summary


def names_output(
    names: Names, built: BuiltNames, records: Records | None, built_records: BuiltRecords | None
) -> Mapping[str, Any]:
    """Describe names: roots, zones by cloud and key, what sites' servers answer and forward, what follows health."""
    public = built_records.public if built_records else None
    return {
        "public": records.public.domain if records and records.public else None,
        "publicNameServers": public.name_servers if public else None,
        "records": [_row(summary) for summary in records.summaries] if records else [],
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


def _row(summary: Summary) -> Mapping[str, Any]:
    return {
        "name": summary.name,
        "owner": summary.owner,
        "policy": summary.policy,
        "places": [f"{place}: {told}" for place, told in summary.places.items()],
        "check": summary.check,
        "worstCase": summary.worst_case.formula,
        "worstCaseParts": summary.worst_case.parts,
        "seconds": summary.worst_case.seconds,
        "budget": summary.budget,
    }
