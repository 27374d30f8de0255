"""Autonomous system numbers: who gets which, and which are refused.

Source: `interconnect.md` F of the project's reference. The plan keeps to 16 bits, since Azure's VPN gateways were
documented not to peer with 32-bit numbers, and never uses 64512, the default of every AWS gateway.
"""

from collections.abc import Collection, Mapping

POOLS: Mapping[str, range] = {
    "transit-gateway": range(64520, 64540),
    "direct-connect-gateway": range(64540, 64550),
    "cloud-router": range(64550, 64580),
    "site": range(64580, 64600),
    "cloud-wan": range(64610, 64640),
}
"""What an ASN is for -> the numbers given out for it."""

SPARE = range(64640, 65000)
"""Given out when a pool is used up."""

AZURE_HUB = 65515
"""Every virtual hub has it, and its gateways; it cannot be chosen."""

REFUSED: Mapping[range, str] = {
    range(1): "is reserved (RFC 7607)",
    range(112, 113): "is the AS112 project's, refused by Equinix",
    range(8074, 8076): "is Microsoft's own",
    range(12076, 12077): "is Microsoft's own, on every ExpressRoute circuit",
    range(16550, 16551): "is Google's own, on every Partner Interconnect",
    range(23456, 23457): "stands for every 32-bit number (RFC 6793)",
    range(64496, 64512): "is for documentation (RFC 5398)",
    range(64512, 64513): "is the default of every AWS gateway and would meet itself",
    range(64600, 64601): "is refused by Equinix",
    range(65515, 65521): "is Azure's own, on every hub and gateway",
    range(65535, 65536): "is reserved (RFC 7300)",
    range(65536, 65552): "is for documentation (RFC 5398)",
    range(4200000000, 4200000003): "is refused by Equinix",
    range(4294967295, 4294967296): "is reserved (RFC 7300)",
}
"""Numbers that some side of a link refuses, with the reason."""


def refusal(asn: int) -> str | None:
    """Say why a number cannot be used, or None where it can."""
    refused = next((reason for numbers, reason in REFUSED.items() if asn in numbers), None)
    if refused:
        return refused
    owner = next((name for name, numbers in POOLS.items() if asn in numbers and name != "site"), None)
    return f"belongs to the ledger's pool for each {owner.replace('-', ' ')}" if owner else None


def is_ours(asn: int) -> bool:
    """Tell whether a number is one that the ledger gives out."""
    return any(asn in numbers for numbers in (*POOLS.values(), SPARE))


def pool_text(purpose: str) -> str:
    """Show a pool to the reader of an error."""
    pool = POOLS[purpose]
    return f"{pool.start}-{pool.stop - 1}"


def take(purpose: str, used: Collection[int]) -> int | None:
    """Give out the lowest unused number for a purpose, or None where pool and spare are used up."""
    return next((asn for pool in (POOLS[purpose], SPARE) for asn in pool if asn not in used), None)
