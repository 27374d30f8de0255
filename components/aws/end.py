"""What something is given to hang on AWS's hub."""

from collections.abc import Mapping
from typing import TypedDict

import pulumi


class AwsHubEndArgs(TypedDict, total=False):
    """The first two where the hub is a Transit Gateway, the others where it is a core network."""

    transit_gateway_id: pulumi.Input[str]
    """Transit Gateway of the region."""
    hub_route_table_ids: Mapping[str, pulumi.Input[str]]
    """Route tables of that Transit Gateway, by their name in the plan."""
    core_network_id: pulumi.Input[str]
    """Core network, in place of a Transit Gateway."""
    core_network_arn: pulumi.Input[str]
    """Of that core network."""
