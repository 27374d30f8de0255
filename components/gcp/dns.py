"""Names in Google Cloud: the zones that it answers for, and whom its VPCs ask for the others.

One VPC forwards. Answers come back to the range that Google asks from, which every VPC takes for its own, so that with
two they could reach the wrong one. All other VPCs ask the one by peering zones.
"""

from collections.abc import Iterator, Mapping, Sequence
from ipaddress import ip_address
from typing import TypedDict

import pulumi
from pulumi_gcp import dns

import planning.names.types
from planning.names.types import NAMES, TTL, Forward, NamedServer, Zone


class GcpDnsArgs(TypedDict):
    """What is answered, and what is asked of others."""

    names: planning.names.types.GcpNames
    network_ids: Mapping[str, pulumi.Input[str]]
    """Name of the network -> id."""
    entry_points: Mapping[str, pulumi.Input[str]]
    """Key of Google's server -> address that answers."""
    protect: bool
    """Whether Pulumi refuses to delete the zones that hold records."""


class GcpDns(pulumi.ComponentResource):
    """All private zones of Cloud DNS."""

    zone_names: Mapping[str, pulumi.Output[str]]
    """Key of the zone that holds records -> its name in Google Cloud."""

    def __init__(self, name: str, args: GcpDnsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:GcpDns", name, opts=opts)
        self._name, self._names, self._network_ids = name, args["names"], args["network_ids"]
        zones = {zone.key: self._zone(zone, protect=args["protect"]) for zone in self._names.zones}
        for zone in self._names.zones:
            self._records(zone, zones[zone.key])
        for named in self._names.named:
            self._server(named, zones, args["entry_points"][named.server.key])
        for forward in self._names.forwards:
            forwarding = self._forwarding(forward)
            if self._names.peered:
                self._peering(forward, forwarding)
        self.zone_names = {key: zone.name for key, zone in zones.items()}
        self.register_outputs({"zone_names": self.zone_names})

    def _zone(self, zone: Zone, *, protect: bool) -> dns.ManagedZone:
        return dns.ManagedZone(
            f"{self._name}-zone-{zone.key}",
            name=f"{self._names.physical_name}-zone-{zone.key}",
            dns_name=f"{zone.domain}.",
            description=f"Names of Google Cloud: {zone.domain}",
            visibility="private",
            private_visibility_config=self._visible_to(zone.networks),
            # None inherits from the component; False would undo a protection that a caller gave it.
            opts=self._replaced_under_its_name(protect=protect or None),
        )

    def _forwarding(self, forward: Forward) -> dns.ManagedZone:
        return dns.ManagedZone(
            f"{self._name}-forward-{forward.key}",
            name=f"{self._names.physical_name}-forward-{forward.key}",
            dns_name=f"{forward.domain}.",
            description=f"Asks {forward.owner} for {forward.domain}",
            visibility="private",
            private_visibility_config=self._visible_to([self._names.network]),
            forwarding_config=dns.ManagedZoneForwardingConfigArgs(
                target_name_servers=[
                    dns.ManagedZoneForwardingConfigTargetNameServerArgs(
                        ipv4_address=server.address,
                        # Over the links, never over the internet.
                        forwarding_path="private",
                    )
                    for server in forward.servers
                ]
            ),
            opts=self._replaced_under_its_name(),
        )

    def _peering(self, forward: Forward, forwarding: dns.ManagedZone) -> None:
        """Let all other VPCs ask the one that forwards."""
        dns.ManagedZone(
            f"{self._name}-peering-{forward.key}",
            name=f"{self._names.physical_name}-peering-{forward.key}",
            dns_name=f"{forward.domain}.",
            description=f"Asks {self._names.network}, which asks {forward.owner}, for {forward.domain}",
            visibility="private",
            private_visibility_config=self._visible_to(self._names.peered),
            peering_config=dns.ManagedZonePeeringConfigArgs(
                target_network=dns.ManagedZonePeeringConfigTargetNetworkArgs(
                    network_url=self._network_ids[self._names.network]
                )
            ),
            # Until that one forwards, it would ask the internet, and that the name is not there would be kept.
            opts=self._replaced_under_its_name(after=[forwarding]),
        )

    def _replaced_under_its_name(
        self, *, protect: bool | None = None, after: Sequence[pulumi.Resource] = ()
    ) -> pulumi.ResourceOptions:
        """Make way first: a zone for another domain keeps its name in Google Cloud, which takes it once."""
        return pulumi.ResourceOptions(parent=self, protect=protect, depends_on=after, delete_before_replace=True)

    def _visible_to(self, networks: Sequence[str]) -> dns.ManagedZonePrivateVisibilityConfigArgs:
        return dns.ManagedZonePrivateVisibilityConfigArgs(
            networks=[
                dns.ManagedZonePrivateVisibilityConfigNetworkArgs(network_url=self._network_ids[network])
                for network in networks
            ]
        )

    def _records(self, zone: Zone, built: dns.ManagedZone) -> None:
        for label, record in _labelled(zone):
            self._record(
                f"{zone.key}-{label}",
                built,
                name=f"{zone.domain}." if record.name == "@" else f"{record.name}.{zone.domain}.",
                kind="A",
                data=list(record.addresses),
            )

    def _server(self, named: NamedServer, zones: Mapping[str, dns.ManagedZone], address: pulumi.Input[str]) -> None:
        """Name a server and its address."""
        domain = next(zone.domain for zone in self._names.zones if zone.key == NAMES)
        full_name, known = f"{named.label}.{domain}.", pulumi.Output.from_input(address)
        self._record(named.label, zones[NAMES], name=full_name, kind="A", data=[known])
        self._record(
            f"{named.label}-reverse",
            zones[named.reverse_zone],
            name=known.apply(lambda found: f"{ip_address(found).reverse_pointer}."),
            kind="PTR",
            data=[full_name],
        )

    def _record(
        self,
        key: str,
        zone: dns.ManagedZone,
        *,
        name: pulumi.Input[str],
        kind: str,
        data: Sequence[pulumi.Input[str]],
    ) -> None:
        dns.RecordSet(
            f"{self._name}-{key}",
            managed_zone=zone.name,
            name=name,
            type=kind,
            ttl=TTL,
            rrdatas=data,
            opts=pulumi.ResourceOptions(parent=self),
        )


def _labelled(zone: Zone) -> Iterator[tuple[str, planning.names.types.ZoneRecord]]:
    """Yield the records of a zone with what they are called in resource names."""
    for record in zone.records:
        yield {"@": "apex", "*": "all"}[record.name], record
