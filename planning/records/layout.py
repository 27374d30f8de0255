"""All names that follow health, laid out service by service, and what a preview says of each."""

from collections.abc import Sequence

from planning.estate import Estate
from planning.records import cloud_dns, route53, traffic_manager
from planning.records.asked import IN_GOOGLE, Asked, AskedPlace, Service, asked
from planning.records.budgets import worst_case
from planning.records.types import PUBLIC_ZONE, PublicZone, Records, Summary
from planning.settings import Cloud
from planning.settings.records import Policy

RESOURCE_GROUP_PART = 4
"""Of `/subscriptions/<id>/resourceGroups/<name>/...`, split at the slashes."""


def lay_out(estate: Estate) -> Records | None:
    """Lay out the public zone and all records, or None where there are neither."""
    records = tuple(asked(estate.settings))
    public = _public_zone(estate, records)
    if public is None and not records:
        return None
    return Records(
        public=public,
        route53=route53.lay_out(records, estate.environment),
        traffic_manager=traffic_manager.lay_out(records, estate),
        cloud_dns=cloud_dns.lay_out(records, estate.environment),
        summaries=tuple(map(_summary, records)),
    )


def _public_zone(estate: Estate, records: Sequence[Asked]) -> PublicZone | None:
    public = estate.settings.dns.public if estate.settings.dns else None
    if public is None:
        return None
    own = f"{estate.environment}-{PUBLIC_ZONE}"
    in_azure = public.host is Cloud.AZURE
    return PublicZone(
        domain=public.name,
        host=public.host,
        physical_name=public.zone if public.zone and public.host is Cloud.GCP else own,
        existing=public.zone,
        resource_group=public.zone.split("/")[RESOURCE_GROUP_PART] if public.zone and in_azure else own,
        location=estate.held.fixed["azure/home-region"] if in_azure else "",
        aliases=tuple(traffic_manager.aliases(records, estate)),
    )


def _summary(record: Asked) -> Summary:
    return Summary(
        name=record.name,
        owner=record.service,
        private=record.settings.private,
        policy=record.settings.policy,
        places={place.name: _said(record, place, rank) for rank, place in enumerate(record.places, start=1)},
        check=_check(record),
        worst_case=worst_case(record),
        budget=record.settings.budget,
    )


def _check(record: Asked) -> str:
    how_often = f"every {record.interval} s, out after {record.failures} in a row"
    match record.service:
        case Service.ROUTE53_ALARMS:
            metrics = (place.settings.metric for place in record.places)
            names = sorted({f"{metric.namespace} {metric.name}" for metric in metrics if metric})
            return f"alarm on {', '.join(names)} below 1 {how_often}"
        case Service.CLOUD_DNS_INTERNAL:
            return f"of the load balancers themselves, said to be {how_often}"
        case _:
            return f"{record.protocol}:{record.port}{record.path or ''} {how_often}"


def _said(record: Asked, place: AskedPlace, rank: int) -> str:
    match record.settings.policy:
        case Policy.ACTIVE_PASSIVE:
            in_order = record.service not in IN_GOOGLE
            why = "active" if rank == 1 else f"standby {rank - 1}" if in_order else "standby, the nearest first"
        case Policy.WEIGHTED:
            total = sum(other.weight for other in record.places)
            why = f"weight {place.weight} ({place.weight / total:.0%})"
        case Policy.LATENCY:
            why = f"near {place.region}"
        case Policy.GEOGRAPHIC:
            why = f"serves {' '.join(place.settings.serves)}" if place.settings.serves else f"near {place.region}"
    return f"{place.goes_to}, {why}"
