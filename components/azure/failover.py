"""What Traffic Manager answers by health: a profile for each name, and one for each place that is several.

Its probes come from the internet, so that endpoints may be anywhere but have public addresses or names.
"""

from collections.abc import Mapping
from typing import TypedDict

import pulumi
from pulumi_azure_native import resources, trafficmanager

from planning.records import types

_ENDPOINTS = "Microsoft.Network/trafficManagerProfiles"


class AzureFailoverArgs(TypedDict):
    """What Traffic Manager is told."""

    traffic_manager: types.TrafficManager
    tags: Mapping[str, str]


class AzureFailover(pulumi.ComponentResource):
    """All profiles of Traffic Manager, in a resource group of their own."""

    profile_ids: Mapping[str, pulumi.Output[str]]
    """Key of the profile -> id."""

    def __init__(self, name: str, args: AzureFailoverArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:AzureFailover", name, opts=opts)
        self._name, self._tags = name, args["tags"]
        plan = args["traffic_manager"]
        group = resources.ResourceGroup(
            f"{name}-group",
            resource_group_name=plan.resource_group,
            location=plan.location,
            tags=self._tags,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.profile_ids = {}
        for profile in plan.profiles:
            self.profile_ids[profile.key] = self._profile(profile, group.name, self.profile_ids).id
        self.register_outputs({"profile_ids": self.profile_ids})

    def _profile(
        self, plan: types.Profile, group: pulumi.Input[str], children: Mapping[str, pulumi.Output[str]]
    ) -> trafficmanager.Profile:
        return trafficmanager.Profile(
            f"{self._name}-{plan.key}",
            profile_name=plan.physical_name,
            resource_group_name=group,
            location="global",
            traffic_routing_method=plan.method,
            dns_config=trafficmanager.DnsConfigArgs(relative_name=plan.relative_name, ttl=plan.ttl),
            monitor_config=_monitor(plan.monitor),
            # All at once, and none as a resource of its own: priorities and geographies may be given out only once, so
            # that what moves from one endpoint to another would be refused halfway.
            endpoints=[_endpoint(endpoint, children) for endpoint in plan.endpoints],
            tags=self._tags,
            opts=pulumi.ResourceOptions(parent=self),
        )


def _monitor(plan: types.Monitor) -> trafficmanager.MonitorConfigArgs:
    return trafficmanager.MonitorConfigArgs(
        protocol=plan.protocol,
        port=plan.port,
        path=plan.path,
        custom_headers=[trafficmanager.MonitorConfigCustomHeadersItemArgs(name="Host", value=plan.host)]
        if plan.host
        else None,
        interval_in_seconds=plan.interval,
        timeout_in_seconds=plan.timeout,
        tolerated_number_of_failures=plan.tolerated,
        expected_status_code_ranges=[
            trafficmanager.MonitorConfigExpectedStatusCodeRangesItemArgs(min=plan.expected[0], max=plan.expected[1])
        ]
        if plan.expected
        else None,
    )


def _endpoint(plan: types.Endpoint, children: Mapping[str, pulumi.Output[str]]) -> trafficmanager.EndpointArgs:
    child = children[plan.child] if plan.child else None
    return trafficmanager.EndpointArgs(
        name=plan.key,
        type=f"{_ENDPOINTS}/{'externalEndpoints' if child is None else 'nestedEndpoints'}",
        target=plan.target,
        target_resource_id=child,
        # As long as anybody in it is healthy the child can answer.
        min_child_endpoints=None if child is None else 1,
        endpoint_status="Enabled" if plan.enabled else "Disabled",
        priority=plan.priority,
        weight=plan.weight,
        endpoint_location=plan.location,
        geo_mapping=list(plan.geography) or None,
    )
