"""What every end of a BGP session is told, read from resources and from the files for sites' routers.

Nothing here knows of the planner. Reads an update, in which every address and number is known. What is told of
something that is not there is left out, so that a graph with resources taken out tells of a failure.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from ipaddress import IPv4Interface, IPv4Network
from typing import Any

from inspection.graph import SECRET, Graph, Json, Resource
from tests.support.known_outputs import complete

CUSTOMER_GATEWAY = "aws:ec2/customerGateway:CustomerGateway"
AWS_VPN = "aws:ec2/vpnConnection:VpnConnection"
TRANSIT_GATEWAY = "aws:ec2transitgateway/transitGateway:TransitGateway"
ASSOCIATION = "aws:ec2transitgateway/routeTableAssociation:RouteTableAssociation"
PROPAGATION = "aws:ec2transitgateway/routeTablePropagation:RouteTablePropagation"
DX_GATEWAY = "aws:directconnect/gateway:Gateway"
DX_ASSOCIATION = "aws:directconnect/gatewayAssociation:GatewayAssociation"
ACCEPTANCE = "aws:directconnect/connectionConfirmation:ConnectionConfirmation"
INTERFACE = "aws:directconnect/transitVirtualInterface:TransitVirtualInterface"
CORE_ATTACHMENT = "aws:networkmanager/siteToSiteVpnAttachment:SiteToSiteVpnAttachment"
CORE_POLICY = "aws:networkmanager/coreNetworkPolicyAttachment:CoreNetworkPolicyAttachment"
HOSTED_CONNECTION = "aws:directconnect/getConnection:getConnection"

AZURE_VPN_GATEWAY = "azure-native:network:VpnGateway"
VPN_SITE = "azure-native:network:VpnSite"
AZURE_VPN = "azure-native:network:VpnConnection"
CIRCUIT = "azure-native:network:ExpressRouteCircuit"
PEERING = "azure-native:network:ExpressRouteCircuitPeering"
CIRCUIT_CONNECTION = "azure-native:network:ExpressRouteConnection"
CIRCUIT_GATEWAY = "azure-native:network:ExpressRouteGateway"

HA_GATEWAY = "gcp:compute/haVpnGateway:HaVpnGateway"
FAR_GATEWAY = "gcp:compute/externalVpnGateway:ExternalVpnGateway"
TUNNEL = "gcp:compute/vPNTunnel:VPNTunnel"
ROUTER_INTERFACE = "gcp:compute/routerInterface:RouterInterface"
PEER = "gcp:compute/routerPeer:RouterPeer"
CLOUD_ROUTER = "gcp:compute/router:Router"
SPOKE = "gcp:networkconnectivity/spoke:Spoke"
ATTACHMENT = "gcp:compute/interconnectAttachment:InterconnectAttachment"
PARTNER_SESSION = "pulumi-python:dynamic/gcp:PartnerSession"

FABRIC_ROUTER = "equinix:fabric/cloudRouter:CloudRouter"
CONNECTION = "equinix:fabric/connection:Connection"
PROTOCOL = "equinix:fabric/routingProtocol:RoutingProtocol"

EXCHANGE = "exchange"
"""Party that stands in the middle."""
HUB_ASN, MICROSOFT_ASN = 65515, 12076
"""Azure's own: of every virtual hub, and at the edge of every circuit."""

Proposal = tuple[str, str, str, str, str, str]
PROPOSAL: Proposal = ("IKEv2", "AES-256", "SHA-256", "group 14", "AES-256-GCM", "group 14")
"""What docs/links.md promises of every tunnel: version, then encryption, integrity and group, then those of ESP."""
_COMMON = {
    **dict.fromkeys(("ikev2", "IKEv2", 2), "IKEv2"),
    **dict.fromkeys(("AES256", "AES-CBC-256", "aes256"), "AES-256"),
    **dict.fromkeys(("SHA2-256", "SHA256", "HMAC-SHA2-256-128", "sha256"), "SHA-256"),
    **dict.fromkeys((14, "DHGroup14", "PFS14", "PFS2048", "Group-14", "modp2048"), "group 14"),
    **dict.fromkeys(("AES256-GCM-16", "GCMAES256", "AES-GCM-16-256", "aes256gcm16"), "AES-256-GCM"),
}
"""What each cloud calls what -> its name here."""


@dataclass(frozen=True, slots=True)
class End:
    """What one end of a session was told."""

    party: str
    """`aws`, `azure`, `gcp`, the name of a site, or `exchange`."""
    place: str
    """What it stands on and fails with, beside resources: an instance, an interface, a device, a router."""
    path: tuple[str, str]
    """Own and far public address of a tunnel; of a circuit, twice what tells it from others."""
    addresses: tuple[str, str]
    """Own and far, in BGP."""
    asns: tuple[int, int]
    """Own and far."""
    key: str | None
    """Pre-shared key of a tunnel, BGP key of a circuit."""
    proposal: Proposal | None = None
    """Of a tunnel."""
    speaker: str = ""
    """What says what is sent and accepted: URN of a resource, or the name of a neighbour in a router's files."""

    def meets(self, other: "End") -> bool:
        """Tell whether the other end is the one that this one was told of, and was told of this one."""
        return (
            (self.path, self.addresses, self.asns) == (other.path[::-1], other.addresses[::-1], other.asns[::-1])
            and self.key == other.key
            and self.proposal == other.proposal
        )


def ends_told(graph: Graph, sites: Mapping[str, Any]) -> Sequence[End]:
    """List every end, also those that meet nobody.

    Args:
        graph: an update, whole or after something failed.
        sites: as in the stack file.
    """
    built = _Built(graph, sites)
    return [end for told in _WHERE for end in told(built)]


def outputs(resource: Resource) -> Mapping[str, Json]:
    """Give what an update made up for a resource, the same that other resources were told."""
    return {**resource.inputs, **complete(resource.type, resource.name, dict(resource.inputs))}


def hosted_connection(name: str, region: str) -> Mapping[str, Json]:
    """Give what an update made up for the hosted connection that AWS finds by a name."""
    return complete(HOSTED_CONNECTION, "", {"name": name, "region": region})


def plain(value: Json) -> Json:
    """Take a secret out of its wrapping."""
    return value[SECRET] if isinstance(value, Mapping) and value.keys() == {SECRET} else value


class _Built:
    """What there is, by what others refer to it by."""

    def __init__(self, graph: Graph, sites: Mapping[str, Any]) -> None:
        self.graph = graph
        self.sites = sites
        self._made: dict[str, Mapping[str, Json]] = {}

    def made(self, resource: Resource) -> Mapping[str, Json]:
        if resource.urn not in self._made:
            self._made[resource.urn] = outputs(resource)
        return self._made[resource.urn]

    @cached_property
    def by_id(self) -> Mapping[str, Resource]:
        return {r.id: r for r in self.graph.resources if r.custom and not r.read}

    @cached_property
    def attached(self) -> set[str]:
        """Attachments to a Transit Gateway that are looked up somewhere, and that somebody learns of."""
        return set.intersection(
            *(
                {each.inputs["transitGatewayAttachmentId"] for each in self.graph.of_type(token)}
                for token in (ASSOCIATION, PROPAGATION)
            )
        )

    @cached_property
    def attached_to_core(self) -> set[str]:
        """Tunnels on a core network, by their ARNs."""
        return {each.inputs["vpnConnectionArn"] for each in self.graph.of_type(CORE_ATTACHMENT)}

    @cached_property
    def core_asns(self) -> Mapping[str, int]:
        """Region -> number of the core network's edge there."""
        [policy] = self.graph.of_type(CORE_POLICY)
        document = json.loads(policy.inputs["policyDocument"])
        return {edge["location"]: edge["asn"] for edge in document["core-network-configuration"]["edge-locations"]}

    @cached_property
    def on_hub(self) -> set[str]:
        """Tunnels and attachments that Google's connectivity hub learns from, by their links."""
        linked = [
            spoke.inputs.get(kind, {}).get("uris", ())
            for spoke in self.graph.of_type(SPOKE)
            for kind in ("linkedVpnTunnels", "linkedInterconnectAttachments")
        ]
        return {uri for uris in linked for uri in uris}

    def has(self, *identities: str) -> bool:
        return all(identity in self.by_id for identity in identities)

    def named(self, token: str, key: str, name: str) -> Resource | None:
        return next((r for r in self.graph.of_type(token) if not r.read and r.inputs[key] == name), None)


def _common(*choices: str | int) -> str:
    """Give the common name of the only choice; with several it is open which is taken."""
    return " or ".join(_COMMON.get(choice, str(choice)) for choice in choices)


# -- tunnels


def _aws_tunnels(built: _Built) -> Iterator[End]:
    for connection in built.graph.of_type(AWS_VPN):
        asn = None if connection.read else _aws_asn(built, connection)
        far = None if connection.read else built.by_id.get(connection.inputs["customerGatewayId"])
        if asn is None or far is None:
            continue
        told, made = connection.inputs, built.made(connection)
        for tunnel in ("tunnel1", "tunnel2"):
            own, other = IPv4Network(told[f"{tunnel}InsideCidr"]).hosts()
            yield End(
                party="aws",
                place=f"{tunnel} of {connection.name}",
                path=(made[f"{tunnel}Address"], far.inputs["ipAddress"]),
                addresses=(str(own), str(other)),
                asns=(asn, int(far.inputs.get("bgpAsn") or far.inputs["bgpAsnExtended"])),
                key=plain(told.get(f"{tunnel}PresharedKey", made[f"{tunnel}PresharedKey"])),
                proposal=(
                    _common(*told[f"{tunnel}IkeVersions"]),
                    _common(*told[f"{tunnel}Phase1EncryptionAlgorithms"]),
                    _common(*told[f"{tunnel}Phase1IntegrityAlgorithms"]),
                    _common(*told[f"{tunnel}Phase1DhGroupNumbers"]),
                    _common(*told[f"{tunnel}Phase2EncryptionAlgorithms"]),
                    _common(*told[f"{tunnel}Phase2DhGroupNumbers"]),
                ),
                speaker=connection.urn,
            )


def _aws_asn(built: _Built, connection: Resource) -> int | None:
    """Give the number of what a connection hangs on, if it does."""
    made = built.made(connection)
    if "transitGatewayId" in connection.inputs:
        gateway = built.by_id.get(connection.inputs["transitGatewayId"])
        attached = made["transitGatewayAttachmentId"] in built.attached
        return gateway.inputs["amazonSideAsn"] if gateway and attached else None
    return built.core_asns[connection.inputs["region"]] if made["arn"] in built.attached_to_core else None


def _azure_tunnels(built: _Built) -> Iterator[End]:
    for connection in built.graph.of_type(AZURE_VPN):
        gateway = built.named(AZURE_VPN_GATEWAY, "gatewayName", connection.inputs["gatewayName"])
        site = built.by_id.get(connection.inputs["remoteVpnSite"]["id"])
        if gateway is None or site is None or not built.has(gateway.inputs["virtualHub"]["id"]):
            continue
        public = {each["id"]: each["publicIpAddress"] for each in built.made(gateway)["ipConfigurations"]}
        links = {f"{site.id}/vpnSiteLinks/{link['name']}": link for link in site.inputs["vpnSiteLinks"]}
        for link in connection.inputs["vpnLinkConnections"]:
            far, [policy] = links[link["vpnSiteLink"]["id"]], link["ipsecPolicies"]
            for own in link["vpnGatewayCustomBgpAddresses"]:
                instance = own["ipConfigurationId"]
                yield End(
                    party="azure",
                    place=f"{instance} of {gateway.name}",
                    path=(public[instance], far["ipAddress"]),
                    addresses=(own["customBgpIpAddress"], far["bgpProperties"]["bgpPeeringAddress"]),
                    asns=(gateway.inputs["bgpSettings"]["asn"], far["bgpProperties"]["asn"]),
                    key=plain(link["sharedKey"]),
                    proposal=(
                        _common(link["vpnConnectionProtocolType"]),
                        _common(policy["ikeEncryption"]),
                        _common(policy["ikeIntegrity"]),
                        _common(policy["dhGroup"]),
                        _common(policy["ipsecEncryption"]),
                        _common(policy["pfsGroup"]),
                    ),
                    speaker=connection.urn,
                )


def _google_tunnels(built: _Built) -> Iterator[End]:
    for peer in built.graph.of_type(PEER):
        interface = built.named(ROUTER_INTERFACE, "name", peer.inputs["interface"])
        router = built.named(CLOUD_ROUTER, "name", peer.inputs["router"])
        tunnel = interface and built.named(TUNNEL, "name", interface.inputs["vpnTunnel"])
        gateway = tunnel and built.by_id.get(tunnel.inputs["vpnGateway"])
        far = tunnel and built.by_id.get(tunnel.inputs["peerExternalGateway"])
        if not (interface and router and tunnel and gateway and far):
            continue
        if built.made(tunnel)["selfLink"] not in built.on_hub:
            continue
        number = tunnel.inputs["vpnGatewayInterface"]
        public = {each["id"]: each["ipAddress"] for each in built.made(gateway)["vpnInterfaces"]}
        far_public = {each["id"]: each["ipAddress"] for each in far.inputs["interfaces"]}
        suite = tunnel.inputs["cipherSuite"]
        yield End(
            party="gcp",
            place=f"interface {number} of {gateway.name}",
            path=(public[number], far_public[tunnel.inputs["peerExternalGatewayInterface"]]),
            addresses=(_host(interface.inputs["ipRange"]), peer.inputs["peerIpAddress"]),
            asns=(router.inputs["bgp"]["asn"], peer.inputs["peerAsn"]),
            key=plain(tunnel.inputs["sharedSecret"]),
            proposal=(
                _common(tunnel.inputs["ikeVersion"]),
                _common(*suite["phase1"]["encryptions"]),
                _common(*suite["phase1"]["integrities"]),
                _common(*suite["phase1"]["dhs"]),
                _common(*suite["phase2"]["encryptions"]),
                _common(*suite["phase2"]["pfs"]),
            ),
            speaker=peer.urn,
        )


# -- routers of sites


def _devices(built: _Built) -> Iterator[End]:
    """Yield the ends of tunnels, from the files for the devices."""
    for site, device, files in _routers(built):
        connections = {name: _values(block) for name, block in _blocks(files.get("swanctl.conf", ""))}
        keys = {name: _values(block) for name, block in _blocks(files.get("swanctl-secrets.conf", ""))}
        for neighbour, told in _neighbours(files["frr.conf"]).items():
            connection = connections.get(told["description"])
            interface = re.search(rf"^tunnel \S+ (\d+) (\S+) {neighbour} ", files["interfaces.sh"], re.MULTILINE)
            if connection is None or interface is None or interface[2] != told["update-source"]:
                continue
            own = built.sites[site]["devices"][device]["address"]
            key = keys[f"ike-{told['description']}"]
            if connection["local_addrs"] != own or key["id"] != connection["remote_addrs"]:
                continue
            encryption, integrity, group = connection["proposals"].split("-")
            esp_encryption, esp_group = connection["esp_proposals"].split("-")
            yield End(
                party=site,
                place=f"{device} of {site}",
                path=(own, connection["remote_addrs"]),
                addresses=(interface[2], neighbour),
                asns=(_own_asn(files["frr.conf"]), int(told["remote-as"])),
                key=_key(built, site, key["secret"]),
                proposal=(
                    _common(int(connection["version"])),
                    _common(encryption),
                    _common(integrity),
                    _common(group),
                    _common(esp_encryption),
                    _common(esp_group),
                ),
                speaker=f"{site}/{device}/{told['description']}",
            )


def _ports(built: _Built) -> Iterator[End]:
    """Yield the ends of circuits, from the files for what stands behind the ports."""
    for site, router, files in _routers(built):
        circuit = re.search(r'^circuit \S+ "\$PORT_(\w+)" (\d+) (\S+)/\d+ ', files["interfaces.sh"], re.MULTILINE)
        if circuit is None:
            continue
        metro, vlan, own = circuit.groups()
        port = (metro, built.sites[site]["ports"][metro]["id"], int(vlan))
        passwords = dict(re.findall(r"^ neighbor (\S+) password (\S+)$", files["frr-secrets.conf"], re.MULTILINE))
        for neighbour, told in _neighbours(files["frr.conf"]).items():
            for connection in built.graph.of_type(CONNECTION):
                if told["update-source"] == own and _port(connection) == port:
                    yield End(
                        party=site,
                        place=f"port of {site} in {metro}",
                        path=(connection.urn, connection.urn),
                        addresses=(own, neighbour),
                        asns=(_own_asn(files["frr.conf"]), int(told["remote-as"])),
                        key=_key(built, site, passwords[neighbour]),
                        speaker=f"{site}/{router}/{told['description']}",
                    )


def _routers(built: _Built) -> Iterator[tuple[str, str, Mapping[str, str]]]:
    for site, routers in built.graph.outputs["siteFiles"].items():
        for router, files in routers.items():
            yield site, router, files


def _neighbours(frr: str) -> Mapping[str, Mapping[str, str]]:
    """Map each neighbour to what is said of it."""
    found: dict[str, dict[str, str]] = {}
    for neighbour, key, value in re.findall(
        r"^ neighbor (\S+) (remote-as|description|update-source) (\S+)$", frr, re.M
    ):
        found.setdefault(neighbour, {})[key] = value
    return found


def _own_asn(frr: str) -> int:
    [asn] = re.findall(r"^router bgp (\d+)$", frr, re.MULTILINE)
    return int(asn)


def _blocks(swanctl: str) -> Sequence[tuple[str, str]]:
    return re.findall(r"^    (\S+) \{\n(.*?)^    \}", swanctl, re.MULTILINE | re.DOTALL)


def _values(block: str) -> Mapping[str, str]:
    return dict(re.findall(r'^ +(\w+) = "?([^"\n]+)"?$', block, re.MULTILINE))


def _key(built: _Built, site: str, placeholder: str) -> str:
    return plain(built.graph.outputs["siteKeys"][site][placeholder.strip("@")])


def _port(connection: Resource) -> tuple[str, str, int] | None:
    end = far_side(connection)
    if end["type"] != "COLO":
        return None
    return end["location"]["metroCode"], end["port"]["uuid"], end["linkProtocol"]["vlanTag"]


# -- circuits


def _fabric_ends(built: _Built) -> Iterator[End]:
    for connection in built.graph.of_type(CONNECTION):
        router = built.by_id.get(connection.inputs["aSide"]["accessPoint"]["router"]["uuid"])
        protocols = {
            protocol.inputs["type"]: protocol
            for protocol in built.graph.of_type(PROTOCOL)
            if protocol.inputs["connectionUuid"] == connection.id
        }
        if router is None or protocols.keys() != {"DIRECT", "BGP"}:
            continue
        bgp = protocols["BGP"].inputs
        own = IPv4Interface(protocols["DIRECT"].inputs["directIpv4"]["equinixIfaceIp"])
        yield End(
            party=EXCHANGE,
            place=router.name,
            path=(connection.urn, connection.urn),
            addresses=(str(own.ip), bgp["bgpIpv4"]["customerPeerIp"]),
            asns=(built.made(router)["equinixAsn"], bgp["customerAsn"]),
            key=plain(bgp.get("bgpAuthKey")),
            speaker=connection.urn,
        )


def _host(address: str) -> str:
    return str(IPv4Interface(address).ip)


def far_side(connection: Resource) -> Mapping[str, Json]:
    """Give the access point at the far end of a circuit."""
    return connection.inputs["zSide"]["accessPoint"]


def _aws_circuits(built: _Built) -> Iterator[End]:
    for connection in built.graph.of_type(CONNECTION):
        region = far_side(connection).get("sellerRegion")
        # Of other clouds' circuits nothing is found: their names are no hosted connections'.
        hosted: Mapping[str, Json] = hosted_connection(connection.inputs["name"], region) if region else {"id": None}
        for acceptance in built.graph.of_type(ACCEPTANCE):
            if (acceptance.inputs["connectionId"], acceptance.inputs["region"]) == (hosted["id"], region):
                yield from _interfaces(built, connection, acceptance, hosted["vlanId"])


def _interfaces(built: _Built, connection: Resource, acceptance: Resource, vlan: int) -> Iterator[End]:
    for interface in built.graph.of_type(INTERFACE):
        told = interface.inputs
        gateway = built.by_id.get(told["dxGatewayId"])
        if (told["connectionId"], told["vlan"]) == (acceptance.id, vlan) and gateway and _behind(built, gateway):
            yield End(
                party="aws",
                place=connection.name,
                path=(connection.urn, connection.urn),
                addresses=(_host(told["amazonAddress"]), _host(told["customerAddress"])),
                asns=(int(gateway.inputs["amazonSideAsn"]), told["bgpAsn"]),
                key=plain(told.get("bgpAuthKey", built.made(interface)["bgpAuthKey"])),
                speaker=gateway.urn,
            )


def _behind(built: _Built, gateway: Resource) -> bool:
    """Tell whether a Transit Gateway is behind a Direct Connect gateway, and looks up what it brings."""
    return any(
        association.inputs["dxGatewayId"] == gateway.id
        and built.has(association.inputs["associatedGatewayId"])
        and built.made(association)["transitGatewayAttachmentId"] in built.attached
        for association in built.graph.of_type(DX_ASSOCIATION)
    )


def _azure_circuits(built: _Built) -> Iterator[End]:
    for connection in built.graph.of_type(CONNECTION):
        key, redundancy = plain(far_side(connection).get("authenticationKey")), connection.inputs.get("redundancy")
        circuit = next((c for c in built.graph.of_type(CIRCUIT) if built.made(c)["serviceKey"] == key), None)
        peering = circuit and built.named(PEERING, "circuitName", circuit.inputs["circuitName"])
        if redundancy is None or peering is None or not _let_into_a_hub(built, peering):
            continue
        first, second = IPv4Network(peering.inputs[f"{redundancy['priority'].lower()}PeerAddressPrefix"]).hosts()
        yield End(
            party="azure",
            place=connection.name,
            path=(connection.urn, connection.urn),
            addresses=(str(second), str(first)),
            asns=(MICROSOFT_ASN, peering.inputs["peerASN"]),
            key=plain(peering.inputs["sharedKey"]),
            speaker=peering.urn,
        )


def _let_into_a_hub(built: _Built, peering: Resource) -> bool:
    for connection in built.graph.of_type(CIRCUIT_CONNECTION):
        name = connection.inputs["expressRouteGatewayName"]
        gateway = built.named(CIRCUIT_GATEWAY, "expressRouteGatewayName", name)
        if connection.inputs["expressRouteCircuitPeering"]["id"] == peering.id and gateway:
            return built.has(gateway.inputs["virtualHub"]["id"])
    return False


def _google_circuits(built: _Built) -> Iterator[End]:
    for session in built.graph.of_type(PARTNER_SESSION):
        told = session.inputs
        attachment = built.named(ATTACHMENT, "name", told["attachment"])
        router = built.named(CLOUD_ROUTER, "name", told["router"])
        if attachment is None or router is None or attachment.inputs["router"] != told["router"]:
            continue
        made = built.made(attachment)
        if made["selfLink"] not in built.on_hub:
            continue
        for connection in built.graph.of_type(CONNECTION):
            if plain(far_side(connection).get("authenticationKey")) == made["pairingKey"]:
                yield End(
                    party="gcp",
                    place=f"{attachment.inputs['edgeAvailabilityDomain']} of {attachment.inputs['region']}",
                    path=(connection.urn, connection.urn),
                    addresses=(_host(made["cloudRouterIpAddress"]), _host(made["customerRouterIpAddress"])),
                    asns=(router.inputs["bgp"]["asn"], told["peer_asn"]),
                    key=None,
                    speaker=attachment.urn,
                )


_WHERE: Sequence[Callable[[_Built], Iterator[End]]] = (
    _aws_tunnels,
    _azure_tunnels,
    _google_tunnels,
    _devices,
    _fabric_ends,
    _aws_circuits,
    _azure_circuits,
    _google_circuits,
    _ports,
)
