"""Writes planned resolvers as hosts with Unbound: the same zones, forwards and addresses."""

from collections.abc import Iterable, Mapping, Sequence
from ipaddress import IPv4Network

from inspection.network.model import Resolver, Zone
from tests.lab.model import CLIENTS_ASK

PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
ROOT_KEY = ". IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D"
"""The internet's root's, as validating servers have it. No root is reached here, so it proves nothing right."""
REVERSE = ".in-addr.arpa"
FIRST = 4
"""Address of a subnet that queries come from where the cloud picks one: AWS and Azure keep the first four."""


def sender(cidr: str) -> str:
    """Pick the address that queries come from."""
    network = IPv4Network(cidr)
    return str(network[0 if network.prefixlen == network.max_prefixlen else FIRST])


def cloud_files(resolver: Resolver) -> dict[str, str]:
    """Write what a cloud's resolver does: it answers from its zones, forwards the rest that is planned, and no more."""
    domains = [*(zone.domain for zone in resolver.zones), *resolver.forwards]
    lines = [
        *_common([sender(cidr) for cidr in resolver.sends_from]),
        "    module-config: iterator",
        "    access-control: 0.0.0.0/0 allow",
        '    local-zone: "." refuse',
        *(f'    local-zone: "{domain}" transparent' for domain in domains),
        *_auth_zones(resolver.zones),
    ]
    for domain, targets in resolver.forwards.items():
        lines += ["forward-zone:", f'    name: "{domain}"', *(f"    forward-addr: {target}" for target in targets)]
    return {"common.conf": "\n".join(lines) + "\n", **_listeners(resolver.answers_at), **_zone_files(resolver.zones)}


def site_files(address: str, zones: Sequence[Zone], fragment: str, forwards: Iterable[str]) -> dict[str, str]:
    """Write what a site's server does: its own zones, and for all else the rendered file, on a strict server.

    It validates, guards against rebinding, and has its built-in zones; only names are refused that nobody is asked for.

    Args:
        address: the server's.
        zones: that it answers for.
        fragment: the rendered `unbound.conf`.
        forwards: domains that are forwarded, as another reading of the plan says.
    """
    names = [domain for domain in (*(zone.domain for zone in zones), *forwards) if not domain.endswith(REVERSE)]
    lines = [
        *_common([address]),
        '    module-config: "validator iterator"',
        f'    trust-anchor: "{ROOT_KEY}"',
        *(f"    private-address: {cidr}" for cidr in PRIVATE),
        '    local-zone: "." refuse',
        *(f'    local-zone: "{name}" transparent' for name in names),
        *_auth_zones(zones),
        "include: site.conf",
    ]
    common = "\n".join(lines) + "\n"
    return {"common.conf": common, "site.conf": fragment, **_listeners([address]), **_zone_files(zones)}


def _listeners(answers_at: Sequence[str]) -> Mapping[str, str]:
    """Write what two servers start with: one asks others by udp and answers them, the other asks by tcp."""
    listening = {"udp": [CLIENTS_ASK["udp"], *answers_at], "tcp": [CLIENTS_ASK["tcp"]]}
    return {
        f"{transport}.conf": "\n".join(
            [
                "server:",
                *(f"    interface: {address}" for address in addresses),
                f"    tcp-upstream: {'yes' if transport == 'tcp' else 'no'}",
                "include: common.conf",
                "",
            ]
        )
        for transport, addresses in listening.items()
    }


def _common(sends_from: Sequence[str]) -> Sequence[str]:
    return [
        "remote-control:",
        "    control-enable: no",
        "server:",
        '    directory: "."',
        '    chroot: ""',
        '    username: ""',
        '    pidfile: ""',
        "    use-syslog: no",
        "    do-ip6: no",
        # Nothing is remembered: every question goes the whole way.
        "    cache-max-ttl: 0",
        "    cache-max-negative-ttl: 0",
        # There are no long ways here: a server that was never heard of is soon taken for silent.
        "    unknown-server-time-limit: 100",
        "    tcp-auth-query-timeout: 200",
        *(f"    outgoing-interface: {address}" for address in sends_from),
    ]


def _auth_zones(zones: Sequence[Zone]) -> Sequence[str]:
    return [
        line
        for zone in zones
        for line in (
            "auth-zone:",
            f'    name: "{zone.domain}"',
            f'    zonefile: "{zone.domain}.zone"',
            "    for-downstream: yes",
            "    for-upstream: no",
        )
    ]


def _zone_files(zones: Sequence[Zone]) -> Mapping[str, str]:
    return {f"{zone.domain}.zone": _zone_file(zone) for zone in zones}


def _zone_file(zone: Zone) -> str:
    lines = [
        f"{zone.domain}. 60 IN SOA ns.invalid. host.invalid. 1 60 60 60 60",
        f"{zone.domain}. 60 IN NS ns.invalid.",
    ]
    for record in zone.records:
        dot = "" if record.type == "A" else "."
        lines += [f"{record.name}. 60 IN {record.type} {value}{dot}" for value in record.values]
    return "\n".join(lines) + "\n"
