"""Small plans to build from: two segments' networks, the transit network, a hub of either topology, links."""

from dataclasses import replace
from ipaddress import IPv4Network

from planning.gcp import FirewallRule, Gcp, Hub, Network, Router, Subnet
from planning.links.types import (
    AwsEnd,
    AzureEnd,
    CircuitSession,
    GcpCircuit,
    GcpEnd,
    GcpLeg,
    Leg,
    Preference,
    Role,
    SiteEnd,
    Tunnel,
    TunnelEnd,
    Vpn,
)

PRIVATE = ("10.0.0.0/12", "10.16.0.0/12", "10.32.0.0/12", "10.48.0.0/12")
REACHABLE = ("10.0.0.0/18", "10.32.0.0/18")
ELSEWHERE = {"aws-10-0-0-0-12": "10.0.0.0/12", "azure-10-16-0-0-12": "10.16.0.0/12", "onprem-10-48": "10.48.0.0/16"}
RULES = (
    FirewallRule("reachable-ingress", 1000, "INGRESS", "goto_next", REACHABLE),
    FirewallRule("private-ingress", 4000, "INGRESS", "deny", PRIVATE),
    FirewallRule("reachable-egress", 1000, "EGRESS", "goto_next", REACHABLE),
    FirewallRule("private-egress", 4000, "EGRESS", "deny", PRIVATE),
)

ANALYTICS = Network(
    name="analytics",
    physical_name="prod-analytics",
    segment="prod",
    subnets=(
        Subnet(
            "private-us-east4",
            "private",
            "us-east4",
            "10.32.0.0/20",
            {"pods": "10.96.0.0/17", "services": "10.97.0.0/22"},
        ),
        Subnet("private-us-west1", "private", "us-west1", "10.32.16.0/20", {}),
    ),
    nat_regions=("us-east4",),
    firewall_rules=RULES,
    group="default",
    hidden_ranges=("100.64.0.0/10",),
    external_ranges=ELSEWHERE,
    routers=(),
)
BILLING = Network(
    name="billing",
    physical_name="prod-billing",
    segment="shared",
    subnets=(Subnet("private-us-east4", "private", "us-east4", "10.32.32.0/20", {}),),
    nat_regions=(),
    firewall_rules=RULES,
    group="default",
    hidden_ranges=("100.64.0.0/10",),
    external_ranges=ELSEWHERE,
    routers=(),
)
TRANSIT = Network(
    name="gcp-transit",
    physical_name="prod-transit",
    segment=None,
    subnets=(
        Subnet("transit-us-east4", "transit", "us-east4", "10.47.0.0/26", {}),
        Subnet("transit-us-west1", "transit", "us-west1", "10.47.0.64/26", {}),
    ),
    nat_regions=(),
    firewall_rules=(),
    group="default",
    hidden_ranges=("100.64.0.0/10",),
    external_ranges=ELSEWHERE,
    routers=(
        Router("us-east4", 64550, {"10.32.0.0/18": "networks in us-east4", "10.40.0.0/18": "networks in us-west1"}),
        Router("us-west1", 64551, {"10.40.0.0/18": "networks in us-west1"}),
        Router("us-east4", 16550, {"10.32.0.0/18": "networks in us-east4"}, suffix="partner"),
    ),
)
MESH = Hub("prod-hub", "MESH", ("default",))
STAR = Hub("prod-hub", "STAR", ("center", "edge"))
CLOUD = Gcp("acme-net-prod", "us-east4", MESH, (ANALYTICS, BILLING, TRANSIT), register_addresses=True)

VPN_END = GcpEnd(
    region="us-east4",
    asn=64550,
    group="default",
    accepts=("10.0.0.0/16", "10.4.0.0/18"),
    med=1000,
    prepends=10,
)


def tunnel(key: str, number: int, port: str, far: str, far_port: str) -> Tunnel:
    """Build the numbered tunnel to a far side, which has the first address of the /30."""
    start = f"169.254.10.{number * 4}"
    network = IPv4Network(f"{start}/30")
    first, second = (str(host) for host in network.hosts())
    return Tunnel(key, str(network), {far: TunnelEnd(far_port, first), "gcp": TunnelEnd(port, second)})


AWS_VPN = Vpn(
    name="aws-gcp-vpn",
    pair="aws/gcp",
    role=Role.BACKUP,
    # Not in the order of their keys: what counts is what they are called.
    tunnels=(
        tunnel("2-1", 2, "1", "aws", "2-1"),
        tunnel("1-1", 0, "0", "aws", "1-1"),
        tunnel("1-2", 1, "0", "aws", "1-2"),
        tunnel("2-2", 3, "1", "aws", "2-2"),
    ),
    aws=AwsEnd("us-east-1", 64520, "links", ("prod",)),
    azure=None,
    gcp=VPN_END,
    site=None,
    accelerated=False,
    aws_makes_keys=True,
    key_given=False,
)
AZURE_VPN = replace(
    AWS_VPN,
    name="azure-gcp-vpn",
    pair="azure/gcp",
    role=Role.PRIMARY,
    tunnels=(tunnel("1", 0, "0", "azure", "Instance0"), tunnel("2", 1, "1", "azure", "Instance1")),
    aws=None,
    azure=AzureEnd("eastus", ("prod",), (), ()),
    gcp=replace(VPN_END, accepts=("10.16.0.0/16",), med=100, prepends=0),
    aws_makes_keys=False,
)
SITE_VPN = replace(
    AZURE_VPN,
    name="gcp-hq-vpn",
    pair="gcp/hq",
    tunnels=(tunnel("edge-1", 0, "0", "hq", "edge"), tunnel("edge-2", 1, "1", "hq", "edge")),
    azure=None,
    site=SiteEnd("hq", 64580, ("10.48.0.0/16",), {"edge": "203.0.113.10"}),
)
"""One device at the site, reached from both interfaces."""

CIRCUIT = GcpCircuit(
    name="exchange-dc-gcp",
    metro="DC",
    physical_name="prod-dc",
    region="us-east4",
    bandwidth=1000,
    mtu=1500,
    group="center",
    legs=(
        GcpLeg(1, "Google Cloud Partner Interconnect Zone 1", Leg("primary", "prod-dc-gcp-1", None, None)),
        GcpLeg(2, "Google Cloud Partner Interconnect Zone 2", Leg("secondary", "prod-dc-gcp-2", None, None)),
    ),
    preference=Preference(prepends=0, med=100, weight=100),
    session=CircuitSession(sends=("10.0.0.0/16",), accepts=("10.32.0.0/16",)),
)
