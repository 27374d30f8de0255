"""What Cloud DNS answers by health: a record set for each name, with the health check of endpoints on the internet."""

from collections.abc import Callable, Mapping
from typing import TypedDict, TypeVar

import pulumi
from pulumi_gcp import compute, dns

from planning.records import types

_Balancer = TypeVar("_Balancer")
"""Of the SDK's classes for an internal load balancer, which differ by nothing but the policy that they stand in."""


class GcpFailoverArgs(TypedDict):
    """What Cloud DNS is told."""

    cloud_dns: types.CloudDns
    project: str
    """Of the load balancers."""
    network_ids: Mapping[str, pulumi.Input[str]]
    """Name of the network -> id; those that load balancers stand in."""
    zone_names: Mapping[str, pulumi.Input[str]]
    """Key of the zone, `public` or `names` -> its name in Google Cloud; those that sets lie in."""


class GcpFailover(pulumi.ComponentResource):
    """All record sets of Cloud DNS that follow health, with their health checks."""

    health_check_ids: Mapping[str, pulumi.Output[str]]
    """Key of the check -> id."""

    def __init__(self, name: str, args: GcpFailoverArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:GcpFailover", name, opts=opts)
        self._name, self._project = name, args["project"]
        self._network_ids, self._zone_names = args["network_ids"], args["zone_names"]
        self.health_check_ids = {check.key: self._check(check).id for check in args["cloud_dns"].checks}
        for each in args["cloud_dns"].sets:
            self._set(each)
        self.register_outputs({"health_check_ids": self.health_check_ids})

    def _check(self, plan: types.GoogleCheck) -> compute.HealthCheck:
        http, https, tcp = (plan.protocol == protocol for protocol in ("http", "https", "tcp"))
        return compute.HealthCheck(
            f"{self._name}-{plan.key}",
            name=plan.physical_name,
            description=f"Whether Cloud DNS may answer with an address of {plan.key}",
            source_regions=plan.source_regions,
            check_interval_sec=plan.interval,
            timeout_sec=plan.timeout,
            unhealthy_threshold=plan.failures,
            http_health_check=compute.HealthCheckHttpHealthCheckArgs(
                port=plan.port, request_path=plan.path, host=plan.host
            )
            if http
            else None,
            https_health_check=compute.HealthCheckHttpsHealthCheckArgs(
                port=plan.port, request_path=plan.path, host=plan.host
            )
            if https
            else None,
            tcp_health_check=compute.HealthCheckTcpHealthCheckArgs(port=plan.port) if tcp else None,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _set(self, plan: types.CloudDnsSet) -> None:
        dns.RecordSet(
            f"{self._name}-{plan.key}",
            managed_zone=self._zone_names[plan.zone],
            name=f"{plan.name}.",
            type="A",
            ttl=plan.ttl,
            routing_policy=dns.RecordSetRoutingPolicyArgs(
                health_check=self.health_check_ids[plan.check] if plan.check else None,
                wrrs=[self._weighted(choice) for choice in plan.weighted] or None,
                geos=[self._near(choice) for choice in plan.nearest] or None,
                primary_backup=self._primary_backup(plan.primary, plan) if plan.primary else None,
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _weighted(self, choice: types.Choice) -> dns.RecordSetRoutingPolicyWrrArgs:
        if choice.weight is None:
            message = f"{choice.key} has no weight"
            raise ValueError(message)
        return dns.RecordSetRoutingPolicyWrrArgs(
            weight=choice.weight,
            health_checked_targets=dns.RecordSetRoutingPolicyWrrHealthCheckedTargetsArgs(
                external_endpoints=list(choice.addresses) or None,
                internal_load_balancers=self._balancers(
                    choice, dns.RecordSetRoutingPolicyWrrHealthCheckedTargetsInternalLoadBalancerArgs
                ),
            ),
        )

    def _near(self, choice: types.Choice) -> dns.RecordSetRoutingPolicyGeoArgs:
        return dns.RecordSetRoutingPolicyGeoArgs(
            location=_location(choice),
            health_checked_targets=dns.RecordSetRoutingPolicyGeoHealthCheckedTargetsArgs(
                external_endpoints=list(choice.addresses) or None,
                internal_load_balancers=self._balancers(
                    choice, dns.RecordSetRoutingPolicyGeoHealthCheckedTargetsInternalLoadBalancerArgs
                ),
            ),
        )

    def _primary_backup(
        self, primary: types.Choice, plan: types.CloudDnsSet
    ) -> dns.RecordSetRoutingPolicyPrimaryBackupArgs:
        return dns.RecordSetRoutingPolicyPrimaryBackupArgs(
            primary=dns.RecordSetRoutingPolicyPrimaryBackupPrimaryArgs(
                external_endpoints=list(primary.addresses) or None,
                internal_load_balancers=self._balancers(
                    primary, dns.RecordSetRoutingPolicyPrimaryBackupPrimaryInternalLoadBalancerArgs
                ),
            ),
            backup_geos=[
                dns.RecordSetRoutingPolicyPrimaryBackupBackupGeoArgs(
                    location=_location(choice),
                    health_checked_targets=dns.RecordSetRoutingPolicyPrimaryBackupBackupGeoHealthCheckedTargetsArgs(
                        external_endpoints=list(choice.addresses) or None,
                        internal_load_balancers=self._balancers(
                            choice,
                            dns.RecordSetRoutingPolicyPrimaryBackupBackupGeoHealthCheckedTargetsInternalLoadBalancerArgs,
                        ),
                    ),
                )
                for choice in plan.standbys
            ],
        )

    def _balancers(self, choice: types.Choice, kind: Callable[..., _Balancer]) -> list[_Balancer] | None:
        return [
            kind(
                ip_address=balancer.address,
                ip_protocol=balancer.protocol,
                port=str(balancer.port),
                load_balancer_type=balancer.type,
                network_url=self._network_ids[balancer.network],
                project=self._project,
                region=balancer.region,
            )
            for balancer in choice.internal
        ] or None


def _location(choice: types.Choice) -> str:
    if choice.location is None:
        message = f"{choice.key} has no location"
        raise ValueError(message)
    return choice.location
