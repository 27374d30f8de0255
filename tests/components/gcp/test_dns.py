"""Claims about names in Google Cloud: what it answers for, and whom it asks for the rest."""

import re
from collections.abc import Callable
from dataclasses import replace

import pulumi
import pytest

from components.gcp.cloud import build
from components.gcp.dns import GcpDns
from components.gcp.resolver import GcpResolver
from inspection.graph import UNKNOWN, Graph, Resource
from planning.names.types import GcpNames, ZoneRecord
from tests.components.gcp.graphs import NETWORK, Provider, refers
from tests.components.gcp.plans_names import ALL_GIVEN, ASKED, GIVEN, NAMES, NETWORKED
from tests.support.declarations import check
from tests.support.recorded import depends_on, preview_of, update_of

ZONE = "gcp:dns/managedZone:ManagedZone"
RECORD = "gcp:dns/recordSet:RecordSet"
POLICY = "gcp:dns/policy:Policy"
NAME = "gcp-names"


def program(names: GcpNames = NAMES, *, protect: bool = False) -> Callable[[], None]:
    def run() -> None:
        provider = Provider()
        opts = pulumi.ResourceOptions(provider=provider)
        networks = build(NETWORKED, protect=False, provider=provider).networks
        transit = networks["gcp-transit"]
        resolver = GcpResolver(
            "gcp-resolver",
            {
                "names": names,
                "network": ASKED,
                "project": "acme-net-prod",
                "network_id": transit.network_id,
                "subnet_ids": transit.subnet_ids,
            },
            opts,
        )
        built = GcpDns(
            NAME,
            {
                "names": names,
                "network_ids": {network: each.network_id for network, each in networks.items()},
                "entry_points": resolver.entry_points,
                "protect": protect,
            },
            opts,
        )
        for key, zone in built.zone_names.items():
            pulumi.export(key, zone)

    return run


@pytest.fixture(scope="module")
def graph() -> Graph:
    return preview_of(program())


@pytest.fixture(scope="module")
def known() -> Graph:
    return update_of(program())


def seen_by(graph: Graph, zone: Resource) -> set[str]:
    return {network.name for network in graph.of_type(NETWORK) if refers(zone, "privateVisibilityConfig", network)}


def kind(zone: Resource) -> str:
    return next((key for key in ("forwardingConfig", "peeringConfig") if key in zone.inputs), "records")


def of_kind(graph: Graph, wanted: str) -> dict[str, Resource]:
    """Map domains to the zones of a kind."""
    zones = [zone for zone in graph.of_type(ZONE) if kind(zone) == wanted]
    by_domain = {zone.inputs["dnsName"]: zone for zone in zones}
    assert len(by_domain) == len(zones), "two zones for one domain"
    return by_domain


def records(graph: Graph) -> dict[tuple[str, str], list[str]]:
    return {(each.inputs["name"], each.inputs["type"]): each.inputs["rrdatas"] for each in graph.of_type(RECORD)}


def test_no_zone_is_public_and_every_domain_ends_with_a_dot(graph: Graph) -> None:
    zones = graph.of_type(ZONE)
    assert {zone.inputs["visibility"] for zone in zones} == {"private"}, "Google's default is public"
    assert not [
        zone.inputs["dnsName"] for zone in zones if not re.fullmatch(r"([a-z0-9-]+\.)+", zone.inputs["dnsName"])
    ]


def test_google_answers_for_its_own_domains_wherever_the_plan_says(graph: Graph) -> None:
    zones = of_kind(graph, "records")
    assert {domain: seen_by(graph, zone) for domain, zone in zones.items()} == {
        f"{zone.domain}.": set(zone.networks) for zone in NAMES.zones
    }
    for plan in NAMES.zones:
        visible = zones[f"{plan.domain}."].inputs["privateVisibilityConfig"]["networks"]
        assert len(visible) == len(plan.networks)


def test_only_the_transit_network_forwards(graph: Graph) -> None:
    zones = of_kind(graph, "forwardingConfig")
    assert set(zones) == {f"{forward.domain}." for forward in NAMES.forwards}
    assert {network for zone in zones.values() for network in seen_by(graph, zone)} == {"gcp-transit"}


def test_a_forward_asks_all_servers_of_its_owner_over_the_links_and_nobody_else(graph: Graph) -> None:
    for forward in NAMES.forwards:
        targets = of_kind(graph, "forwardingConfig")[f"{forward.domain}."].inputs["forwardingConfig"]
        assert targets == {
            "targetNameServers": [
                {"ipv4Address": server.address, "forwardingPath": "private"} for server in forward.servers
            ]
        }


def test_all_other_networks_ask_the_transit_network_for_each_domain_that_it_forwards(graph: Graph) -> None:
    zones = of_kind(graph, "peeringConfig")
    assert set(zones) == {f"{forward.domain}." for forward in NAMES.forwards}
    transit = graph.named(NETWORK, "gcp-transit")
    for zone in zones.values():
        assert seen_by(graph, zone) == {"analytics", "billing"}
        assert [each for each in graph.of_type(NETWORK) if refers(zone, "peeringConfig", each)] == [transit]


def test_nobody_asks_the_transit_network_before_it_forwards(graph: Graph) -> None:
    forwarding = of_kind(graph, "forwardingConfig")
    for domain, zone in of_kind(graph, "peeringConfig").items():
        assert depends_on(graph, zone, forwarding[domain])


def test_no_network_sees_two_zones_of_one_name(graph: Graph) -> None:
    seen = [(zone.inputs["dnsName"], network) for zone in graph.of_type(ZONE) for network in seen_by(graph, zone)]
    assert len(seen) == len(set(seen))


def test_without_other_networks_nobody_peers() -> None:
    graph = preview_of(program(replace(NAMES, peered=())))
    assert not of_kind(graph, "peeringConfig")
    assert len(of_kind(graph, "forwardingConfig")) == len(NAMES.forwards)


def test_records_of_private_services_are_the_domain_itself_and_all_below(graph: Graph) -> None:
    zone = of_kind(graph, "records")["googleapis.com."]
    held = [each for each in graph.of_type(RECORD) if refers(each, "managedZone", zone)]
    assert {(each.inputs["name"], each.inputs["type"]): each.inputs["rrdatas"] for each in held} == {
        ("googleapis.com.", "A"): ["10.47.0.50"],
        ("*.googleapis.com.", "A"): ["10.47.0.50", "10.47.0.51"],
    }


def test_a_label_that_resource_names_cannot_tell_apart_is_refused() -> None:
    odd = replace(NAMES.zones[3], records=(ZoneRecord("www", ("10.47.0.50",)),))
    with pytest.raises(KeyError, match="www"):
        preview_of(program(replace(NAMES, zones=(*NAMES.zones[:3], odd))))


def test_every_server_has_a_name_and_its_address_leads_back_to_it(known: Graph) -> None:
    found = records(known)
    assert found["dns-1.gcp.acme.internal.", "A"] == ["10.47.0.2"]
    assert found["2.0.47.10.in-addr.arpa.", "PTR"] == ["dns-1.gcp.acme.internal."]
    assert found["dns-2.gcp.acme.internal.", "A"] == ["10.47.0.130"]
    assert found["130.0.47.10.in-addr.arpa.", "PTR"] == ["dns-2.gcp.acme.internal."]
    zones = of_kind(known, "records")
    for each in known.of_type(RECORD):
        domain = next(domain for domain, zone in zones.items() if refers(each, "managedZone", zone))
        assert each.inputs["name"] == domain or each.inputs["name"].endswith(f".{domain}")


def test_a_preview_shows_given_addresses_and_leaves_open_what_is_looked_up(graph: Graph) -> None:
    assert graph.named(RECORD, f"{NAME}-dns-1").inputs["rrdatas"] in ([UNKNOWN], UNKNOWN)
    assert graph.named(RECORD, f"{NAME}-dns-1-reverse").inputs["name"] == UNKNOWN
    given = records(preview_of(program(ALL_GIVEN)))
    assert given["dns-1.gcp.acme.internal.", "A"] == [GIVEN["transit-us-east4"]]
    assert given["137.0.47.10.in-addr.arpa.", "PTR"] == ["dns-2.gcp.acme.internal."]


def test_answers_are_kept_for_five_minutes(graph: Graph) -> None:
    assert {each.inputs["ttl"] for each in graph.of_type(RECORD)} == {300}


def test_a_zone_for_another_domain_makes_way_first_because_its_name_stays(graph: Graph) -> None:
    assert not [zone.name for zone in graph.of_type(ZONE) if not zone.delete_before_replace]


def test_zones_keep_records_that_others_wrote_when_they_are_to_be_deleted(graph: Graph) -> None:
    assert not [zone.name for zone in graph.of_type(ZONE) if zone.inputs.get("forceDestroy")]


def test_zones_that_hold_records_are_protected_where_asked() -> None:
    def protected(graph: Graph) -> set[str]:
        return {zone.inputs["dnsName"] for zone in graph.of_type(ZONE) if zone.protect}

    assert protected(preview_of(program(protect=True))) == {f"{zone.domain}." for zone in NAMES.zones}
    assert not protected(preview_of(program()))


def test_names_in_google_cloud_are_ones_that_it_takes_each_only_once(graph: Graph) -> None:
    names = [zone.inputs["name"] for zone in graph.of_type(ZONE)]
    assert not [name for name in names if not re.fullmatch(r"prod-[a-z0-9-]{0,57}[a-z0-9]", name)]
    assert len(set(names)) == len(names)


def test_every_zone_says_what_it_is_for(graph: Graph) -> None:
    assert not [
        zone.name for zone in graph.of_type(ZONE) if zone.inputs["dnsName"][:-1] not in zone.inputs["description"]
    ]


def test_other_parts_of_the_program_find_the_zones_by_their_keys(graph: Graph) -> None:
    of_key = {f"{zone.domain}.": zone.key for zone in NAMES.zones}
    assert graph.outputs == {of_key[domain]: zone.inputs["name"] for domain, zone in of_kind(graph, "records").items()}


def test_the_order_of_a_plan_changes_nothing_that_is_built(graph: Graph) -> None:
    turned = replace(NAMES, zones=NAMES.zones[::-1], forwards=NAMES.forwards[::-1], named=NAMES.named[::-1])
    assert {each.urn: each.inputs for each in preview_of(program(turned)).resources} == {
        each.urn: each.inputs for each in graph.resources
    }


def test_the_same_is_built_whether_addresses_are_known_or_not(graph: Graph, known: Graph) -> None:
    assert [each.urn for each in graph.resources] == [each.urn for each in known.resources]
    assert check(graph) == check(known) == []
