import pytest

from components.azure.ipam import AzureIpam
from inspection.graph import Graph
from tests.components.azure.plans import IPAM
from tests.support.recorded import preview_of

POOL = "azure-native:network:IpamPool"
TAKEN = "azure-native:network:StaticCidr"


@pytest.fixture(scope="module")
def graph() -> Graph:
    return preview_of(
        lambda: AzureIpam(
            "azure-ipam",
            {"ipam": IPAM, "subscription_id": "1111", "physical_name": "prod", "tags": {"environment": "prod"}},
        )
    )


def test_the_manager_sees_one_subscription_and_may_change_nothing_in_it(graph: Graph) -> None:
    [manager] = graph.of_type("azure-native:network:NetworkManager")

    assert manager.inputs["networkManagerScopes"] == {"subscriptions": ["/subscriptions/1111"]}
    assert manager.inputs["networkManagerScopeAccesses"] == []


def test_each_region_has_a_pool_of_its_own_where_its_vnets_are(graph: Graph) -> None:
    pools = {
        pool.inputs["poolName"]: (pool.inputs["location"], pool.inputs["properties"]) for pool in graph.of_type(POOL)
    }

    assert pools == {
        "prod-eastus": ("eastus", {"addressPrefixes": ["10.16.0.0/16"]}),
        "prod-westus3": ("westus3", {"addressPrefixes": ["10.17.0.0/16", "10.31.2.0/23"]}),
    }


def test_what_the_ledger_gave_out_is_taken_from_its_own_regions_pool(graph: Graph) -> None:
    pools = {pool.urn: pool.inputs["location"] for pool in graph.of_type(POOL)}

    taken = {
        (pools[cidr.property_dependencies["poolName"][0]], cidr.inputs["staticCidrName"]): cidr.inputs["properties"]
        for cidr in graph.of_type(TAKEN)
    }

    assert taken == {
        ("eastus", "identity"): {"addressPrefixes": ["10.16.0.0/20"]},
        ("eastus", "shop"): {"addressPrefixes": ["10.16.16.0/20"]},
        ("westus3", "shop-west"): {"addressPrefixes": ["10.17.0.0/20"]},
    }
