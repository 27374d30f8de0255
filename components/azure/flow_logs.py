"""Where the flow logs of one region's VNets are kept: Azure writes a log only into its VNet's own region."""

from collections.abc import Mapping
from typing import TypedDict

import pulumi
from pulumi_azure_native import storage

import planning.azure


class AzureFlowLogsArgs(TypedDict):
    """What the store of one region is told."""

    store: planning.azure.FlowLogStore
    resource_group_name: pulumi.Input[str]
    tags: Mapping[str, str]


class AzureFlowLogs(pulumi.ComponentResource):
    """A storage account that only Azure's own log writer reaches. How long logs stay is said by each flow log."""

    storage_account_id: pulumi.Output[str]

    def __init__(self, name: str, args: AzureFlowLogsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:AzureFlowLogs", name, opts=opts)
        account = storage.StorageAccount(
            name,
            account_name=args["store"].account_name,
            resource_group_name=args["resource_group_name"],
            location=args["store"].region,
            # Retention works only with general purpose v2, and flow logs refuse premium accounts.
            kind=storage.Kind.STORAGE_V2,
            # Zone redundancy is not sold in every region that has hubs; losing a zone's logs stops no traffic.
            sku=storage.SkuArgs(name=storage.SkuName.STANDARD_LRS),
            minimum_tls_version=storage.MinimumTlsVersion.TLS1_2,
            enable_https_traffic_only=True,
            allow_blob_public_access=False,
            # Network Watcher writes with the account's keys unless the flow log carries a managed identity,
            # and giving one its role on the account takes rights that a network team often lacks.
            allow_shared_key_access=True,
            network_rule_set=storage.NetworkRuleSetArgs(
                default_action=storage.DefaultAction.DENY,
                # Network Watcher is one of the trusted services that pass the account's firewall.
                bypass=storage.Bypass.AZURE_SERVICES,
            ),
            tags=args["tags"],
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.storage_account_id = account.id
        self.register_outputs({"storage_account_id": self.storage_account_id})
