"""How many prefixes each session carries, against what each side takes before it drops the session or the routes.

Sources: `interconnect.md` F of the project's reference. Documented limits refuse, others [K] warn.
"""

from collections.abc import Iterator

from planning.links import native
from planning.links.outside_types import DedicatedGcp
from planning.links.types import AwsCircuit, AzureCircuit, Links
from planning.problems import Problem

DIRECT_CONNECT_IN = 100
"""Prefixes that a transit virtual interface learns; one more drops the session [D7]."""
DIRECT_CONNECT_OUT = 200
"""Allowed prefixes of a Transit Gateway's association [D2]."""
DIRECT_CONNECT_OUT_ONCE = 20
"""What it was; accounts may still have it."""
EXPRESS_ROUTE_IN = 4_000
"""Prefixes that a Standard circuit learns [D17b]."""
EXPRESS_ROUTE_OUT = 1_000
GCP_LEARNED = 250
"""Unique prefixes that a VPC learns in a region [K]."""
PACKAGE_ROUTES = {"LAB": 50, "STANDARD": 1_000, "ADVANCED": 4_000, "PREMIUM": 10_000}
"""IPv4 routes of a Fabric Cloud Router over all its connections: sample data of the API [D26]."""
SHORTER = "use larger or fewer blocks (addressing.regionSize), since every block of a region is a prefix"


EXPRESS_ROUTE_UNITS = 10
"""Of the ExpressRoute gateway of a hub, 2 Gbps each [D20]."""


def problems(links: Links) -> Iterator[Problem]:
    """Yield the sessions that would carry more than a side takes."""
    gateway = links.aws_circuit_gateway
    if gateway and len(gateway.allowed_prefixes) > DIRECT_CONNECT_OUT:
        rule = f"{len(gateway.allowed_prefixes)} prefixes leave AWS; an association allows {DIRECT_CONNECT_OUT}"
        yield Problem("links", "aws", rule, SHORTER)
    for circuit in _circuits(links):
        side, taken = (
            ("Direct Connect", DIRECT_CONNECT_IN)
            if isinstance(circuit, AwsCircuit)
            else ("ExpressRoute", EXPRESS_ROUTE_IN)
        )
        if len(circuit.session.sends) > taken:
            rule = f"brings {len(circuit.session.sends)} prefixes; {side} takes {taken} and drops the session then"
            yield Problem("links", circuit.name, rule, SHORTER)
        if isinstance(circuit, AzureCircuit) and len(circuit.session.accepts) > EXPRESS_ROUTE_OUT:
            rule = f"{len(circuit.session.accepts)} prefixes leave Azure; a circuit sends {EXPRESS_ROUTE_OUT}"
            yield Problem("links", circuit.name, rule, SHORTER)
    in_azure = links.azure_circuit_gateway
    if in_azure and in_azure.scale_units > EXPRESS_ROUTE_UNITS:
        rule = f"needs {in_azure.scale_units} units of an ExpressRoute gateway, which has {EXPRESS_ROUTE_UNITS}"
        yield Problem("links", "azure", rule, "use less bandwidth, the ports of sites included")


def _circuits(links: Links) -> Iterator[AwsCircuit | AzureCircuit]:
    """Yield every circuit to AWS and Azure, whoever has the other end."""
    for router in links.exchange.routers if links.exchange else ():
        yield from (circuit for circuit in (router.aws, router.azure) if circuit)
    for middle in links.external:
        yield from (end.circuit for end in (middle.aws, middle.azure) if end)
    yield from (port.circuit for port in links.dedicated if not isinstance(port, DedicatedGcp))


def warnings(links: Links) -> Iterator[str]:
    """Yield what comes near to limits, or over those that are not documented."""
    gateway = links.aws_circuit_gateway
    if gateway and len(gateway.allowed_prefixes) > DIRECT_CONNECT_OUT_ONCE:
        count = len(gateway.allowed_prefixes)
        yield f"links: {count} prefixes leave AWS; older accounts allow {DIRECT_CONNECT_OUT_ONCE}"
    for router in links.exchange.routers if links.exchange else ():
        circuits = [router.aws, router.azure, router.gcp, *router.sites]
        count = sum(len(circuit.session.accepts) for circuit in circuits if circuit)
        limit = PACKAGE_ROUTES.get(router.package)
        if limit and count > limit:
            yield f"links.exchange.package: {router.package} is said to hold {limit} routes; {router.name} has {count}"
    for name, count in _learned_by_google(links):
        if count > GCP_LEARNED:
            yield f"links: {name} brings {count} prefixes; a Google VPC is said to learn {GCP_LEARNED}"
    yield from native.warnings(links.native)


def _learned_by_google(links: Links) -> Iterator[tuple[str, int]]:
    """Yield what brings prefixes to Google, and how many."""
    yield from ((vpn.name, len(vpn.gcp.accepts)) for vpn in links.vpns if vpn.gcp)
    in_middles = (
        *(router.gcp for router in (links.exchange.routers if links.exchange else ())),
        *(middle.gcp.circuit for middle in links.external if middle.gcp),
    )
    yield from ((circuit.name, len(circuit.session.sends)) for circuit in in_middles if circuit)
    yield from ((port.name, len(port.end.accepts)) for port in links.dedicated if isinstance(port, DedicatedGcp))
