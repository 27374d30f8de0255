"""Claims about the zone for the internet in each DNS service, made here or there before."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pulumi
import pulumi_aws
import pytest

from components.names.public_zone import PublicZone
from inspection.graph import Graph, Resource
from planning.records.types import Alias
from planning.records.types import PublicZone as Plan
from tests.support.declarations import check
from tests.support.recorded import depends_on, preview_of, source_of, unknown, update_of

ZONES = {
    "aws": "aws:route53/zone:Zone",
    "azure": "azure-native:dns:Zone",
    "gcp": "gcp:dns/managedZone:ManagedZone",
}
RECORDS = {
    "aws": "aws:route53/record:Record",
    "azure": "azure-native:dns:RecordSet",
    "gcp": "gcp:dns/recordSet:RecordSet",
}
GROUP = "azure-native:resources:ResourceGroup"
EXISTING = {
    "aws": "Z0123456789ABCDEFGHIJ",
    "azure": "/subscriptions/0/resourceGroups/old-dns/providers/Microsoft.Network/dnsZones/acme.example",
    "gcp": "old-zone",
}
NAMED = {"aws": "Z0123456789ABCDEFGHIJ", "azure": "acme.example", "gcp": "old-zone"}
"""Existing zone as records name it."""
TARGETS = {"www": "prod-www-0123456789.trafficmanager.net", "api": "prod-api-0123456789.trafficmanager.net"}


def plan(host: str, *, existing: bool = False, aliases: Sequence[str] = ("www", "api")) -> Plan:
    old = {"azure": "old-dns", "gcp": "old-zone"}
    return Plan(
        domain="acme.example",
        host=host,
        physical_name=old["gcp"] if existing and host == "gcp" else "prod-public",
        existing=EXISTING[host] if existing else None,
        resource_group=old["azure"] if existing and host == "azure" else "prod-public",
        location="eastus" if host == "azure" else "",
        aliases=[Alias(key, f"{key}.acme.example", TARGETS[key], 30) for key in aliases],
    )


def program(zone: Plan, *, protect: bool = False) -> Callable[[], object]:
    """Build the zone, with something in place of who answers for the aliases."""

    def run() -> None:
        answering = pulumi_aws.route53.HealthCheck("answering", type="TCP")
        built = PublicZone(
            "public-zone",
            {"zone": zone, "protect": protect, "tags": {"environment": "prod"}},
            pulumi.ResourceOptions(depends_on=[answering]),
        )
        pulumi.export("zone", built.zone)
        pulumi.export("nameServers", built.name_servers)

    return run


def record(graph: Graph, host: str, key: str = "www") -> Resource:
    return graph.named(RECORDS[host], f"public-zone-{key}")


HOSTS = pytest.mark.parametrize("host", list(ZONES))


@HOSTS
@pytest.mark.parametrize("existing", [False, True], ids=["made", "existing"])
def test_what_is_sent_is_declared_and_the_same_resources_are_made_once_everything_is_known(
    host: str, *, existing: bool
) -> None:
    zone = program(plan(host, existing=existing))
    before, after = preview_of(zone), update_of(zone)
    assert check(before) == check(after) == []
    assert [each.urn for each in before.resources] == [each.urn for each in after.resources]


@HOSTS
def test_a_zone_that_is_made_is_protected_where_the_stack_is(host: str) -> None:
    assert preview_of(program(plan(host), protect=True)).named(ZONES[host], "public-zone").protect
    assert not preview_of(program(plan(host))).named(ZONES[host], "public-zone").protect


def test_the_group_of_a_zone_in_azure_is_protected_with_it() -> None:
    graph = preview_of(program(plan("azure"), protect=True))
    group = graph.named(GROUP, "public-zone-group")
    assert group.protect
    assert (group.inputs["resourceGroupName"], group.inputs["location"]) == ("prod-public", "eastus")
    assert source_of(graph, graph.named(ZONES["azure"], "public-zone"), "resourceGroupName", GROUP) == group


@HOSTS
def test_who_tells_the_registrar_learns_the_name_servers_of_a_zone_that_is_made(host: str) -> None:
    graph = preview_of(program(plan(host)))
    assert unknown(graph.outputs["nameServers"])
    assert update_of(program(plan(host))).outputs["nameServers"]


def test_a_zone_is_called_and_placed_as_each_service_wants_it() -> None:
    sent = {host: preview_of(program(plan(host))).named(ZONES[host], "public-zone").inputs for host in ZONES}
    assert sent["aws"]["name"] == "acme.example"
    assert "vpcs" not in sent["aws"]
    assert (sent["azure"]["zoneName"], sent["azure"]["zoneType"], sent["azure"]["location"]) == (
        "acme.example",
        "Public",
        "global",
    )
    assert (sent["gcp"]["dnsName"], sent["gcp"]["name"], sent["gcp"]["visibility"]) == (
        "acme.example.",
        "prod-public",
        "public",
    )


def test_googles_zone_makes_way_for_one_of_another_domain_which_gets_its_name() -> None:
    zone = preview_of(program(plan("gcp"), protect=True)).named(ZONES["gcp"], "public-zone")
    assert zone.delete_before_replace
    assert zone.protect, "the one option does not take the place of the other"


@HOSTS
def test_a_zone_that_was_there_is_only_referred_to(host: str) -> None:
    graph = preview_of(program(plan(host, existing=True), protect=True))
    assert not graph.of_type(ZONES[host])
    assert not graph.of_type(GROUP)
    assert graph.outputs["zone"] == NAMED[host]
    assert graph.outputs.get("nameServers") is None
    key = {"aws": "zoneId", "azure": "zoneName", "gcp": "managedZone"}[host]
    assert record(graph, host).inputs[key] == NAMED[host]


def test_records_of_an_existing_zone_in_azure_go_to_its_group() -> None:
    graph = preview_of(program(plan("azure", existing=True)))
    assert record(graph, "azure").inputs["resourceGroupName"] == "old-dns"


def test_an_alias_is_a_constant_cname_as_each_service_writes_it() -> None:
    sent = {host: record(preview_of(program(plan(host))), host).inputs for host in ZONES}
    target = TARGETS["www"]
    assert {host: (each.get("type") or each.get("recordType"), each["ttl"]) for host, each in sent.items()} == (
        dict.fromkeys(ZONES, ("CNAME", 30))
    )
    assert (sent["aws"]["name"], sent["aws"]["records"]) == ("www.acme.example", [target])
    assert (sent["azure"]["relativeRecordSetName"], sent["azure"]["cnameRecord"]) == ("www", {"cname": target})
    assert (sent["gcp"]["name"], sent["gcp"]["rrdatas"]) == ("www.acme.example.", [f"{target}."])


@HOSTS
def test_a_name_leads_nowhere_before_somebody_answers_there(host: str) -> None:
    graph = preview_of(program(plan(host)))
    answering = graph.named("aws:route53/healthCheck:HealthCheck", "answering")
    assert len(graph.of_type(RECORDS[host])) == len(TARGETS)
    for each in graph.of_type(RECORDS[host]):
        assert depends_on(graph, each, answering)
    assert not depends_on(graph, graph.named(ZONES[host], "public-zone"), answering)


@HOSTS
def test_a_zone_without_aliases_is_a_zone_all_the_same(host: str) -> None:
    graph = preview_of(program(replace(plan(host), aliases=())))
    assert graph.of_type(ZONES[host])
    assert not graph.of_type(RECORDS[host])
