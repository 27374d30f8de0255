"""Claims about a stack with circuits of somebody else, before and after they are connected."""

import contextlib
import json
import os
import runpy
from collections.abc import Mapping
from functools import cache
from itertools import combinations
from unittest import mock

import pytest

from inspection.graph import Graph, Resource
from inspection.recording import record
from project.config import read_project
from tests.program.stacks import CONFIG_FILES, ROOT
from tests.support.recorded import comes_after

STACK = "external-circuits"
LINKS = "multicloud-network:links"
FACTS = {
    "aws": {"connectionId": "dxcon-ffabc123", "vlan": 101},
    "azure": {"provisioned": True},
    "gcp": {"provisioned": True},
}
ORDERED: Mapping[str, object] = {"aws": {}, "azure": {}, "gcp": {}}
CHANGES_A_HUB = {
    f"azure-native:network:{kind}"
    for kind in ("ExpressRouteConnection", "ExpressRouteGateway", "RouteMap", "VpnConnection", "VpnGateway")
}


@cache
def preview(*connected: str) -> Graph:
    """Record a first preview of the example with some of its two middles connected."""
    project = read_project(ROOT, STACK, CONFIG_FILES[STACK])
    links = json.loads(project.config[LINKS] or "")
    for name, middle in links["external"].items():
        facts = {**FACTS, "aws": {**FACTS["aws"], "connectionId": f"dxcon-ffab{name.replace('-', '')}"}}
        middle.update(facts if name in connected else ORDERED)
    with mock.patch.dict(os.environ, {"CI": "true"}), contextlib.chdir(ROOT):
        return record(
            lambda: runpy.run_path(str(ROOT / "__main__.py"), run_name="__main__"),
            project=project.name,
            stack=STACK,
            config={**project.config, LINKS: json.dumps(links)},
            secret_keys=project.secret_keys,
        )


@pytest.mark.parametrize("connected", [("carrier-dc",), ("carrier-ny",), ("carrier-dc", "carrier-ny")])
def test_a_circuit_that_is_connected_changes_nothing_that_was_there(connected: tuple[str, ...]) -> None:
    first, second = preview(), preview(*connected)

    for resource in first.resources:
        assert resource.urn in second.by_urn, resource.name
        assert second.by_urn[resource.urn].inputs == resource.inputs, resource.name
    assert len(second.resources) > len(first.resources)


@pytest.mark.parametrize("connected", [(), ("carrier-dc",), ("carrier-ny",), ("carrier-dc", "carrier-ny")])
def test_a_virtual_hub_changes_one_thing_at_a_time_whatever_is_connected(connected: tuple[str, ...]) -> None:
    graph = preview(*connected)
    changing = [resource for resource in graph.resources if resource.type in CHANGES_A_HUB]

    assert len(changing) >= 3
    for one, other in combinations(changing, 2):
        assert ordered(graph, one, other), f"{one.type} {one.name} and {other.type} {other.name} run at once"


def ordered(graph: Graph, one: Resource, other: Resource) -> bool:
    return comes_after(graph, one, other) or comes_after(graph, other, one)
