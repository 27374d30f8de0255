"""What Route 53 answers by health: record sets, probes from the internet, and alarms where no probe gets to.

A health check's type and interval never change: another one is made, and records move over to it.
"""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict
from graphlib import TopologicalSorter
from typing import TypedDict

import pulumi
from pulumi_aws import cloudwatch, route53

from planning.records import types


class AwsFailoverArgs(TypedDict):
    """What Route 53 is told."""

    route53: types.Route53
    zone_ids: Mapping[str, pulumi.Input[str]]
    """Key of the zone, `public` or `names` -> id; those that sets lie in."""


class AwsFailover(pulumi.ComponentResource):
    """All record sets of Route 53 that follow health, with their health checks."""

    health_check_ids: Mapping[str, pulumi.Output[str]]
    """Key of the probe or alarm -> id."""

    def __init__(self, name: str, args: AwsFailoverArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:AwsFailover", name, opts=opts)
        self._name, self._zone_ids = name, args["zone_ids"]
        plan = args["route53"]
        self.health_check_ids = {
            **{probe.key: self._probe(probe).id for probe in plan.probes},
            **{alarm.key: self._alarm(alarm).id for alarm in plan.alarms},
        }
        by_name: dict[str, list[types.Route53Set]] = defaultdict(list)
        for each in plan.sets:
            by_name[each.name].append(each)
        leads_to = {key: {each.alias for each in sets if each.alias} for key, sets in by_name.items()}
        made: dict[str, list[route53.Record]] = {}
        # An alias is refused while what it leads to is not there.
        for record_name in TopologicalSorter(leads_to).static_order():
            made[record_name] = [self._set(each, made) for each in by_name[record_name]]
        self.register_outputs({"health_check_ids": self.health_check_ids})

    def _probe(self, probe: types.Probe) -> route53.HealthCheck:
        return route53.HealthCheck(
            f"{self._name}-{probe.key}",
            type=probe.type,
            ip_address=probe.address,
            fqdn=probe.fqdn,
            port=probe.port,
            resource_path=probe.path,
            request_interval=probe.interval,
            failure_threshold=probe.failures,
            enable_sni=probe.sni,
            tags={"Name": f"{self._name}-{probe.key}"},
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _alarm(self, plan: types.Alarm) -> route53.HealthCheck:
        """Watch a metric, and let a health check follow it."""
        alarm = cloudwatch.MetricAlarm(
            f"{self._name}-{plan.key}",
            region=plan.region,
            name=plan.physical_name,
            alarm_description=f"{plan.key} is out of the answers of Route 53 while this alarm is on.",
            namespace=plan.namespace,
            metric_name=plan.metric,
            dimensions=plan.dimensions,
            statistic=plan.statistic,
            period=plan.period,
            evaluation_periods=plan.datapoints,
            comparison_operator="LessThanThreshold",
            threshold=plan.threshold,
            # What has gone silent is not healthy.
            treat_missing_data="breaching",
            tags={"Name": plan.physical_name},
            opts=pulumi.ResourceOptions(parent=self),
        )
        return route53.HealthCheck(
            f"{self._name}-{plan.key}",
            type="CLOUDWATCH_METRIC",
            cloudwatch_alarm_name=alarm.name,
            cloudwatch_alarm_region=plan.region,
            insufficient_data_health_status="Unhealthy",
            # Route 53 copies the alarm's definition once; only a change here makes it read the alarm again.
            triggers={"alarm": json.dumps(asdict(plan), sort_keys=True)},
            tags={"Name": f"{self._name}-{plan.key}"},
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _set(self, plan: types.Route53Set, made: Mapping[str, list[route53.Record]]) -> route53.Record:
        zone_id, geography = self._zone_ids[plan.zone], plan.geography
        return route53.Record(
            f"{self._name}-{plan.key}",
            zone_id=zone_id,
            name=plan.name,
            type=plan.type,
            set_identifier=plan.set_identifier,
            records=list(plan.values) or None,
            ttl=plan.ttl,
            aliases=[route53.RecordAliasArgs(name=plan.alias, zone_id=zone_id, evaluate_target_health=True)]
            if plan.alias
            else None,
            health_check_id=self.health_check_ids[plan.health] if plan.health else None,
            failover_routing_policies=[route53.RecordFailoverRoutingPolicyArgs(type=plan.failover)]
            if plan.failover
            else None,
            weighted_routing_policies=[route53.RecordWeightedRoutingPolicyArgs(weight=plan.weight)]
            if plan.weight is not None
            else None,
            latency_routing_policies=[route53.RecordLatencyRoutingPolicyArgs(region=plan.latency_region)]
            if plan.latency_region
            else None,
            geolocation_routing_policies=[
                route53.RecordGeolocationRoutingPolicyArgs(
                    continent=geography.get("continent"), country=geography.get("country")
                )
            ]
            if geography
            else None,
            opts=pulumi.ResourceOptions(parent=self, depends_on=made[plan.alias] if plan.alias else None),
        )
