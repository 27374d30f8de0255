"""What can be wrong with the roots of names, alone and beside those of other environments."""

from collections.abc import Iterator, Mapping

from planning.ledger import Ledger
from planning.names.loops import within
from planning.names.types import ONPREM
from planning.problems import Problem
from planning.settings import Cloud, Settings
from planning.settings.names import Dns, PublicRoot

CHILDREN = (*(str(cloud) for cloud in Cloud), ONPREM)
NOT_OURS: Mapping[str, str] = {
    "local": "belongs to multicast DNS: hosts ask their neighbours and never a server",
    "localhost": "means the host itself",
    "invalid": "is never resolved",
    "onion": "belongs to Tor",
    "arpa": "belongs to reverse zones and protocols",
    "amazonaws.com": "is AWS's",
    "compute.internal": "is what AWS names machines by",
    "ec2.internal": "is what AWS names machines by",
    "internal.cloudapp.net": "is what Azure names machines by",
    "windows.net": "is Azure's",
    "azure.net": "is Azure's",
    "google.internal": "is what Google names machines by",
    "googleapis.com": "is Google's",
}
"""Domains that no private root may lie in, with the reason."""
PRIVATE_KEY, PUBLIC_KEY = "dns/private", "dns/public"
"""Where the ledger keeps the roots of an environment; a public zone that was there before is nobody's."""


def recorded_roots(settings: Settings) -> Mapping[str, tuple[str, str]]:
    """Map the keys of roots in the ledger to where they are set, and the roots."""
    dns = settings.dns
    if dns is None:
        return {}
    made = {PUBLIC_KEY: ("dns.public", dns.public.name)} if dns.public and not dns.public.zone else {}
    return {PRIVATE_KEY: ("dns.private", dns.private), **made}


def problems(settings: Settings, dns: Dns, ledger: Ledger) -> Iterator[Problem]:
    """Yield what is wrong with the roots."""
    for taken, reason in NOT_OURS.items():
        if within(dns.private, taken):
            rule = f"lies in {taken}, which {reason}"
            yield Problem("dns.private", dns.private, rule, "use another, as acme.internal")
    if dns.public:
        yield from _public(settings, dns.private, dns.public)
    for name, content in ledger.environments.items():
        if name != settings.environment:
            yield from _meeting(settings.environment, dns, name, content.fixed)


def _public(settings: Settings, private: str, public: PublicRoot) -> Iterator[Problem]:
    if public.name == private:
        rule = "is the private root as well, so that public names would not be found from inside"
        yield Problem("dns.public", public.name, rule, f"use another private root, as internal.{public.name}")
    elif public.signed and within(private, public.name):
        rule = f"lies in {public.name}, which is signed: validating resolvers refuse unsigned answers there"
        yield Problem("dns.private", private, rule, "use a private root outside of it, as acme.internal")
    for child in CHILDREN:
        if within(public.name, f"{child}.{private}"):
            rule = f"lies in the private zone {child}.{private}, which hides it from everybody inside"
            yield Problem("dns.public", public.name, rule, "use another public root")
    if getattr(settings.accounts, public.host) is None:
        rule = "hosts the public zone, and has no account here"
        yield Problem("dns.public.host", public.host, rule, f"add accounts.{public.host}, or choose another")


def _meeting(environment: str, dns: Dns, other: str, fixed: Mapping[str, str]) -> Iterator[Problem]:
    """Yield roots that meet those of another environment: who asks for both would get the answers of one."""
    private, public = fixed.get(PRIVATE_KEY), fixed.get(PUBLIC_KEY)
    if private is not None and _meet(dns.private, private):
        rule = f"meets {private}, the private root of environment {other}"
        yield Problem("dns.private", dns.private, rule, f"use one of its own, as {environment}.{dns.private}")
    if dns.public and not dns.public.zone and dns.public.name == public:
        rule = f"is the public root of environment {other}, whose stack makes the zone"
        remedy = f"use one of its own, as {environment}.{public}, or name the zone that is there: dns.public.zone"
        yield Problem("dns.public", dns.public.name, rule, remedy)


def _meet(one: str, other: str) -> bool:
    return one == other or any(within(a, f"{child}.{b}") for a, b in ((one, other), (other, one)) for child in CHILDREN)
