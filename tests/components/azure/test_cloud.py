import inspect
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pulumi_azure_native as azure_native
import pytest

from components.azure.cloud import build
from inspection.graph import Graph, Json, Resource
from planning.azure import Azure
from tests.components.azure.plans import AZURE, EAST_HUB, IDENTITY, SHOP, SHOP_WEST, TRANSIT
from tests.support.recorded import depends_on, preview_of

NETWORK = "azure-native:network:"
HUB = f"{NETWORK}VirtualHub"
VNET = f"{NETWORK}VirtualNetwork"
CONNECTION = f"{NETWORK}HubVirtualNetworkConnection"
STORE = "azure-native:storage:StorageAccount"

NAME_INPUT = {
    "azure-native:resources:ResourceGroup": "resourceGroupName",
    STORE: "accountName",
    HUB: "virtualHubName",
    VNET: "virtualNetworkName",
    CONNECTION: "connectionName",
    f"{NETWORK}FlowLog": "flowLogName",
    f"{NETWORK}HubRouteTable": "routeTableName",
    f"{NETWORK}IpamPool": "poolName",
    f"{NETWORK}NatGateway": "natGatewayName",
    f"{NETWORK}NetworkManager": "networkManagerName",
    f"{NETWORK}NetworkSecurityGroup": "networkSecurityGroupName",
    f"{NETWORK}PublicIPAddress": "publicIpAddressName",
    f"{NETWORK}Route": "routeName",
    f"{NETWORK}RouteTable": "routeTableName",
    f"{NETWORK}StaticCidr": "staticCidrName",
    f"{NETWORK}Subnet": "subnetName",
    f"{NETWORK}VirtualWan": "virtualWANName",
}
"""Type -> the input that Azure takes the name from. Left out, Pulumi adds a random end to the logical name."""


def preview(plan: Azure, *, protect: bool = True) -> Graph:
    def program() -> None:
        provider = azure_native.Provider("azure", subscription_id=plan.subscription_id)
        build(plan, protect=protect, tags={"environment": "prod"}, provider=provider)

    return preview_of(program)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return preview(AZURE)


def in_azure(graph: Graph) -> list[Resource]:
    return [resource for resource in graph.resources if resource.type.startswith("azure-native:")]


def accepts(resource: Resource, argument: str) -> bool:
    _, module, type_name = resource.type.split(":")
    constructor = getattr(getattr(azure_native, module), type_name)._internal_init  # noqa: SLF001 - lists the inputs
    return argument in inspect.signature(constructor).parameters


def nested_keys(value: Json) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield key
            yield from nested_keys(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from nested_keys(item)


def test_every_resource_says_where_it_is(graph: Graph) -> None:
    placed = {
        resource.name: resource.inputs.get("location") for resource in in_azure(graph) if accepts(resource, "location")
    }

    assert None not in placed.values(), placed
    assert set(placed.values()) == {"eastus", "westus3"}


def test_every_resource_has_the_name_that_the_plan_gave_it(graph: Graph) -> None:
    unnamed = [resource.urn for resource in in_azure(graph) if not resource.inputs.get(NAME_INPUT[resource.type])]

    assert not unnamed


def test_names_that_others_could_take_start_with_the_environment(graph: Graph) -> None:
    inside_ours = {f"{NETWORK}{kind}" for kind in ("HubRouteTable", "Route", "StaticCidr")}

    names = {
        resource.urn: resource.inputs[NAME_INPUT[resource.type]]
        for resource in in_azure(graph)
        if resource.type not in inside_ours
    }

    assert all(name.startswith("prod") for name in names.values()), names


def test_every_resource_that_can_is_tagged(graph: Graph) -> None:
    tagged = {resource.name: resource.inputs.get("tags") for resource in in_azure(graph) if accepts(resource, "tags")}

    assert all(tags == {"environment": "prod"} for tags in tagged.values()), tagged


def test_every_resource_belongs_to_a_component_whose_name_its_own_begins_with(graph: Graph) -> None:
    for resource in in_azure(graph):
        parent = graph.by_urn[resource.parent]

        assert parent.type.startswith("multicloud-network:index:Azure"), resource.urn
        assert resource.name.startswith(parent.name), resource.urn


def test_every_resource_goes_through_the_provider_it_was_given(graph: Graph) -> None:
    [provider] = graph.of_type("pulumi:providers:azure-native")

    assert {resource.provider.rpartition("::")[0] for resource in in_azure(graph)} == {provider.urn}


def test_nested_inputs_reach_azure_in_its_own_spelling(graph: Graph) -> None:
    ours = {"tags"}

    keys = {
        key
        for resource in in_azure(graph)
        for name, value in resource.inputs.items()
        if name not in ours
        for key in [name, *nested_keys(value)]
    }

    assert not {key for key in keys if "_" in key}


def test_what_an_outage_would_follow_from_is_protected(graph: Graph) -> None:
    protected = Counter(resource.type for resource in in_azure(graph) if resource.protect)

    assert protected == {f"{NETWORK}VirtualWan": 1, HUB: 2, VNET: 4}


def test_a_small_environment_pays_for_no_address_manager_and_can_be_deleted_in_one_go() -> None:
    small = replace(AZURE, hubs=(EAST_HUB,), networks=(SHOP,), ipam=None)
    resources = preview(small, protect=False).resources

    assert not any(resource.protect for resource in resources)
    assert not any("Ipam" in resource.type or resource.type == f"{NETWORK}NetworkManager" for resource in resources)


def test_a_hub_is_made_while_the_vnets_are_made(graph: Graph) -> None:
    for hub in graph.of_type(HUB):
        waited_for = {graph.by_urn[urn].type for urn in hub.dependencies}

        assert waited_for == {"azure-native:resources:ResourceGroup", f"{NETWORK}VirtualWan"}


def test_a_vnet_is_connected_only_when_everything_is_written_into_it(graph: Graph) -> None:
    connection = graph.named(CONNECTION, "azure-eastus-identity")

    written = [
        graph.named(VNET, "identity"),
        graph.named(f"{NETWORK}FlowLog", "identity-flow-log"),
        *(graph.named(f"{NETWORK}Subnet", f"identity-{key}") for key in ("private", "data", "pods")),
    ]
    assert all(depends_on(graph, connection, resource) for resource in written)
    assert set(connection.property_dependencies["remoteVirtualNetwork"]) == {resource.urn for resource in written}


def test_each_vnet_hangs_on_the_hub_of_its_own_region(graph: Graph) -> None:
    hubs = {
        connection.name: graph.by_urn[connection.property_dependencies["virtualHubName"][0]].inputs["location"]
        for connection in graph.of_type(CONNECTION)
    }

    assert hubs == {
        "azure-eastus-identity": "eastus",
        "azure-eastus-shop": "eastus",
        "azure-eastus-azure-eastus-transit": "eastus",
        "azure-westus3-shop-west": "westus3",
    }


def test_both_hubs_are_on_one_virtual_wan(graph: Graph) -> None:
    [wan] = graph.of_type(f"{NETWORK}VirtualWan")

    assert wan.inputs["type"] == "Standard"
    assert wan.inputs["allowBranchToBranchTraffic"] is True
    assert [hub.property_dependencies["virtualWan"] for hub in graph.of_type(HUB)] == [(wan.urn,), (wan.urn,)]


def test_each_vnets_flow_log_stays_in_its_region(graph: Graph) -> None:
    logs = graph.of_type(f"{NETWORK}FlowLog")

    assert len(logs) == len(AZURE.networks)
    for log in logs:
        store = graph.by_urn[log.property_dependencies["storageId"][0]]
        vnet = graph.by_urn[log.property_dependencies["targetResourceId"][0]]
        assert store.inputs["location"] == vnet.inputs["location"] == log.inputs["location"]


def test_a_network_taken_out_of_the_plan_changes_no_resource_of_the_others(graph: Graph) -> None:
    without_shop = replace(AZURE, networks=(IDENTITY, SHOP_WEST, TRANSIT))

    before = {resource.urn: resource.inputs for resource in graph.resources}
    after = {resource.urn: resource.inputs for resource in preview(without_shop).resources}

    assert after.items() <= before.items()
    assert {urn.rpartition("::")[2] for urn in before.keys() - after.keys()} == {
        "azure-eastus-shop",
        "shop",
        "shop-drop-company",
        "shop-flow-log",
        "shop-group",
        "shop-nsg",
        "shop-private",
        "shop-routes",
    }
