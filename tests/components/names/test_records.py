"""Claims about all names that follow health together: who answers, in which zone, and what waits for what."""

from collections.abc import Callable
from dataclasses import replace

import pulumi_aws
import pulumi_gcp
import pytest

from components.names.records import RecordsGround, build
from inspection.graph import Graph
from planning.records.types import (
    Alarm,
    Alias,
    Choice,
    CloudDns,
    CloudDnsSet,
    Endpoint,
    InternalBalancer,
    Monitor,
    Probe,
    Profile,
    PublicZone,
    Records,
    Route53,
    Route53Set,
    TrafficManager,
)
from tests.components.links.providers import providers
from tests.support.declarations import check
from tests.support.recorded import depends_on, preview_of, source_of, update_of

RECORD = "aws:route53/record:Record"
GOOGLES_RECORD = "gcp:dns/recordSet:RecordSet"
ZONE = "aws:route53/zone:Zone"
GOOGLES_ZONE = "gcp:dns/managedZone:ManagedZone"
PROFILE = "azure-native:trafficmanager:Profile"

SET = Route53Set(
    key="www.shop",
    zone="public",
    name="www.acme.example",
    type="A",
    set_identifier="shop",
    values=["203.0.113.10"],
    ttl=30,
    alias=None,
    health="www.shop",
    weight=1,
)
ROUTE53 = Route53(
    probes=[Probe("www.shop", "HTTPS", "203.0.113.10", "www.acme.example", 443, "/", 10, 3, sni=True)],
    alarms=[Alarm("api.shop", "prod-api.shop", "us-east-1", "AWS/NetworkELB", "Healthy", {}, "Minimum", 60, 2, 1)],
    sets=[
        SET,
        replace(
            SET, key="api.shop", zone="names", name="api.aws.acme.internal", values=["10.1.0.10"], health="api.shop"
        ),
    ],
)
TRAFFIC_MANAGER = TrafficManager(
    resource_group="prod-traffic",
    location="eastus",
    profiles=[
        Profile(
            key="store",
            physical_name="prod-store",
            relative_name="prod-store-0123456789",
            method="Priority",
            ttl=30,
            monitor=Monitor("TCP", 443, None, None, 10, 5, 2, None),
            endpoints=[
                Endpoint(
                    "shop", "203.0.113.10", None, enabled=True, priority=1, weight=None, location=None, geography=()
                )
            ],
        )
    ],
)
BALANCER = InternalBalancer("10.32.0.10", 443, "tcp", "regionalL4ilb", "web", "us-east4")
CLOUD_DNS = CloudDns(
    checks=(),
    sets=[
        CloudDnsSet(
            key="batch",
            zone="names",
            name="batch.gcp.acme.internal",
            ttl=30,
            check=None,
            weighted=[Choice("web", (), [BALANCER], weight=1)],
        )
    ],
)
PUBLIC = PublicZone(
    domain="acme.example",
    host="aws",
    physical_name="prod-public",
    existing=None,
    resource_group="prod-public",
    location="",
    aliases=[Alias("store", "store.acme.example", "prod-store-0123456789.trafficmanager.net", 30)],
)
ALL = Records(PUBLIC, ROUTE53, TRAFFIC_MANAGER, CLOUD_DNS, ())
GOOGLES = Records(
    replace(PUBLIC, host="gcp"),
    None,
    TRAFFIC_MANAGER,
    replace(CLOUD_DNS, sets=[replace(CLOUD_DNS.sets[0], zone="public", name="batch.acme.example")]),
    (),
)


def program(records: Records) -> Callable[[], object]:
    def run() -> None:
        given = providers()
        own = pulumi_aws.route53.Zone("own-aws", name="aws.acme.internal")
        googles = pulumi_gcp.dns.ManagedZone("own-gcp", dns_name="gcp.acme.internal.", visibility="private")
        build(
            records,
            RecordsGround(
                protect=True,
                tags={"environment": "prod"},
                aws_zone_ids={"names": own.zone_id},
                gcp_zone_names={"names": googles.name},
                gcp_project="acme-net-prod",
                gcp_network_ids={"web": "projects/acme-net-prod/global/networks/web"},
                providers=given,
            ),
        )

    return run


@pytest.fixture(scope="module")
def graph() -> Graph:
    return preview_of(program(ALL))


def test_each_record_lies_in_the_zone_of_its_root(graph: Graph) -> None:
    zones = {
        name: source_of(graph, graph.named(RECORD, name), "zoneId", ZONE).name
        for name in ("aws-failover-www.shop", "aws-failover-api.shop", "public-zone-store")
    }
    assert zones == {
        "aws-failover-www.shop": "public-zone",
        "aws-failover-api.shop": "own-aws",
        "public-zone-store": "public-zone",
    }
    batch = graph.named(GOOGLES_RECORD, "gcp-failover-batch")
    assert source_of(graph, batch, "managedZone", GOOGLES_ZONE).name == "own-gcp"


def test_a_public_zone_of_googles_takes_records_of_cloud_dns() -> None:
    graph = preview_of(program(GOOGLES))
    batch = graph.named(GOOGLES_RECORD, "gcp-failover-batch")
    assert source_of(graph, batch, "managedZone", GOOGLES_ZONE).name == "public-zone"
    assert not graph.of_type(RECORD)


def test_a_name_leads_to_traffic_manager_once_it_answers(graph: Graph) -> None:
    alias, profile = graph.named(RECORD, "public-zone-store"), graph.named(PROFILE, "azure-failover-store")
    assert alias.inputs["records"] == ["prod-store-0123456789.trafficmanager.net"]
    assert depends_on(graph, alias, profile)


def test_names_of_route_53_wait_for_nobody_elses_service(graph: Graph) -> None:
    profile = graph.named(PROFILE, "azure-failover-store")
    assert not depends_on(graph, graph.named(RECORD, "aws-failover-www.shop"), profile)


def test_the_public_zone_is_protected_and_private_ones_are_not_made_here(graph: Graph) -> None:
    assert [(zone.name, zone.protect) for zone in graph.of_type(ZONE)] == [("own-aws", False), ("public-zone", True)]


def test_everything_is_made_by_the_providers_that_are_given(graph: Graph) -> None:
    starts = ("public-zone", "aws-failover", "azure-failover", "gcp-failover")
    made = [each for each in graph.resources if each.custom and each.name.startswith(starts)]
    assert {each.name.split("-failover")[0] for each in made} >= {"aws", "azure", "gcp"}
    assert [each.urn for each in made if "::given-" not in each.provider] == []


@pytest.mark.parametrize("records", [ALL, GOOGLES], ids=["all", "googles"])
def test_what_is_sent_is_declared_and_the_same_resources_are_made_once_everything_is_known(records: Records) -> None:
    before, after = preview_of(program(records)), update_of(program(records))
    assert check(before) == check(after) == []
    assert [each.urn for each in before.resources] == [each.urn for each in after.resources]


@pytest.mark.parametrize("left", ["public", "route53", "traffic_manager", "cloud_dns"])
def test_what_is_not_planned_is_not_built(left: str) -> None:
    records = Records(None, None, None, None, ())
    plain = ALL
    if left == "route53":
        plain = replace(ALL, route53=replace(ROUTE53, probes=(), sets=[ROUTE53.sets[1]]))
    if left == "public":
        plain = replace(ALL, public=replace(PUBLIC, aliases=()))
    graph = preview_of(program(replace(records, **{left: getattr(plain, left)})))
    kinds = {each.type.rpartition(":")[2] for each in graph.resources if not each.custom}
    wanted = {
        "public": "PublicZone",
        "route53": "AwsFailover",
        "traffic_manager": "AzureFailover",
        "cloud_dns": "GcpFailover",
    }
    assert kinds & set(wanted.values()) == {wanted[left]}
