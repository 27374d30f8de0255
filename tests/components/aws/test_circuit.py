from collections.abc import Callable, Mapping
from dataclasses import replace

import pulumi
import pulumi_aws as aws
import pytest

from components.aws.circuit import AwsCircuit, AwsCircuitArgs, AwsCircuitGateway, AwsCircuitGatewayArgs
from inspection.graph import SECRET, Graph, Json
from inspection.recording import record
from tests.components.aws.graphs import (
    ASSOCIATION,
    CIRCUIT_GATEWAY,
    CONFIRMATION,
    GATEWAY_ASSOCIATION,
    INTERFACE,
    PROPAGATION,
    refers,
)
from tests.components.aws.plans import CIRCUIT
from tests.components.aws.plans import CIRCUIT_GATEWAY as PLAN
from tests.support import declarations
from tests.support.recorded import careless, depends_on, preview_of, secret, unknown

GATEWAY = "aws-circuits"
ORDER = "aws:directconnect/connection:Connection"
"""Stands for the exchange's connection: something that the circuit has to wait for."""


def gateway(*, protect: bool = False) -> Graph:
    args: AwsCircuitGatewayArgs = {
        "gateway": PLAN,
        "transit_gateway_id": "tgw-1",
        "hub_route_table_ids": {table: f"tgw-rtb-{table}" for table in ("prod", "shared", "links")},
        "protect": protect,
    }
    return preview_of(lambda: AwsCircuitGateway(GATEWAY, args))


def order() -> aws.directconnect.Connection:
    return aws.directconnect.Connection("order", name="order", bandwidth="1Gbps", location="CH2", region="us-east-2")


def building(key: pulumi.Input[str] | None = None) -> Callable[[], AwsCircuit]:
    args: AwsCircuitArgs = {
        "circuit": CIRCUIT,
        "connection_id": "dxcon-1",
        "vlan": 313,
        "gateway_id": "dxgw-1",
        "peer_asn": 54321,
        "key": key,
    }
    return lambda: AwsCircuit(CIRCUIT.name, args, pulumi.ResourceOptions(depends_on=[order()]))


@pytest.fixture(scope="module")
def graph() -> Graph:
    return preview_of(building())


def test_the_gateway_has_its_own_asn_and_tells_the_far_side_the_aggregates_of_the_plan() -> None:
    built = gateway()
    direct_connect = built.named(CIRCUIT_GATEWAY, GATEWAY)
    association = built.named(GATEWAY_ASSOCIATION, GATEWAY)

    assert direct_connect.inputs["amazonSideAsn"] == "64540"
    assert association.inputs["allowedPrefixes"] == ["10.0.0.0/16", "10.8.0.0/18"]
    assert association.inputs["associatedGatewayId"] == "tgw-1"
    assert refers(association, "dxGatewayId", direct_connect)


def test_the_association_is_made_in_the_region_of_the_transit_gateway() -> None:
    built = gateway()

    assert "region" not in built.named(CIRCUIT_GATEWAY, GATEWAY).inputs, "a Direct Connect gateway serves all regions"
    for token in (GATEWAY_ASSOCIATION, ASSOCIATION, PROPAGATION):
        assert {resource.inputs["region"] for resource in built.of_type(token)} == {"us-east-1"}


def test_traffic_from_circuits_is_looked_up_in_the_links_table_alone() -> None:
    built = gateway()
    [association] = built.of_type(ASSOCIATION)

    assert association.inputs["transitGatewayRouteTableId"] == "tgw-rtb-links"
    assert refers(association, "transitGatewayAttachmentId", built.named(GATEWAY_ASSOCIATION, GATEWAY))
    assert association.delete_before_replace, "an attachment takes one association"


def test_what_circuits_bring_is_learnt_by_the_tables_of_the_plan_and_no_other() -> None:
    built = gateway()
    propagations = built.of_type(PROPAGATION)

    learnt = sorted(propagation.inputs["transitGatewayRouteTableId"] for propagation in propagations)

    assert learnt == ["tgw-rtb-prod", "tgw-rtb-shared"]
    for propagation in propagations:
        assert refers(propagation, "transitGatewayAttachmentId", built.named(GATEWAY_ASSOCIATION, GATEWAY))


def test_only_the_direct_connect_gateway_is_protected_and_only_when_asked() -> None:
    assert not any(resource.protect for resource in gateway().resources)
    assert [r.type for r in gateway(protect=True).resources if r.protect] == [CIRCUIT_GATEWAY]


def test_the_hosted_connection_is_accepted_once_the_exchange_has_ordered_it(graph: Graph) -> None:
    confirmation = graph.named(CONFIRMATION, "exchange-ch-aws")

    assert confirmation.inputs == {"connectionId": "dxcon-1", "region": "us-east-2"}
    assert depends_on(graph, confirmation, graph.named(ORDER, "order"))


def test_the_interface_is_made_on_the_accepted_connection_in_its_region(graph: Graph) -> None:
    interface = graph.named(INTERFACE, "exchange-ch-aws")

    assert refers(interface, "connectionId", graph.named(CONFIRMATION, "exchange-ch-aws"))
    assert interface.inputs["region"] == "us-east-2"
    assert (interface.inputs["vlan"], interface.inputs["mtu"]) == (313, 8500)
    assert interface.inputs["dxGatewayId"] == "dxgw-1"


def test_the_session_runs_between_the_two_addresses_of_the_leg_and_names_the_exchanges_asn(graph: Graph) -> None:
    inputs = graph.named(INTERFACE, "exchange-ch-aws").inputs

    assert inputs["addressFamily"] == "ipv4"
    assert inputs["amazonAddress"] == "169.254.12.2/30"
    assert inputs["customerAddress"] == "169.254.12.1/30"
    assert inputs["bgpAsn"] == 54321


@pytest.mark.parametrize("missing", ["middle_address", "end_address"])
def test_a_leg_without_addresses_is_refused(missing: str) -> None:
    """They are given out by Google on its own legs; here nobody would fill them in."""
    circuit = replace(CIRCUIT, leg=replace(CIRCUIT.leg, **{missing: None}))
    args: AwsCircuitArgs = {
        "circuit": circuit,
        "connection_id": "dxcon-1",
        "vlan": 313,
        "gateway_id": "dxgw-1",
        "peer_asn": 54321,
        "key": None,
    }

    with pytest.raises(ValueError, match="None"):
        preview_of(lambda: AwsCircuit(circuit.name, args))


def test_a_replaced_interface_makes_way_first(graph: Graph) -> None:
    """A hosted connection carries one virtual interface."""
    assert graph.named(INTERFACE, "exchange-ch-aws").delete_before_replace


def key_after_deployment(key: str | None) -> tuple[Graph, Json]:
    def made_up(token: str, _name: str, inputs: Mapping[str, Json]) -> Mapping[str, Json]:
        return {"bgpAuthKey": "made-by-aws"} if token == INTERFACE and "bgpAuthKey" not in inputs else {}

    graph = record(building(key), complete=made_up)
    [component] = [r for r in graph.resources if r.type == "multicloud-network:index:AwsCircuit"]
    return graph, graph.component_outputs[component.urn]["session_key"]


def test_a_key_handed_in_is_secret_on_the_way_in_and_out() -> None:
    graph, handed_on = key_after_deployment("letters1and2numbers")

    assert graph.named(INTERFACE, "exchange-ch-aws").inputs["bgpAuthKey"] == {SECRET: "letters1and2numbers"}
    assert handed_on == {SECRET: "letters1and2numbers"}


def test_a_key_that_aws_makes_is_handed_on_as_a_secret(graph: Graph) -> None:
    deployed, handed_on = key_after_deployment(None)
    [circuit] = graph.of_type("multicloud-network:index:AwsCircuit")
    planned = graph.component_outputs[circuit.urn]["session_key"]

    assert "bgpAuthKey" not in deployed.named(INTERFACE, "exchange-ch-aws").inputs
    assert handed_on == {SECRET: "made-by-aws"}
    assert secret(planned)
    assert unknown(planned)


def test_a_key_that_aws_makes_is_secret_in_itself_whatever_the_engine_makes_of_options() -> None:
    with careless():
        _, handed_on = key_after_deployment(None)

    assert handed_on == {SECRET: "made-by-aws"}


def test_the_exchange_can_wait_for_the_accepted_connection_and_the_interface() -> None:
    def program() -> None:
        circuit = building()()
        aws.directconnect.Connection(
            "session", bandwidth="1Gbps", location="CH2", opts=pulumi.ResourceOptions(depends_on=circuit.ready)
        )

    graph = preview_of(program)
    session = graph.named(ORDER, "session")

    assert depends_on(graph, session, graph.named(CONFIRMATION, "exchange-ch-aws"))
    assert depends_on(graph, session, graph.named(INTERFACE, "exchange-ch-aws"))


def test_gateway_and_circuit_send_what_the_sdk_declares(graph: Graph) -> None:
    assert declarations.check(graph) == []
    assert declarations.check(gateway()) == []
