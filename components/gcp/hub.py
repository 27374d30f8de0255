"""The Network Connectivity Center hub and the groups that its spokes name.

Google makes the groups itself, together with the hub: `default` for MESH, `center` and `edge` for STAR (v1 API
reference, `PresetTopology`); the API can change a group but neither create nor delete one (v1 REST,
`hubs.groups`: get, list, patch). A `Group` resource therefore only takes over what is there.

Spokes belong to the networks (`network.py`) and to the links.
"""

from collections.abc import Mapping
from typing import TypedDict

import pulumi
from pulumi_gcp import networkconnectivity

import planning.gcp

IMPLICIT_GROUP = "default"
"""The one group of a MESH hub: every spoke joins it without naming it."""


class GcpHubArgs(TypedDict):
    """What the hub is told."""

    hub: planning.gcp.Hub
    protect: bool
    """Whether Pulumi refuses to delete the hub."""


class GcpHub(pulumi.ComponentResource):
    """One hub; every group is a routing domain of its own."""

    hub_id: pulumi.Output[str]
    group_ids: Mapping[str, pulumi.Output[str]]
    """Name of the group -> id, for the groups that a spoke has to name; empty for MESH."""

    def __init__(self, name: str, args: GcpHubArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:GcpHub", name, opts=opts)
        plan = args["hub"]
        hub = networkconnectivity.Hub(
            name,
            name=plan.physical_name,
            policy_mode="PRESET",
            preset_topology=plan.topology,
            # None inherits from the component; False would undo a protection that a caller gave it.
            opts=pulumi.ResourceOptions(parent=self, protect=args["protect"] or None),
        )
        # Declared though Google made them, so that a preview shows which group a spoke joins: a spoke refers to its
        # group by an id that nobody knows before the hub exists. The implicit group is referred to by no one.
        groups = {
            group: networkconnectivity.Group(
                f"{name}-{group}",
                name=group,
                hub=hub.id,
                # A group lives and dies with its hub; the API has no call to delete one.
                deletion_policy="ABANDON",
                opts=pulumi.ResourceOptions(parent=self),
            )
            for group in plan.groups
            if group != IMPLICIT_GROUP
        }
        self.hub_id = hub.id
        self.group_ids = {group: resource.id for group, resource in groups.items()}
        self.register_outputs({"hub_id": self.hub_id, "group_ids": self.group_ids})
