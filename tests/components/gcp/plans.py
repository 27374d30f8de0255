"""Small plans to build from: two segments' networks, the transit network, and a hub of either topology."""

from planning.gcp import FirewallRule, Gcp, Hub, Network, Router, Subnet

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
