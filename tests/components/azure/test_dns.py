"""Azure's private zones: its own names, a reverse zone, and a zone of a private service."""

from typing import Any

import pytest
from pulumi_azure_native import network

from components.azure.dns import AzureDns
from inspection.graph import UNKNOWN, Graph, Resource
from planning.names.types import AzureNames, NamedServer, Server, Zone, ZoneRecord
from tests.support.declarations import check
from tests.support.recorded import preview_of, source_of, update_of

DNS = "azure-native:privatedns:"
ZONE, LINK, RECORD = f"{DNS}PrivateZone", f"{DNS}VirtualNetworkLink", f"{DNS}PrivateRecordSet"
VNET = "azure-native:network:VirtualNetwork"
NETWORKS = ("azure-eastus-transit", "identity", "shop-west")
NAMES = AzureNames(
    zones=(
        Zone("names", "azure.acme.internal", NETWORKS),
        Zone("reverse-10-16", "16.10.in-addr.arpa", NETWORKS),
        Zone(
            "blob",
            "privatelink.blob.core.windows.net",
            ("azure-eastus-transit", "identity"),
            records=(ZoneRecord("@", ("10.16.3.4",)), ZoneRecord("*", ("10.16.3.4", "10.16.3.5"))),
            redirect=True,
        ),
    ),
    named=(
        NamedServer("dns-1", Server("resolver-inbound", "10.16.0.4"), "reverse-10-16"),
        NamedServer("dns-2", Server("resolver-inbound-2", "10.16.0.36"), "reverse-10-16"),
    ),
    resolvers=(),
)


def program(names: AzureNames, *, protect: bool = False) -> AzureDns:
    vnets = {
        name: network.VirtualNetwork(name, virtual_network_name=name, resource_group_name=name) for name in NETWORKS
    }
    return AzureDns(
        "azure-dns",
        {
            "names": names,
            "resource_group_name": "prod-wan",
            "vnet_ids": {name: vnet.id for name, vnet in vnets.items()},
            "protect": protect,
            "tags": {"environment": "prod"},
        },
    )


@pytest.fixture(scope="module")
def graph() -> Graph:
    return preview_of(lambda: program(NAMES))


def zone_of(graph: Graph, resource: Resource) -> str:
    return source_of(graph, resource, "privateZoneName", ZONE).inputs["privateZoneName"]


def records(graph: Graph, kind: str) -> dict[tuple[str, str], list[str]]:
    """Map zone and name to what the records of a type say."""
    key, value = {"A": ("aRecords", "ipv4Address"), "PTR": ("ptrRecords", "ptrdname")}[kind]
    return {
        (zone_of(graph, record), record.inputs["relativeRecordSetName"]): [entry[value] for entry in record.inputs[key]]
        for record in graph.of_type(RECORD)
        if record.inputs["recordType"] == kind
    }


def test_every_zone_is_there_once_and_without_a_trailing_dot(graph: Graph) -> None:
    assert [zone.inputs["privateZoneName"] for zone in graph.of_type(ZONE)] == [zone.domain for zone in NAMES.zones]


def test_each_network_of_a_zone_sees_it_and_no_other_does(graph: Graph) -> None:
    seen = {(zone_of(graph, link), source_of(graph, link, "virtualNetwork", VNET).name) for link in graph.of_type(LINK)}

    assert seen == {(zone.domain, name) for zone in NAMES.zones for name in zone.networks}
    assert len(graph.of_type(LINK)) == len(seen)


def test_no_machine_writes_itself_into_a_zone(graph: Graph) -> None:
    assert {link.inputs["registrationEnabled"] for link in graph.of_type(LINK)} == {False}


def test_only_zones_of_private_services_ask_the_internet_for_what_they_do_not_have(graph: Graph) -> None:
    policies = {(zone_of(graph, link), link.inputs.get("resolutionPolicy")) for link in graph.of_type(LINK)}

    assert policies == {
        ("azure.acme.internal", None),
        ("16.10.in-addr.arpa", None),
        ("privatelink.blob.core.windows.net", "NxDomainRedirect"),
    }


def test_each_endpoint_has_a_name_and_its_address_leads_back_to_it(graph: Graph) -> None:
    assert records(graph, "PTR") == {
        ("16.10.in-addr.arpa", "4.0"): ["dns-1.azure.acme.internal"],
        ("16.10.in-addr.arpa", "36.0"): ["dns-2.azure.acme.internal"],
    }
    names = {name: found for (zone, name), found in records(graph, "A").items() if zone == "azure.acme.internal"}
    assert names == {"dns-1": ["10.16.0.4"], "dns-2": ["10.16.0.36"]}


def test_a_private_service_answers_at_its_name_and_below_with_all_addresses(graph: Graph) -> None:
    blob = "privatelink.blob.core.windows.net"

    assert {key: found for key, found in records(graph, "A").items() if key[0] == blob} == {
        (blob, "@"): ["10.16.3.4"],
        (blob, "*"): ["10.16.3.4", "10.16.3.5"],
    }


def test_answers_are_kept_for_five_minutes(graph: Graph) -> None:
    assert {record.inputs["ttl"] for record in graph.of_type(RECORD)} == {300}


def test_keys_and_networks_that_read_alike_when_joined_are_still_told_apart() -> None:
    networks = ("azure-eastus-transit", "blob-identity")
    zones = (Zone("a", "a.acme.internal", networks), Zone("a-blob", "b.acme.internal", ("identity",)))

    links = preview_of(lambda: program_with(zones)).of_type(LINK)

    assert len({link.urn for link in links}) == len(links) == 3


def program_with(zones: tuple[Zone, ...]) -> None:
    vnet_ids = {name: f"/vnets/{name}" for zone in zones for name in zone.networks}
    AzureDns(
        "azure-dns",
        {
            "names": AzureNames(zones=zones, named=(), resolvers=()),
            "resource_group_name": "prod-wan",
            "vnet_ids": vnet_ids,
            "protect": False,
            "tags": {},
        },
    )


def test_zones_and_links_belong_to_no_region(graph: Graph) -> None:
    assert {resource.inputs["location"] for kind in (ZONE, LINK) for resource in graph.of_type(kind)} == {"global"}


@pytest.mark.parametrize("asked", [True, False])
def test_only_zones_are_protected_since_others_write_into_them(*, asked: bool) -> None:
    graph = preview_of(lambda: program(NAMES, protect=asked))

    protected = {resource.type for resource in graph.resources if resource.protect}
    assert protected == ({ZONE} if asked else set())


def test_a_zone_is_found_by_its_key_once_it_is_there(graph: Graph) -> None:
    def zone_ids(graph: Graph) -> Any:  # noqa: ANN401 - any JSON
        [dns] = graph.of_type("multicloud-network:index:AzureDns")
        return graph.component_outputs[dns.urn]["zone_ids"]

    update = update_of(lambda: program(NAMES))

    assert zone_ids(graph) == {zone.key: UNKNOWN for zone in NAMES.zones}
    assert zone_ids(update) == {zone.key: update.named(ZONE, f"azure-dns-{zone.key}").id for zone in NAMES.zones}


def test_everything_is_as_the_sdk_declares_it(graph: Graph) -> None:
    assert check(graph) == []
