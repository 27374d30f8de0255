"""Claims about ports that a site has straight at clouds: there already, ordered, and patched."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import pulumi
import pytest
from pulumi_azure_native import network

from components.aws.circuit import AwsCircuitGateway
from components.links.dedicated_aws import DedicatedAwsPort
from components.links.dedicated_azure import DedicatedAzurePort
from components.links.dedicated_gcp import DedicatedGcpPort
from inspection.graph import SECRET, Graph, Json
from inspection.recording import record
from planning.links.outside_types import DedicatedAws, DedicatedAzure, DedicatedGcp
from tests.components.aws.graphs import CIRCUIT_GATEWAY, CONFIRMATION, refers
from tests.components.aws.graphs import INTERFACE as VIRTUAL_INTERFACE
from tests.components.gcp.graphs import ATTACHMENT, INTERFACE, PARTNER_SESSION, PEER, ROUTE_POLICY, SPOKE
from tests.components.links.plans_exchange import AWS_GATEWAY
from tests.components.links.plans_outside import (
    AWS_PORT,
    AZURE_PORT,
    GCP_PORT,
    ORDERED_AWS_PORT,
    ORDERED_AZURE_PORT,
    ORDERED_GCP_PORT,
    SITE_ASN,
)
from tests.components.links.providers import providers, without_given_provider
from tests.support.declarations import check
from tests.support.recorded import comes_after, depends_on, preview_of, source_of, unknown, update_of

CONNECTION = "aws:directconnect/connection:Connection"
PORTS = "azure-native:network:ExpressRoutePort"
CIRCUIT = "azure-native:network:ExpressRouteCircuit"
PEERING = "azure-native:network:ExpressRouteCircuitPeering"
INTO_HUB = "azure-native:network:ExpressRouteConnection"
GATEWAY = "azure-native:network:ExpressRouteGateway"
INTERCONNECT = "gcp:compute/interconnect:Interconnect"
ORDERS = (CONNECTION, PORTS, INTERCONNECT)
SESSIONS = (VIRTUAL_INTERFACE, CIRCUIT, PEERING, INTO_HUB, ATTACHMENT, INTERFACE, PEER, SPOKE)
KEY = "SessionKeyOfHq"
PROJECT = "https://www.googleapis.com/compute/v1/projects/acme-net-prod/global"


@dataclass(frozen=True)
class Ports:
    """One pass: the port at each cloud."""

    aws: DedicatedAws
    azure: DedicatedAzure
    gcp: DedicatedGcp


THERE = Ports(AWS_PORT, AZURE_PORT, GCP_PORT)
ORDERED = Ports(ORDERED_AWS_PORT, ORDERED_AZURE_PORT, ORDERED_GCP_PORT)
PATCHED = Ports(replace(ORDERED.aws, up=True), replace(ORDERED.azure, up=True), replace(ORDERED.gcp, up=True))


def program(ports: Ports, *, protect: bool = False) -> Callable[[], None]:
    def build() -> None:
        given = pulumi.ResourceOptions(providers=providers())
        direct_connect = AwsCircuitGateway(
            "aws-circuits",
            {
                "gateway": AWS_GATEWAY,
                "transit_gateway_id": "tgw-1",
                "hub_route_table_ids": {table: f"tgw-rtb-{table}" for table in ("prod", "shared", "links")},
                "protect": False,
            },
        )
        express_route = network.ExpressRouteGateway(
            "gateway", resource_group_name="prod-wan", virtual_hub=network.VirtualHubIdArgs(id="/hub")
        )
        DedicatedAwsPort(
            ports.aws.circuit.name,
            {"port": ports.aws, "gateway_id": direct_connect.gateway_id, "key": KEY},
            given,
        )
        DedicatedAzurePort(
            ports.azure.circuit.name,
            {
                "port": ports.azure,
                "resource_group_name": "prod-wan",
                "hub_id": "/hub",
                "hub_name": "prod-hub-eastus",
                "gateway_name": express_route.name,
                "key": KEY,
                "protect": protect,
                "tags": {"environment": "prod"},
            },
            pulumi.ResourceOptions.merge(given, pulumi.ResourceOptions(depends_on=[express_route])),
        )
        DedicatedGcpPort(
            ports.gcp.name,
            {
                "port": ports.gcp,
                "project": "acme-net-prod",
                "router_name": "prod-transit-router",
                "hub_id": "prod-hub",
                "group_id": "center",
                "protect": protect,
            },
            given,
        )

    return build


@pytest.fixture(scope="module")
def there() -> Graph:
    return preview_of(program(THERE))


@pytest.fixture(scope="module")
def ordered() -> Graph:
    return preview_of(program(ORDERED))


@pytest.fixture(scope="module")
def patched() -> Graph:
    return preview_of(program(PATCHED))


def outputs(graph: Graph, kind: str) -> Mapping[str, Json]:
    """Give what a component registered as its outputs."""
    [component] = graph.of_type(f"multicloud-network:index:{kind}")
    return graph.component_outputs[component.urn]


def test_nothing_is_ordered_unless_the_plan_has_an_order(there: Graph) -> None:
    for token in ORDERS:
        assert not there.of_type(token)


def test_an_order_is_protected_in_every_environment(ordered: Graph, patched: Graph) -> None:
    for graph in (ordered, patched):
        assert {resource.type for resource in graph.resources if resource.protect} == {*ORDERS}


def test_circuits_and_attachments_on_ports_are_protected_when_asked() -> None:
    protected = {resource.type for resource in preview_of(program(THERE, protect=True)).resources if resource.protect}

    assert protected == {CIRCUIT, ATTACHMENT}


def test_nothing_is_made_on_a_port_that_nobody_has_patched(ordered: Graph) -> None:
    for token in SESSIONS:
        assert not ordered.of_type(token)
    assert "session_key" not in outputs(ordered, "DedicatedAwsPort")
    assert "session_key" not in outputs(ordered, "DedicatedAzurePort")


def test_once_patched_the_order_stays_and_only_the_links_of_azures_ports_are_switched_on(
    ordered: Graph, patched: Graph
) -> None:
    for resource in ordered.resources:
        later = patched.by_urn[resource.urn]
        if resource.type != PORTS:
            assert later.inputs == resource.inputs
    [before], [after] = ordered.of_type(PORTS), patched.of_type(PORTS)

    assert [link["adminState"] for link in before.inputs["links"]] == ["Disabled", "Disabled"]
    assert [link["adminState"] for link in after.inputs["links"]] == ["Enabled", "Enabled"]
    assert [link["name"] for link in before.inputs["links"]] == [link["name"] for link in after.inputs["links"]]
    assert {**after.inputs, "links": None} == {**before.inputs, "links": None}


def test_a_port_at_aws_is_ordered_where_and_as_large_as_the_plan_says(ordered: Graph) -> None:
    [connection] = ordered.of_type(CONNECTION)

    assert connection.inputs == {
        "name": "prod-dedicated-hq-east",
        "bandwidth": "10Gbps",
        "location": "EqDC2",
        "region": "us-east-1",
        "tags": {"Name": "prod-dedicated-hq-east"},
    }


def test_ports_at_azure_are_ordered_where_and_as_large_as_the_plan_says(ordered: Graph) -> None:
    inputs = ordered.of_type(PORTS)[0].inputs

    assert inputs["peeringLocation"] == "Equinix-Ashburn-DC2"
    assert inputs["bandwidthInGbps"] == 10
    assert inputs["encapsulation"] == "Dot1Q"
    assert inputs["location"] == "eastus"
    assert inputs["expressRoutePortName"] == "prod-dedicated-hq-east"
    assert inputs["resourceGroupName"] == "prod-wan"
    assert inputs["tags"] == {"environment": "prod"}


def test_a_port_at_google_is_ordered_where_and_as_large_as_the_plan_says(ordered: Graph) -> None:
    assert ordered.of_type(INTERCONNECT)[0].inputs == {
        "name": "prod-dedicated-hq-east",
        "interconnectType": "DEDICATED",
        "linkType": "LINK_TYPE_ETHERNET_10G_LR",
        "requestedLinkCount": 2,
        "location": f"{PROJECT}/interconnectLocations/iad-zone1-1",
        "customerName": "Acme",
        "nocContactEmail": "noc@acme.example",
    }


def test_the_interface_stands_on_the_sites_connection_which_needs_no_acceptance(there: Graph, patched: Graph) -> None:
    [given], [made] = there.of_type(VIRTUAL_INTERFACE), patched.of_type(VIRTUAL_INTERFACE)

    assert given.inputs["connectionId"] == "dxcon-ffabc124"
    assert source_of(patched, made, "connectionId", CONNECTION) == patched.of_type(CONNECTION)[0]
    assert not there.of_type(CONFIRMATION)
    for interface in (given, made):
        assert (interface.inputs["vlan"], interface.inputs["bgpAsn"]) == (101, SITE_ASN)
        assert interface.inputs["customerAddress"] == "169.254.100.21/30"
        assert interface.inputs["amazonAddress"] == "169.254.100.22/30"
    assert refers(given, "dxGatewayId", there.named(CIRCUIT_GATEWAY, "aws-circuits"))


def test_the_circuit_is_on_the_ports_and_has_no_provider(there: Graph, patched: Graph) -> None:
    [given], [made] = there.of_type(CIRCUIT), patched.of_type(CIRCUIT)

    assert given.inputs["expressRoutePort"] == {"id": AZURE_PORT.origin}
    assert source_of(patched, made, "expressRoutePort", PORTS) == patched.of_type(PORTS)[0]
    for circuit in (given, made):
        assert circuit.inputs["bandwidthInGbps"] == 2
        assert "serviceProviderProperties" not in circuit.inputs
        assert circuit.inputs["sku"] == {"name": "Standard_MeteredData", "tier": "Standard", "family": "MeteredData"}
        assert circuit.inputs["circuitName"] == "prod-dedicated-hq-east"
        assert circuit.inputs["allowClassicOperations"] is False
        assert circuit.inputs["tags"] == {"environment": "prod"}
        assert "serviceKey" in circuit.secret_outputs


def test_the_sessions_of_azure_are_with_the_site_and_enter_the_hub_before_all_circuits(there: Graph) -> None:
    [peering], [into_hub], [gateway] = (there.of_type(token) for token in (PEERING, INTO_HUB, GATEWAY))

    assert source_of(there, peering, "circuitName", CIRCUIT) == there.of_type(CIRCUIT)[0]
    assert (peering.inputs["peerASN"], peering.inputs["vlanId"]) == (SITE_ASN, 102)
    assert peering.inputs["sharedKey"] == {SECRET: KEY}
    assert depends_on(there, peering, gateway)
    assert into_hub.inputs["routingWeight"] == 200


def test_the_attachment_is_dedicated_on_the_sites_interconnect(there: Graph, patched: Graph) -> None:
    [attachment] = there.of_type(ATTACHMENT)

    assert attachment.inputs == {
        "name": "prod-dedicated-hq-east",
        "region": "us-east4",
        "router": "prod-transit-router",
        "type": "DEDICATED",
        "interconnect": f"{PROJECT}/interconnects/hq-east",
        "bandwidth": "BPS_5G",
        "vlanTag8021q": 103,
        "candidateCloudRouterIpAddress": "169.254.100.25/29",
        "candidateCustomerRouterIpAddress": "169.254.100.26/29",
        "mtu": "1500",
        "adminEnabled": True,
    }
    [made] = patched.of_type(ATTACHMENT)
    assert source_of(patched, made, "interconnect", INTERCONNECT) == patched.of_type(INTERCONNECT)[0]


def test_small_attachments_are_written_as_google_writes_them() -> None:
    small = replace(THERE, gcp=replace(GCP_PORT, bandwidth=500))

    assert preview_of(program(small)).of_type(ATTACHMENT)[0].inputs["bandwidth"] == "BPS_500M"


def given_out(token: str, _name: str, _inputs: dict[str, Json]) -> Mapping[str, Json]:
    if token != ATTACHMENT:
        return {}
    return {
        "selfLink": f"{PROJECT}/attachment",
        "cloudRouterIpAddress": "169.254.100.25/29",
        "customerRouterIpAddress": "169.254.100.26/29",
    }


def test_google_speaks_with_the_site_over_the_attachment_from_the_addresses_that_it_has() -> None:
    graph = record(program(THERE), complete=given_out)
    [attachment], [interface], [peer] = (graph.of_type(token) for token in (ATTACHMENT, INTERFACE, PEER))

    assert interface.inputs["ipRange"] == "169.254.100.25/29"
    assert refers(interface, "interconnectAttachment", attachment)
    assert refers(peer, "interface", interface)
    assert peer.inputs["peerIpAddress"] == "169.254.100.26"
    assert peer.inputs["peerAsn"] == SITE_ASN
    assert not graph.of_type(PARTNER_SESSION)


def test_google_learns_the_sites_prefixes_alone_and_prefers_them_to_circuits(there: Graph) -> None:
    [policy], [peer], [spoke] = (there.of_type(token) for token in (ROUTE_POLICY, PEER, SPOKE))
    *accepted, last = policy.inputs["terms"]

    assert policy.inputs["type"] == "ROUTE_POLICY_TYPE_IMPORT"
    [interface] = there.of_type(INTERFACE)
    for resource in (policy, peer, interface):
        assert resource.inputs["name"] == "prod-dedicated-hq-east"
        assert resource.inputs["region"] == "us-east4"
        assert resource.inputs["router"] == "prod-transit-router"
    assert [term["match"]["expression"] for term in accepted] == [
        f"destination == '{prefix}'" for prefix in GCP_PORT.end.accepts
    ]
    assert all([a["expression"] for a in t["actions"]] == ["med.set(50)", "accept()"] for t in accepted)
    assert [action["expression"] for action in last["actions"]] == ["drop()"]
    assert refers(peer, "importPolicies", policy), "without it the session would start unfiltered"
    assert peer.inputs["advertisedRoutePriority"] == 50
    assert spoke.inputs["linkedInterconnectAttachments"]["siteToSiteDataTransfer"] is False
    assert comes_after(there, spoke, there.of_type(ATTACHMENT)[0])
    assert (spoke.inputs["group"], spoke.inputs["location"]) == ("center", "us-east4")


def test_keys_of_sessions_are_exported_as_secrets(there: Graph) -> None:
    deployed = record(program(THERE), complete=given_out)

    assert outputs(deployed, "DedicatedAwsPort")["session_key"] == {SECRET: KEY}
    assert outputs(deployed, "DedicatedAzurePort")["session_key"] == {SECRET: KEY}
    [key] = [outputs(there, "DedicatedAwsPort")["session_key"]]
    assert SECRET in key


def test_the_ids_of_orders_are_known_only_when_they_are_placed(ordered: Graph) -> None:
    assert unknown(outputs(ordered, "DedicatedAwsPort")["connection_id"])
    assert unknown(outputs(ordered, "DedicatedAzurePort")["port_id"])


def test_all_of_a_port_is_served_by_the_providers_that_it_was_given(there: Graph, patched: Graph) -> None:
    assert without_given_provider(there, "dedicated-hq") == []
    assert without_given_provider(patched, "dedicated-hq") == []


def test_what_hangs_on_a_port_is_told_to_whoever_asks(there: Graph) -> None:
    assert outputs(there, "DedicatedGcpPort")["interconnect"] == f"{PROJECT}/interconnects/hq-east"
    assert unknown(outputs(there, "GcpDedicated")["attachment_id"])


def test_alarms_name_the_sites_connection_and_what_is_made_on_ports(there: Graph, ordered: Graph) -> None:
    deployed = record(program(THERE), complete=given_out)
    [circuit], [attachment] = deployed.of_type(CIRCUIT), deployed.of_type(ATTACHMENT)

    assert outputs(there, "DedicatedAwsPort")["targets"] == {"directConnect": AWS_PORT.origin}
    assert outputs(deployed, "DedicatedAzurePort")["targets"] == {"expressRoute": circuit.id}
    assert outputs(deployed, "DedicatedGcpPort")["targets"] == {"attachments": {"primary": attachment.id}}
    assert unknown(outputs(ordered, "DedicatedAwsPort")["targets"]["directConnect"])
    assert outputs(ordered, "DedicatedAzurePort")["targets"] == outputs(ordered, "DedicatedGcpPort")["targets"] == {}


def test_the_same_resources_are_made_whether_anything_is_known_or_not() -> None:
    for ports in (THERE, ORDERED, PATCHED):
        assert update_of(program(ports)).by_urn.keys() == preview_of(program(ports)).by_urn.keys()


def test_every_pass_sends_what_the_sdks_declare(there: Graph, ordered: Graph, patched: Graph) -> None:
    for graph in (there, ordered, patched):
        assert check(graph) == []
