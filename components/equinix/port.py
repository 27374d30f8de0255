"""A port of a site's at the exchange, ordered: a contract, and a fibre that somebody lays in a data centre.

Equinix takes days over it, and no circuit can be made on it before; so an order takes two passes. The SDK takes neither
a name nor a purchase order: Equinix names the port, and the invoice of the account bills it.
"""

from typing import TypedDict

import pulumi
from pulumi_equinix import fabric

from planning.links.types import Exchange, PortOrder

FIXED = (
    "account",
    "connectivitySourceType",
    "encapsulation",
    "lagEnabled",
    "notifications",
    "physicalPorts",
    "physicalPortsCount",
    "redundancy",
    "timeouts",
)
"""What Equinix or its provider may show otherwise than it was ordered, or what needs no new port if it changes."""


class EquinixPortArgs(TypedDict):
    """What a port is ordered by."""

    order: PortOrder
    exchange: Exchange
    """Who orders and pays."""


class EquinixPort(pulumi.ComponentResource):
    """One port, on one fibre."""

    port_id: pulumi.Output[str]
    """UUID; nothing can be said over the port before it is patched."""

    def __init__(self, name: str, args: EquinixPortArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:EquinixPort", name, opts=opts)
        order, exchange = args["order"], args["exchange"]
        port = fabric.Port(
            name,
            type="XF_PORT",
            connectivity_source_type="COLO",
            location=fabric.PortLocationArgs(metro_code=order.metro),
            demarcation_point_ibx=order.ibx,
            physical_ports=[
                fabric.PortPhysicalPortArgs(
                    type="XF_PHYSICAL_PORT",
                    demarcation_point=fabric.PortPhysicalPortDemarcationPointArgs(
                        ibx=order.ibx,
                        cage_unique_space_id=order.cage,
                        cabinet_unique_space_id=order.cabinet,
                        patch_panel=order.patch_panel,
                        connector_type=order.connector,
                    ),
                )
            ],
            physical_ports_count=1,
            physical_ports_speed=order.speed,
            physical_ports_type=order.physical_type,
            lag_enabled=False,
            encapsulation=fabric.PortEncapsulationArgs(type="DOT1Q", tag_protocol_id="0x8100"),
            redundancy=fabric.PortRedundancyArgs(priority="PRIMARY"),
            project=fabric.PortProjectArgs(project_id=exchange.project_id),
            account=fabric.PortAccountArgs(account_number=exchange.account_number),
            notifications=[
                fabric.PortNotificationArgs(type=kind, registered_users=order.users)
                for kind in ("TECHNICAL", "NOTIFICATION")
            ],
            # Given up before Equinix has reserved the port, an order would stand there and in no state.
            timeouts=fabric.PortTimeoutsArgs(create="60m", delete="60m"),
            opts=pulumi.ResourceOptions(
                parent=self,
                # In every environment: it is a contract, and somebody has been in a data centre for it.
                protect=True,
                # The provider's update does one thing, which is to rename, and with no name given it takes the name
                # away. What makes another port replaces it instead, which the protection refuses.
                replace_on_changes=["demarcationPointIbx", "physicalPortsSpeed", "physicalPortsType", "project"],
                ignore_changes=[*FIXED],
                custom_timeouts=pulumi.CustomTimeouts(create="60m", delete="60m"),
            ),
        )
        self.port_id = port.id
        self.register_outputs({"port_id": self.port_id})
