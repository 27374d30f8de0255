"""Providers that components are given, and what does without them."""

from collections.abc import Sequence

import pulumi
import pulumi_aws
import pulumi_azure_native
import pulumi_gcp

from inspection.graph import Graph


def providers() -> list[pulumi.ProviderResource]:
    """Make what a stack hands to its links."""
    return [
        pulumi_aws.Provider("given-aws"),
        pulumi_azure_native.Provider("given-azure"),
        pulumi_gcp.Provider("given-gcp"),
    ]


def without_given_provider(graph: Graph, start: str) -> Sequence[str]:
    """List what belongs to links of a name and is served by no provider that they were given.

    That is what stands under no component, or under one that forgot its options. Code of the program needs none.
    """
    return [
        f"{resource.type} {resource.name}"
        for resource in graph.resources
        if resource.custom and resource.name.startswith(start)
        if "::given-" not in resource.provider and "dynamic" not in resource.type
    ]
