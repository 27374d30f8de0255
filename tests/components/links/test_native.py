"""Claims about the link that AWS and Google run between themselves."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pulumi
import pytest

from components.aws.circuit import AwsCircuitGateway
from components.links.native import NativeLink
from inspection.graph import SECRET, Graph, Json, Resource
from inspection.recording import record
from tests.components.links.plans_exchange import AWS_GATEWAY
from tests.components.links.plans_outside import NATIVE
from tests.components.links.providers import providers, without_given_provider
from tests.support.declarations import check
from tests.support.recorded import preview_of, secret, unknown, update_of

TRANSPORT = "gcp:networkconnectivity/transport:Transport"
GATEWAY = "aws:directconnect/gateway:Gateway"


def program(key: str | None = None, *, protect: bool = False) -> Callable[[], None]:
    def build() -> None:
        direct_connect = AwsCircuitGateway(
            "aws-circuits",
            {
                "gateway": AWS_GATEWAY,
                "transit_gateway_id": "tgw-1",
                "hub_route_table_ids": {table: f"tgw-rtb-{table}" for table in ("prod", "shared", "links")},
                "protect": False,
            },
        )
        NativeLink(
            NATIVE.name,
            {
                "link": replace(NATIVE, key_given=key is not None),
                "hub_id": "projects/acme-net-prod/locations/global/hubs/prod-hub",
                "gateway_id": direct_connect.gateway_id,
                "activation_key": key,
                "protect": protect,
            },
            pulumi.ResourceOptions(providers=providers()),
        )

    return build


def answer(token: str, _name: str, _inputs: dict[str, Json]) -> Mapping[str, Json]:
    return {"generatedActivationKey": "made-by-google"} if token == TRANSPORT else {}


@pytest.fixture(scope="module")
def graph() -> Graph:
    return preview_of(program())


def transport(graph: Graph) -> Resource:
    [found] = graph.of_type(TRANSPORT)
    return found


def outputs(graph: Graph) -> Mapping[str, Json]:
    [link] = graph.of_type("multicloud-network:index:NativeLink")
    return graph.component_outputs[link.urn]


def test_googles_half_names_the_far_region_account_and_bandwidth(graph: Graph) -> None:
    inputs = transport(graph).inputs

    assert inputs["remoteProfile"] == (
        "https://networkconnectivity.googleapis.com/v1/projects/acme-net-prod/locations/us-east4"
        "/remoteTransportProfiles/aws-us-east-1"
    )
    assert inputs["remoteAccountId"] == "111122223333"
    assert inputs["bandwidth"] == "BPS_2G"
    assert inputs["region"] == "us-east4"


def test_googles_half_is_attached_to_the_hub_and_to_no_vpc(graph: Graph) -> None:
    """The API takes one or the other, and what one VPC learns from a peer reaches no other."""
    inputs = transport(graph).inputs

    assert inputs["hub"] == "projects/acme-net-prod/locations/global/hubs/prod-hub"
    assert inputs["autoAccept"] is True
    assert "network" not in inputs


def test_google_sends_its_aggregates_and_nothing_else(graph: Graph) -> None:
    assert transport(graph).inputs["advertisedRoutes"] == list(NATIVE.advertised)


def test_a_key_that_google_makes_is_handed_on_as_a_secret_with_what_to_run_in_aws(graph: Graph) -> None:
    deployed = record(program(), complete=answer)
    gateway = deployed.named(GATEWAY, "aws-circuits")

    assert "providedActivationKey" not in transport(graph).inputs
    assert outputs(deployed)["activation_key"] == {SECRET: "made-by-google"}
    assert outputs(deployed)["instruction"] == (
        "aws interconnect accept-connection-proposal --region us-east-1"
        f' --attach-point directConnectGateway={gateway.id} --activation-key "$ACTIVATION_KEY"'
    )
    assert secret(outputs(graph)["activation_key"])
    assert unknown(outputs(graph)["activation_key"])


def test_a_key_that_aws_made_is_secret_on_the_way_in_and_out_and_leaves_nothing_to_run() -> None:
    deployed = record(program("made-by-aws"), complete=answer)

    assert transport(deployed).inputs["providedActivationKey"] == {SECRET: "made-by-aws"}
    assert outputs(deployed)["activation_key"] == {SECRET: "made-by-aws"}
    assert "instruction" not in outputs(deployed)


def test_a_key_that_comes_later_changes_nothing_else_of_googles_half(graph: Graph) -> None:
    before, after = transport(graph), transport(preview_of(program("made-by-aws")))

    assert after.urn == before.urn
    assert {key for key in after.inputs if after.inputs[key] != before.inputs.get(key)} == {"providedActivationKey"}
    assert before.inputs.keys() <= after.inputs.keys()


def test_googles_half_is_protected_when_asked(graph: Graph) -> None:
    assert not transport(graph).protect
    assert transport(preview_of(program(protect=True))).protect


def test_the_link_is_served_by_the_provider_that_it_was_given(graph: Graph) -> None:
    assert without_given_provider(graph, "aws-gcp") == []


def test_alarms_name_googles_half() -> None:
    deployed = record(program(), complete=answer)

    assert outputs(deployed)["targets"] == {"transport": transport(deployed).id}


def test_the_keys_are_kept_secret_in_what_is_remembered_of_googles_half(graph: Graph) -> None:
    assert {"generatedActivationKey", "providedActivationKey"} <= {*transport(graph).secret_outputs}


def test_the_same_resources_are_made_whether_anything_is_known_or_not(graph: Graph) -> None:
    assert update_of(program()).by_urn.keys() == graph.by_urn.keys()


def test_the_link_sends_what_the_sdk_declares(graph: Graph) -> None:
    assert check(graph) == []
