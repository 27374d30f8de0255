"""Claims about virtual circuits as they are ordered."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import pulumi
import pytest

from components.equinix.circuit import EquinixConnection, EquinixConnectionArgs, EquinixProviderArgs
from components.equinix.cloud_router import EquinixRouter
from inspection.graph import SECRET, UNKNOWN, Graph, Json, Resource
from inspection.recording import record
from tests.components.equinix.graphs import CONNECTION, PROFILES, ROUTER, Answers, far_side, profiles, refers, update
from tests.components.links.plans_exchange import AWS as AWS_CIRCUIT
from tests.components.links.plans_exchange import EXCHANGE
from tests.components.links.plans_exchange import ROUTER as PLAN
from tests.support.declarations import check
from tests.support.recorded import preview_of

NAME = "exchange-dc-aws-primary"
ACCOUNT = "011122223333"
AWS: EquinixProviderArgs = {
    "profile": "AWS Direct Connect",
    "key": ACCOUNT,
    "region": "us-east-1",
    "peering": None,
}
AZURE: EquinixProviderArgs = {
    "profile": "Azure ExpressRoute",
    "key": "service-key",
    "region": None,
    "peering": "PRIVATE",
}
ARGS: EquinixConnectionArgs = {
    "exchange": EXCHANGE,
    "router_id": "router-uuid",
    "leg": AWS_CIRCUIT.leg,
    "metro": "DC",
    "bandwidth": 500,
    "provider": AWS,
    "port": None,
    "redundancy": None,
    "protect": False,
}


def program(args: EquinixConnectionArgs = ARGS) -> Callable[[], object]:
    def build() -> None:
        router = EquinixRouter("exchange-dc", {"router": PLAN, "exchange": EXCHANGE, "protect": False})
        EquinixConnection(NAME, {**args, "router_id": router.router_id})

    return build


def ordered(args: EquinixConnectionArgs = ARGS, answers: Answers | None = None) -> Resource:
    """Record the order of a circuit that Equinix offers everywhere."""
    graph = update(program(args), answers or profiles({"DC": ["us-east-1"]}))
    return graph.named(CONNECTION, NAME)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return preview_of(program())


def test_a_circuit_runs_from_the_router_to_the_cloud_in_the_metro(graph: Graph) -> None:
    circuit = graph.named(CONNECTION, NAME)

    assert circuit.inputs["type"] == "IP_VC"
    assert circuit.inputs["aSide"] == {"accessPoint": {"type": "CLOUD_ROUTER", "router": {"uuid": UNKNOWN}}}
    assert refers(circuit, "aSide", graph.named(ROUTER, "exchange-dc"))
    assert far_side(circuit) == {
        "type": "SP",
        "authenticationKey": {SECRET: ACCOUNT},
        "sellerRegion": "us-east-1",
        "profile": {"type": "L2_PROFILE", "uuid": UNKNOWN},
        "location": {"metroCode": "DC"},
    }


def test_a_circuit_has_the_name_that_the_cloud_looks_it_up_by_and_the_bandwidth_of_the_plan(graph: Graph) -> None:
    inputs = graph.named(CONNECTION, NAME).inputs

    assert inputs["name"] == "prod-dc-aws"
    assert inputs["bandwidth"] == 500


def test_the_order_says_who_pays_and_who_is_told(graph: Graph) -> None:
    inputs = graph.named(CONNECTION, NAME).inputs

    assert inputs["project"] == {"projectId": "377533000114703"}
    assert inputs["order"] == {"purchaseOrderNumber": "PO-1"}
    assert inputs["notifications"] == [{"type": "ALL", "emails": ["noc@acme.example", "net@acme.example"]}]


def test_no_order_is_named_where_there_is_no_purchase_order() -> None:
    graph = preview_of(program({**ARGS, "exchange": replace(EXCHANGE, purchase_order=None)}))

    assert "order" not in graph.named(CONNECTION, NAME).inputs


def test_no_cloud_credentials_go_to_the_exchange(graph: Graph) -> None:
    assert "additionalInfo" not in graph.named(CONNECTION, NAME).inputs


def test_the_clouds_key_is_secret_on_the_way_in_and_out(graph: Graph) -> None:
    assert "zSide" in graph.named(CONNECTION, NAME).secret_outputs


def test_what_the_provider_cannot_change_replaces_the_circuit_instead_of_failing(graph: Graph) -> None:
    circuit = graph.named(CONNECTION, NAME)

    assert set(circuit.replace_on_changes) == {"aSide", "zSide", "type", "redundancy", "project"}
    assert circuit.delete_before_replace


def test_the_exchange_may_take_longer_than_the_provider_waits_by_default(graph: Graph) -> None:
    assert graph.named(CONNECTION, NAME).timeouts == {"create": "30m", "update": "30m", "delete": "30m"}


@pytest.mark.parametrize("protect", [True, False])
def test_a_circuit_is_protected_where_asked(*, protect: bool) -> None:
    assert preview_of(program({**ARGS, "protect": protect})).named(CONNECTION, NAME).protect is protect


def test_an_expressroute_circuit_says_which_peering_it_is_for_and_no_region() -> None:
    end = far_side(ordered({**ARGS, "provider": AZURE}, profiles({"DC": ["Washington DC"]})))

    assert end["peeringType"] == "PRIVATE"
    assert "sellerRegion" not in end


def test_a_circuit_to_a_port_is_tagged_and_asks_for_no_profile() -> None:
    args: EquinixConnectionArgs = {**ARGS, "provider": None, "port": {"id": "port-uuid", "vlan": 1200}}
    graph = update(program(args), {})

    assert far_side(graph.named(CONNECTION, NAME)) == {
        "type": "COLO",
        "port": {"uuid": "port-uuid"},
        "linkProtocol": {"type": "DOT1Q", "vlanTag": 1200},
        "location": {"metroCode": "DC"},
    }
    assert graph.invokes == ()


def test_only_a_pair_for_azure_is_told_of_redundancy() -> None:
    primary: EquinixConnectionArgs = {**ARGS, "redundancy": {"priority": "PRIMARY", "group": None}}
    secondary: EquinixConnectionArgs = {**ARGS, "redundancy": {"priority": "SECONDARY", "group": "group-uuid"}}

    assert "redundancy" not in ordered().inputs
    assert ordered(primary).inputs["redundancy"] == {"priority": "PRIMARY"}
    assert ordered(secondary).inputs["redundancy"] == {"priority": "SECONDARY", "group": "group-uuid"}


def test_the_pair_of_a_primary_is_the_one_that_equinix_puts_it_in() -> None:
    groups: list[str] = []

    def pair() -> None:
        primary = EquinixConnection(NAME, {**ARGS, "redundancy": {"priority": "PRIMARY", "group": None}})
        primary.redundancy_group.apply(groups.append)

    answers = {**profiles({"DC": ["us-east-1"]}), CONNECTION: {"redundancy": {"priority": "PRIMARY", "group": "g-1"}}}
    update(pair, answers)

    assert groups == ["g-1"]


def test_a_first_preview_asks_equinix_nothing(graph: Graph) -> None:
    assert graph.invokes == ()


def test_the_profile_is_looked_up_by_its_name() -> None:
    asked = []

    def answer(token: str, _name: str, inputs: dict[str, Json]) -> Mapping[str, Json]:
        asked.append((token, inputs))
        return profiles({"DC": ["us-east-1"]}).get(token, {})

    graph = record(program(), complete=answer)

    assert (PROFILES, {"filter": {"property": "/name", "operator": "=", "values": ["AWS Direct Connect"]}}) in asked
    assert far_side(graph.named(CONNECTION, NAME))["profile"]["uuid"] == "5f1483f4"


@pytest.mark.parametrize("uuids", [("5f1483f4", "69ee618d"), ("69ee618d", "5f1483f4")])
def test_of_several_profiles_of_a_name_it_is_always_the_same_one(uuids: Sequence[str]) -> None:
    answers = profiles({"DC": ["us-east-1"]}, {"DC": ["us-east-1"]}, uuids=uuids)

    assert far_side(ordered(answers=answers))["profile"]["uuid"] == "5f1483f4"


def test_of_several_profiles_of_a_name_it_is_one_that_is_offered_here() -> None:
    answers = profiles({"LD": ["eu-west-2"]}, {"DC": ["us-east-1"]})

    assert far_side(ordered(answers=answers))["profile"]["uuid"] == "69ee618d"


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        (profiles({"LD": ["eu-west-2"], "AM": ["eu-central-1"]}), r"in AM, LD, not in DC"),
        (profiles({"DC": ["us-east-2", "ca-central-1"]}), r"in DC for ca-central-1, us-east-2, not for us-east-1"),
        (profiles(), "under no such name"),
    ],
)
def test_nothing_is_ordered_where_equinix_says_that_it_offers_nothing(answers: Answers, reason: str) -> None:
    with pytest.raises(pulumi.RunError, match=f'links.exchange.metros: DC: .*"AWS Direct Connect" {reason}; nothing'):
        ordered(answers=answers)


@pytest.mark.parametrize(
    "offered",
    [
        {"somewhere": ["us-east-2"]},
        {},
        {"DC": []},
    ],
    ids=["no metro that exists", "no metro at all", "no region in the metro"],
)
def test_an_answer_that_says_nothing_of_the_metro_stops_nobody(offered: Mapping[str, Sequence[str]]) -> None:
    assert far_side(ordered(answers=profiles(offered)))["profile"]["uuid"] == "5f1483f4"


def test_metros_without_code_or_regions_say_nothing_of_the_others() -> None:
    metros = [{"name": "Nowhere"}, {"code": "LD"}, {"code": "DC", "sellerRegions": {"us-east-1": "N. Virginia"}}]
    answers = {PROFILES: {"data": [{"uuid": "5f1483f4", "metros": metros}]}}

    assert far_side(ordered(answers=answers))["profile"]["uuid"] == "5f1483f4"


def test_a_metro_that_the_sdk_does_not_know_yet_is_judged_like_others() -> None:
    with pytest.raises(pulumi.RunError, match="in QQ for us-east-2, not for us-east-1"):
        ordered({**ARGS, "metro": "QQ"}, profiles({"QQ": ["us-east-2"]}))


def test_a_region_may_be_told_by_its_name_instead_of_its_key() -> None:
    metros = [{"code": "DC", "sellerRegions": {"Ashburn": "us-east-1"}}]
    answers = {PROFILES: {"data": [{"uuid": "5f1483f4", "metros": metros}]}}

    assert far_side(ordered(answers=answers))["profile"]["uuid"] == "5f1483f4"


def test_a_circuit_without_a_far_side_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a provider or a port"):
        preview_of(program({**ARGS, "provider": None}))


def test_every_input_is_one_that_equinix_declares(graph: Graph) -> None:
    assert check(graph) == []
