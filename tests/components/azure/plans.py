"""A small plan to build from: two regions, three networks in two segments and a transit network."""

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
