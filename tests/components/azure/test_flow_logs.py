from collections.abc import Mapping

import pytest

from components.azure.flow_logs import AzureFlowLogs
from inspection.graph import Json
from planning.azure import FlowLogStore
from tests.support.recorded import preview_of


@pytest.fixture(scope="module")
def inputs() -> Mapping[str, Json]:
    graph = preview_of(
        lambda: AzureFlowLogs(
            "azure-eastus-flow-logs",
            {
                "store": FlowLogStore("eastus", "prodflowseastus"),
                "resource_group_name": "prod-wan",
                "tags": {"environment": "prod"},
            },
        )
    )
    return graph.named("azure-native:storage:StorageAccount", "azure-eastus-flow-logs").inputs


def test_logs_stay_in_the_region_of_the_traffic(inputs: Mapping[str, Json]) -> None:
    assert inputs["location"] == "eastus"
    assert inputs["accountName"] == "prodflowseastus"


def test_nobody_but_azures_own_services_reaches_the_logs_over_the_network(inputs: Mapping[str, Json]) -> None:
    assert inputs["networkRuleSet"] == {"defaultAction": "Deny", "bypass": "AzureServices"}
    assert inputs["allowBlobPublicAccess"] is False


def test_logs_travel_encrypted(inputs: Mapping[str, Json]) -> None:
    assert inputs["enableHttpsTrafficOnly"] is True
    assert inputs["minimumTlsVersion"] == "TLS1_2"


def test_the_account_is_of_the_kind_that_flow_logs_accept(inputs: Mapping[str, Json]) -> None:
    assert inputs["kind"] == "StorageV2"
    assert inputs["sku"] == {"name": "Standard_LRS"}
    assert inputs["allowSharedKeyAccess"] is True, "Network Watcher signs in with the account's keys"
