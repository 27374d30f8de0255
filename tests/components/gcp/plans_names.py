"""A small plan of names, and the cloud to build it in: one VPC that forwards, two that ask it."""

from dataclasses import replace

from planning.gcp import Subnet
from planning.names.types import Forward, GcpNames, NamedServer, Server, Zone, ZoneRecord
from tests.components.gcp.plans import CLOUD, TRANSIT

ASKED = replace(
    TRANSIT,
    subnets=(
        Subnet("transit-us-east4", "transit", "us-east4", "10.47.0.0/26", {}),
        Subnet("resolver-us-east4", "resolver", "us-east4", "10.47.0.128/28", {}),
        Subnet("transit-us-west1", "transit", "us-west1", "10.47.0.64/26", {}),
    ),
)
NETWORKED = replace(CLOUD, networks=(*CLOUD.networks[:2], ASKED))
EVERYWHERE = ("gcp-transit", "analytics", "billing")
FIRST, SECOND = Server("transit-us-east4", None), Server("resolver-us-east4", None)
GIVEN = {"transit-us-east4": "10.47.0.9", "resolver-us-east4": "10.47.0.137"}
NAMES = GcpNames(
    physical_name="prod",
    region="us-east4",
    network="gcp-transit",
    entry_points={"transit-us-east4": FIRST, "resolver-us-east4": SECOND},
    zones=(
        Zone("names", "gcp.acme.internal", EVERYWHERE),
        Zone("reverse-10-32", "32.10.in-addr.arpa", EVERYWHERE),
        Zone("reverse-10-47", "47.10.in-addr.arpa", EVERYWHERE),
        Zone(
            "apis",
            "googleapis.com",
            ("gcp-transit", "analytics"),
            (ZoneRecord("@", ("10.47.0.50",)), ZoneRecord("*", ("10.47.0.50", "10.47.0.51"))),
        ),
    ),
    named=(NamedServer("dns-1", FIRST, "reverse-10-47"), NamedServer("dns-2", SECOND, "reverse-10-47")),
    forwards=(
        Forward(
            "aws",
            "aws.acme.internal",
            "aws",
            (Server("resolver-az1", "10.1.252.52"), Server("resolver-az2", "10.1.252.68")),
        ),
        Forward(
            "reverse-10-1",
            "1.10.in-addr.arpa",
            "aws",
            (Server("resolver-az1", "10.1.252.52"), Server("resolver-az2", "10.1.252.68")),
        ),
        Forward("onprem", "onprem.acme.internal", "onprem", (Server("hq-10-48-0-53", "10.48.0.53"),)),
    ),
    peered=("analytics", "billing"),
)
ALL_GIVEN = replace(NAMES, entry_points={subnet: Server(subnet, address) for subnet, address in GIVEN.items()})
