"""What the tests ask of a recorded graph, in Amazon's words."""

from collections.abc import Callable, Mapping

from inspection.graph import Graph, Json, Resource
from inspection.recording import record

ACCOUNT = "111122223333"

VPC = "aws:ec2/vpc:Vpc"
CIDR_BLOCK = "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation"
SUBNET = "aws:ec2/subnet:Subnet"
ROUTE_TABLE = "aws:ec2/routeTable:RouteTable"
ROUTE_TABLE_ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation"
ROUTE = "aws:ec2/route:Route"
INTERNET_GATEWAY = "aws:ec2/internetGateway:InternetGateway"
NAT_GATEWAY = "aws:ec2/natGateway:NatGateway"
ADDRESS = "aws:ec2/eip:Eip"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
SECURITY_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
FLOW_LOG = "aws:ec2/flowLog:FlowLog"
NETWORK_ACL = "aws:ec2/networkAcl:NetworkAcl"

CUSTOMER_GATEWAY = "aws:ec2/customerGateway:CustomerGateway"
VPN_CONNECTION = "aws:ec2/vpnConnection:VpnConnection"
CIRCUIT_GATEWAY = "aws:directconnect/gateway:Gateway"
GATEWAY_ASSOCIATION = "aws:directconnect/gatewayAssociation:GatewayAssociation"
CONFIRMATION = "aws:directconnect/connectionConfirmation:ConnectionConfirmation"
INTERFACE = "aws:directconnect/transitVirtualInterface:TransitVirtualInterface"

TRANSIT_GATEWAY = "aws:ec2transitgateway/transitGateway:TransitGateway"
HUB_TABLE = "aws:ec2transitgateway/routeTable:RouteTable"
HUB_ROUTE = "aws:ec2transitgateway/route:Route"
ATTACHMENT = "aws:ec2transitgateway/vpcAttachment:VpcAttachment"
ASSOCIATION = "aws:ec2transitgateway/routeTableAssociation:RouteTableAssociation"
PROPAGATION = "aws:ec2transitgateway/routeTablePropagation:RouteTablePropagation"
PEERING = "aws:ec2transitgateway/peeringAttachment:PeeringAttachment"
ACCEPTER = "aws:ec2transitgateway/peeringAttachmentAccepter:PeeringAttachmentAccepter"

CORE_NETWORK = "aws:networkmanager/coreNetwork:CoreNetwork"
CORE_POLICY = "aws:networkmanager/coreNetworkPolicyAttachment:CoreNetworkPolicyAttachment"
CORE_ATTACHMENT = "aws:networkmanager/vpcAttachment:VpcAttachment"
CORE_VPN_ATTACHMENT = "aws:networkmanager/siteToSiteVpnAttachment:SiteToSiteVpnAttachment"
CORE_CIRCUITS_ATTACHMENT = "aws:networkmanager/dxGatewayAttachment:DxGatewayAttachment"

SHARE = "aws:ram/resourceShare:ResourceShare"
SHARED_RESOURCE = "aws:ram/resourceAssociation:ResourceAssociation"
PRINCIPAL = "aws:ram/principalAssociation:PrincipalAssociation"

POOL = "aws:ec2/vpcIpamPool:VpcIpamPool"
POOL_CIDR = "aws:ec2/vpcIpamPoolCidr:VpcIpamPoolCidr"
ALLOCATION = "aws:ec2/vpcIpamPoolCidrAllocation:VpcIpamPoolCidrAllocation"
IPAM = "aws:ec2/vpcIpam:VpcIpam"

BUCKET = "aws:s3/bucket:Bucket"
BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy"


def after_deployment(program: Callable[[], object]) -> Graph:
    """Record a run in which ids and ARNs are known, to read what is made from them."""

    def outputs(_type: str, name: str, _inputs: dict[str, Json]) -> Mapping[str, Json]:
        return {"arn": f"arn:of:{name}"}

    return record(program, complete=outputs)


def refers(resource: Resource, key: str, other: Resource) -> bool:
    """Tell whether an input's value comes from another resource."""
    return other.urn in resource.property_dependencies.get(key, ())


def sources(graph: Graph, resource: Resource, key: str) -> set[str]:
    """Name the resources that an input's value comes from."""
    return {graph.by_urn[urn].name for urn in resource.property_dependencies.get(key, ())}
