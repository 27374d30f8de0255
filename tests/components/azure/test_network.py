from dataclasses import replace

import pytest

from components.azure.network import AzureNetwork
from inspection.graph import Graph
from planning.azure import Network
from tests.components.azure.plans import ALLOW_COMPANY, IDENTITY, SHOP, TRANSIT
from tests.support.recorded import depends_on, preview_of

NETWORK = "azure-native:network:"
SUBNET = f"{NETWORK}Subnet"
STORAGE_ID = "/subscriptions/s/resourceGroups/prod-wan/providers/Microsoft.Storage/storageAccounts/prodflowseastus"


def preview(plan: Network, *, protect: bool = False) -> Graph:
    return preview_of(
        lambda: AzureNetwork(
            plan.name,
            {
                "network": plan,
                "flow_log_storage_id": STORAGE_ID,
                "flow_log_retention_days": 90,
                "protect": protect,
                "tags": {"environment": "prod"},
            },
        )
    )


@pytest.fixture(scope="module")
def identity() -> Graph:
    return preview(IDENTITY)


@pytest.fixture(scope="module")
def shop() -> Graph:
    return preview(SHOP)


@pytest.fixture(scope="module")
def transit() -> Graph:
    return preview(TRANSIT)


@pytest.mark.parametrize("plan", [IDENTITY, SHOP, TRANSIT], ids=["identity", "shop", "transit"])
def test_every_subnet_is_filtered_and_routed_and_has_no_default_way_out(
    request: pytest.FixtureRequest, plan: Network
) -> None:
    graph = request.getfixturevalue(request.node.callspec.id)
    [security_group] = graph.of_type(f"{NETWORK}NetworkSecurityGroup")
    [table] = graph.of_type(f"{NETWORK}RouteTable")

    subnets = graph.of_type(SUBNET)

    assert [subnet.inputs["addressPrefix"] for subnet in subnets] == [subnet.cidr for subnet in plan.subnets]
    for subnet in subnets:
        assert subnet.property_dependencies["networkSecurityGroup"] == (security_group.urn,)
        assert subnet.property_dependencies["routeTable"] == (table.urn,)
        assert subnet.inputs["defaultOutboundAccess"] is False


def test_filter_and_routes_hold_for_private_endpoints_too(identity: Graph) -> None:
    policies = [subnet.inputs["privateEndpointNetworkPolicies"] for subnet in identity.of_type(SUBNET)]

    assert policies == ["Enabled", "Enabled", "Enabled"]


def test_subnets_are_written_one_after_another(identity: Graph) -> None:
    private, data, pods = (identity.named(SUBNET, f"identity-{key}") for key in ("private", "data", "pods"))

    assert depends_on(identity, data, private)
    assert depends_on(identity, pods, data)


def test_the_vnet_carries_no_subnets_inline_because_they_would_delete_the_standalone_ones(identity: Graph) -> None:
    [vnet] = identity.of_type(f"{NETWORK}VirtualNetwork")

    assert "subnets" not in vnet.inputs
    assert vnet.inputs["addressSpace"] == {"addressPrefixes": ["10.16.0.0/20"]}


def test_each_drop_leads_nowhere(identity: Graph) -> None:
    routes = identity.of_type(f"{NETWORK}Route")

    dropped = {route.inputs["routeName"]: route.inputs["addressPrefix"] for route in routes}
    assert dropped == {"drop-company": "10.0.0.0/8", "drop-lab": "192.168.0.0/16"}
    assert {route.inputs["nextHopType"] for route in routes} == {"None"}


def test_the_hubs_more_specific_routes_arrive_in_front_of_the_drops(identity: Graph) -> None:
    [table] = identity.of_type(f"{NETWORK}RouteTable")

    assert table.inputs["disableBgpRoutePropagation"] is False


def test_no_subnet_exists_before_its_table_has_every_drop(identity: Graph) -> None:
    company, lab = (identity.named(f"{NETWORK}Route", f"identity-{name}") for name in ("drop-company", "drop-lab"))

    assert depends_on(identity, lab, company)
    assert depends_on(identity, identity.named(SUBNET, "identity-private"), lab)
    [table] = identity.of_type(f"{NETWORK}RouteTable")
    assert "routes" not in table.inputs


def test_only_the_subnets_that_ask_for_it_go_out_through_the_nat_gateway(identity: Graph) -> None:
    [gateway] = identity.of_type(f"{NETWORK}NatGateway")

    behind = {s.name for s in identity.of_type(SUBNET) if gateway.urn in s.property_dependencies.get("natGateway", ())}
    assert behind == {"identity-private", "identity-pods"}
    assert "natGateway" not in identity.named(SUBNET, "identity-data").inputs


def test_the_nat_gateway_has_the_one_kind_of_address_it_accepts(identity: Graph) -> None:
    [gateway] = identity.of_type(f"{NETWORK}NatGateway")
    [address] = identity.of_type(f"{NETWORK}PublicIPAddress")

    assert gateway.property_dependencies["publicIpAddresses"] == (address.urn,)
    assert gateway.inputs["sku"] == {"name": "Standard"}
    assert address.inputs["sku"] == {"name": "Standard"}
    assert address.inputs["publicIPAllocationMethod"] == "Static"


def test_a_network_without_nat_has_no_address_on_the_internet(shop: Graph) -> None:
    assert not shop.of_type(f"{NETWORK}NatGateway")
    assert not shop.of_type(f"{NETWORK}PublicIPAddress")


def test_only_the_resolvers_subnets_are_given_to_a_service(identity: Graph, transit: Graph) -> None:
    delegated = {subnet.name: subnet.inputs["delegations"] for subnet in transit.of_type(SUBNET)}

    assert delegated == {
        "azure-eastus-transit-inbound": [{"name": "inbound", "serviceName": "Microsoft.Network/dnsResolvers"}],
        "azure-eastus-transit-outbound": [{"name": "outbound", "serviceName": "Microsoft.Network/dnsResolvers"}],
    }
    assert not any("delegations" in subnet.inputs for subnet in identity.of_type(SUBNET))


def test_an_inbound_rule_names_where_traffic_comes_from_and_an_outbound_rule_where_it_goes(identity: Graph) -> None:
    [security_group] = identity.of_type(f"{NETWORK}NetworkSecurityGroup")

    any_port = {"protocol": "*", "sourcePortRange": "*", "destinationPortRange": "*"}
    assert security_group.inputs["securityRules"] == [
        {
            "name": "allow-company",
            "priority": 100,
            "direction": "Inbound",
            "access": "Allow",
            "sourceAddressPrefixes": ["10.0.0.0/12", "10.48.0.0/12"],
            "destinationAddressPrefix": "*",
            **any_port,
        },
        {
            "name": "deny-rest",
            "priority": 4096,
            "direction": "Inbound",
            "access": "Deny",
            "sourceAddressPrefixes": ["0.0.0.0/0"],
            "destinationAddressPrefix": "*",
            **any_port,
        },
        {
            "name": "deny-lab",
            "priority": 200,
            "direction": "Outbound",
            "access": "Deny",
            "sourceAddressPrefix": "*",
            "destinationAddressPrefixes": ["10.63.0.0/16"],
            **any_port,
        },
    ]


def test_a_rule_of_one_service_holds_for_its_protocol_and_the_port_that_is_gone_to() -> None:
    plan = replace(TRANSIT, security_rules=(replace(ALLOW_COMPANY, protocol="Udp", port="53"),))

    [security_group] = preview(plan).of_type(f"{NETWORK}NetworkSecurityGroup")

    [rule] = security_group.inputs["securityRules"]
    assert (rule["protocol"], rule["sourcePortRange"], rule["destinationPortRange"]) == ("Udp", "*", "53")


def test_rules_stand_only_in_their_group_because_standalone_ones_would_delete_them(identity: Graph) -> None:
    assert not identity.of_type(f"{NETWORK}SecurityRule")


def test_the_flow_log_of_the_whole_vnet_goes_to_the_regions_own_watcher_and_store(identity: Graph) -> None:
    [vnet] = identity.of_type(f"{NETWORK}VirtualNetwork")
    [log] = identity.of_type(f"{NETWORK}FlowLog")

    assert log.property_dependencies["targetResourceId"] == (vnet.urn,)
    assert log.inputs["storageId"] == STORAGE_ID
    assert log.inputs["networkWatcherName"] == "NetworkWatcher_eastus"
    assert log.inputs["resourceGroupName"] == "NetworkWatcherRG"
    assert log.inputs["enabled"] is True
    assert log.inputs["format"] == {"type": "JSON", "version": 2}
    assert log.inputs["retentionPolicy"] == {"enabled": True, "days": 90}


def test_the_flow_log_waits_until_the_subnets_are_written(identity: Graph) -> None:
    [log] = identity.of_type(f"{NETWORK}FlowLog")

    assert depends_on(identity, log, identity.named(SUBNET, "identity-pods"))


@pytest.mark.parametrize(("asked", "protected"), [(True, {f"{NETWORK}VirtualNetwork"}), (False, set())])
def test_the_vnet_alone_is_protected_and_only_where_asked(*, asked: bool, protected: set[str]) -> None:
    graph = preview(IDENTITY, protect=asked)

    assert {resource.type for resource in graph.resources if resource.protect} == protected


def test_a_network_that_gains_a_subnet_changes_no_other_resource(identity: Graph) -> None:
    shrunk = replace(IDENTITY, subnets=IDENTITY.subnets[1:])

    before = {resource.urn: resource.inputs for resource in preview(shrunk).resources}
    after = {resource.urn: resource.inputs for resource in identity.resources}

    assert {urn: inputs for urn, inputs in after.items() if urn in before} == before
