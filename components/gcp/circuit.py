"""The Google end of a circuit over an exchange: two Partner Interconnect attachments with their BGP sessions.

It has two stages, because the exchange stands between them: it orders its connections with the attachments' pairing
keys, and Google makes addresses and BGP sessions only when those are provisioned. Interfaces and peers are never made
here: Google takes none beside its own on such an attachment.
"""

from collections.abc import Mapping, Sequence
from typing import TypedDict

import pulumi
from pulumi_gcp import compute, networkconnectivity

import planning.links.types
from components.gcp.partner_session import PartnerSession


class GcpCircuitArgs(TypedDict):
    """What the attachments are told."""

    circuit: planning.links.types.GcpCircuit
    router_name: pulumi.Input[str]
    """Cloud Router of the region that takes Partner Interconnect attachments."""
    protect: bool
    """Whether Pulumi refuses to delete the attachments."""


class GcpCircuit(pulumi.ComponentResource):
    """One attachment for each leg, each in an edge availability domain of its own."""

    attachments: Mapping[str, compute.InterconnectAttachment]
    """By key of the leg."""
    pairing_keys: Mapping[str, pulumi.Output[str]]
    """By key of the leg; secret. Who has one can join the attachment."""

    def __init__(self, name: str, args: GcpCircuitArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:GcpCircuit", name, opts=opts)
        circuit = args["circuit"]
        self.attachments = {
            plan.leg.key: compute.InterconnectAttachment(
                f"{name}-{plan.leg.key}",
                name=f"{circuit.physical_name}-{plan.leg.key}",
                region=circuit.region,
                type="PARTNER",
                router=args["router_name"],
                edge_availability_domain=f"AVAILABILITY_DOMAIN_{plan.domain}",
                # Otherwise it would wait for somebody to activate it once the exchange is done.
                admin_enabled=True,
                mtu=str(circuit.mtu),
                opts=pulumi.ResourceOptions(
                    parent=self,
                    # None inherits from the component; False would undo a protection that a caller gave it.
                    protect=args["protect"] or None,
                    additional_secret_outputs=["pairing_key"],
                ),
            )
            for plan in circuit.legs
        }
        # Secret in themselves, since not every engine heeds the option above: one that stands in for Pulumi's may not.
        self.pairing_keys = {
            key: pulumi.Output.secret(attachment.pairing_key) for key, attachment in self.attachments.items()
        }
        self.register_outputs({"pairing_keys": self.pairing_keys})


class GcpCircuitSessionsArgs(TypedDict):
    """What the sessions over the attachments are told."""

    circuit: planning.links.types.GcpCircuit
    project: str
    router_name: pulumi.Input[str]
    """Cloud Router of the attachments."""
    attachments: Mapping[str, compute.InterconnectAttachment]
    """By key of the leg."""
    hub_id: pulumi.Input[str]
    """Connectivity hub."""
    group_id: pulumi.Input[str] | None
    """Group of the hub that the spoke joins; None where the hub has only the one that is joined unnamed."""
    peer_asn: pulumi.Input[int]
    """ASN of the exchange's router."""


class GcpCircuitSessions(pulumi.ComponentResource):
    """The BGP sessions of a circuit, and its place on the hub as one spoke.

    Give it the exchange's connections as `depends_on`: Google makes the sessions only after they are provisioned.
    """

    addresses: Mapping[str, tuple[pulumi.Output[str], pulumi.Output[str]]]
    """Key of the leg -> the Cloud Router's address and that of the exchange's router, each with the mask of the /29."""
    ready: Sequence[pulumi.Resource]
    """What has to be there before the exchange's sessions can come up."""

    def __init__(self, name: str, args: GcpCircuitSessionsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:GcpCircuitSessions", name, opts=opts)
        circuit, attachments = args["circuit"], args["attachments"]
        sessions = {
            key: PartnerSession(
                f"{name}-{key}",
                {
                    "project": args["project"],
                    "region": circuit.region,
                    "router": args["router_name"],
                    "attachment": attachment.name,
                    "peer_asn": args["peer_asn"],
                },
                # A component's own dependencies do not reach its children.
                pulumi.ResourceOptions(parent=self, depends_on=opts.depends_on if opts else None),
            )
            for key, attachment in attachments.items()
        }
        networkconnectivity.Spoke(
            name,
            name=circuit.physical_name,
            location=circuit.region,
            hub=args["hub_id"],
            group=args["group_id"],
            linked_interconnect_attachments=networkconnectivity.SpokeLinkedInterconnectAttachmentsArgs(
                uris=[attachment.self_link for attachment in attachments.values()],
                # Nobody reaches a third party through here. And nothing is imported from the hub: what the router sends
                # is listed on it, and every subnet on the hub would be sent beside its aggregate.
                site_to_site_data_transfer=False,
            ),
            # The hub takes an attachment when it is provisioned.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[*sessions.values()]),
        )

        self.addresses = {
            key: self._addresses(f"{name}-{key}", attachment, sessions[key]) for key, attachment in attachments.items()
        }
        self.ready = tuple(sessions.values())
        self.register_outputs({"addresses": {key: list(pair) for key, pair in self.addresses.items()}})

    def _addresses(
        self, name: str, attachment: compute.InterconnectAttachment, session: PartnerSession
    ) -> tuple[pulumi.Output[str], pulumi.Output[str]]:
        """Look at an attachment once more: when it was made, it had no addresses."""
        provisioned = compute.InterconnectAttachment.get(
            name,
            # Known, and so looked up, only when the session is there.
            id=pulumi.Output.all(attachment.id, session.id).apply(lambda ids: ids[0]),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[session], additional_secret_outputs=["pairing_key"]),
        )
        return provisioned.cloud_router_ip_address, provisioned.customer_router_ip_address
