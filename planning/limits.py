"""Numbers and ranges that the providers set. Marks as in the reference: [S] read in an SDK, [K] general knowledge.

Sources: `interconnect.md` F and `dns-addresses-cost.md` C.2 of the project's reference, which name the vendor pages.
"""

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv4Network, summarize_address_range

PRIVATE = (IPv4Network("10.0.0.0/8"), IPv4Network("172.16.0.0/12"), IPv4Network("192.168.0.0/16"))
"""RFC 1918: whatever of it nobody has, it is not the internet's."""

GOOGLE_FORWARDERS = IPv4Network("35.199.192.0/19")
"""Where queries that Cloud DNS forwards come from; answers have to find their way back into the VPC that asked."""

NEVER: Mapping[IPv4Network, str] = {
    IPv4Network(prefix): reason
    for prefix, reason in (
        ("0.0.0.0/8", "means 'this host' and is never routed"),
        ("127.0.0.0/8", "is loopback"),
        ("169.254.0.0/16", "is link-local: every cloud's metadata and tunnel addresses live there"),
        ("224.0.0.0/4", "is multicast"),
        ("240.0.0.0/4", "is reserved; only Google accepts it, so it cannot cross clouds"),
        ("192.0.0.0/24", "is for protocols of the IETF"),
        ("192.0.2.0/24", "is for documentation"),
        ("198.18.0.0/15", "is for benchmarks, and AWS WorkSpaces manage themselves in it"),
        ("198.51.100.0/24", "is for documentation"),
        ("203.0.113.0/24", "is for documentation"),
        ("168.63.129.16/32", "is Azure's own platform address"),
        ("199.36.153.4/30", "is Google's restricted API address"),
        ("199.36.153.8/30", "is Google's private API address"),
        ("35.199.192.0/19", "is where Google's DNS forwarders and probes send from"),
    )
}
"""Ranges that no network, site or reservation may touch, with the reason."""

TRAPS: Mapping[IPv4Network, str] = {
    IPv4Network(prefix): owner
    for prefix, owner in (
        ("10.0.0.0/16", "the service range that AKS takes by default"),
        ("10.42.0.0/15", "the pod and service ranges that k3s takes by default"),
        ("10.96.0.0/12", "the service ranges that kubeadm (10.96.0.0/12) and EKS (10.100.0.0/16) take by default"),
        ("10.128.0.0/9", "the range of Google's auto-mode networks"),
        ("10.244.0.0/16", "the pod range that AKS and flannel take by default"),
        ("172.17.0.0/16", "Docker's default bridge, and Cloud9 and SageMaker behind it"),
        ("172.31.0.0/16", "the default VPC of every AWS account"),
        ("192.168.0.0/16", "home routers, minikube and Calico by default"),
    )
}
"""Ranges that software takes by default: allocation avoids them while it can, and using one is a warning [K]."""


LARGEST_NETWORK = 16
"""Prefix length of the largest VPC that AWS makes; the other clouds allow more, but a plan should fit them all."""
SMALLEST_NETWORK = 24
"""Prefix length of the smallest network here: three zones of every tier and room for more."""
SMALLEST_SUBNET: Mapping[str, int] = {"aws": 28, "azure": 29, "gcp": 29}
"""Prefix length of the smallest subnet: AWS [S], Azure, Google [K]."""
ATTACHMENT_SUBNET = 28
"""Prefix length of a Transit Gateway attachment subnet: AWS asks for one of its own in each zone."""
RESOLVER_SUBNET = 28
"""Prefix length of a DNS resolver endpoint's subnet: Azure asks for /28 to /24, for one endpoint alone."""
HUB_PREFIX = 23
"""Prefix length of a virtual hub: at least /24, /23 recommended, never changed."""
SMALLEST_HUB = 24
"""Longest prefix that a virtual hub takes."""
TRANSIT_NETWORK = 22
"""Prefix length of a hub's own network in a region: resolver endpoints, central NAT, Cloud Routers' subnet."""
HUB_ROUTE_TABLES = 20
"""Route tables of a Transit Gateway."""
CORE_NETWORK_SEGMENTS = 40
"""Segments of a core network of Cloud WAN."""
HUB_ROUTES = 10_000
"""Routes of a Transit Gateway over all its tables, of a core network over all its segments, and of a virtual hub."""
HUB_ATTACHMENTS: Mapping[str, int] = {"aws": 5_000, "azure": 500}
"""Networks of one hub: Transit Gateway and core network quotas, virtual hub limit."""
GCP_SPOKES = 250
"""VPC spokes of one connectivity hub [K]: a warning, not an error."""
FILTER_PREFIXES: Mapping[str, int] = {"azure": 4_000, "gcp": 5_000}
"""Prefixes in one security rule or firewall policy rule [K]: a warning, not an error."""
AZURE_RESOLVER_REFUSED = tuple(summarize_address_range(IPv4Address("10.0.1.0"), IPv4Address("10.0.16.255")))
"""Where Azure's DNS Private Resolver cannot stand, since the service uses these addresses itself."""
