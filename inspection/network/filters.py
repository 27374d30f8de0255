"""Whether port 53 is open, udp and tcp, between a resolver's endpoints and somebody outside.

Sites' filters are their own and no part of any plan.
"""

from collections.abc import Iterator, Mapping, Sequence
from ipaddress import IPv4Network

from inspection.graph import Graph, Json, Resource
from inspection.network import aws_names, azure_names, gcp_names
from inspection.network.model import Resolver, pointing, sources

PORT = 53
_EPHEMERAL = 50000
"""Stands for the ports that answers go to: a network ACL of AWS knows no connections."""
_PROTOCOLS = {"udp": "17", "tcp": "6"}

_AWS_GROUP = "aws:ec2/securityGroup:SecurityGroup"
_AWS_ACL = "aws:ec2/networkAcl:NetworkAcl"
_AZURE_GROUP = "azure-native:network:NetworkSecurityGroup"
_GCP_POLICY = "gcp:compute/networkFirewallPolicy:NetworkFirewallPolicy"
_GCP_ASSOCIATION = "gcp:compute/networkFirewallPolicyAssociation:NetworkFirewallPolicyAssociation"
_GCP_RULE = "gcp:compute/networkFirewallPolicyRule:NetworkFirewallPolicyRule"


def closed_to(graph: Graph, resolver: Resolver, target: IPv4Network) -> Iterator[str]:
    """Yield what keeps a resolver from asking somebody."""
    if resolver.party == "aws":
        yield from _aws(graph, resolver, target, "OUTBOUND")
    elif resolver.party == "azure":
        yield from _azure(graph, resolver, target, "Outbound")
    elif resolver.party == "gcp":
        yield from _gcp(graph, resolver, target, "EGRESS")


def closed_for(graph: Graph, resolver: Resolver, source: IPv4Network) -> Iterator[str]:
    """Yield what keeps a resolver from being asked by somebody."""
    if resolver.party == "aws":
        yield from _aws(graph, resolver, source, "INBOUND")
    elif resolver.party == "azure":
        yield from _azure(graph, resolver, source, "Inbound")
    elif resolver.party == "gcp":
        yield from _gcp(graph, resolver, source, "INGRESS")


def prefixes(*values: Json) -> Sequence[IPv4Network]:
    """List networks out of values that may be missing, one or many; words such as service tags are none."""
    texts = [text for value in values for text in ([value] if isinstance(value, str) else value or ())]
    texts = ["0.0.0.0/0" if text == "*" else text for text in texts]
    return [IPv4Network(text) for text in texts if text[:1].isdigit()]


def holds(networks: Sequence[IPv4Network], wanted: IPv4Network) -> bool:
    """Tell whether one of some networks holds another whole."""
    return any(wanted.subnet_of(network) for network in networks)


# -- AWS


def endpoints(graph: Graph, resolver: Resolver, direction: str) -> Sequence[Resource]:
    """List the endpoints of a resolver in AWS that queries arrive at, or leave from."""
    return [
        each
        for each in graph.of_type(aws_names.ENDPOINT)
        if each.inputs["direction"] == direction
        and resolver.network in {host.name for host in aws_names.hosts(graph, each)}
    ]


def _aws(graph: Graph, resolver: Resolver, far: IPv4Network, direction: str) -> Iterator[str]:
    key = "ingress" if direction == "INBOUND" else "egress"
    for endpoint in endpoints(graph, resolver, direction):
        groups = sources(graph, endpoint, "securityGroupIds", _AWS_GROUP)
        for protocol in _PROTOCOLS:
            if not any(_group_lets(group, key, protocol, far) for group in groups):
                yield f"no {key} rule of {endpoint.name} for {protocol} {PORT} and {far}"
        for subnet in sources(graph, endpoint, "ipAddresses", aws_names.SUBNET):
            for acl in pointing(graph, _AWS_ACL, "subnetIds", subnet):
                back = "egress" if key == "ingress" else "ingress"
                if not (_acl_lets(acl, key, PORT, far) and _acl_lets(acl, back, _EPHEMERAL, far)):
                    yield f"network ACL {acl.name} keeps {subnet.name} from {far}"


def _group_lets(group: Resource, key: str, protocol: str, far: IPv4Network) -> bool:
    return any(
        _covers_port(rule, protocol, PORT) and holds(prefixes(rule.get("cidrBlocks")), far)
        for rule in group.inputs.get(key) or ()
    )


def _covers_port(rule: Mapping[str, Json], protocol: str, port: int) -> bool:
    told = rule["protocol"]
    if told == "-1":
        return True
    return told in (protocol, _PROTOCOLS[protocol]) and rule["fromPort"] <= port <= rule["toPort"]


def _acl_lets(acl: Resource, key: str, port: int, far: IPv4Network) -> bool:
    for protocol in _PROTOCOLS:
        for rule in sorted(acl.inputs.get(key) or (), key=lambda each: each["ruleNo"]):
            networks = prefixes(rule.get("cidrBlock"))
            if not _covers_port(rule, protocol, port) or not any(map(far.overlaps, networks)):
                continue
            if rule["action"] == "deny":
                return False
            if holds(networks, far):
                break
        else:
            return False
    return True


# -- Azure


def azure_subnets(graph: Graph, resolver: Resolver, direction: str) -> Sequence[Resource]:
    """List the subnets that the endpoints of a resolver in Azure stand in."""
    token, key = (
        (azure_names.INBOUND, "ipConfigurations") if direction == "Inbound" else (azure_names.OUTBOUND, "subnet")
    )
    found = [subnet for each in graph.of_type(token) for subnet in sources(graph, each, key, azure_names.SUBNET)]
    return [
        subnet
        for subnet in found
        if resolver.network in {vnet.name for vnet in sources(graph, subnet, "virtualNetworkName", azure_names.VNET)}
    ]


def _azure(graph: Graph, resolver: Resolver, far: IPv4Network, direction: str) -> Iterator[str]:
    for subnet in azure_subnets(graph, resolver, direction):
        near = IPv4Network(subnet.inputs["addressPrefix"])
        for group in sources(graph, subnet, "networkSecurityGroup", _AZURE_GROUP):
            for protocol in _PROTOCOLS:
                if not _azure_lets(group, direction, protocol, near, far):
                    yield f"{group.name} lets no {protocol} {PORT} {direction.lower()} for {subnet.name} and {far}"


def _azure_lets(group: Resource, direction: str, protocol: str, near: IPv4Network, far: IPv4Network) -> bool:
    inbound = direction == "Inbound"
    for rule in sorted(group.inputs.get("securityRules") or (), key=lambda each: each["priority"]):
        from_, to = (
            prefixes(rule.get(f"{end}AddressPrefix"), rule.get(f"{end}AddressPrefixes"))
            for end in ("source", "destination")
        )
        far_side, near_side = (from_, to) if inbound else (to, from_)
        ports = [rule.get("destinationPortRange"), *(rule.get("destinationPortRanges") or ())]
        if (
            rule["direction"] != direction
            or rule["protocol"].lower() not in ("*", protocol)
            or not any(_azure_port(each) for each in ports if each)
            or not any(map(far.overlaps, far_side))
            or not any(map(near.overlaps, near_side))
        ):
            continue
        if rule["access"] == "Deny":
            return False
        if holds(far_side, far) and holds(near_side, near):
            return True
    # Azure's own last rules let the virtual network and all that its hub knows in and out, and nothing else in.
    return far.is_private or not inbound


def _azure_port(told: str) -> bool:
    first, _, last = told.partition("-")
    return told == "*" or int(first) <= PORT <= int(last or first)


# -- Google Cloud


def _gcp(graph: Graph, resolver: Resolver, far: IPv4Network, direction: str) -> Iterator[str]:
    network = next(each for each in graph.of_type(gcp_names.NETWORK) if each.name == resolver.network)
    for association in pointing(graph, _GCP_ASSOCIATION, "attachmentTarget", network):
        for policy in sources(graph, association, "firewallPolicy", _GCP_POLICY):
            rules = [each.inputs for each in pointing(graph, _GCP_RULE, "firewallPolicy", policy)]
            for protocol in _PROTOCOLS:
                if not _gcp_lets(rules, direction, protocol, far):
                    yield f"{policy.name} lets no {protocol} {PORT} {direction.lower()} for {far}"


def _gcp_lets(rules: Sequence[Mapping[str, Json]], direction: str, protocol: str, far: IPv4Network) -> bool:
    key = "srcIpRanges" if direction == "INGRESS" else "destIpRanges"
    for rule in sorted(rules, key=lambda each: each["priority"]):
        networks = prefixes(rule["match"].get(key))
        if rule["direction"] != direction or not any(map(far.overlaps, networks)):
            continue
        if not any(_gcp_covers(each, protocol) for each in rule["match"]["layer4Configs"]):
            continue
        if rule["action"] == "deny":
            return False
        if holds(networks, far):
            return True
    # Below the policy stand the VPC's own rules, which are for machines: Google's resolvers are none.
    return True


def _gcp_covers(config: Mapping[str, Json], protocol: str) -> bool:
    return config["ipProtocol"] in ("all", protocol) and (not config.get("ports") or str(PORT) in config["ports"])
