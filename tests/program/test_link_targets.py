"""Claims about what alarms on links have to name, as whole stacks export it."""

from collections.abc import Iterator

import pytest

from inspection.graph import Graph, Json, Resource
from tests.program.stacks import STACKS, update_of

WATCHED = {
    "aws:ec2/vpnConnection:VpnConnection": "vpnConnections",
    "azure-native:network:VpnConnection": "vpnConnection",
    "gcp:compute/vPNTunnel:VPNTunnel": "tunnels",
    "equinix:fabric/connection:Connection": "exchangeConnections",
    "azure-native:network:ExpressRouteCircuit": "expressRoute",
    "gcp:compute/interconnectAttachment:InterconnectAttachment": "attachments",
    "aws:directconnect/connectionConfirmation:ConnectionConfirmation": "directConnect",
}
"""Type of what carries traffic, or takes over what does -> what it is named as."""


def link_around(graph: Graph, resource: Resource) -> str:
    """Return the name of the outermost component around a resource: links stand side by side."""
    while graph.by_urn[resource.parent].parent:
        resource = graph.by_urn[resource.parent]
    return resource.name


def ids(target: Json) -> Iterator[str]:
    yield from [target] if isinstance(target, str) else target.values()


@pytest.mark.parametrize("stack", STACKS)
def test_alarms_can_name_all_that_carries_traffic_by_its_link(stack: str) -> None:
    graph = update_of(stack)
    carriers = {
        (link_around(graph, each), WATCHED[each.type], each.inputs.get("connectionId", each.id))
        for each in graph.resources
        if each.type in WATCHED and not each.read
    }
    named = {
        (link, what, identity)
        for link, targets in graph.outputs["linkTargets"].items()
        for what, target in targets.items()
        for identity in ids(target)
    }

    assert carriers <= named
    assert {what for _, what, _ in named - carriers} <= {"directConnect", "transport"}, "sites' own, and the clouds'"


@pytest.mark.parametrize("stack", STACKS)
def test_every_link_has_its_targets_and_no_two_name_the_same(stack: str) -> None:
    outputs = update_of(stack).outputs
    targets = outputs["linkTargets"]
    named = [identity for link in targets.values() for target in link.values() for identity in ids(target)]

    assert len(named) == len(set(named))
    assert set(outputs["linkOrders"]) <= set(targets)
    assert bool(targets) == any(link["kind"] != "backbone" for link in outputs["links"])
