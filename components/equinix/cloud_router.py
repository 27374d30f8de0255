"""A Fabric Cloud Router: the middle of all circuits in one metro.

Its ASN is Equinix's own and the same for all routers of a metro; nobody chooses it, so whoever speaks BGP with the
router has to be told by an output.
"""

from typing import TypedDict

import pulumi
from pulumi_equinix import fabric

from planning.links.types import Exchange, ExchangeRouter


class EquinixRouterArgs(TypedDict):
    """What a router is ordered by."""

    router: ExchangeRouter
    exchange: Exchange
    """Who orders, pays and is told."""
    protect: bool
    """Whether Pulumi refuses to delete or replace the router."""


class EquinixRouter(pulumi.ComponentResource):
    """The router of one metro."""

    router_id: pulumi.Output[str]
    """UUID."""
    asn: pulumi.Output[int]

    def __init__(self, name: str, args: EquinixRouterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:EquinixRouter", name, opts=opts)
        plan, exchange = args["router"], args["exchange"]
        router = fabric.CloudRouter(
            name,
            name=plan.name,
            type="XF_ROUTER",
            location=fabric.CloudRouterLocationArgs(metro_code=plan.metro),
            package=fabric.CloudRouterPackageArgs(code=plan.package),
            project=fabric.CloudRouterProjectArgs(project_id=exchange.project_id),
            account=fabric.CloudRouterAccountArgs(account_number=exchange.account_number),
            notifications=[fabric.CloudRouterNotificationArgs(type="ALL", emails=exchange.notify)],
            order=fabric.CloudRouterOrderArgs(
                purchase_order_number=exchange.purchase_order, term_length=exchange.term_months
            ),
            opts=pulumi.ResourceOptions(
                parent=self,
                # Only name, package and notifications can change; the provider plans anything else as an update too,
                # which then fails with nothing to update.
                replace_on_changes=["location", "type", "project"],
                delete_before_replace=True,
                # What it was ordered by cannot change; the provider would plan an update that fails each time.
                ignore_changes=["order", "account"],
                # None inherits from the component; False would undo a protection that a caller gave it.
                protect=args["protect"] or None,
            ),
        )
        self.router_id = router.id
        self.asn = router.equinix_asn
        self.register_outputs({"router_id": self.router_id, "asn": self.asn})
