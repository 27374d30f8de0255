"""Claims about circuits whose middle somebody else provides, before and after it is connected."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import pulumi
import pytest
from pulumi_azure_native import network

from components.aws.circuit import AwsCircuitGateway
from components.links.external_aws import ExternalAwsCircuit
from components.links.external_azure import ExternalAzureCircuit
from components.links.external_gcp import ExternalGcpCircuit
from inspection.graph import SECRET, Graph, Json
from inspection.recording import record
from planning.links.outside_types import ExternalAws, ExternalAzure, ExternalGcp
from tests.components.aws.graphs import CIRCUIT_GATEWAY, CONFIRMATION, refers
from tests.components.aws.graphs import INTERFACE as VIRTUAL_INTERFACE
from tests.components.gcp.graphs import ATTACHMENT, INTERFACE, PARTNER_SESSION, PEER, SPOKE
from tests.components.links.plans_exchange import AWS_GATEWAY
from tests.components.links.plans_outside import (
    CARRIER_ASN,
    CONNECTED_AWS,
    CONNECTED_AZURE,
    CONNECTED_GCP,
    ORDERED_AWS,
    ORDERED_AZURE,
    ORDERED_GCP,
)
from tests.components.links.providers import providers, without_given_provider
from tests.support.declarations import check
from tests.support.recorded import comes_after, depends_on, preview_of, secret, source_of, unknown, update_of

CIRCUIT = "azure-native:network:ExpressRouteCircuit"
PEERING = "azure-native:network:ExpressRouteCircuitPeering"
INTO_HUB = "azure-native:network:ExpressRouteConnection"
ROUTE_MAP = "azure-native:network:RouteMap"
GATEWAY = "azure-native:network:ExpressRouteGateway"
KEY = "SessionKeyOfTheCarrier"
GIVEN_OUT = {"1": ("169.254.60.1/29", "169.254.60.2/29"), "2": ("169.254.61.1/29", "169.254.61.2/29")}
"""Edge domain -> what Google gives its own router, and the one in the middle."""


@dataclass(frozen=True)
class Ends:
    """One pass: what is known of each circuit."""

    aws: ExternalAws
    azure: ExternalAzure
    gcp: ExternalGcp


FIRST = Ends(ORDERED_AWS, ORDERED_AZURE, ORDERED_GCP)
SECOND = Ends(CONNECTED_AWS, CONNECTED_AZURE, CONNECTED_GCP)


def program(ends: Ends, *, protect: bool = False) -> Callable[[], None]:
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
        ExternalAwsCircuit(
            ends.aws.circuit.name,
            {
                "end": ends.aws,
                "account_id": "111122223333",
                "gateway_id": direct_connect.gateway_id,
                "peer_asn": CARRIER_ASN,
                "key": KEY,
            },
            given,
        )
        ExternalAzureCircuit(
            ends.azure.circuit.name,
            {
                "end": ends.azure,
                "resource_group_name": "prod-wan",
                "hub_id": "/hub",
                "hub_name": "prod-hub-eastus",
                "gateway_name": express_route.name,
                "peer_asn": CARRIER_ASN,
                "key": KEY,
                "protect": protect,
                "tags": {"environment": "prod"},
            },
            pulumi.ResourceOptions.merge(given, pulumi.ResourceOptions(depends_on=[express_route])),
        )
        ExternalGcpCircuit(
            ends.gcp.circuit.name,
            {
                "end": ends.gcp,
                "project": "acme-net-prod",
                "router_name": "prod-partner",
                "hub_id": "prod-hub",
                "group_id": "center",
                "peer_asn": CARRIER_ASN,
                "protect": protect,
            },
            given,
        )

    return build


def answer(token: str, _name: str, inputs: dict[str, Json]) -> Mapping[str, Json]:
    """Answer as the clouds do: each with the keys that a provider orders by."""
    if token == CIRCUIT:
        return {"serviceKey": "service-key"}
    if token == VIRTUAL_INTERFACE and "bgpAuthKey" not in inputs:
        return {"bgpAuthKey": "made-by-aws"}
    if token != ATTACHMENT:
        return {}
    domain = inputs["edgeAvailabilityDomain"][-1]
    cloud, middle = GIVEN_OUT[domain]
    return {"pairingKey": f"pairing-key/{domain}", "cloudRouterIpAddress": cloud, "customerRouterIpAddress": middle}


@pytest.fixture(scope="module")
def first() -> Graph:
    return preview_of(program(FIRST))


@pytest.fixture(scope="module")
def second() -> Graph:
    return preview_of(program(SECOND))


@pytest.fixture(scope="module")
def deployed() -> Graph:
    return record(program(SECOND), complete=answer)


def outputs(graph: Graph, kind: str) -> Mapping[str, Json]:
    """Give what a component registered as its outputs."""
    [component] = graph.of_type(f"multicloud-network:index:{kind}")
    return graph.component_outputs[component.urn]


def test_the_second_pass_changes_nothing_of_the_first(first: Graph, second: Graph) -> None:
    for resource in first.resources:
        assert resource.urn in second.by_urn, f"{resource.name} would be deleted"
        later = second.by_urn[resource.urn]
        assert later.inputs == resource.inputs
        assert (later.protect, later.parent) == (resource.protect, resource.parent)


def test_going_back_to_the_first_pass_takes_away_what_the_second_added_and_nothing_else(
    first: Graph, second: Graph
) -> None:
    added = [r for r in second.resources if r.custom and r.urn not in first.by_urn]

    assert {r.type for r in added if not r.read and "providers" not in r.type} == {
        CONFIRMATION,
        VIRTUAL_INTERFACE,
        PEERING,
        ROUTE_MAP,
        INTO_HUB,
        PARTNER_SESSION,
        SPOKE,
    }


def test_nothing_is_made_in_aws_before_the_connection_is_there(first: Graph) -> None:
    [component] = first.of_type("multicloud-network:index:ExternalAwsCircuit")

    assert not first.children(component.urn)
    assert outputs(first, "ExternalAwsCircuit") == {
        "order": {"accountId": "111122223333", "region": "us-east-1", "name": "prod-external-carrier-aws"},
        "session_keys": {},
        "targets": {},
    }


def test_before_they_are_connected_circuits_have_no_session(first: Graph) -> None:
    for token in (PEERING, INTO_HUB, ROUTE_MAP, SPOKE, PARTNER_SESSION, VIRTUAL_INTERFACE, CONFIRMATION):
        assert not first.of_type(token)
    assert outputs(first, "ExternalAzureCircuit")["session_keys"] == {}
    assert outputs(first, "ExternalGcpCircuit")["addresses"] == {}


def test_the_keys_that_a_provider_orders_by_are_exported_in_both_passes_and_secret() -> None:
    for ends in (FIRST, SECOND):
        made = record(program(ends), complete=answer)
        assert outputs(made, "ExternalAzureCircuit")["order"] == {"serviceKey": {SECRET: "service-key"}}
        assert outputs(made, "ExternalGcpCircuit")["order"] == {
            "domain-1": {SECRET: "pairing-key/1"},
            "domain-2": {SECRET: "pairing-key/2"},
        }


def test_a_first_preview_does_not_know_the_keys_and_says_that_they_are_secret(first: Graph) -> None:
    keys = [
        *outputs(first, "ExternalAzureCircuit")["order"].values(),
        *outputs(first, "ExternalGcpCircuit")["order"].values(),
    ]

    assert len(keys) == 3
    assert all(secret(key) and unknown(key) for key in keys)


def test_the_hosted_connection_of_the_configuration_is_accepted_and_carries_the_session(second: Graph) -> None:
    [confirmation], [interface] = second.of_type(CONFIRMATION), second.of_type(VIRTUAL_INTERFACE)

    assert confirmation.inputs == {"connectionId": "dxcon-ffabc123", "region": "us-east-1"}
    assert source_of(second, interface, "connectionId", CONFIRMATION) == confirmation
    assert refers(interface, "dxGatewayId", second.named(CIRCUIT_GATEWAY, "aws-circuits"))
    assert (interface.inputs["vlan"], interface.inputs["bgpAsn"]) == (313, CARRIER_ASN)
    assert interface.inputs["customerAddress"] == "169.254.100.17/30"
    assert interface.inputs["amazonAddress"] == "169.254.100.18/30"
    assert interface.inputs["region"] == "us-east-1"


def test_a_connection_that_was_accepted_by_hand_is_not_accepted_again_and_its_interface_stays() -> None:
    before = preview_of(program(SECOND))
    after = preview_of(program(replace(SECOND, aws=replace(CONNECTED_AWS, accepted=True))))
    [made], [kept] = before.of_type(VIRTUAL_INTERFACE), after.of_type(VIRTUAL_INTERFACE)

    assert not after.of_type(CONFIRMATION)
    assert kept.urn == made.urn, "another interface would meet the first on a connection that takes one"
    assert kept.inputs["connectionId"] == "dxcon-ffabc123"


def test_the_circuit_names_the_provider_and_the_place_as_azure_does(first: Graph) -> None:
    [circuit] = first.of_type(CIRCUIT)

    assert circuit.inputs["serviceProviderProperties"] == {
        "serviceProviderName": "Megaport",
        "peeringLocation": "Washington DC",
        "bandwidthInMbps": 500,
    }


def test_the_sessions_of_azure_name_the_middle_and_wait_for_the_hub(second: Graph) -> None:
    [peering], [into_hub], [gateway] = (second.of_type(token) for token in (PEERING, INTO_HUB, GATEWAY))

    assert peering.inputs["peerASN"] == CARRIER_ASN
    assert peering.inputs["sharedKey"] == {SECRET: KEY}
    assert depends_on(second, peering, gateway)
    assert all(comes_after(second, into_hub, route_map) for route_map in second.of_type(ROUTE_MAP))
    assert comes_after(second, into_hub, peering)


def test_the_sessions_of_google_learn_the_middles_asn_and_no_others_are_made(second: Graph) -> None:
    sessions = second.of_type(PARTNER_SESSION)

    assert [session.inputs["peer_asn"] for session in sessions] == [CARRIER_ASN, CARRIER_ASN]
    assert not second.of_type(INTERFACE)
    assert not second.of_type(PEER)
    [spoke] = second.of_type(SPOKE)
    assert all(comes_after(second, spoke, session) for session in sessions)


def test_what_the_middle_is_configured_with_is_exported_once_it_is_known(second: Graph, deployed: Graph) -> None:
    addresses = outputs(deployed, "ExternalGcpCircuit")["addresses"]

    assert addresses == {
        f"domain-{domain}": {"cloud": cloud, "middle": middle} for domain, (cloud, middle) in GIVEN_OUT.items()
    }
    before = outputs(second, "ExternalGcpCircuit")["addresses"]
    assert all(unknown(address) for leg in before.values() for address in leg.values())


def test_keys_of_sessions_are_exported_as_secrets(deployed: Graph) -> None:
    assert outputs(deployed, "ExternalAwsCircuit")["session_keys"] == {"primary": {SECRET: KEY}}
    assert outputs(deployed, "ExternalAzureCircuit")["session_keys"] == {
        "primary": {SECRET: KEY},
        "secondary": {SECRET: KEY},
    }


def test_what_others_may_bill_for_is_protected_when_asked_in_both_passes() -> None:
    for ends in (FIRST, SECOND):
        protected = [r.type for r in preview_of(program(ends, protect=True)).resources if r.protect]
        assert sorted(protected) == sorted([CIRCUIT, ATTACHMENT, ATTACHMENT])
    assert not any(resource.protect for resource in preview_of(program(SECOND)).resources)


def test_all_of_an_end_is_served_by_the_providers_that_it_was_given(second: Graph) -> None:
    assert without_given_provider(second, "external-carrier") == []


def test_the_same_resources_are_made_whether_anything_is_known_or_not(first: Graph, second: Graph) -> None:
    assert update_of(program(FIRST)).by_urn.keys() == first.by_urn.keys()
    assert update_of(program(SECOND)).by_urn.keys() == second.by_urn.keys()


def test_a_preview_asks_nobody(first: Graph, second: Graph) -> None:
    assert first.invokes == second.invokes == ()


def test_both_passes_send_what_the_sdks_declare(first: Graph, second: Graph) -> None:
    assert check(first) == []
    assert check(second) == []


def test_alarms_name_what_there_is_of_a_circuit(first: Graph, deployed: Graph) -> None:
    [circuit] = deployed.of_type(CIRCUIT)
    ids = {each.inputs["edgeAvailabilityDomain"][-1]: each.id for each in deployed.of_type(ATTACHMENT) if not each.read}

    assert outputs(deployed, "ExternalAwsCircuit")["targets"] == {"directConnect": "dxcon-ffabc123"}
    assert outputs(deployed, "ExternalAzureCircuit")["targets"] == {"expressRoute": circuit.id}
    assert outputs(deployed, "ExternalGcpCircuit")["targets"] == {
        "attachments": {"domain-1": ids["1"], "domain-2": ids["2"]}
    }
    assert unknown(outputs(first, "ExternalAzureCircuit")["targets"]["expressRoute"])
