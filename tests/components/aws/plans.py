"""A small plan to build from: two peered regions, two segments, one network with central NAT and its way out, links.

The same on a core network, but for central NAT.
"""

from dataclasses import replace

from planning.aws import Attachment, Aws, CoreNetwork, Hub, Ipam, Network, Peering, Route, RouteTable, Subnet, Target
from planning.links.types import (
    AwsCircuit,
    AwsCircuitGateway,
    AwsEnd,
    CircuitSession,
    GcpEnd,
    Leg,
    Preference,
    Role,
    SiteEnd,
    Tunnel,
    TunnelEnd,
    Vpn,
)

TO_HUB = Route("10.0.0.0/8", Target.HUB)
OUT_BY_HUB = Route("0.0.0.0/0", Target.HUB)
TO_INTERNET = Route("0.0.0.0/0", Target.INTERNET_GATEWAY)


def out_by_nat(zone: str) -> Route:
    return Route("0.0.0.0/0", Target.NAT_GATEWAY, zone)


SHOP = Network(
    name="shop",
    region="us-east-1",
    segment="prod",
    cidr="10.0.0.0/18",
    pods_cidr="10.8.0.0/18",
    internet_gateway=True,
    subnets=(
        Subnet("private-az1", "private", "use1-az1", "10.0.0.0/20", "private-az1"),
        Subnet("private-az2", "private", "use1-az2", "10.0.16.0/20", "private-az2"),
        Subnet("public-az1", "public", "use1-az1", "10.0.32.0/24", "public-az1"),
        Subnet("public-az2", "public", "use1-az2", "10.0.33.0/24", "public-az2"),
        Subnet("attachment-az1", "attachment", "use1-az1", "10.0.63.0/28", "attachment-az1"),
        Subnet("attachment-az2", "attachment", "use1-az2", "10.0.63.16/28", "attachment-az2"),
        Subnet("pods-az1", "pods", "use1-az1", "10.8.0.0/19", "private-az1"),
        Subnet("pods-az2", "pods", "use1-az2", "10.8.32.0/19", "private-az2"),
    ),
    route_tables=(
        RouteTable("private-az1", (TO_HUB, out_by_nat("az1"))),
        RouteTable("private-az2", (TO_HUB, out_by_nat("az2"))),
        RouteTable("public-az1", (TO_HUB, TO_INTERNET)),
        RouteTable("public-az2", (TO_HUB, TO_INTERNET)),
        RouteTable("attachment-az1", ()),
        RouteTable("attachment-az2", ()),
    ),
    nat_gateways={"az1": "public-az1", "az2": "public-az2"},
    gateway_endpoints=("s3", "dynamodb"),
    attachment=Attachment(
        subnets=("attachment-az1", "attachment-az2"),
        route_table="prod",
        propagates_to=("prod", "shared", "peering"),
        default_route_in=(),
    ),
)
VAULT = Network(
    name="vault",
    region="us-east-1",
    segment="shared",
    cidr="10.0.64.0/20",
    pods_cidr=None,
    internet_gateway=False,
    subnets=(
        Subnet("private-az1", "private", "use1-az1", "10.0.64.0/22", "private-az1"),
        Subnet("attachment-az1", "attachment", "use1-az1", "10.0.79.0/28", "attachment-az1"),
    ),
    route_tables=(RouteTable("private-az1", (TO_HUB, OUT_BY_HUB)), RouteTable("attachment-az1", ())),
    nat_gateways={},
    gateway_endpoints=(),
    attachment=Attachment(
        subnets=("attachment-az1",),
        route_table="shared",
        propagates_to=("prod", "shared", "peering", "transit"),
        default_route_in=(),
    ),
)
TRANSIT = Network(
    name="aws-us-east-1-transit",
    region="us-east-1",
    segment=None,
    cidr="10.0.255.0/24",
    pods_cidr=None,
    internet_gateway=True,
    subnets=(
        Subnet("public-az1", "public", "use1-az1", "10.0.255.0/27", "public-az1"),
        Subnet("resolver-az1", "resolver", "use1-az1", "10.0.255.32/28", "resolver-az1"),
        Subnet("attachment-az1", "attachment", "use1-az1", "10.0.255.48/28", "attachment-az1"),
    ),
    route_tables=(
        RouteTable("public-az1", (TO_HUB, TO_INTERNET)),
        RouteTable("resolver-az1", (TO_HUB,)),
        RouteTable("attachment-az1", (out_by_nat("az1"),)),
    ),
    nat_gateways={"az1": "public-az1"},
    gateway_endpoints=("s3",),
    attachment=Attachment(
        subnets=("attachment-az1",), route_table="transit", propagates_to=(), default_route_in=("shared",)
    ),
)
SHOP_WEST = Network(
    name="shop-west",
    region="us-west-2",
    segment="prod",
    cidr="10.1.0.0/18",
    pods_cidr=None,
    internet_gateway=False,
    subnets=(
        Subnet("private-az1", "private", "usw2-az1", "10.1.0.0/20", "private-az1"),
        Subnet("attachment-az1", "attachment", "usw2-az1", "10.1.63.0/28", "attachment-az1"),
    ),
    route_tables=(RouteTable("private-az1", (TO_HUB,)), RouteTable("attachment-az1", ())),
    nat_gateways={},
    gateway_endpoints=("s3",),
    attachment=Attachment(
        subnets=("attachment-az1",), route_table="prod", propagates_to=("prod", "peering"), default_route_in=()
    ),
)

EAST_HUB = Hub(
    region="us-east-1",
    asn=64520,
    route_tables=("prod", "shared", "peering", "transit"),
    blackholes={"prod": ("10.0.0.0/8", "172.16.0.0/12"), "shared": ("10.0.0.0/8",)},
)
WEST_HUB = Hub(region="us-west-2", asn=64521, route_tables=("prod", "peering"), blackholes={"prod": ("10.0.0.0/8",)})

PEERING = Peering(
    requester="us-east-1",
    accepter="us-west-2",
    requester_routes={"prod": ("10.1.0.0/18",), "shared": ("10.1.0.0/18",)},
    accepter_routes={"prod": ("10.0.0.0/18", "10.8.0.0/18", "10.0.64.0/20")},
)

IPAM = Ipam(
    home_region="eu-west-1",
    supernets=("10.0.0.0/13", "10.8.0.0/16"),
    pools={"us-east-1": ("10.0.0.0/16", "10.8.0.0/18"), "us-west-2": ("10.1.0.0/16",)},
    reserved={"old-lab": "10.0.128.0/20", "merger": "10.6.0.0/16"},
)

AWS = Aws(
    account_id="111122223333",
    home_region="us-east-1",
    shared_with=("444455556666",),
    hubs=(EAST_HUB, WEST_HUB),
    networks=(SHOP, VAULT, SHOP_WEST, TRANSIT),
    peerings=(PEERING,),
    ipam=IPAM,
    flow_log_retention_days=90,
)

CORE = CoreNetwork(
    edges={"us-east-1": 64610, "us-west-2": 64611},
    segments=("prod", "shared", "links"),
    policy='{"version": "2025.11"}',
)


def on_core(network: Network) -> Network:
    """Hang a network on the core network, where policy says what a Transit Gateway is told by propagations."""
    return replace(network, attachment=replace(network.attachment, propagates_to=()))


AWS_ON_CORE = replace(
    AWS, hubs=(), peerings=(), networks=tuple(map(on_core, (SHOP, VAULT, SHOP_WEST))), core_network=CORE
)

AWS_END = AwsEnd(region="us-east-1", asn=64520, route_table="links", propagates_to=("prod", "shared"))


def tunnel(key: str, inside: str, far: str, port: str) -> Tunnel:
    """Build a tunnel from AWS, which has the first address of the /30, to a port of the far side."""
    start, _, last = inside.removesuffix("/30").rpartition(".")
    first, second = f"{start}.{int(last) + 1}", f"{start}.{int(last) + 2}"
    return Tunnel(key=key, inside=inside, ends={"aws": TunnelEnd(key, first), far: TunnelEnd(port, second)})


CLOUD_VPN = Vpn(
    name="aws-gcp-vpn",
    pair="aws/gcp",
    role=Role.BACKUP,
    # Not in the order of their keys, and the far side's ports not in the order of the tunnels.
    tunnels=(
        tunnel("1-2", "169.254.10.4/30", "gcp", "1"),
        tunnel("2-1", "169.254.10.8/30", "gcp", "0"),
        tunnel("1-1", "169.254.10.0/30", "gcp", "1"),
        tunnel("2-2", "169.254.10.12/30", "gcp", "0"),
    ),
    aws=AWS_END,
    azure=None,
    gcp=GcpEnd(
        region="us-east4",
        asn=64550,
        group="center",
        accepts=("10.0.0.0/16",),
        med=1000,
        prepends=1,
    ),
    site=None,
    accelerated=False,
    aws_makes_keys=False,
    key_given=False,
)
SITE_VPN = Vpn(
    name="aws-hq-vpn",
    pair="aws/hq",
    role=Role.PRIMARY,
    tunnels=(
        tunnel("edge-1", "169.254.11.0/30", "hq", "edge"),
        tunnel("edge-2", "169.254.11.4/30", "hq", "edge"),
    ),
    aws=AWS_END,
    azure=None,
    gcp=None,
    site=SiteEnd(name="hq", asn=64580, prefixes=("10.48.0.0/16",), devices={"edge": "203.0.113.10"}),
    accelerated=True,
    aws_makes_keys=True,
    key_given=False,
)

CIRCUIT_GATEWAY = AwsCircuitGateway(end=AWS_END, asn=64540, allowed_prefixes=("10.0.0.0/16", "10.8.0.0/18"))
CIRCUIT = AwsCircuit(
    name="exchange-ch-aws",
    metro="CH",
    seller_region="us-east-2",
    bandwidth=1000,
    profile="AWS Direct Connect - High Capacity",
    mtu=8500,
    leg=Leg(
        key="primary",
        connection_name="prod-ch-aws",
        middle_address="169.254.12.1/30",
        end_address="169.254.12.2",
    ),
    preference=Preference(prepends=0, med=100, weight=10),
    session=CircuitSession(sends=("10.16.0.0/16",), accepts=("10.0.0.0/16",)),
)

CORE_END = AwsEnd(region="us-east-1", asn=64610, route_table="links", propagates_to=())
CORE_CIRCUIT_GATEWAY = AwsCircuitGateway(
    end=CORE_END, asn=64540, allowed_prefixes=(), edge_locations=("us-east-1", "us-west-2")
)
