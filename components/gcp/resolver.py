"""Where the rest of the world asks Google for names: an inbound policy, and the addresses that Google answers at.

Google takes an address in every subnet of the VPC by itself, some time after the policy is made, and tells it with
neither. Who forwards to it has to know it, so that what the configuration does not give is looked up.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from ipaddress import IPv4Network, ip_address
from typing import TypedDict

import pulumi
from pulumi_gcp import compute, dns

import planning.gcp
import planning.names.types

_TYPES = ("INTERNAL", "EXTERNAL")
"""All that Google has."""
PAUSE = 10.0
"""Seconds between two looks."""
LOOKS = 13
"""Two minutes in all."""


class GcpResolverArgs(TypedDict):
    """What is asked, and where."""

    names: planning.names.types.GcpNames
    network: planning.gcp.Network
    """Plan of the transit network."""
    project: str
    network_id: pulumi.Input[str]
    """Transit network."""
    subnet_ids: Mapping[str, pulumi.Input[str]]
    """Key of the transit network's subnet -> id."""


class GcpResolver(pulumi.ComponentResource):
    """The transit network's one policy; nothing where nobody asks."""

    entry_points: Mapping[str, pulumi.Output[str]]
    """Key of the server -> address that answers."""

    def __init__(self, name: str, args: GcpResolverArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:GcpResolver", name, opts=opts)
        servers = args["names"].entry_points
        self.entry_points = {}
        if servers:
            policy = dns.Policy(
                name,
                name=f"{args['names'].physical_name}-names",
                description="Answers queries for names that come over the links",
                networks=[dns.PolicyNetworkArgs(network_url=args["network_id"])],
                enable_inbound_forwarding=True,
                # A VPC takes only one policy, so all goes here. What is asked from outside is little, since resolvers
                # there keep answers, and nothing else tells how far a query came that finds no name.
                enable_logging=True,
                opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
            )
            given = {
                server.key: pulumi.Output.from_input(server.address) for server in servers.values() if server.address
            }
            missing = {subnet: server.key for subnet, server in servers.items() if server.key not in given}
            self.entry_points = {**given, **(self._looked_up(args, missing, policy) if missing else {})}
        self.register_outputs({"entry_points": self.entry_points})

    def _looked_up(
        self, args: GcpResolverArgs, missing: Mapping[str, str], policy: dns.Policy
    ) -> Mapping[str, pulumi.Output[str]]:
        """Ask Google which addresses its resolvers took, for the servers in some subnets."""
        region = args["names"].region
        ranges = {subnet.key: IPv4Network(subnet.cidr) for subnet in args["network"].subnets}
        wanted = {subnet: ranges[subnet] for subnet in missing}

        def look() -> pulumi.Output[compute.GetAddressesResult]:
            return compute.get_addresses_output(
                filter='purpose="DNS_RESOLVER"',
                project=args["project"],
                # By way of the subnets: an address is taken only when there is one, as well as the policy.
                region=pulumi.Output.all(*(args["subnet_ids"][subnet] for subnet in missing)).apply(lambda _: region),
                opts=pulumi.InvokeOutputOptions(parent=self, depends_on=[policy]),
            )

        found = _looked_until_taken(look, wanted, LOOKS)
        return {key: found[subnet] for subnet, key in missing.items()}


def _looked_until_taken(
    look: Callable[[], pulumi.Output[compute.GetAddressesResult]], wanted: Mapping[str, IPv4Network], looks: int
) -> pulumi.Output[Mapping[str, str]]:
    """Look again while a subnet has no address: Google takes them some time after the policy is there."""

    def judge(answer: compute.GetAddressesResult) -> pulumi.Input[Mapping[str, str]]:
        if looks > 1 and not _settled(answer.addresses, wanted):
            pause = pulumi.Output.from_input(asyncio.sleep(PAUSE))
            return pause.apply(lambda _: _looked_until_taken(look, wanted, looks - 1))
        return _taken(answer.addresses, wanted)

    return look().apply(judge)


def _settled(
    candidates: Sequence[compute.outputs.GetAddressesAddressResult], wanted: Mapping[str, IPv4Network]
) -> bool:
    """Tell whether another look could not tell more."""
    taken = [ip_address(candidate.address) for candidate in candidates if candidate.address_type in _TYPES]
    return _made_up(candidates) or all(any(each in prefix for each in taken) for prefix in wanted.values())


def _made_up(candidates: Sequence[compute.outputs.GetAddressesAddressResult]) -> bool:
    """Tell an answer that is not Google's, since none of its addresses has a type that exists: nothing is in it."""
    return bool(candidates) and not any(candidate.address_type in _TYPES for candidate in candidates)


def _taken(
    candidates: Sequence[compute.outputs.GetAddressesAddressResult], wanted: Mapping[str, IPv4Network]
) -> Mapping[str, str]:
    """Map subnets to the addresses taken in them. An answer names no subnets, and its order says nothing."""
    if _made_up(candidates) and len(candidates) >= len(wanted):
        return {subnet: candidate.address for subnet, candidate in zip(wanted, candidates, strict=False)}
    addresses = [candidate.address for candidate in candidates]
    return {subnet: _in_subnet(addresses, subnet, prefix) for subnet, prefix in wanted.items()}


def _in_subnet(addresses: Sequence[str], subnet: str, prefix: IPv4Network) -> str:
    """Choose the one address in a subnet.

    Raises:
        pulumi.RunError: there is none, or another VPC of the project has the same range and one too.
    """
    found = [address for address in addresses if ip_address(address) in prefix]
    if len(found) == 1:
        return found[0]
    what = f"{len(found)} addresses ({', '.join(sorted(found))})" if found else "no address yet"
    message = (
        f"dns.googleEntryPoints: Google has {what} that answers for names in the subnet {subnet} ({prefix}), which "
        "others have to forward to; run `pulumi up` again in a minute, or give the address"
    )
    raise pulumi.RunError(message)
