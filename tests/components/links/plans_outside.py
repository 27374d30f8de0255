"""Plans to build from: a middle of a carrier's in Washington, before and after it is connected, and a site's ports."""

from dataclasses import replace

from planning.links.outside_types import (
    DedicatedAws,
    DedicatedAzure,
    DedicatedGcp,
    DirectConnectOrder,
    ExpressRouteOrder,
    ExternalAws,
    ExternalAzure,
    ExternalGcp,
    InterconnectOrder,
    MiddleSession,
    Native,
)
from planning.links.types import CircuitSession, GcpEnd, Leg, Preference
from tests.components.links.plans_exchange import AWS, AWS_AGGREGATES, AZURE, AZURE_END, GCP, GCP_AGGREGATES

CARRIER_ASN = 133_937
SITE_ASN = 64_580

AWS_CIRCUIT = replace(
    AWS,
    name="external-carrier-aws",
    profile="",
    leg=Leg("primary", "prod-external-carrier-aws", "169.254.100.17/30", "169.254.100.18"),
)
AZURE_CIRCUIT = replace(
    AZURE, name="external-carrier-azure", physical_name="prod-external-carrier", provider="Megaport"
)
GCP_CIRCUIT = replace(GCP, name="external-carrier-gcp", physical_name="prod-external-carrier")

ORDERED_AWS = ExternalAws(circuit=AWS_CIRCUIT, connection_id=None, vlan=None, accepted=False)
CONNECTED_AWS = replace(ORDERED_AWS, connection_id="dxcon-ffabc123", vlan=313)
ORDERED_AZURE = ExternalAzure(circuit=AZURE_CIRCUIT, end=AZURE_END, provisioned=False)
CONNECTED_AZURE = replace(ORDERED_AZURE, provisioned=True)
ORDERED_GCP = ExternalGcp(circuit=GCP_CIRCUIT, provisioned=False)
CONNECTED_GCP = replace(ORDERED_GCP, provisioned=True)

PORTS_FIRST = Preference(prepends=0, med=50, weight=200)
OF_SITE = CircuitSession(sends=("10.48.0.0/16",), accepts=AWS_AGGREGATES)

AWS_PORT = DedicatedAws(
    circuit=replace(
        AWS,
        name="dedicated-hq-east-aws",
        metro="",
        profile="",
        bandwidth=10_000,
        leg=Leg("primary", "prod-dedicated-hq-east", "169.254.100.21/30", "169.254.100.22"),
        preference=PORTS_FIRST,
        session=OF_SITE,
    ),
    site="hq",
    asn=SITE_ASN,
    vlan=101,
    origin="dxcon-ffabc124",
    up=True,
    sessions=(),
)
ORDERED_AWS_PORT = replace(AWS_PORT, origin=DirectConnectOrder("EqDC2", "10Gbps"), up=False)
AZURE_PORT = DedicatedAzure(
    circuit=replace(
        AZURE,
        name="dedicated-hq-east-azure",
        metro="",
        physical_name="prod-dedicated-hq-east",
        provider="",
        peering_location="",
        bandwidth=2_000,
        vlan=102,
        preference=PORTS_FIRST,
    ),
    end=replace(AZURE_END, accepts=("10.48.0.0/16",)),
    site="hq",
    asn=SITE_ASN,
    origin="/subscriptions/1/resourceGroups/net/providers/Microsoft.Network/expressRoutePorts/hq-east",
    up=True,
    sessions=(),
)
ORDERED_AZURE_PORT = replace(AZURE_PORT, origin=ExpressRouteOrder("Equinix-Ashburn-DC2", 10), up=False)
GCP_PORT = DedicatedGcp(
    name="dedicated-hq-east-gcp",
    physical_name="prod-dedicated-hq-east",
    site="hq",
    asn=SITE_ASN,
    end=GcpEnd(
        region="us-east4",
        asn=64_550,
        group="center",
        accepts=("10.48.0.0/16", "10.52.0.0/16"),
        med=50,
        prepends=0,
    ),
    origin="hq-east",
    up=True,
    vlan=103,
    bandwidth=5_000,
    mtu=1500,
    address="169.254.100.25/29",
    site_address="169.254.100.26/29",
    sessions=(
        MiddleSession(
            party="gcp",
            leg="primary",
            asn=SITE_ASN,
            cloud_asn=64_550,
            address="169.254.100.26/29",
            cloud_address="169.254.100.25",
            vlan=103,
            accepts=GCP_AGGREGATES,
            sends=("10.48.0.0/16", "10.52.0.0/16"),
            prepends=0,
            med=50,
        ),
    ),
)
ORDERED_GCP_PORT = replace(
    GCP_PORT,
    origin=InterconnectOrder("iad-zone1-1", "LINK_TYPE_ETHERNET_10G_LR", 2, "Acme", "noc@acme.example"),
    up=False,
)
NATIVE = Native(
    name="aws-gcp-native",
    physical_name="prod-aws-native",
    project="acme-net-prod",
    region="us-east4",
    aws_region="us-east-1",
    aws_account_id="111122223333",
    remote_profile="aws-us-east-1",
    bandwidth=2_000,
    advertised=GCP_AGGREGATES,
    key_given=False,
)
