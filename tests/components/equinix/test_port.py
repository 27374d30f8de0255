"""Claims about a port of a site's that is ordered, and about the two passes that it takes."""

from collections.abc import Callable
from dataclasses import replace

import pulumi
import pulumi_equinix
import pytest

from components.equinix.port import EquinixPort
from components.links.circuits import Gateways, build_exchange
from components.links.ground import Ground
from inspection.graph import SECRET, UNKNOWN, Graph, Resource
from planning.links.types import Links, SiteCircuit
from tests.components.equinix.graphs import CONNECTION, far_side, outputs_of, refers
from tests.components.links.plans_exchange import EXCHANGE, PORT_ORDER, SITE
from tests.components.links.plans_exchange import ROUTER as PLAN
from tests.support.declarations import check
from tests.support.recorded import preview_of, update_of

PORT = "equinix:fabric/port:Port"
NAME = "exchange-dc-hq-port"
ORDERED = replace(SITE, port=PORT_ORDER, up=False)
PROVISIONED = replace(ORDERED, up=True)


def program() -> None:
    EquinixPort(NAME, {"order": PORT_ORDER, "exchange": EXCHANGE})


def building(circuit: SiteCircuit) -> Callable[[], None]:
    """Build an exchange that joins one site, where nothing is protected."""

    def build() -> None:
        exchange = replace(EXCHANGE, routers=[replace(PLAN, aws=None, azure=None, gcp=None, sites=[circuit])])
        links = Links(
            vpns=[],
            exchange=exchange,
            aws_circuit_gateway=None,
            azure_vpn_gateways=[],
            azure_circuit_gateway=None,
            gcp_vpn_regions=[],
            table=[],
        )
        ground = Ground(
            environment="prod",
            protect=False,
            tags={},
            aws=None,
            aws_account_id="",
            azure=None,
            gcp=None,
            gcp_project="",
            secret=pulumi.Output.secret("a secret of the test"),
            given_keys=None,
            providers=[pulumi_equinix.Provider("given-equinix")],
        )
        built = build_exchange(links, exchange, Gateways(None, None), ground)
        pulumi.export("keys", built.session_keys)

    return build


@pytest.fixture(scope="module")
def port() -> Resource:
    return preview_of(program).named(PORT, NAME)


@pytest.fixture(scope="module")
def ordered() -> Graph:
    return preview_of(building(ORDERED))


@pytest.fixture(scope="module")
def provisioned() -> Graph:
    return preview_of(building(PROVISIONED))


def test_the_port_is_ordered_where_and_as_fast_as_the_plan_says(port: Resource) -> None:
    assert (port.inputs["type"], port.inputs["connectivitySourceType"]) == ("XF_PORT", "COLO")
    assert port.inputs["location"] == {"metroCode": "DC"}
    assert port.inputs["demarcationPointIbx"] == "DC5"
    assert port.inputs["physicalPortsSpeed"] == 10_000
    assert port.inputs["physicalPortsType"] == "10GBASE_LR"
    assert (port.inputs["physicalPortsCount"], port.inputs["lagEnabled"]) == (1, False)


def test_the_cross_connect_ends_in_the_sites_cage(port: Resource) -> None:
    assert port.inputs["physicalPorts"] == [
        {
            "type": "XF_PHYSICAL_PORT",
            "demarcationPoint": {
                "ibx": "DC5",
                "cageUniqueSpaceId": "DC5:01:002087",
                "cabinetUniqueSpaceId": "Demarc",
                "patchPanel": "PP:Demarc:00002087",
                "connectorType": "SC",
            },
        }
    ]


def test_circuits_of_several_links_share_the_port_by_vlan(port: Resource) -> None:
    assert port.inputs["encapsulation"] == {"type": "DOT1Q", "tagProtocolId": "0x8100"}


def test_the_order_says_who_pays_and_which_users_are_told(port: Resource) -> None:
    assert port.inputs["project"] == {"projectId": "377533000114703"}
    assert port.inputs["account"] == {"accountNumber": 270001}
    assert port.inputs["notifications"] == [
        {"type": kind, "registeredUsers": ["acme-noc", "acme-net"]} for kind in ("TECHNICAL", "NOTIFICATION")
    ]


def test_the_provider_waits_long_enough_for_equinix_to_reserve_the_port(port: Resource) -> None:
    assert port.inputs["timeouts"] == {"create": "60m", "delete": "60m"}


def test_no_change_is_an_update_which_would_take_the_ports_name_away(port: Resource) -> None:
    named_for_good = {"type", "location"}

    assert not {*port.replace_on_changes} & {*port.ignore_changes}
    assert {*port.replace_on_changes, *port.ignore_changes} == port.inputs.keys() - named_for_good


def test_another_place_or_speed_is_another_port(port: Resource) -> None:
    assert {"demarcationPointIbx", "physicalPortsSpeed"} <= {*port.replace_on_changes}


def test_an_order_is_protected_in_every_environment(ordered: Graph, provisioned: Graph) -> None:
    for graph in (ordered, provisioned):
        assert [resource.type for resource in graph.resources if resource.protect] == [PORT]


def test_nothing_is_ordered_for_a_port_that_is_there() -> None:
    assert not preview_of(building(SITE)).of_type(PORT)


def test_no_circuit_is_made_before_the_port_is_provisioned(ordered: Graph, provisioned: Graph) -> None:
    assert not ordered.of_type(CONNECTION)
    assert not [resource for resource in ordered.resources if "outingProtocol" in resource.type]
    [circuit] = provisioned.of_type(CONNECTION)
    [port] = provisioned.of_type(PORT)
    assert far_side(circuit)["port"] == {"uuid": UNKNOWN}
    assert refers(circuit, "zSide", port)


def test_the_circuit_ends_on_the_port_that_was_ordered() -> None:
    deployed = update_of(building(PROVISIONED))
    [circuit], [port] = deployed.of_type(CONNECTION), deployed.of_type(PORT)

    assert far_side(circuit)["port"] == {"uuid": port.id}


def test_the_second_pass_changes_nothing_of_the_first(ordered: Graph, provisioned: Graph) -> None:
    for resource in ordered.resources:
        assert provisioned.by_urn[resource.urn].inputs == resource.inputs
    assert len(provisioned.resources) > len(ordered.resources)


def test_the_sites_router_can_be_made_ready_while_the_port_is_waited_for(ordered: Graph, provisioned: Graph) -> None:
    assert ordered.outputs["keys"] == provisioned.outputs["keys"]
    assert SECRET in ordered.outputs["keys"][SITE.name]


def test_the_order_goes_to_the_provider_that_links_were_given(ordered: Graph) -> None:
    assert "::given-equinix" in ordered.named(PORT, NAME).provider


def test_the_id_of_a_port_is_known_only_when_it_is_ordered() -> None:
    deployed = update_of(program)

    assert outputs_of(preview_of(program), "EquinixPort") == {"port_id": UNKNOWN}
    assert outputs_of(deployed, "EquinixPort") == {"port_id": deployed.named(PORT, NAME).id}


def test_every_pass_sends_what_equinix_declares(ordered: Graph, provisioned: Graph) -> None:
    assert check(ordered) == check(provisioned) == []
