"""The route maps of one branch (a VPN or a circuit), and how traffic from it is looked up.

Facts about Azure's route maps, from "About Route-maps" of the Virtual WAN documentation: rules are tried in order; a
rule without criteria matches every route; a route that no rule matches passes. `Contains` matches a prefix and
everything inside it. `Replace` also strips path and communities, so nothing behind a map may be decided by the length
of a path: circuits rank by the weight of their connection. The hub's own prefix leaves whatever a map says.
"""

from collections.abc import Sequence
from typing import TypedDict

import pulumi
from pulumi_azure_native import network

from planning.links.types import AzureEnd

# The first map of a hub makes Azure renew the hub's router, which takes half an hour.
_TIMEOUTS = pulumi.CustomTimeouts(create="90m", update="90m", delete="90m")


class AzureRouteMapsArgs(TypedDict):
    """What the maps of one branch are told."""

    end: AzureEnd
    physical_name: str
    """Start of the maps' names in Azure, for example `prod-aws-azure`; one of a kind in the hub."""
    resource_group_name: pulumi.Input[str]
    """Group of the virtual WAN."""
    hub_id: pulumi.Input[str]
    hub_name: pulumi.Input[str]


class AzureRouteMaps(pulumi.ComponentResource):
    """Aggregates in, aggregates out, and nothing else. `depends_on` is the hub's queue so far."""

    routing: network.RoutingConfigurationArgs
    """For the connection of the branch; it refers to both maps, so the connection stands behind them in the queue."""

    def __init__(self, name: str, args: AzureRouteMapsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:AzureRouteMaps", name, opts=opts)
        end = args["end"]
        queue = opts.depends_on if opts else None
        first = pulumi.ResourceOptions(parent=self, depends_on=queue, custom_timeouts=_TIMEOUTS)
        inbound = self._map(args, "inbound", end.accepts, first)
        second = pulumi.ResourceOptions(parent=self, depends_on=[inbound], custom_timeouts=_TIMEOUTS)
        outbound = self._map(args, "outbound", end.sends, second)
        self.routing = network.RoutingConfigurationArgs(
            # Azure takes no other table for branches.
            associated_route_table=_table(args["hub_id"], "defaultRouteTable"),
            propagated_route_tables=_propagation(args["hub_id"], end.labels),
            inbound_route_map=network.SubResourceArgs(id=inbound.id),
            outbound_route_map=network.SubResourceArgs(id=outbound.id),
        )
        self.register_outputs({})

    def _map(
        self, args: AzureRouteMapsArgs, direction: str, aggregates: Sequence[str], opts: pulumi.ResourceOptions
    ) -> network.RouteMap:
        return network.RouteMap(
            f"{self.pulumi_resource_name}-{direction}",
            route_map_name=f"{args['physical_name']}-{direction}",
            resource_group_name=args["resource_group_name"],
            virtual_hub_name=args["hub_name"],
            # The connection names its maps; said on the map as well, the two would contradict each other in time.
            rules=[*(_summary(aggregate) for aggregate in aggregates), _drop_rest()],
            opts=opts,
        )


def _summary(aggregate: str) -> network.RouteMapRuleArgs:
    """Let an aggregate pass, and whatever lies inside it as the aggregate."""
    return network.RouteMapRuleArgs(
        name=aggregate.replace("/", "-"),
        match_criteria=[
            network.CriterionArgs(match_condition=network.RouteMapMatchCondition.CONTAINS, route_prefix=[aggregate])
        ],
        actions=[
            network.ActionArgs(
                type=network.RouteMapActionType.REPLACE,
                parameters=[network.ParameterArgs(route_prefix=[aggregate])],
            )
        ],
        next_step_if_matched=network.NextStep.TERMINATE,
    )


def _drop_rest() -> network.RouteMapRuleArgs:
    return network.RouteMapRuleArgs(
        name="rest",
        match_criteria=[],
        actions=[network.ActionArgs(type=network.RouteMapActionType.DROP)],
        next_step_if_matched=network.NextStep.TERMINATE,
    )


def _propagation(hub_id: pulumi.Input[str], labels: Sequence[str]) -> network.PropagatedRouteTableArgs:
    """Labels alone, because a label means its tables in every hub of the WAN and an id one table of one hub."""
    if labels:
        return network.PropagatedRouteTableArgs(labels=list(labels))
    # Azure reads an empty list as the label `default`. Nowhere is a table of its own, which every hub has.
    return network.PropagatedRouteTableArgs(labels=["none"], ids=[_table(hub_id, "noneRouteTable")])


def _table(hub_id: pulumi.Input[str], built_in: str) -> network.SubResourceArgs:
    return network.SubResourceArgs(id=pulumi.Output.concat(hub_id, "/hubRouteTables/", built_in))
