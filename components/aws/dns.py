"""Private names in AWS: zones that our VPCs see, the names of the resolver's addresses, and the ways back from them."""

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Address
from typing import TypedDict

import pulumi
import pulumi_aws as aws

from planning.names.types import NAMES, TTL, AwsNames, Zone


class AwsDnsArgs(TypedDict):
    """What zones are built from."""

    names: AwsNames
    """The plan."""
    vpc_ids: Mapping[str, pulumi.Input[str]]
    """VPCs by network."""
    vpc_regions: Mapping[str, str]
    """Their regions."""
    protect: bool
    """Refuse to delete or replace zones."""


class AwsDns(pulumi.ComponentResource):
    """Private hosted zones with what the stack itself has to say in them."""

    zone_ids: Mapping[str, pulumi.Output[str]]
    """Id of each zone, by its key in the plan."""
    zone_arns: Mapping[str, pulumi.Output[str]]
    """ARN of each zone, likewise."""

    def __init__(self, name: str, args: AwsDnsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:AwsDns", name, None, opts)
        planned = {zone.key: zone for zone in args["names"].zones}

        zones = {key: self._zone(f"{name}-{key}", zone, args) for key, zone in planned.items()}
        for key, zone in planned.items():
            for record in zone.records:
                full_name = zone.domain if record.name == "@" else f"{record.name}.{zone.domain}"
                self._record(f"{name}-{key}-{record.name}", zones[key], "A", full_name, record.addresses)
        for named in args["names"].named:
            address = named.server.address
            if address is None:  # only Google's can have none
                continue
            full_name = f"{named.label}.{planned[NAMES].domain}"
            back = IPv4Address(address).reverse_pointer
            reverse = named.reverse_zone
            self._record(f"{name}-{NAMES}-{named.label}", zones[NAMES], "A", full_name, [address])
            self._record(f"{name}-{reverse}-{named.label}", zones[reverse], "PTR", back, [full_name])
        self._give_way(name, args)

        self.zone_ids = {key: zone.zone_id for key, zone in zones.items()}
        self.zone_arns = {key: zone.arn for key, zone in zones.items()}
        self.register_outputs({"zone_ids": self.zone_ids, "zone_arns": self.zone_arns})

    def _zone(self, name: str, zone: Zone, args: AwsDnsArgs) -> aws.route53.Zone:
        """Make a zone that is empty but for what AWS puts into every one."""
        return aws.route53.Zone(
            name,
            name=zone.domain,
            comment=f"{zone.domain}, for private networks only",
            vpcs=[
                aws.route53.ZoneVpcArgs(vpc_id=args["vpc_ids"][network], vpc_region=args["vpc_regions"][network])
                for network in zone.networks
            ],
            # What others wrote into a zone has to be looked at before it goes.
            force_destroy=False,
            tags={"Name": name},
            # None inherits from the component; False would undo a protection that a caller gave it.
            opts=pulumi.ResourceOptions(parent=self, protect=args["protect"] or None),
        )

    def _record(self, name: str, zone: aws.route53.Zone, kind: str, full_name: str, values: Sequence[str]) -> None:
        """Write a record."""
        aws.route53.Record(
            name,
            zone_id=zone.zone_id,
            name=full_name,
            type=kind,
            ttl=TTL,
            records=values,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _give_way(self, name: str, args: AwsDnsArgs) -> None:
        """Make VPCs look into our reverse zones.

        A VPC answers for the addresses of its own and of VPCs that a Transit Gateway joins it to, by rules cut as
        narrow as their CIDRs. The narrowest name wins, and so these would hide our zones exactly where they are used.

        Source: AWS, "How do I use and override auto-defined reverse DNS rules with Route 53 Resolver?".
        """
        reverse = [zone for zone in args["names"].zones if zone.domain.endswith(".in-addr.arpa")]
        for network in dict.fromkeys(network for zone in reverse for network in zone.networks):
            aws.route53.ResolverConfig(
                f"{name}-{network}",
                region=args["vpc_regions"][network],
                resource_id=args["vpc_ids"][network],
                autodefined_reverse_flag="DISABLE",
                opts=pulumi.ResourceOptions(parent=self),
            )
