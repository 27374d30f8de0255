"""Keys of links are secret wherever they stand: what goes in, what comes back, and what others read."""

import re
from collections.abc import Iterator, Mapping

import pytest

from inspection.graph import SECRET, Graph, Json
from tests.program.ends import (
    ATTACHMENT,
    AZURE_VPN,
    CIRCUIT,
    CONNECTION,
    INTERFACE,
    PEERING,
    PROTOCOL,
    outputs,
)
from tests.program.stacks import STACKS, preview_of, settings_of, update_of

KEYS = re.compile(r"(?i)(psk|sharedsecret|(shared|auth|authentication|authorization|service|pairing)key)$")
"""Names of inputs that hold what nobody may see."""
KEPT = {
    INTERFACE: "bgpAuthKey",
    CIRCUIT: "serviceKey",
    PEERING: "sharedKey",
    AZURE_VPN: "vpnLinkConnections",
    ATTACHMENT: "pairingKey",
    PROTOCOL: "bgpAuthKey",
    CONNECTION: "zSide",
}
"""Type -> the output with a key in it, which its provider would show."""

everywhere = pytest.mark.parametrize("stack", STACKS)


def keys_in(value: Json) -> Iterator[tuple[str, Json]]:
    """Yield each input that is named like a key, however deep, unless it stands within a secret."""
    if isinstance(value, Mapping):
        for name, item in value.items():
            if name != SECRET:
                yield from [(name, item)] if KEYS.search(name) else keys_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from keys_in(item)


def texts(value: Json, *, hidden: bool) -> Iterator[str]:
    """Yield every text within secrets, or every text outside of them."""
    if isinstance(value, Mapping):
        for name, item in value.items():
            if name != SECRET:
                yield from texts(item, hidden=hidden)
            elif hidden:
                yield from texts(item, hidden=False)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item, hidden=hidden)
    elif isinstance(value, str) and not hidden:
        yield value


def everything(graph: Graph) -> Json:
    inputs = [dict(resource.inputs) for resource in graph.resources]
    return [*inputs, dict(graph.outputs), *map(dict, graph.component_outputs.values())]


@everywhere
def test_every_input_that_holds_a_key_is_secret(stack: str) -> None:
    for graph in (preview_of(stack), update_of(stack)):
        found = [(resource.urn, *key) for resource in graph.resources for key in keys_in(dict(resource.inputs))]
        assert [(urn, name) for urn, name, value in found if not (isinstance(value, dict) and SECRET in value)] == []
        assert bool(found) == any("linkSecret" in settings_of(each) for each in [stack]) or "links" in settings_of(
            stack
        )


@everywhere
def test_what_clouds_answer_with_a_key_in_it_is_kept_secret(stack: str) -> None:
    for token, key in KEPT.items():
        for resource in preview_of(stack).of_type(token):
            assert key in resource.secret_outputs, resource.urn


@everywhere
def test_no_key_stands_anywhere_in_the_clear(stack: str) -> None:
    graph = update_of(stack)
    made = {outputs(circuit)["serviceKey"] for circuit in graph.of_type(CIRCUIT)}
    made |= {outputs(attachment)["pairingKey"] for attachment in graph.of_type(ATTACHMENT)}
    # Wrapped by the exchange's component, since the same input holds other clouds' keys; no secret of ours.
    accounts = {account.get("accountId") for account in settings_of(stack)["accounts"].values()}
    secrets = {*texts(everything(graph), hidden=True), *made} - accounts
    assert secrets or "links" not in settings_of(stack)
    shown = {*texts(everything(graph), hidden=False), *(message.text for message in graph.messages)}
    assert [text for text in shown if any(secret in text for secret in secrets)] == []
