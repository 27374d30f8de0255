"""What the tests ask of a recorded graph, in Google's words."""

import pulumi

from components.gcp.cloud import build
from inspection.graph import Graph, Resource
from planning.gcp import Gcp
from tests.support.recorded import preview_of

HUB = "gcp:networkconnectivity/hub:Hub"
GROUP = "gcp:networkconnectivity/group:Group"
SPOKE = "gcp:networkconnectivity/spoke:Spoke"
RANGE = "gcp:networkconnectivity/internalRange:InternalRange"
NETWORK = "gcp:compute/network:Network"
SUBNET = "gcp:compute/subnetwork:Subnetwork"
ROUTER = "gcp:compute/router:Router"
NAT = "gcp:compute/routerNat:RouterNat"
POLICY = "gcp:compute/networkFirewallPolicy:NetworkFirewallPolicy"
RULE = "gcp:compute/networkFirewallPolicyRule:NetworkFirewallPolicyRule"
ASSOCIATION = "gcp:compute/networkFirewallPolicyAssociation:NetworkFirewallPolicyAssociation"
VPN_GATEWAY = "gcp:compute/haVpnGateway:HaVpnGateway"
FAR_SIDE = "gcp:compute/externalVpnGateway:ExternalVpnGateway"
TUNNEL = "gcp:compute/vPNTunnel:VPNTunnel"
INTERFACE = "gcp:compute/routerInterface:RouterInterface"
PEER = "gcp:compute/routerPeer:RouterPeer"
ROUTE_POLICY = "gcp:compute/routerRoutePolicy:RouterRoutePolicy"
ATTACHMENT = "gcp:compute/interconnectAttachment:InterconnectAttachment"
PARTNER_SESSION = "pulumi-python:dynamic/gcp:PartnerSession"
PROVIDER = "pulumi:providers:gcp"


class Provider(pulumi.ProviderResource):
    """Stands for the program's own; nothing is asked of it."""

    def __init__(self) -> None:
        super().__init__("gcp", "acme")


def preview(gcp: Gcp, *, protect: bool = False) -> Graph:
    """Record a preview of a plan."""
    return preview_of(lambda: build(gcp, protect=protect, provider=Provider()))


def refers(resource: Resource, key: str, other: Resource) -> bool:
    """Tell whether an input's value comes from another resource."""
    return other.urn in resource.property_dependencies.get(key, ())


def in_network(graph: Graph, token: str, key: str, network: Resource) -> list[Resource]:
    """List the resources of a type whose input says that they are part of a VPC."""
    return [resource for resource in graph.of_type(token) if refers(resource, key, network)]
