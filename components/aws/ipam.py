"""AWS's own address manager (VPC IPAM), told what the ledger gave out.

It allocates nothing: every CIDR is explicit, and a VPC names the pool only so that AWS refuses a second owner. The
advanced tier is stated because the free one has no pools for private addresses.
"""

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Network
from typing import TypedDict

import pulumi
import pulumi_aws as aws

from planning.aws import Ipam


class AwsIpamArgs(TypedDict):
    """What the address manager is built from."""

    ipam: Ipam
    """The supernets, what each region has of them and what nobody may use."""


class AwsIpam(pulumi.ComponentResource):
    """One IPAM: a pool for the supernets, below it a pool for each region and one for what is reserved elsewhere."""

    pool_ids: Mapping[str, pulumi.Output[str]]
    """Id of each region's pool, by region. Whatever uses one waits for the pool's CIDRs."""

    def __init__(self, name: str, args: AwsIpamArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:AwsIpam", name, None, opts)
        ipam = args["ipam"]
        self._home_region = ipam.home_region
        self._manager = aws.ec2.VpcIpam(
            name,
            region=ipam.home_region,
            operating_regions=[
                aws.ec2.VpcIpamOperatingRegionArgs(region_name=region)
                for region in sorted({ipam.home_region, *ipam.pools})
            ],
            tier="advanced",
            cascade=True,
            tags={"Name": name},
            opts=pulumi.ResourceOptions(parent=self),
        )
        top = self._pool("top")
        supernets = self._provision("top", top, ipam.supernets)

        pool_ids = {}
        for region, cidrs in ipam.pools.items():
            pool = self._pool(region, source=top, locale=region)
            provisioned = self._provision(region, pool, cidrs, after=supernets)
            self._reserve(region, pool, provisioned, _inside(ipam.reserved, cidrs))
            pool_ids[region] = _id_once_provisioned(pool, provisioned)

        in_regions = _inside(ipam.reserved, [cidr for cidrs in ipam.pools.values() for cidr in cidrs])
        elsewhere = {key: cidr for key, cidr in ipam.reserved.items() if key not in in_regions}
        if elsewhere:
            # AWS allocates only from a pool with a locale, so the top pool cannot set anything aside itself.
            pool = self._pool("reserved", source=top, locale=ipam.home_region)
            provisioned = self._provision("reserved", pool, list(elsewhere.values()), after=supernets)
            self._reserve(ipam.home_region, pool, provisioned, elsewhere)

        self.pool_ids = pool_ids
        self.register_outputs({"pool_ids": self.pool_ids})

    def _pool(
        self, key: str, *, source: aws.ec2.VpcIpamPool | None = None, locale: str | None = None
    ) -> aws.ec2.VpcIpamPool:
        """Make a pool. Whatever is in it goes with it, and it with the manager.

        Taken apart piece by piece, a CIDR would not go before AWS notices that its VPC is gone, which can take it
        more than 20 minutes.
        """
        name = f"{self.pulumi_resource_name}-{key}"
        return aws.ec2.VpcIpamPool(
            name,
            region=self._home_region,
            ipam_scope_id=self._manager.private_default_scope_id,
            address_family="ipv4",
            source_ipam_pool_id=source.id if source else None,
            locale=locale,
            cascade=True,
            tags={"Name": name},
            opts=pulumi.ResourceOptions(parent=self, deleted_with=self._manager),
        )

    def _provision(
        self,
        key: str,
        pool: aws.ec2.VpcIpamPool,
        cidrs: Sequence[str],
        after: Sequence[aws.ec2.VpcIpamPoolCidr] = (),
    ) -> list[aws.ec2.VpcIpamPoolCidr]:
        """Give CIDRs to a pool, after those of the pool above that they are taken from."""
        return [
            aws.ec2.VpcIpamPoolCidr(
                f"{self.pulumi_resource_name}-{key}-{cidr}",
                region=self._home_region,
                ipam_pool_id=pool.id,
                cidr=cidr,
                opts=pulumi.ResourceOptions(parent=self, depends_on=after, deleted_with=pool),
            )
            for cidr in cidrs
        ]

    def _reserve(
        self,
        locale: str,
        pool: aws.ec2.VpcIpamPool,
        provisioned: Sequence[aws.ec2.VpcIpamPoolCidr],
        reserved: Mapping[str, str],
    ) -> None:
        """Allocate CIDRs to nobody, so that nobody else gets them."""
        for key, cidr in reserved.items():
            aws.ec2.VpcIpamPoolCidrAllocation(
                f"{self.pulumi_resource_name}-reserved-{key}",
                # The API allocates in the pool's locale; all else about IPAM happens in the home region.
                region=locale,
                ipam_pool_id=pool.id,
                cidr=cidr,
                description=key,
                opts=pulumi.ResourceOptions(parent=self, depends_on=provisioned, deleted_with=pool),
            )


def _inside(reserved: Mapping[str, str], cidrs: Sequence[str]) -> dict[str, str]:
    """Pick the reserved CIDRs that lie in a pool with these CIDRs: AWS lets no other pool hold them."""
    pool = [IPv4Network(cidr) for cidr in cidrs]
    return {key: cidr for key, cidr in reserved.items() if any(IPv4Network(cidr).subnet_of(each) for each in pool)}


def _id_once_provisioned(pool: aws.ec2.VpcIpamPool, cidrs: Sequence[aws.ec2.VpcIpamPoolCidr]) -> pulumi.Output[str]:
    """Give the pool's id with a dependency on its CIDRs, and known as soon as the pool exists.

    The CIDRs' own ids would be unknown in a preview that adds one.
    """
    return pulumi.Output.all(pool.id, *[cidr.ipam_pool_id for cidr in cidrs]).apply(lambda ids: ids[0])
