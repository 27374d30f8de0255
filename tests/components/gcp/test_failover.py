"""Claims about what Cloud DNS answers by health, with two places and with four."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import pulumi_gcp as gcp
import pytest

from components.gcp.failover import GcpFailover
from inspection.graph import Graph, Json
from planning.records.types import Choice, CloudDns, CloudDnsSet, GoogleCheck, InternalBalancer
from tests.support.declarations import check
from tests.support.recorded import preview_of, source_of, unknown, update_of

RECORD = "gcp:dns/recordSet:RecordSet"
HEALTH_CHECK = "gcp:compute/healthCheck:HealthCheck"
ZONE = "gcp:dns/managedZone:ManagedZone"
NETWORK = "gcp:compute/network:Network"

ADDRESSES = {"shop": "203.0.113.10", "store": "203.0.113.20", "depot": "203.0.113.30", "annex": "203.0.113.40"}
PRIVATE = {"shop": "10.32.0.10", "store": "10.32.64.10", "depot": "10.32.128.10", "annex": "10.32.192.10"}
WEIGHTS = {"shop": 70, "store": 30, "depot": 0, "annex": 5}
REGIONS = {"shop": "us-east4", "store": "europe-west3", "depot": "us-west1", "annex": "asia-southeast1"}
TWO, FOUR = ("shop", "store"), ("shop", "store", "depot", "annex")

CHECK = GoogleCheck(
    key="www",
    physical_name="prod-www-dns-https",
    protocol="https",
    port=443,
    path="/healthz",
    host="www.acme.example",
    interval=30,
    timeout=5,
    failures=2,
    source_regions=("asia-southeast1", "europe-west1", "us-central1"),
)
PUBLIC_SET = CloudDnsSet(key="www", zone="public", name="www.acme.example", ttl=30, check="www")
PRIVATE_SET = CloudDnsSet(key="api", zone="names", name="api.gcp.acme.internal", ttl=30, check=None)


def outside(place: str) -> Choice:
    return Choice(key=place, addresses=[ADDRESSES[place]], internal=())


def inside(place: str) -> Choice:
    balancer = InternalBalancer(
        address=PRIVATE[place], port=443, protocol="tcp", type="regionalL4ilb", network="web", region=REGIONS[place]
    )
    return Choice(key=place, addresses=(), internal=[balancer])


def weighted(choices: Sequence[Choice], plain: CloudDnsSet) -> CloudDnsSet:
    return replace(plain, weighted=[replace(each, weight=WEIGHTS[each.key]) for each in choices])


def nearest(choices: Sequence[Choice], plain: CloudDnsSet) -> CloudDnsSet:
    return replace(plain, nearest=[replace(each, location=REGIONS[each.key]) for each in choices])


def failover(choices: Sequence[Choice], plain: CloudDnsSet) -> CloudDnsSet:
    standbys = [replace(each, location=REGIONS[each.key]) for each in choices[1:]]
    return replace(plain, primary=choices[0], standbys=standbys)


Layout = Callable[[Sequence[Choice], CloudDnsSet], CloudDnsSet]
LAYOUTS: Mapping[str, Layout] = {"wrrs": weighted, "geos": nearest, "primaryBackup": failover}
EVERY = [
    pytest.param(kind, layout, places, id=f"{kind} {len(places)}")
    for kind, layout in LAYOUTS.items()
    for places in (TWO, FOUR)
]


def program(*sets: CloudDnsSet, probe: GoogleCheck = CHECK) -> Callable[[], object]:
    def run() -> None:
        network = gcp.compute.Network("web", auto_create_subnetworks=False)
        zones = {
            "public": gcp.dns.ManagedZone("public", dns_name="acme.example."),
            "names": gcp.dns.ManagedZone("private", dns_name="gcp.acme.internal.", visibility="private"),
        }
        GcpFailover(
            "gcp-failover",
            {
                "cloud_dns": CloudDns(checks=[probe], sets=sets),
                "project": "acme-net-prod",
                "network_ids": {"web": network.id},
                "zone_names": {key: zone.name for key, zone in zones.items()},
            },
        )

    return run


def both(layout: Layout, places: Sequence[str]) -> Callable[[], object]:
    """Lay out a name on the internet, and a private one."""
    return program(
        layout([outside(place) for place in places], PUBLIC_SET),
        layout([inside(place) for place in places], PRIVATE_SET),
    )


def policy(graph: Graph, key: str) -> Mapping[str, Json]:
    return graph.named(RECORD, f"gcp-failover-{key}").inputs["routingPolicy"]


def targets(kind: str, found: Mapping[str, Json]) -> Sequence[Mapping[str, Json]]:
    """List what is asked for its health, in the order of places."""
    if kind != "primaryBackup":
        return [each["healthCheckedTargets"] for each in found[kind]]
    backup = found[kind]
    return [backup["primary"], *(each["healthCheckedTargets"] for each in backup["backupGeos"])]


# -- every policy


@pytest.mark.parametrize(("kind", "layout", "places"), EVERY)
def test_a_name_on_the_internet_has_all_its_places_and_each_is_probed(
    kind: str, layout: Layout, places: Sequence[str]
) -> None:
    graph = preview_of(both(layout, places))
    found = policy(graph, "www")
    assert found.keys() == {kind, "healthCheck"}
    assert targets(kind, found) == [{"externalEndpoints": [ADDRESSES[place]]} for place in places]
    record = graph.named(RECORD, "gcp-failover-www")
    assert source_of(graph, record, "routingPolicy", HEALTH_CHECK).name == "gcp-failover-www"


@pytest.mark.parametrize(("kind", "layout", "places"), EVERY)
def test_a_private_name_has_all_its_load_balancers_and_no_probe(
    kind: str, layout: Layout, places: Sequence[str]
) -> None:
    graph = preview_of(both(layout, places))
    found = policy(graph, "api")
    assert found.keys() == {kind}
    balancers = [each["internalLoadBalancers"] for each in targets(kind, found)]
    assert not any("externalEndpoints" in each for each in targets(kind, found))
    assert [(one["ipAddress"], one["region"]) for (one,) in balancers] == [
        (PRIVATE[place], REGIONS[place]) for place in places
    ]
    for (one,) in balancers:
        assert (one["port"], one["ipProtocol"], one["loadBalancerType"]) == ("443", "tcp", "regionalL4ilb")
        assert one["project"] == "acme-net-prod"
        assert unknown(one["networkUrl"])
    assert source_of(graph, graph.named(RECORD, "gcp-failover-api"), "routingPolicy", NETWORK).name == "web"


@pytest.mark.parametrize(("kind", "layout", "places"), EVERY)
def test_what_is_sent_is_declared_and_the_same_resources_are_made_once_everything_is_known(
    kind: str, layout: Layout, places: Sequence[str]
) -> None:
    before, after = preview_of(both(layout, places)), update_of(both(layout, places))
    assert check(before) == check(after) == [], kind
    assert [each.urn for each in before.resources] == [each.urn for each in after.resources]


@pytest.mark.parametrize(("kind", "layout", "places"), EVERY)
def test_names_end_with_a_dot_and_stand_in_their_zones(kind: str, layout: Layout, places: Sequence[str]) -> None:
    graph = preview_of(both(layout, places))
    for key, name, zone in (("www", "www.acme.example.", "public"), ("api", "api.gcp.acme.internal.", "private")):
        record = graph.named(RECORD, f"gcp-failover-{key}")
        assert (record.inputs["name"], record.inputs["type"], record.inputs["ttl"]) == (name, "A", 30), kind
        assert source_of(graph, record, "managedZone", ZONE).name == zone


# -- each policy


def test_weights_are_shares_of_the_answers_and_zero_is_one_of_them() -> None:
    found = policy(preview_of(both(weighted, FOUR)), "www")["wrrs"]
    assert [each["weight"] for each in found] == list(WEIGHTS.values())


def test_the_nearest_is_found_by_region_and_the_next_one_takes_over() -> None:
    found = policy(preview_of(both(nearest, FOUR)), "www")
    assert [each["location"] for each in found["geos"]] == list(REGIONS.values())
    assert not found.get("enableGeoFencing")


def test_standbys_get_nothing_while_the_primary_is_well() -> None:
    found = policy(preview_of(both(failover, FOUR)), "www")["primaryBackup"]
    assert [each["location"] for each in found["backupGeos"]] == [REGIONS[place] for place in FOUR[1:]]
    assert not found.get("trickleRatio")


def test_a_load_balancer_of_all_regions_has_none() -> None:
    plan = inside("shop")
    everywhere = replace(plan, internal=[replace(plan.internal[0], type="globalL7ilb", region=None)])
    found = policy(preview_of(program(failover([everywhere, inside("store")], PRIVATE_SET))), "api")
    (balancer,) = found["primaryBackup"]["primary"]["internalLoadBalancers"]
    assert balancer["loadBalancerType"] == "globalL7ilb"
    assert "region" not in balancer


# -- health checks


def test_probes_come_from_three_regions_as_often_as_planned() -> None:
    sent = preview_of(both(weighted, TWO)).named(HEALTH_CHECK, "gcp-failover-www").inputs
    assert sent["sourceRegions"] == ["asia-southeast1", "europe-west1", "us-central1"]
    assert (sent["checkIntervalSec"], sent["timeoutSec"], sent["unhealthyThreshold"]) == (30, 5, 2)
    assert sent["name"] == "prod-www-dns-https"


PROTOCOLS = {
    "https": {"port": 443, "requestPath": "/healthz", "host": "www.acme.example"},
    "http": {"port": 80, "requestPath": "/healthz", "host": "www.acme.example"},
    "tcp": {"port": 8443},
}


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_probe_speaks_one_protocol_and_nothing_that_probes_from_regions_may_not(protocol: str) -> None:
    wanted = PROTOCOLS[protocol]
    probe = replace(
        CHECK, protocol=protocol, port=wanted["port"], path=wanted.get("requestPath"), host=wanted.get("host")
    )
    graph = preview_of(program(weighted([outside("shop")], PUBLIC_SET), probe=probe))
    sent = graph.named(HEALTH_CHECK, "gcp-failover-www").inputs
    assert {key: value for key, value in sent.items() if key.endswith("HealthCheck")} == {
        f"{protocol}HealthCheck": wanted
    }
    assert check(graph) == []
