"""Preview is the truth: what is planned does not depend on what only the clouds know."""

from collections import Counter
from collections.abc import Iterator

import pytest

from inspection.graph import Graph
from tests.program.stacks import STACKS, preview_of, update_of
from tests.support.declarations import check

OUTPUT_AS_TEXT = "Calling __str__ on an Output"
"""How the SDK marks an output that was put into a string instead of being waited for."""
WITHOUT_PROVIDER = {"pulumi-python:dynamic/gcp:PartnerSession"}
"""What is set by code of the program, with the credentials of who deploys: the only such thing."""


def identities(graph: Graph) -> Counter[str]:
    return Counter(resource.urn for resource in graph.resources)


def texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from texts(item)
    elif isinstance(value, str):
        yield value


@pytest.mark.parametrize("stack", STACKS)
def test_the_same_resources_are_planned_whether_outputs_are_known_or_not(stack: str) -> None:
    assert identities(preview_of(stack)) == identities(update_of(stack))


@pytest.mark.parametrize("stack", STACKS)
def test_every_input_is_one_that_the_providers_declare(stack: str) -> None:
    assert check(preview_of(stack)) == []
    assert check(update_of(stack)) == []


@pytest.mark.parametrize("stack", STACKS)
def test_no_output_is_turned_into_text(stack: str) -> None:
    for graph in (preview_of(stack), update_of(stack)):
        spoilt = [r.urn for r in graph.resources if any(OUTPUT_AS_TEXT in text for text in texts(dict(r.inputs)))]
        assert spoilt == []
        assert not any(OUTPUT_AS_TEXT in text for text in texts(dict(graph.outputs)))


@pytest.mark.parametrize("stack", STACKS)
def test_a_preview_asks_no_cloud(stack: str) -> None:
    assert list(preview_of(stack).invokes) == []


@pytest.mark.parametrize("stack", STACKS)
def test_no_resource_can_use_ambient_credentials(stack: str) -> None:
    """What is only read is read by a provider too."""
    without = {r.type for r in preview_of(stack).resources if r.custom and not r.provider}
    assert {token for token in without if not token.startswith("pulumi:providers:")} <= WITHOUT_PROVIDER


@pytest.mark.parametrize("stack", STACKS)
def test_what_a_custom_resource_belongs_to_is_said(stack: str) -> None:
    """Every resource but the stack, the providers and the components stands below a component of ours."""
    graph = preview_of(stack)
    components = {r.urn for r in graph.resources if r.type.startswith("multicloud-network:index:")}
    strays = [r.urn for r in graph.resources if r.custom and "providers" not in r.type and r.parent not in components]
    assert strays == []
