"""Azure's private zones, the VNets that see them, and the records that the plan names."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

import pulumi
from pulumi_azure_native import privatedns

from planning.names import reverse
from planning.names.types import NAMES, TTL, AzureNames, NamedServer, Zone

_GLOBAL = "global"


class AzureDnsArgs(TypedDict):
    """What Azure's zones are told."""

    names: AzureNames
    resource_group_name: pulumi.Input[str]
    """Group of what all regions share."""
    vnet_ids: Mapping[str, pulumi.Input[str]]
    """Name of the network -> id of the VNet."""
    protect: bool
    """Whether Pulumi refuses to delete the zones, with all records that others wrote into them."""
    tags: Mapping[str, str]


class AzureDns(pulumi.ComponentResource):
    """Private zones that VNets see and, through the VNet of the inbound endpoints, everybody else."""

    zone_ids: Mapping[str, pulumi.Output[str]]
    """Key of the zone in the plan -> id."""

    def __init__(self, name: str, args: AzureDnsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:AzureDns", name, opts=opts)
        self._group = args["resource_group_name"]
        self._child = pulumi.ResourceOptions(parent=self)
        self._zones = {zone.key: self._zone(zone, args) for zone in args["names"].zones}
        domains = {zone.key: zone.domain for zone in args["names"].zones}
        for zone in args["names"].zones:
            self._links(zone, args)
            for record in zone.records:
                self._a_record(zone.key, record.name, record.addresses)
        for named in args["names"].named:
            self._named(named, domains)
        self.zone_ids = {key: zone.id for key, zone in self._zones.items()}
        self.register_outputs({"zone_ids": self.zone_ids})

    def _zone(self, zone: Zone, args: AzureDnsArgs) -> privatedns.PrivateZone:
        return privatedns.PrivateZone(
            f"{self.pulumi_resource_name}-{zone.key}",
            private_zone_name=zone.domain,
            resource_group_name=self._group,
            location=_GLOBAL,
            tags=args["tags"],
            # None inherits from the component; False would undo a protection that a caller gave it.
            opts=pulumi.ResourceOptions(parent=self, protect=args["protect"] or None),
        )

    def _links(self, zone: Zone, args: AzureDnsArgs) -> None:
        for network in zone.networks:
            privatedns.VirtualNetworkLink(
                f"{self.pulumi_resource_name}-{zone.key}/{network}",
                virtual_network_link_name=network,
                private_zone_name=self._zones[zone.key].name,
                resource_group_name=self._group,
                location=_GLOBAL,
                virtual_network=privatedns.SubResourceArgs(id=args["vnet_ids"][network]),
                # Machines would write themselves into the zone, and a VNet may do so in one zone only.
                registration_enabled=False,
                resolution_policy=privatedns.ResolutionPolicy.NX_DOMAIN_REDIRECT if zone.redirect else None,
                tags=args["tags"],
                opts=self._child,
            )

    def _named(self, named: NamedServer, domains: Mapping[str, str]) -> None:
        # Known: Azure's endpoints have addresses from the ledger.
        address = str(named.server.address)
        self._a_record(NAMES, named.label, [address])
        privatedns.PrivateRecordSet(
            f"{self.pulumi_resource_name}-{named.reverse_zone}/{named.label}",
            relative_record_set_name=reverse.pointer(address, domains[named.reverse_zone]),
            private_zone_name=self._zones[named.reverse_zone].name,
            resource_group_name=self._group,
            record_type="PTR",
            ttl=TTL,
            ptr_records=[privatedns.PtrRecordArgs(ptrdname=f"{named.label}.{domains['names']}")],
            opts=self._child,
        )

    def _a_record(self, zone: str, record: str, addresses: Sequence[str]) -> None:
        privatedns.PrivateRecordSet(
            f"{self.pulumi_resource_name}-{zone}/{record}",
            relative_record_set_name=record,
            private_zone_name=self._zones[zone].name,
            resource_group_name=self._group,
            record_type="A",
            ttl=TTL,
            a_records=[privatedns.ARecordArgs(ipv4_address=address) for address in addresses],
            opts=self._child,
        )
