"""Reverse zones: which ones hold an owner's prefixes, and the names of addresses in them."""

from collections.abc import Collection, Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network

OCTET = 8


def zones(prefixes: Iterable[IPv4Network], space: Collection[IPv4Network]) -> Sequence[IPv4Network]:
    """Cut prefixes at the borders of octets, where reverse zones begin.

    A prefix between two borders gets the one zone around it where all of that is the owner's to use, so that no other
    owner's addresses can ever be in it (another environment's can); else as many as it has parts.

    Args:
        prefixes: in use by the owner.
        space: the owner's supernets.
    """
    found: set[IPv4Network] = set()
    for prefix in prefixes:
        around = prefix.supernet(new_prefix=prefix.prefixlen // OCTET * OCTET)
        if around == prefix or any(around.subnet_of(supernet) for supernet in space):
            found.add(around)
        else:
            found.update(prefix.subnets(new_prefix=around.prefixlen + OCTET))
    return sorted(zone for zone in found if not any(zone != other and zone.subnet_of(other) for other in found))


def domain(zone: IPv4Network) -> str:
    """Name a reverse zone: `17.10.in-addr.arpa` for 10.17.0.0/16."""
    return ".".join([*reversed(_octets(zone)), "in-addr.arpa"])


def key(zone: IPv4Network) -> str:
    """Name a reverse zone in resources: `reverse-10-17`."""
    return "-".join(["reverse", *_octets(zone)])


def _octets(zone: IPv4Network) -> Sequence[str]:
    return str(zone.network_address).split(".")[: zone.prefixlen // OCTET]


def pointer(address: str, zone_domain: str) -> str:
    """Name an address within its reverse zone: `4.224` for 10.17.224.4 in `17.10.in-addr.arpa`."""
    return IPv4Address(address).reverse_pointer.removesuffix(f".{zone_domain}")
