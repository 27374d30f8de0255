"""The zone for the internet, in the DNS service of one cloud, and the names in it that Traffic Manager answers for.

A zone made anew has other name servers, and nobody finds it until the registrar is told of them. So it is protected,
and one that was there before is only referred to.
"""

from collections.abc import Mapping, Sequence
from typing import TypedDict

import pulumi
from pulumi_aws import route53
from pulumi_azure_native import dns as azure_dns
from pulumi_azure_native import resources
from pulumi_gcp import dns as gcp_dns

from planning.records import types


class PublicZoneArgs(TypedDict):
    """What the zone is told."""

    zone: types.PublicZone
    protect: bool
    """Whether Pulumi refuses to delete the zone."""
    tags: Mapping[str, str]


class PublicZone(pulumi.ComponentResource):
    """The zone and its aliases. `depends_on` is who answers for the aliases."""

    zone: pulumi.Output[str]
    """How records name it: id in AWS, name in Azure and Google Cloud."""
    name_servers: pulumi.Output[Sequence[str]] | None
    """What the registrar has to be told. None for a zone that was there."""

    def __init__(self, name: str, args: PublicZoneArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:PublicZone", name, opts=opts)
        self._name, self._plan, self._tags = name, args["zone"], args["tags"]
        self._protect = args["protect"]
        # A name that leads to a profile which is not there is anybody's who takes the profile's name.
        self._answered = pulumi.ResourceOptions(parent=self, depends_on=opts.depends_on if opts else None)
        self.name_servers = None
        {"aws": self._aws, "azure": self._azure, "gcp": self._gcp}[self._plan.host]()
        self.register_outputs({"zone": self.zone, "name_servers": self.name_servers})

    def _protected(self, *, replaced_first: bool | None = None) -> pulumi.ResourceOptions:
        # None inherits from the component; False would undo a protection that a caller gave it.
        return pulumi.ResourceOptions(parent=self, protect=self._protect or None, delete_before_replace=replaced_first)

    def _aws(self) -> None:
        if self._plan.existing:
            self.zone = pulumi.Output.from_input(self._plan.existing)
        else:
            made = route53.Zone(
                self._name,
                name=self._plan.domain,
                comment=f"Names for the internet: {self._plan.domain}",
                tags={"Name": self._name},
                opts=self._protected(),
            )
            self.zone, self.name_servers = made.zone_id, made.name_servers
        for alias in self._plan.aliases:
            route53.Record(
                f"{self._name}-{alias.key}",
                zone_id=self.zone,
                name=alias.name,
                type="CNAME",
                ttl=alias.ttl,
                records=[alias.target],
                opts=self._answered,
            )

    def _azure(self) -> None:
        if self._plan.existing:
            group = pulumi.Output.from_input(self._plan.resource_group)
            self.zone = pulumi.Output.from_input(self._plan.domain)
        else:
            group = resources.ResourceGroup(
                f"{self._name}-group",
                resource_group_name=self._plan.resource_group,
                location=self._plan.location,
                tags=self._tags,
                # To delete it would be to delete the zone.
                opts=self._protected(),
            ).name
            made = azure_dns.Zone(
                self._name,
                zone_name=self._plan.domain,
                resource_group_name=group,
                location="global",
                zone_type=azure_dns.ZoneType.PUBLIC,
                tags=self._tags,
                opts=self._protected(),
            )
            self.zone, self.name_servers = made.name, made.name_servers
        for alias in self._plan.aliases:
            azure_dns.RecordSet(
                f"{self._name}-{alias.key}",
                zone_name=self.zone,
                resource_group_name=group,
                relative_record_set_name=alias.name.removesuffix(f".{self._plan.domain}"),
                record_type="CNAME",
                ttl=alias.ttl,
                cname_record=azure_dns.CnameRecordArgs(cname=alias.target),
                opts=self._answered,
            )

    def _gcp(self) -> None:
        if self._plan.existing:
            self.zone = pulumi.Output.from_input(self._plan.existing)
        else:
            made = gcp_dns.ManagedZone(
                self._name,
                name=self._plan.physical_name,
                dns_name=f"{self._plan.domain}.",
                description=f"Names for the internet: {self._plan.domain}",
                visibility="public",
                # A zone for another domain keeps its name in Google Cloud, which takes it once.
                opts=self._protected(replaced_first=True),
            )
            self.zone, self.name_servers = made.name, made.name_servers
        for alias in self._plan.aliases:
            gcp_dns.RecordSet(
                f"{self._name}-{alias.key}",
                managed_zone=self.zone,
                name=f"{alias.name}.",
                type="CNAME",
                ttl=alias.ttl,
                rrdatas=[f"{alias.target}."],
                opts=self._answered,
            )
