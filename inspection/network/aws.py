"""Routes of AWS: from an endpoint's subnet over Transit Gateways to a link, and back from links to the VPC.

A core network's policy is not followed: where a VPC's routes lead to one, that is as far as the judgement goes.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

from inspection.graph import Graph, Resource
from inspection.network.aws_names import SUBNET, VPC
from inspection.network.filters import holds, prefixes
from inspection.network.model import pointing, sources

VPN = "aws:ec2/vpnConnection:VpnConnection"
CIRCUITS = "aws:directconnect/gatewayAssociation:GatewayAssociation"
_CUSTOMER_GATEWAY = "aws:ec2/customerGateway:CustomerGateway"
_VPC_ATTACHMENT = "aws:ec2transitgateway/vpcAttachment:VpcAttachment"
_PEERING = "aws:ec2transitgateway/peeringAttachment:PeeringAttachment"
_TABLE = "aws:ec2transitgateway/routeTable:RouteTable"
_TABLE_OF = "aws:ec2transitgateway/routeTableAssociation:RouteTableAssociation"
_PROPAGATION = "aws:ec2transitgateway/routeTablePropagation:RouteTablePropagation"
_ROUTE = "aws:ec2transitgateway/route:Route"
_ATTACHMENTS = (_VPC_ATTACHMENT, _PEERING, VPN, CIRCUITS)
_SUBNET_ROUTES = "aws:ec2/routeTableAssociation:RouteTableAssociation"
_VPC_TABLE = "aws:ec2/routeTable:RouteTable"
_VPC_ROUTE = "aws:ec2/route:Route"
_SECOND_BLOCK = "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation"

Brought = Callable[[Resource], Sequence[IPv4Network]]
"""From a VPN connection or circuits to the networks that are learnt from them."""


@dataclass(frozen=True, slots=True)
class _Way:
    prefix: IPv4Network
    fixed: bool
    """Of two for one prefix the fixed one wins."""
    attachment: Resource | None
    """None for one that drops."""


def far_ends(graph: Graph, connection: Resource) -> Sequence[Resource]:
    """List the customer gateways of a VPN connection."""
    return sources(graph, connection, "customerGatewayId", _CUSTOMER_GATEWAY)


def untaken(graph: Graph, subnets: Sequence[Resource], far: IPv4Network, brought: Brought) -> Iterator[str]:
    """Yield why endpoints' subnets have no way to somebody over a link."""
    for subnet in subnets:
        route = _leaving(graph, subnet, far)
        if route is None:
            yield f"{subnet.name} has no route to {far}"
        elif "coreNetworkArn" not in route.inputs and "transitGatewayId" not in route.inputs:
            yield f"{subnet.name} sends {far} to no hub ({route.name})"
        elif "transitGatewayId" in route.inputs:
            for vpc in sources(graph, subnet, "vpcId", VPC):
                yield from _over_the_hub(graph, vpc, far, brought)


def unsent(graph: Graph, network: str, own: IPv4Network, brought: Brought, *, over_circuits: bool) -> Iterator[str]:
    """Yield why what links bring does not find its way to a VPC, or why they are not told of it.

    Tunnels are told all that the table of links knows, circuits what their gateway allows.
    """
    vpcs = [vpc for vpc in graph.of_type(VPC) if vpc.name == network]
    links = [each for token in (VPN, CIRCUITS) for each in graph.of_type(token) if _tables(graph, each)]
    for link in links:
        for table in _tables(graph, link):
            last = _followed(graph, table, own, brought)
            if last is None or not any(vpc in sources(graph, last, "vpcId", VPC) for vpc in vpcs):
                yield f"what {link.name} brings for {own} does not get to {network} ({table.name})"
    for association in graph.of_type(CIRCUITS) if over_circuits else ():
        if not holds(prefixes(association.inputs.get("allowedPrefixes")), own):
            yield f"{association.name} sends no route to {own}"


def _leaving(graph: Graph, subnet: Resource, far: IPv4Network) -> Resource | None:
    """Find the route that a subnet's table has for somebody, the longest."""
    routes = [
        (prefix.prefixlen, route)
        for association in pointing(graph, _SUBNET_ROUTES, "subnetId", subnet)
        for table in sources(graph, association, "routeTableId", _VPC_TABLE)
        for route in pointing(graph, _VPC_ROUTE, "routeTableId", table)
        for prefix in prefixes(route.inputs.get("destinationCidrBlock"))
        if far.subnet_of(prefix)
    ]
    return max(routes, key=lambda each: each[0], default=(0, None))[1]


def _over_the_hub(graph: Graph, vpc: Resource, far: IPv4Network, brought: Brought) -> Iterator[str]:
    tables = [table for each in pointing(graph, _VPC_ATTACHMENT, "vpcId", vpc) for table in _tables(graph, each)]
    if not tables:
        yield f"{vpc.name} is associated with no table of a Transit Gateway"
    for table in tables:
        last = _followed(graph, table, far, brought)
        if last is None or last.type not in (VPN, CIRCUITS):
            yield f"{table.name} knows no way to {far} over a link"


def _tables(graph: Graph, attachment: Resource) -> Sequence[Resource]:
    """List the tables that what arrives by an attachment is looked up in."""
    return [
        table
        for association in pointing(graph, _TABLE_OF, "transitGatewayAttachmentId", attachment)
        for table in sources(graph, association, "transitGatewayRouteTableId", _TABLE)
    ]


def _followed(graph: Graph, table: Resource, wanted: IPv4Network, brought: Brought) -> Resource | None:
    """Follow a packet from a table to what it leaves the Transit Gateways by; None if it is dropped."""
    last = _looked_up(graph, table, wanted, brought)
    if last is not None and last.type == _PEERING:
        beyond = [each for each in _tables(graph, last) if each.inputs["region"] != table.inputs["region"]]
        return next((_looked_up(graph, each, wanted, brought) for each in beyond), None)
    return last


def _looked_up(graph: Graph, table: Resource, wanted: IPv4Network, brought: Brought) -> Resource | None:
    fitting = [way for way in _ways(graph, table, brought) if wanted.subnet_of(way.prefix)]
    best = max(fitting, key=lambda way: (way.prefix.prefixlen, way.fixed), default=None)
    return best.attachment if best else None


def _ways(graph: Graph, table: Resource, brought: Brought) -> Sequence[_Way]:
    """List what a table knows."""
    found = [
        _Way(prefix, fixed=True, attachment=_attachment(graph, route))
        for route in pointing(graph, _ROUTE, "transitGatewayRouteTableId", table)
        for prefix in prefixes(route.inputs.get("destinationCidrBlock"))
    ]
    for propagation in pointing(graph, _PROPAGATION, "transitGatewayRouteTableId", table):
        attachment = _attachment(graph, propagation)
        if attachment is not None:
            known = _of_a_vpc(graph, attachment) if attachment.type == _VPC_ATTACHMENT else brought(attachment)
            found += [_Way(prefix, fixed=False, attachment=attachment) for prefix in known]
    return found


def _attachment(graph: Graph, entry: Resource) -> Resource | None:
    found = (each for token in _ATTACHMENTS for each in sources(graph, entry, "transitGatewayAttachmentId", token))
    return next(found, None)


def _of_a_vpc(graph: Graph, attachment: Resource) -> Sequence[IPv4Network]:
    vpcs = sources(graph, attachment, "vpcId", VPC)
    blocks = [block for vpc in vpcs for block in pointing(graph, _SECOND_BLOCK, "vpcId", vpc)]
    return prefixes(*(each.inputs.get("cidrBlock") for each in (*vpcs, *blocks)))


def subnets_of(graph: Graph, endpoints: Sequence[Resource]) -> Sequence[Resource]:
    """List the subnets that endpoints stand in."""
    return [subnet for each in endpoints for subnet in sources(graph, each, "ipAddresses", SUBNET)]
