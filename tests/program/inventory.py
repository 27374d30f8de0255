"""What each stack builds, for a reader to check: counts by type, and values that a network engineer asks for.

`python -m tests.program.inventory` writes the files that the tests compare with; read the difference before committing.
"""

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from inspection.graph import Graph, Resource
from tests.program.stacks import STACKS, preview_of

FOLDER = Path(__file__).parent / "expected"
REFRESH = "if the change is meant: .venv/bin/python -m tests.program.inventory, and read the difference"
VALUES: Mapping[str, tuple[str, ...]] = {
    "aws:ec2/vpc:Vpc": ("region", "cidrBlock"),
    "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation": ("region", "cidrBlock"),
    "aws:ec2transitgateway/transitGateway:TransitGateway": ("region", "amazonSideAsn"),
    "aws:ec2/vpnConnection:VpnConnection": ("region", "tunnel1InsideCidr", "tunnel2InsideCidr"),
    "aws:directconnect/gateway:Gateway": ("amazonSideAsn",),
    "aws:directconnect/gatewayAssociation:GatewayAssociation": ("allowedPrefixes",),
    "azure-native:network:ExpressRouteCircuitPeering": (
        "vlanId",
        "primaryPeerAddressPrefix",
        "secondaryPeerAddressPrefix",
    ),
    "azure-native:network:VirtualNetwork": ("location", "addressSpace"),
    "azure-native:network:VirtualHub": ("location", "addressPrefix"),
    "azure-native:network:HubRouteTable": ("labels",),
    "gcp:compute/subnetwork:Subnetwork": ("region", "ipCidrRange"),
    "gcp:compute/router:Router": ("bgp",),
    "gcp:compute/routerPeer:RouterPeer": ("region", "peerAsn", "peerIpAddress", "advertisedRoutePriority"),
    "gcp:networkconnectivity/hub:Hub": ("presetTopology",),
    "equinix:fabric/connection:Connection": ("name", "bandwidth"),
    "equinix:fabric/routingProtocol:RoutingProtocol": ("customerAsn", "directIpv4", "bgpIpv4"),
}
"""Type -> the inputs that a reader of an inventory wants to see."""


def inventory_of(graph: Graph) -> dict[str, Any]:
    """Count resources by type, and show the inputs of `VALUES` by logical name."""
    counts = Counter(resource.type for resource in graph.resources)
    values = {
        f"{resource.type.rpartition(':')[2]} {resource.name}": {
            key: resource.inputs[key] for key in VALUES[resource.type] if key in resource.inputs
        }
        for resource in sorted(graph.resources, key=lambda resource: (resource.type, resource.name))
        if any(key in resource.inputs for key in VALUES.get(resource.type, ()))
    }
    return {"counts": dict(sorted(counts.items())), "values": values}


def identities_of(graph: Graph) -> list[str]:
    """List each resource as `parent/name type`: the part of a URN that must never change without an alias."""
    by_urn: Mapping[str, Resource] = {resource.urn: resource for resource in graph.resources}

    def path(resource: Resource) -> str:
        parent = by_urn.get(resource.parent)
        return f"{path(parent)}/{resource.name}" if parent and parent.parent else resource.name

    return sorted(f"{path(resource)} {resource.type}" for resource in graph.resources if resource.parent)


def inventory_file(stack: str) -> Path:
    """Name the file with a stack's inventory."""
    return FOLDER / f"{stack}.yaml"


def identities_file(stack: str) -> Path:
    """Name the file with a stack's identities."""
    return FOLDER / f"{stack}.identities.txt"


def main() -> None:
    """Write both files of every stack."""
    FOLDER.mkdir(exist_ok=True)
    for stack in STACKS:
        graph = preview_of(stack)
        counts, values = inventory_of(graph).values()
        text = yaml.safe_dump({"counts": counts}, sort_keys=False)
        lines = (f"  {name}: {json.dumps(shown)}" for name, shown in values.items())
        inventory_file(stack).write_text("\n".join((f"{text}values:", *lines, "")), encoding="utf-8")
        identities_file(stack).write_text("\n".join(identities_of(graph)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
