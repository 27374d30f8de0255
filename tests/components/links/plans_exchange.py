"""Plans to build from: a router in Washington with a circuit to each cloud and to a site, all on one environment."""

from planning.links.types import (
    AwsCircuit,
    AwsCircuitGateway,
    AwsEnd,
    AzureCircuit,
    AzureEnd,
    CircuitSession,
    Exchange,
    ExchangeRouter,
    GcpCircuit,
    GcpLeg,
    Leg,
    PortOrder,
    Preference,
    SiteCircuit,
)

FIRST = Preference(prepends=0, med=100, weight=100)
SECOND = Preference(prepends=3, med=200, weight=50)

AWS_AGGREGATES = ("10.0.0.0/16", "10.1.0.0/17")
AZURE_AGGREGATES = ("10.16.0.0/16",)
GCP_AGGREGATES = ("10.32.0.0/16",)
SITE_AGGREGATES = ("10.48.0.0/16",)

AWS = AwsCircuit(
    name="exchange-dc-aws",
    metro="DC",
    seller_region="us-east-1",
    bandwidth=500,
    profile="AWS Direct Connect",
    mtu=1500,
    leg=Leg("primary", "prod-dc-aws", "169.254.100.1/30", "169.254.100.2"),
    preference=FIRST,
    session=CircuitSession(
        sends=(*AZURE_AGGREGATES, *GCP_AGGREGATES, *SITE_AGGREGATES),
        accepts=AWS_AGGREGATES,
    ),
)
AWS_GATEWAY = AwsCircuitGateway(
    end=AwsEnd(region="us-east-1", asn=64520, route_table="links", propagates_to=("prod", "shared")),
    asn=64540,
    allowed_prefixes=AWS_AGGREGATES,
)
AZURE = AzureCircuit(
    name="exchange-dc-azure",
    metro="DC",
    physical_name="prod-dc",
    provider="Equinix",
    peering_location="Washington DC",
    bandwidth=500,
    vlan=180,
    primary_prefix="169.254.100.4/30",
    secondary_prefix="169.254.100.8/30",
    legs=(
        Leg("primary", "prod-dc-azure-1", "169.254.100.5/30", "169.254.100.6"),
        Leg("secondary", "prod-dc-azure-2", "169.254.100.9/30", "169.254.100.10"),
    ),
    preference=FIRST,
    session=CircuitSession(sends=(*AWS_AGGREGATES, *GCP_AGGREGATES), accepts=AZURE_AGGREGATES),
)
AZURE_END = AzureEnd(
    region="eastus",
    labels=("prod", "shared"),
    sends=AZURE_AGGREGATES,
    accepts=(*AWS_AGGREGATES, *GCP_AGGREGATES),
)
GCP = GcpCircuit(
    name="exchange-dc-gcp",
    metro="DC",
    physical_name="prod-dc",
    region="us-east4",
    bandwidth=500,
    mtu=1500,
    group="center",
    legs=tuple(
        GcpLeg(
            domain=domain,
            profile=f"Google Cloud Partner Interconnect Zone {domain}",
            leg=Leg(f"domain-{domain}", f"prod-dc-gcp-{domain}", None, None),
        )
        for domain in (1, 2)
    ),
    preference=FIRST,
    session=CircuitSession(sends=(*AWS_AGGREGATES, *AZURE_AGGREGATES), accepts=GCP_AGGREGATES),
)
PORT_ID = "c4d85dbe-f965-3659-f7e0-306a5c00af26"
PORT_ORDER = PortOrder(
    metro="DC",
    ibx="DC5",
    speed=10_000,
    physical_type="10GBASE_LR",
    cage="DC5:01:002087",
    cabinet="Demarc",
    patch_panel="PP:Demarc:00002087",
    connector="SC",
    users=("acme-noc", "acme-net"),
)
SITE = SiteCircuit(
    name="exchange-dc-hq",
    metro="DC",
    site="hq",
    port=PORT_ID,
    up=True,
    vlan=1200,
    asn=64580,
    bandwidth=200,
    leg=Leg("primary", "prod-dc-hq", "169.254.100.13/30", "169.254.100.14"),
    preference=FIRST,
    session=CircuitSession(sends=(*AWS_AGGREGATES, *AZURE_AGGREGATES), accepts=SITE_AGGREGATES),
)
ROUTER = ExchangeRouter(metro="DC", name="prod-dc", package="STANDARD", aws=AWS, azure=AZURE, gcp=GCP, sites=(SITE,))
EXCHANGE = Exchange(
    project_id="377533000114703",
    account_number=270001,
    notify=("noc@acme.example", "net@acme.example"),
    purchase_order="PO-1",
    term_months=12,
    routers=(ROUTER,),
)
