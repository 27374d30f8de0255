"""Claims about the connectivity hub and its groups."""

import pulumi
import pytest

from components.gcp.hub import GcpHub
from inspection.graph import Graph
from planning.gcp import Hub
from tests.components.gcp.graphs import GROUP, HUB, refers
from tests.components.gcp.plans import MESH, STAR
from tests.support.recorded import preview_of


def hub_of(plan: Hub, *, protect: bool = False) -> Graph:
    return preview_of(lambda: GcpHub("gcp-hub", {"hub": plan, "protect": protect}))


@pytest.mark.parametrize("plan", [MESH, STAR])
def test_a_hub_has_the_topology_of_the_plan_since_it_can_never_change(plan: Hub) -> None:
    hub = hub_of(plan).named(HUB, "gcp-hub")
    assert hub.inputs["name"] == "prod-hub"
    assert hub.inputs["policyMode"] == "PRESET"
    assert hub.inputs["presetTopology"] == plan.topology


def test_a_star_takes_over_the_two_groups_that_google_made_under_googles_names() -> None:
    graph = hub_of(STAR)
    hub = graph.named(HUB, "gcp-hub")
    assert [group.inputs["name"] for group in graph.of_type(GROUP)] == ["center", "edge"]
    assert all(refers(group, "hub", hub) for group in graph.of_type(GROUP))


def test_destroying_never_asks_google_to_delete_a_group_because_there_is_no_such_call() -> None:
    assert {group.inputs["deletionPolicy"] for group in hub_of(STAR).of_type(GROUP)} == {"ABANDON"}


def test_a_mesh_leaves_its_only_group_alone() -> None:
    assert not hub_of(MESH).of_type(GROUP)


def test_nobody_outside_the_project_is_accepted_into_a_group_unseen() -> None:
    assert not [group.name for group in hub_of(STAR).of_type(GROUP) if "autoAccept" in group.inputs]


def test_others_get_an_id_for_each_group_that_a_spoke_has_to_name() -> None:
    ids: dict[str, dict[str, pulumi.Output[str]]] = {}

    def program() -> None:
        for plan in (MESH, STAR):
            ids[plan.topology] = dict(GcpHub(f"hub-{plan.topology}", {"hub": plan, "protect": False}).group_ids)

    preview_of(program)
    assert {topology: list(groups) for topology, groups in ids.items()} == {"MESH": [], "STAR": ["center", "edge"]}


@pytest.mark.parametrize("protect", [True, False])
def test_only_the_hub_itself_is_protected_and_only_where_asked(protect: bool) -> None:  # noqa: FBT001 - parametrized
    graph = hub_of(STAR, protect=protect)
    protected = [resource.type for resource in graph.resources if resource.protect]
    assert protected == ([HUB] if protect else [])
