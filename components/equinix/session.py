"""The BGP session that a Fabric Cloud Router speaks over one circuit, and what it lets in and out.

It is a stage of its own: between circuit and session the far side takes the circuit, and only then does Google say
which addresses the session has.
"""

from collections.abc import Sequence
from typing import TypedDict

import pulumi
from pulumi_equinix import fabric

from components.equinix.circuit import SLOW
from planning.links.types import CircuitSession, Exchange, Leg, Preference


class EquinixAddressesArgs(TypedDict):
    """The ends of a session."""

    middle: pulumi.Input[str]
    """The router's own, with its mask."""
    end: pulumi.Input[str]
    """The far side's, without mask."""


class EquinixSessionArgs(TypedDict):
    """What the router is told of one session."""

    exchange: Exchange
    connection_id: pulumi.Input[str]
    """The circuit."""
    leg: Leg
    addresses: EquinixAddressesArgs | None
    """What Google gives out, where the plan leaves it to Google; else the plan's count."""
    end_asn: int
    """The far side's."""
    key: pulumi.Input[str] | None
    """BGP key, if the session has one."""
    bfd: bool
    """Whether the far side answers BFD; without it a silent neighbour is given up by the sessions' timers."""
    preference: Preference
    session: CircuitSession


class EquinixSession(pulumi.ComponentResource):
    """The router's end of one session.

    All operations on a circuit stand in one queue: address, filters, session. The filters come first, so that nothing
    gets through before they are there. `opts.depends_on` names what the far side has to have before any of it.
    """

    def __init__(self, name: str, args: EquinixSessionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:EquinixSession", name, opts=opts)
        preference, key, addresses = args["preference"], args["key"], args["addresses"] or _planned(args["leg"])
        far_side = pulumi.ResourceOptions(depends_on=opts.depends_on if opts else None)

        direct = fabric.RoutingProtocol(
            f"{name}-direct",
            name="direct",
            type="DIRECT",
            connection_uuid=args["connection_id"],
            direct_ipv4=fabric.RoutingProtocolDirectIpv4Args(equinix_iface_ip=addresses["middle"]),
            opts=pulumi.ResourceOptions.merge(far_side, self._protocol(after=[])),
        )
        inbound = self._filter(name, args, "INBOUND", args["session"].accepts, after=direct)
        outbound = self._filter(name, args, "OUTBOUND", args["session"].sends, after=inbound)
        fabric.RoutingProtocol(
            name,
            name="bgp",
            type="BGP",
            connection_uuid=args["connection_id"],
            customer_asn=args["end_asn"],
            bgp_ipv4=fabric.RoutingProtocolBgpIpv4Args(
                customer_peer_ip=addresses["end"],
                enabled=True,
                outbound_as_prepend_count=str(preference.prepends),
                outbound_med=preference.med,
            ),
            bgp_auth_key=None if key is None else pulumi.Output.secret(key),
            # The slower side sets the pace: 300 ms with AWS and Azure.
            bfd=fabric.RoutingProtocolBfdArgs(enabled=args["bfd"]),
            opts=pulumi.ResourceOptions.merge(far_side, self._protocol(after=[direct, outbound])),
        )
        self.register_outputs({})

    def _protocol(self, after: Sequence[pulumi.Resource]) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(
            parent=self,
            depends_on=after,
            # Neither can change; the provider plans it as an update, which then fails.
            replace_on_changes=["connectionUuid", "type"],
            delete_before_replace=True,
            additional_secret_outputs=["bgpAuthKey"],
            custom_timeouts=SLOW,
        )

    def _filter(
        self, name: str, args: EquinixSessionArgs, direction: str, prefixes: Sequence[str], after: pulumi.Resource
    ) -> fabric.ConnectionRouteFilter:
        """Let some aggregates through in one direction and drop the rest, also what is inside them.

        A longer prefix would win over the drops of segments, and enough of them would end AWS's session.
        """
        label = f"{name}-{direction.lower()}"
        # What no rule allows is dropped: an API default that cannot be set.
        allowed = fabric.RouteFilter(
            label,
            name=f"{args['leg'].connection_name}-{direction[0].lower()}",
            type="BGP_IPv4_PREFIX_FILTER",
            project=fabric.RouteFilterProjectArgs(project_id=args["exchange"].project_id),
            opts=pulumi.ResourceOptions(parent=self),
        )
        rules = [
            fabric.RouteFilterRule(
                f"{label}-{prefix}",
                name=prefix.replace(".", "-").replace("/", "-"),
                route_filter_id=allowed.id,
                prefix=prefix,
                prefix_match="exact",
                opts=pulumi.ResourceOptions(
                    parent=self,
                    # A rule cannot move; the provider would ask the new filter for the old rule.
                    replace_on_changes=["routeFilterId"],
                ),
            )
            for prefix in prefixes
        ]
        return fabric.ConnectionRouteFilter(
            label,
            connection_id=args["connection_id"],
            route_filter_id=allowed.id,
            direction=direction,
            opts=pulumi.ResourceOptions(
                parent=self,
                # Attached without its rules, a filter drops every route.
                depends_on=[*rules, after],
                # The provider takes any other change than the direction for done without doing it.
                replace_on_changes=["connectionId", "routeFilterId", "direction"],
                delete_before_replace=True,
            ),
        )


def _planned(leg: Leg) -> EquinixAddressesArgs:
    if leg.middle_address is None or leg.end_address is None:
        message = f"the plan has no addresses for {leg.connection_name}"
        raise ValueError(message)
    return {"middle": leg.middle_address, "end": leg.end_address}
