"""How many prefixes each session carries, against what each side takes before it drops the session or the routes.

Sources: `interconnect.md` F of the project's reference. Documented limits refuse, others [K] warn.
"""

from collections.abc import Iterator

from planning.links.types import Links
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


def problems(links: Links) -> Iterator[Problem]:
    """Yield the sessions that would carry more than a side takes."""
    gateway = links.aws_circuit_gateway
    if gateway and len(gateway.allowed_prefixes) > DIRECT_CONNECT_OUT:
        rule = f"{len(gateway.allowed_prefixes)} prefixes leave AWS; an association allows {DIRECT_CONNECT_OUT}"
        yield Problem("links", "aws", rule, SHORTER)
    for router in links.exchange.routers if links.exchange else ():
        for circuit, side, taken in (
            (router.aws, "Direct Connect", DIRECT_CONNECT_IN),
            (router.azure, "ExpressRoute", EXPRESS_ROUTE_IN),
        ):
            if circuit and len(circuit.session.sends) > taken:
                rule = f"brings {len(circuit.session.sends)} prefixes; {side} takes {taken} and drops the session then"
                yield Problem("links", circuit.name, rule, SHORTER)
        if router.azure and len(router.azure.session.accepts) > EXPRESS_ROUTE_OUT:
            rule = f"{len(router.azure.session.accepts)} prefixes leave Azure; a circuit sends {EXPRESS_ROUTE_OUT}"
            yield Problem("links", router.azure.name, rule, SHORTER)


def warnings(links: Links) -> Iterator[str]:
    """Yield what comes near to limits, or over those that are not documented."""
    gateway = links.aws_circuit_gateway
    if gateway and len(gateway.allowed_prefixes) > DIRECT_CONNECT_OUT_ONCE:
        count = len(gateway.allowed_prefixes)
        yield f"links: {count} prefixes leave AWS; older accounts allow {DIRECT_CONNECT_OUT_ONCE}"
    for vpn in links.vpns:
        count = len(vpn.gcp.accepts) if vpn.gcp else 0
        if count > GCP_LEARNED:
            yield f"links: {vpn.name} brings {count} prefixes; a Google VPC is said to learn {GCP_LEARNED}"
    for router in links.exchange.routers if links.exchange else ():
        circuits = [router.aws, router.azure, router.gcp, *router.sites]
        count = sum(len(circuit.session.accepts) for circuit in circuits if circuit)
        limit = PACKAGE_ROUTES.get(router.package)
        if limit and count > limit:
            yield f"links.exchange.package: {router.package} is said to hold {limit} routes; {router.name} has {count}"
        if router.gcp and len(router.gcp.session.sends) > GCP_LEARNED:
            count = len(router.gcp.session.sends)
            yield f"links: {router.gcp.name} brings {count} prefixes; a Google VPC is said to learn {GCP_LEARNED}"
