from collections.abc import Mapping, Sequence
from dataclasses import replace

import pulumi
import pytest
from pulumi_azure_native import network

from components.azure.vpn import AzureVpn, AzureVpnArgs, AzureVpnGateway
from inspection.graph import Graph, Json
from inspection.recording import record
from planning.links.types import TunnelEnd, Vpn
from tests.components.azure.plans import AWS_VPN, GCP_VPN, SITE_VPN, VPN_GATEWAY, tunnel
from tests.support import known_outputs
from tests.support.declarations import check
from tests.support.recorded import depends_on, preview_of, secret, unknown

GATEWAY = "azure-native:network:VpnGateway"
SITE = "azure-native:network:VpnSite"
CONNECTION = "azure-native:network:VpnConnection"
MAP = "azure-native:network:RouteMap"
BEFORE = "azure-native:network:HubRouteTable"
PATIENT = {"create": "90m", "update": "90m", "delete": "90m"}

ASNS = {"aws/azure": 64520, "azure/gcp": 64550, "azure/hq": 64580}
INSTANCES = ("Instance0", "Instance1")
VPNS = [pytest.param(vpn, id=vpn.pair) for vpn in (AWS_VPN, GCP_VPN, SITE_VPN)]


def queue() -> pulumi.ResourceOptions:
    """Stand behind something in the hub's queue."""
    return pulumi.ResourceOptions(
        depends_on=[network.HubRouteTable("before", resource_group_name="prod-wan", virtual_hub_name="prod-hub-eastus")]
    )


def far_port(vpn: Vpn, key: str) -> str:
    return next(vpn.far("azure", planned).port for planned in vpn.tunnels if planned.key == key)


def link_args(vpn: Vpn) -> AzureVpnArgs:
    ports = sorted({vpn.far("azure", planned).port for planned in vpn.tunnels})
    return {
        "vpn": vpn,
        "gateway": VPN_GATEWAY,
        "physical_name": "prod-link",
        "resource_group_name": "prod-wan",
        "wan_id": "/wan",
        "hub_id": "/hubs/east",
        "hub_name": "prod-hub-eastus",
        "gateway_name": "prod-vpn-eastus",
        "peer_addresses": {port: f"203.0.113.{number}" for number, port in enumerate(ports)},
        "peer_asn": ASNS[vpn.pair],
        "keys": {planned.key: f"key-of-{far_port(vpn, planned.key)}" for planned in vpn.tunnels},
        "tags": {"environment": "prod"},
    }


def preview(vpn: Vpn) -> Graph:
    return preview_of(lambda: AzureVpn(vpn.name, link_args(vpn), queue()))


def known(vpn: Vpn) -> Graph:
    return record(lambda: AzureVpn(vpn.name, link_args(vpn)), complete=lambda _type, name, _inputs: {"name": name})


def links(graph: Graph) -> Mapping[str, Mapping[str, Json]]:
    [site] = graph.of_type(SITE)
    return {link["name"]: link for link in site.inputs["vpnSiteLinks"]}


def link_connections(graph: Graph) -> Mapping[str, Mapping[str, Json]]:
    [connection] = graph.of_type(CONNECTION)
    return {link["name"]: link for link in connection.inputs["vpnLinkConnections"]}


def own_addresses(link: Mapping[str, Json]) -> dict[str, str]:
    return {each["ipConfigurationId"]: each["customBgpIpAddress"] for each in link["vpnGatewayCustomBgpAddresses"]}


@pytest.fixture(scope="module")
def gateway() -> Graph:
    return gateway_preview(protect=False)


def gateway_preview(*, protect: bool) -> Graph:
    return preview_of(lambda: build_gateway(protect=protect))


def build_gateway(*, protect: bool = False) -> None:
    """Make the gateway and hand its addresses on, as a link does."""
    made = AzureVpnGateway(
        "azure-eastus-vpn",
        {
            "gateway": VPN_GATEWAY,
            "physical_name": "prod-vpn-eastus",
            "resource_group_name": "prod-wan",
            "hub_id": "/hubs/east",
            "protect": protect,
            "tags": {"environment": "prod"},
        },
        queue(),
    )
    pulumi.export("addresses", made.addresses)


def test_the_gateway_speaks_with_azures_own_asn_from_every_inside_address_that_links_use(gateway: Graph) -> None:
    [made] = gateway.of_type(GATEWAY)

    assert made.inputs["bgpSettings"] == {
        "asn": 65515,
        "peerWeight": 0,
        "bgpPeeringAddresses": [
            {
                "ipconfigurationId": "Instance0",
                "customBgpIpAddresses": [
                    "169.254.21.2",
                    "169.254.21.6",
                    "169.254.21.18",
                    "169.254.22.2",
                    "169.254.22.10",
                ],
            },
            {
                "ipconfigurationId": "Instance1",
                "customBgpIpAddresses": [
                    "169.254.21.10",
                    "169.254.21.14",
                    "169.254.21.22",
                    "169.254.22.6",
                    "169.254.22.14",
                ],
            },
        ],
    }


def test_the_gateway_stands_in_its_hub_with_the_plans_bandwidth(gateway: Graph) -> None:
    [made] = gateway.of_type(GATEWAY)

    assert made.inputs["virtualHub"] == {"id": "/hubs/east"}
    assert made.inputs["location"] == "eastus"
    assert made.inputs["gatewayName"] == "prod-vpn-eastus"
    assert made.inputs["vpnGatewayScaleUnit"] == 2
    assert made.inputs["tags"] == {"environment": "prod"}
    assert gateway.by_urn[made.parent].name == "azure-eastus-vpn"


def test_the_gateway_carries_no_connections_inline_because_they_would_delete_the_standalone_ones(
    gateway: Graph,
) -> None:
    [made] = gateway.of_type(GATEWAY)

    assert "connections" not in made.inputs


def test_the_gateway_waits_for_the_hubs_queue_and_is_waited_for(gateway: Graph) -> None:
    [made] = gateway.of_type(GATEWAY)

    assert depends_on(gateway, made, gateway.named(BEFORE, "before"))
    assert made.timeouts == PATIENT


def test_a_first_preview_shows_the_gateways_addresses_as_unknown(gateway: Graph) -> None:
    assert all(unknown(gateway.outputs["addresses"][instance]) for instance in INSTANCES)


@pytest.mark.parametrize("order", [INSTANCES, INSTANCES[::-1]])
def test_each_instance_keeps_its_own_address_whatever_order_azure_lists_them_in(order: Sequence[str]) -> None:
    listed = [{"id": instance, "publicIpAddress": f"20.1.1.{instance[-1]}"} for instance in order]

    graph = record(
        build_gateway,
        complete=lambda token, name, _inputs: {
            "name": name,
            **({"ipConfigurations": listed} if token == GATEWAY else {}),
        },
    )

    assert graph.outputs["addresses"] == {"Instance0": "20.1.1.0", "Instance1": "20.1.1.1"}


def test_an_instance_without_an_address_stops_the_program_before_a_tunnel_ends_nowhere() -> None:
    listed = [{"id": "Instance0", "publicIpAddress": "20.1.1.0"}, {"id": "Instance1"}]

    with pytest.raises(LookupError, match="Instance1"):
        record(build_gateway, complete=lambda _token, name, _inputs: {"name": name, "ipConfigurations": listed})


@pytest.mark.parametrize(("asked", "protected"), [(True, {GATEWAY}), (False, set())])
def test_the_gateway_is_protected_only_where_asked(*, asked: bool, protected: set[str]) -> None:
    graph = gateway_preview(protect=asked)

    assert {resource.type for resource in graph.resources if resource.protect} == protected


def test_each_of_awss_four_addresses_is_a_link_with_the_session_of_its_tunnel() -> None:
    assert links(preview(AWS_VPN)) == {
        f"aws-{key}": {
            "name": f"aws-{key}",
            "ipAddress": f"203.0.113.{number}",
            "bgpProperties": {"asn": 64520, "bgpPeeringAddress": address},
        }
        for number, (key, address) in enumerate(
            {"1-1": "169.254.21.1", "1-2": "169.254.21.5", "2-1": "169.254.21.9", "2-2": "169.254.21.13"}.items()
        )
    }


def test_both_tunnels_to_one_device_of_a_site_are_one_link_with_one_session_address() -> None:
    sessions = {name: link["bgpProperties"] for name, link in links(preview(SITE_VPN)).items()}

    assert sessions == {
        "hq-edge": {"asn": 64580, "bgpPeeringAddress": "169.254.22.1"},
        "hq-spare": {"asn": 64580, "bgpPeeringAddress": "169.254.22.9"},
    }


def test_a_device_with_two_session_addresses_stops_the_program_before_one_session_never_comes_up() -> None:
    first, second, *rest = SITE_VPN.tunnels
    apart = replace(second, ends={**second.ends, "hq": TunnelEnd("edge", "169.254.22.5")})

    with pytest.raises(ValueError, match="too many values"):
        preview(replace(SITE_VPN, tunnels=(first, apart, *rest)))


@pytest.mark.parametrize("vpn", VPNS)
def test_the_far_side_is_described_by_its_links_alone(vpn: Vpn) -> None:
    [site] = preview(vpn).of_type(SITE)

    assert site.inputs.keys() & {"addressSpace", "bgpProperties", "ipAddress"} == set()
    assert site.inputs["virtualWan"] == {"id": "/wan"}
    assert site.inputs["location"] == "eastus"
    assert site.inputs["deviceProperties"] == {"deviceVendor": vpn.pair.replace("azure", "").strip("/")}


@pytest.mark.parametrize("vpn", VPNS)
def test_every_tunnel_of_the_plan_has_both_its_addresses_in_one_link(vpn: Vpn) -> None:
    graph = known(vpn)
    sessions = {name: link["bgpProperties"]["bgpPeeringAddress"] for name, link in links(graph).items()}
    made = {
        (instance, address, sessions[name])
        for name, link in link_connections(graph).items()
        for instance, address in own_addresses(link).items()
    }

    planned = {
        (near.port, near.address, vpn.far("azure", each).address)
        for each in vpn.tunnels
        for near in [each.ends["azure"]]
    }
    assert planned <= made


@pytest.mark.parametrize("vpn", VPNS)
def test_every_link_names_a_declared_address_for_both_instances_or_azure_would_fall_back(vpn: Vpn) -> None:
    for link in link_connections(preview(vpn)).values():
        chosen = own_addresses(link)
        assert tuple(chosen) == INSTANCES
        assert all(chosen[instance] in VPN_GATEWAY.custom_addresses[instance] for instance in INSTANCES)


def test_an_instance_that_no_tunnel_of_a_link_uses_speaks_from_an_address_of_the_same_vpn() -> None:
    chosen = {name: own_addresses(link) for name, link in link_connections(preview(GCP_VPN)).items()}

    assert chosen == {
        "gcp-0": {"Instance0": "169.254.21.18", "Instance1": "169.254.21.22"},
        "gcp-1": {"Instance0": "169.254.21.18", "Instance1": "169.254.21.22"},
    }


def test_an_instance_that_no_tunnel_of_the_vpn_uses_speaks_from_any_declared_address() -> None:
    lone = tunnel("1", "169.254.21.16/30", "Instance0", gcp=TunnelEnd("0", "169.254.21.17"))

    [link] = link_connections(preview(replace(GCP_VPN, tunnels=(lone,)))).values()

    assert own_addresses(link) == {"Instance0": "169.254.21.18", "Instance1": "169.254.21.10"}


@pytest.mark.parametrize("vpn", VPNS)
def test_each_link_connection_refers_to_the_sites_link_of_its_name(vpn: Vpn) -> None:
    graph = known(vpn)
    [site], [connection] = graph.of_type(SITE), graph.of_type(CONNECTION)

    assert connection.inputs["remoteVpnSite"] == {"id": site.id}
    assert {name: link["vpnSiteLink"]["id"] for name, link in link_connections(graph).items()} == {
        name: f"{site.id}/vpnSiteLinks/{name}" for name in links(graph)
    }


@pytest.mark.parametrize("vpn", VPNS)
def test_each_link_has_the_key_of_its_own_port_and_keeps_it_secret(vpn: Vpn) -> None:
    graph = preview(vpn)
    [connection] = graph.of_type(CONNECTION)

    keys = {name: link["sharedKey"] for name, link in link_connections(graph).items()}

    assert all(secret(key) for key in keys.values())
    assert {name: key["$secret"] for name, key in keys.items()} == {
        name: f"key-of-{name.partition('-')[2]}" for name in links(graph)
    }
    assert "vpnLinkConnections" in connection.secret_outputs
    assert "sharedKey" not in connection.inputs


@pytest.mark.parametrize("vpn", VPNS)
def test_every_link_runs_bgp_over_ikev2_and_may_begin_the_tunnel(vpn: Vpn) -> None:
    for link in link_connections(preview(vpn)).values():
        assert link["enableBgp"] is True
        assert link["vpnConnectionProtocolType"] == "IKEv2"
        assert link["vpnLinkConnectionMode"] == "Default"


@pytest.mark.parametrize("vpn", VPNS)
def test_no_link_negotiates_weaker_algorithms_than_the_one_set_that_all_clouds_share(vpn: Vpn) -> None:
    policies = [link["ipsecPolicies"] for link in link_connections(preview(vpn)).values()]

    assert policies == [
        [
            {
                "ikeEncryption": "AES256",
                "ikeIntegrity": "SHA256",
                "dhGroup": "DHGroup14",
                "ipsecEncryption": "GCMAES256",
                "ipsecIntegrity": "GCMAES256",
                "pfsGroup": "PFS14",
                "saLifeTimeSeconds": 3600,
                "saDataSizeKilobytes": 102400000,
            }
        ]
    ] * len(policies)


def test_a_link_is_routed_by_its_own_maps_and_tells_no_default_route() -> None:
    graph = known(AWS_VPN)
    [connection] = graph.of_type(CONNECTION)
    routing = connection.inputs["routingConfiguration"]

    assert routing["inboundRouteMap"] == {"id": graph.named(MAP, "aws-azure-vpn-routes-inbound").id}
    assert routing["outboundRouteMap"] == {"id": graph.named(MAP, "aws-azure-vpn-routes-outbound").id}
    assert routing["associatedRouteTable"] == {"id": "/hubs/east/hubRouteTables/defaultRouteTable"}
    assert routing["propagatedRouteTables"] == {"labels": ["prod", "shared", "transit"]}
    assert connection.inputs["enableInternetSecurity"] is False


def test_a_link_accepts_what_its_own_far_side_sends() -> None:
    graph = preview(AWS_VPN)

    rules = graph.named(MAP, "aws-azure-vpn-routes-inbound").inputs["rules"]
    assert [rule["name"] for rule in rules] == ["10.0.0.0-16", "10.1.0.0-16", "rest"]


def test_a_links_operations_stand_in_the_hubs_queue_maps_then_connection() -> None:
    graph = preview(AWS_VPN)
    inbound, outbound = graph.of_type(MAP)
    [connection] = graph.of_type(CONNECTION)

    assert depends_on(graph, inbound, graph.named(BEFORE, "before"))
    assert depends_on(graph, outbound, inbound)
    assert depends_on(graph, connection, outbound)
    assert connection.timeouts == PATIENT


def test_all_of_a_link_goes_by_the_links_name_in_azure() -> None:
    graph = preview(GCP_VPN)
    [site], [connection] = graph.of_type(SITE), graph.of_type(CONNECTION)

    assert site.inputs["vpnSiteName"] == "prod-link"
    assert connection.inputs["connectionName"] == "prod-link"
    assert connection.inputs["gatewayName"] == "prod-vpn-eastus"
    assert [made.inputs["routeMapName"] for made in graph.of_type(MAP)] == ["prod-link-inbound", "prod-link-outbound"]


def test_a_device_that_is_added_leaves_the_links_of_the_others_as_they_are() -> None:
    smaller = replace(SITE_VPN, tunnels=SITE_VPN.tunnels[:2])
    before, after = preview(smaller), preview(SITE_VPN)

    assert links(after)["hq-edge"] == links(before)["hq-edge"]
    assert (
        link_connections(after)["hq-edge"]["vpnGatewayCustomBgpAddresses"]
        == (link_connections(before)["hq-edge"]["vpnGatewayCustomBgpAddresses"])
    )
    assert {resource.urn for resource in after.resources} == {resource.urn for resource in before.resources}


def test_all_of_a_link_lives_and_dies_with_it_and_carries_the_environments_tag() -> None:
    graph = preview(AWS_VPN)
    [link] = graph.of_type("multicloud-network:index:AzureVpn")
    [site] = graph.of_type(SITE)

    assert {child.type.rpartition(":")[2] for child in graph.children(link.urn)} == {
        "VpnSite",
        "AzureRouteMaps",
        "VpnConnection",
    }
    assert site.inputs["tags"] == {"environment": "prod"}


def test_a_vpn_that_does_not_end_in_azure_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="aws-azure-vpn does not end in Azure"):
        preview(replace(AWS_VPN, azure=None))


@pytest.mark.parametrize("vpn", VPNS)
def test_the_same_resources_are_asked_for_whether_ids_are_known_or_not(vpn: Vpn) -> None:
    def program() -> None:
        AzureVpn(vpn.name, link_args(vpn), queue())

    deployed = record(program, complete=known_outputs.complete)
    assert [resource.urn for resource in deployed.resources] == [resource.urn for resource in preview(vpn).resources]


@pytest.mark.parametrize("vpn", VPNS)
def test_the_sdk_declares_all_that_is_sent(gateway: Graph, vpn: Vpn) -> None:
    assert check(preview(vpn)) == []
    assert check(gateway) == []
