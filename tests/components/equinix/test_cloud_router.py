"""Claims about the router of a metro."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from components.equinix.cloud_router import EquinixRouter
from inspection.graph import UNKNOWN, Graph
from planning.links.types import Exchange
from tests.components.equinix.graphs import ROUTER, outputs_of, update
from tests.components.links.plans_exchange import EXCHANGE
from tests.components.links.plans_exchange import ROUTER as PLAN
from tests.support.declarations import check
from tests.support.recorded import preview_of


def program(*, exchange: Exchange = EXCHANGE, protect: bool = False) -> Callable[[], EquinixRouter]:
    return lambda: EquinixRouter("exchange-dc", {"router": PLAN, "exchange": exchange, "protect": protect})


@pytest.fixture(scope="module")
def graph() -> Graph:
    return preview_of(program())


def test_the_router_stands_in_the_metro_of_the_plan_and_is_as_large_as_it_says(graph: Graph) -> None:
    router = graph.named(ROUTER, "exchange-dc")

    assert router.inputs["type"] == "XF_ROUTER"
    assert router.inputs["name"] == "prod-dc"
    assert router.inputs["location"] == {"metroCode": "DC"}
    assert router.inputs["package"] == {"code": "STANDARD"}


def test_the_order_says_who_pays_for_how_long_and_who_is_told(graph: Graph) -> None:
    inputs = graph.named(ROUTER, "exchange-dc").inputs

    assert inputs["project"] == {"projectId": "377533000114703"}
    assert inputs["account"] == {"accountNumber": 270001}
    assert inputs["order"] == {"purchaseOrderNumber": "PO-1", "termLength": 12}
    assert inputs["notifications"] == [{"type": "ALL", "emails": ["noc@acme.example", "net@acme.example"]}]


def test_without_a_purchase_order_the_term_is_still_ordered() -> None:
    graph = preview_of(program(exchange=replace(EXCHANGE, purchase_order=None)))

    assert graph.named(ROUTER, "exchange-dc").inputs["order"] == {"termLength": 12}


def test_what_the_provider_cannot_change_replaces_the_router_instead_of_failing(graph: Graph) -> None:
    router = graph.named(ROUTER, "exchange-dc")

    assert set(router.replace_on_changes) == {"location", "type", "project"}
    assert router.delete_before_replace


def test_who_pays_can_change_in_the_configuration_without_an_update_that_equinix_refuses(graph: Graph) -> None:
    assert set(graph.named(ROUTER, "exchange-dc").ignore_changes) == {"order", "account"}


def test_the_asn_is_the_one_that_equinix_says_the_metro_has() -> None:
    before, after = preview_of(program()), update(program(), {ROUTER: {"equinixAsn": 25658}})

    assert outputs_of(before, "EquinixRouter") == {"router_id": UNKNOWN, "asn": UNKNOWN}
    assert outputs_of(after, "EquinixRouter") == {"router_id": after.named(ROUTER, "exchange-dc").id, "asn": 25658}


@pytest.mark.parametrize("protect", [True, False])
def test_a_router_is_protected_where_asked(*, protect: bool) -> None:
    assert preview_of(program(protect=protect)).named(ROUTER, "exchange-dc").protect is protect


def test_every_input_is_one_that_equinix_declares(graph: Graph) -> None:
    assert check(graph) == []
