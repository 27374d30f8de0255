"""Where the rest of the world asks Google for names: an inbound policy, and the addresses that Google answers at.

Google takes an address in every subnet of the VPC by itself, some time after the policy is made, and tells it with
neither. Who forwards to it has to know it, so that what the configuration does not give is looked up.
"""

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Network, ip_address
from typing import TypedDict

import pulumi
from pulumi_gcp import compute, dns

import planning.gcp
import planning.names.types

_TYPES = ("INTERNAL", "EXTERNAL")
"""All that Google has."""


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
        answer = compute.get_addresses_output(
            filter='purpose="DNS_RESOLVER"',
            project=args["project"],
            # By way of the subnets: an address is taken only when there is one, as well as the policy.
            region=pulumi.Output.all(*(args["subnet_ids"][subnet] for subnet in missing)).apply(lambda _: region),
            opts=pulumi.InvokeOutputOptions(parent=self, depends_on=[policy]),
        )
        ranges = {subnet.key: IPv4Network(subnet.cidr) for subnet in args["network"].subnets}
        wanted = {subnet: ranges[subnet] for subnet in missing}
        found = answer.apply(lambda known: _taken(known.addresses, wanted))
        return {key: found[subnet] for subnet, key in missing.items()}


def _taken(
    candidates: Sequence[compute.outputs.GetAddressesAddressResult], wanted: Mapping[str, IPv4Network]
) -> Mapping[str, str]:
    """Map subnets to the addresses taken in them. An answer names no subnets, and its order says nothing."""
    # An answer of which no address has a type that exists is not Google's, and there is nothing to find in it.
    if len(candidates) >= len(wanted) and not any(candidate.address_type in _TYPES for candidate in candidates):
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
