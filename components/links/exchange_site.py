"""A circuit between the exchange and a port of a site. The router behind the port is the site's own to configure."""

from typing import TypedDict

import pulumi

from components.equinix.circuit import EquinixConnection
from components.equinix.session import EquinixSession
from components.links.targets import Targets
from planning.links import types


class ExchangeSiteCircuitArgs(TypedDict):
    """What a circuit to a site is built from."""

    circuit: types.SiteCircuit
    exchange: types.Exchange
    router_id: pulumi.Input[str]
    """The exchange's router."""
    port_id: pulumi.Input[str]
    """UUID of the site's port."""
    key: pulumi.Input[str]
    """BGP key; the site's router has to have the same."""
    protect: bool
    """Whether Pulumi refuses to delete or replace the circuit."""


class ExchangeSiteCircuit(pulumi.ComponentResource):
    """One circuit on a VLAN of a port, with its session."""

    targets: Targets

    def __init__(self, name: str, args: ExchangeSiteCircuitArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:ExchangeSiteCircuit", name, opts=opts)
        circuit, exchange, leg = args["circuit"], args["exchange"], args["circuit"].leg

        connection = EquinixConnection(
            f"{name}-{leg.key}",
            {
                "exchange": exchange,
                "router_id": args["router_id"],
                "leg": leg,
                "metro": circuit.metro,
                "bandwidth": circuit.bandwidth,
                "provider": None,
                "port": {"id": args["port_id"], "vlan": circuit.vlan},
                "redundancy": None,
                "protect": args["protect"],
            },
            pulumi.ResourceOptions(parent=self),
        )
        EquinixSession(
            f"{name}-{leg.key}",
            {
                "exchange": exchange,
                "connection_id": connection.connection_id,
                "leg": leg,
                "addresses": None,
                "end_asn": circuit.asn,
                "key": args["key"],
                "bfd": True,
                "preference": circuit.preference,
                "session": circuit.session,
            },
            pulumi.ResourceOptions(parent=self),
        )

        self.targets = {"exchangeConnections": {leg.key: connection.connection_id}}
        self.register_outputs({"targets": self.targets})
