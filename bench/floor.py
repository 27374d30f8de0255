"""The floor of a preview: the resources of a recorded graph, nothing planned, through the SDK's stock mocks.

`--classes` makes them by the provider SDKs' classes, as every program does; without it they are bare registrations,
which no program could be, since the providers' classes alone take seconds to import.
"""

import asyncio
import sys
from pathlib import Path

import pulumi
from pulumi import _types  # the one place that knows how the SDKs spell an input in Python
from pulumi.runtime import MockCallArgs, MockResourceArgs, Mocks, set_mocks
from pulumi.runtime.stack import run_pulumi_func

from inspection.graph import STACK_TYPE, Graph, Resource
from tests.support.declarations import arguments, resource_class


class Echo(Mocks):
    """Answers every registration with its own inputs."""

    def call(self, args: MockCallArgs) -> tuple[dict[str, object], None]:
        """Refuse: the graph holds no calls."""
        raise NotImplementedError(args.token)

    def new_resource(self, args: MockResourceArgs) -> tuple[str, dict[str, object]]:
        """Answer with an id and the inputs."""
        return f"{args.name}-id", args.inputs


def make(resource: Resource, opts: pulumi.ResourceOptions, *, classes: bool) -> pulumi.Resource:
    """Register one resource as it was recorded."""
    if not resource.custom:
        return pulumi.ComponentResource(resource.type, resource.name, None, opts)
    declared = resource_class(resource.type) if classes else None
    if declared is None or resource.type.startswith("pulumi:providers:"):
        return pulumi.CustomResource(resource.type, resource.name, dict(resource.inputs), opts)
    spelt = {wire: name for name, wire in _types.input_type_py_to_pulumi_names(arguments(declared)).items()}
    return declared(resource.name, opts=opts, **{spelt[key]: value for key, value in resource.inputs.items()})


def main() -> None:
    """Register every resource of the graph file named on the command line, parents and dependencies kept."""
    graph = Graph.from_json(Path(sys.argv[1]).read_text(encoding="utf-8"))
    classes = "--classes" in sys.argv
    made: dict[str, pulumi.Resource] = {}

    def program() -> None:
        for resource in graph.resources:
            if resource.type != STACK_TYPE:
                before = [made[urn] for urn in resource.dependencies]
                opts = pulumi.ResourceOptions(parent=made.get(resource.parent), depends_on=before)
                made[resource.urn] = make(resource, opts, classes=classes)

    async def run() -> None:
        # Inside the loop: the stack's own futures belong to the loop that they were made in.
        set_mocks(Echo(), project=graph.project, stack=graph.stack, preview=True)
        await run_pulumi_func(program)

    asyncio.run(run())


main()
