"""A small plan to build from: two regions, three networks in two segments, a transit network, and links to others.

The links land in one region: four tunnels to AWS, two to Google, two to each of a site's two devices, and two circuits.
"""

from ipaddress import IPv4Network

from planning.azure import (
    Azure,
    Connection,
    FlowLogStore,
    Hub,
    Ipam,
    Network,
    SecurityRule,
    Subnet,
)
from planning.links.types import (
    AwsEnd,
    AzureCircuit,
    AzureCircuitGateway,
    AzureEnd,
    AzureVpnGateway,
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

ALLOW_COMPANY = SecurityRule("allow-company", 100, "Inbound", "Allow", ("10.0.0.0/12", "10.48.0.0/12"))
DENY_REST = SecurityRule("deny-rest", 4096, "Inbound", "Deny", ("0.0.0.0/0",))
DENY_LAB = SecurityRule("deny-lab", 200, "Outbound", "Deny", ("10.63.0.0/16",))

IDENTITY = Network(
    name="identity",
    physical_name="prod-identity",
    region="eastus",
    segment="shared",
    address_space=("10.16.0.0/20",),
    subnets=(
        Subnet("private", "private", "10.16.0.0/22", nat=True, delegation=None),
        Subnet("data", "data", "10.16.4.0/22", nat=False, delegation=None),
        Subnet("pods", "pods", "10.16.8.0/22", nat=True, delegation=None),
    ),
    nat_gateway=True,
    security_rules=(ALLOW_COMPANY, DENY_REST, DENY_LAB),
    drops={"drop-company": "10.0.0.0/8", "drop-lab": "192.168.0.0/16"},
    connection=Connection(route_table="shared", labels=("shared", "prod")),
)
SHOP = Network(
    name="shop",
    physical_name="prod-shop",
    region="eastus",
    segment="prod",
    address_space=("10.16.16.0/20",),
    subnets=(Subnet("private", "private", "10.16.16.0/22", nat=False, delegation=None),),
    nat_gateway=False,
    security_rules=(ALLOW_COMPANY, DENY_REST),
    drops={"drop-company": "10.0.0.0/8"},
    connection=Connection(route_table="prod", labels=("shared",)),
)
SHOP_WEST = Network(
    name="shop-west",
    physical_name="prod-shop-west",
    region="westus3",
    segment="prod",
    address_space=("10.17.0.0/20",),
    subnets=(Subnet("private", "private", "10.17.0.0/22", nat=False, delegation=None),),
    nat_gateway=False,
    security_rules=(ALLOW_COMPANY, DENY_REST),
    drops={},
    connection=Connection(route_table="prod", labels=()),
)
TRANSIT = Network(
    name="azure-eastus-transit",
    physical_name="prod-transit-eastus",
    region="eastus",
    segment=None,
    address_space=("10.16.254.0/24",),
    subnets=(
        Subnet("inbound", "inbound", "10.16.254.0/28", nat=False, delegation="Microsoft.Network/dnsResolvers"),
        Subnet("outbound", "outbound", "10.16.254.16/28", nat=False, delegation="Microsoft.Network/dnsResolvers"),
    ),
    nat_gateway=False,
    security_rules=(ALLOW_COMPANY,),
    drops={},
    connection=Connection(route_table="transit", labels=("prod", "shared", "transit", "default")),
)

TABLES = {name: (name,) for name in ("prod", "shared", "transit")}
EAST_HUB = Hub("eastus", "prod-hub-eastus", "10.31.0.0/23", TABLES)
WEST_HUB = Hub("westus3", "prod-hub-westus3", "10.31.2.0/23", TABLES)

IPAM = Ipam(
    home_region="eastus",
    pools={"eastus": ("10.16.0.0/16",), "westus3": ("10.17.0.0/16", "10.31.2.0/23")},
    allocations={
        "eastus": {"identity": "10.16.0.0/20", "shop": "10.16.16.0/20"},
        "westus3": {"shop-west": "10.17.0.0/20"},
    },
)

AZURE = Azure(
    subscription_id="11111111-2222-3333-4444-555555555555",
    physical_name="prod",
    home_region="eastus",
    hubs=(EAST_HUB, WEST_HUB),
    networks=(IDENTITY, SHOP, SHOP_WEST, TRANSIT),
    ipam=IPAM,
    flow_log_stores=(FlowLogStore("eastus", "prodflowseastus"), FlowLogStore("westus3", "prodflowswestus3")),
    flow_log_retention_days=90,
)

OWN = ("10.16.0.0/16", "10.17.0.0/16")
LABELS = ("prod", "shared", "transit")


def east_end(*accepts: str) -> AzureEnd:
    return AzureEnd(region="eastus", labels=LABELS, sends=OWN, accepts=accepts)


def tunnel(key: str, inside: str, instance: str, **far: TunnelEnd) -> Tunnel:
    """Plan a tunnel in which Azure has the second address of the /30."""
    return Tunnel(key, inside, {"azure": TunnelEnd(instance, str(IPv4Network(inside)[2])), **far})


AWS_VPN = Vpn(
    name="aws-azure-vpn",
    pair="aws/azure",
    role=Role.BACKUP,
    tunnels=(
        tunnel("1-1", "169.254.21.0/30", "Instance0", aws=TunnelEnd("1-1", "169.254.21.1")),
        tunnel("1-2", "169.254.21.4/30", "Instance0", aws=TunnelEnd("1-2", "169.254.21.5")),
        tunnel("2-1", "169.254.21.8/30", "Instance1", aws=TunnelEnd("2-1", "169.254.21.9")),
        tunnel("2-2", "169.254.21.12/30", "Instance1", aws=TunnelEnd("2-2", "169.254.21.13")),
    ),
    aws=AwsEnd("us-east-1", 64520, "links", ("prod",)),
    azure=east_end("10.0.0.0/16", "10.1.0.0/16"),
    gcp=None,
    site=None,
    accelerated=False,
    aws_makes_keys=False,
    key_given=False,
)
GCP_VPN = Vpn(
    name="azure-gcp-vpn",
    pair="azure/gcp",
    role=Role.BACKUP,
    tunnels=(
        tunnel("1", "169.254.21.16/30", "Instance0", gcp=TunnelEnd("0", "169.254.21.17")),
        tunnel("2", "169.254.21.20/30", "Instance1", gcp=TunnelEnd("1", "169.254.21.21")),
    ),
    aws=None,
    azure=east_end("10.32.0.0/16"),
    gcp=GcpEnd("us-east4", 64550, "default", ("10.16.0.0/16",), med=1000, prepends=5),
    site=None,
    accelerated=False,
    aws_makes_keys=False,
    key_given=False,
)
SITE_VPN = Vpn(
    name="azure-hq-vpn",
    pair="azure/hq",
    role=Role.PRIMARY,
    tunnels=(
        tunnel("edge-1", "169.254.22.0/30", "Instance0", hq=TunnelEnd("edge", "169.254.22.1")),
        tunnel("edge-2", "169.254.22.4/30", "Instance1", hq=TunnelEnd("edge", "169.254.22.1")),
        tunnel("spare-1", "169.254.22.8/30", "Instance0", hq=TunnelEnd("spare", "169.254.22.9")),
        tunnel("spare-2", "169.254.22.12/30", "Instance1", hq=TunnelEnd("spare", "169.254.22.9")),
    ),
    aws=None,
    azure=east_end("10.48.0.0/16"),
    gcp=None,
    site=SiteEnd("hq", 64580, ("10.48.0.0/16",), {"edge": "203.0.113.10", "spare": "203.0.113.11"}),
    accelerated=False,
    aws_makes_keys=False,
    key_given=False,
)
VPN_GATEWAY = AzureVpnGateway(
    region="eastus",
    scale_units=2,
    custom_addresses={
        instance: [
            planned.ends["azure"].address
            for vpn in (AWS_VPN, GCP_VPN, SITE_VPN)
            for planned in vpn.tunnels
            if planned.ends["azure"].port == instance
        ]
        for instance in ("Instance0", "Instance1")
    },
)

CIRCUIT_END = east_end("10.0.0.0/16", "10.32.0.0/16")
CIRCUIT_GATEWAY = AzureCircuitGateway(end=CIRCUIT_END, scale_units=3)
CIRCUIT = AzureCircuit(
    name="exchange-dc-azure",
    metro="DC",
    physical_name="prod-dc",
    provider="Equinix",
    peering_location="Washington DC",
    bandwidth=1000,
    vlan=178,
    primary_prefix="169.254.30.0/30",
    secondary_prefix="169.254.30.4/30",
    legs=(
        Leg("primary", "prod-dc-azure-1", "169.254.30.1/30", "169.254.30.2"),
        Leg("secondary", "prod-dc-azure-2", "169.254.30.5/30", "169.254.30.6"),
    ),
    preference=Preference(prepends=0, med=100, weight=100),
    session=CircuitSession(sends=("10.0.0.0/16", "10.32.0.0/16"), accepts=OWN),
)
