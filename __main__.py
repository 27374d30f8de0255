"""One stack: from its configuration to a private network over AWS, Azure, Google Cloud and the company's own sites.

Everything is decided by `planning` before the first resource; `components` build what the plan says.
"""

import os
from pathlib import Path

import pulumi
import pulumi_aws
import pulumi_azure_native
import pulumi_equinix
import pulumi_gcp
from pulumi.runtime.config import CONFIG, is_config_secret

from components.aws.cloud import build as build_aws
from components.azure.cloud import build as build_azure
from components.contract import Built, contract
from components.gcp.cloud import build as build_gcp
from components.links.build import build as build_links
from components.links.ground import Ground
from components.names.build import NamesGround
from components.names.build import build as build_names
from components.names.records import RecordsGround
from components.names.records import build as build_records
from planning.plan import Plan
from planning.problems import ConfigurationError
from planning.settings import NAMESPACE
from planning.workspace import load_plan


def read_plan() -> Plan:
    """Read the stack's configuration and the ledger, and decide everything.

    With CI set an allocation that the ledger lacks is an error: a machine that is thrown away cannot commit it.
    """
    prefix = f"{NAMESPACE}:"
    config = {key.removeprefix(prefix): text for key, text in CONFIG.get().items() if key.startswith(prefix)}
    secret = {key for key in config if is_config_secret(f"{prefix}{key}")}
    stack = f"{pulumi.get_project()}/{pulumi.get_stack()}"
    in_ci = os.environ.get("CI", "").lower() not in ("", "0", "false")
    try:
        plan = load_plan(config, Path(__file__).resolve().parent, stack, record=not in_ci, secret_keys=secret)
    except ConfigurationError as error:
        raise pulumi.RunError(str(error)) from None
    if plan.new:
        pulumi.log.info("New in the ledger; commit it with this change:\n" + "\n".join(f"  {new}" for new in plan.new))
    for warning in plan.warnings:
        pulumi.log.warn(warning)
    return plan


def main() -> None:
    """Build the plan: a provider for each cloud, its hubs and networks, links, names, then what other stacks read."""
    plan = read_plan()
    tags = {"environment": plan.environment, "managed-by": "pulumi", "project": pulumi.get_project()}
    aws = azure = gcp = links = names = records = None
    providers: list[pulumi.ProviderResource] = []
    if plan.aws:
        provider = pulumi_aws.Provider(
            "aws",
            region=plan.aws.home_region,
            allowed_account_ids=[plan.aws.account_id],
            default_tags=pulumi_aws.ProviderDefaultTagsArgs(tags=tags),
        )
        providers.append(provider)
        aws = build_aws(plan.aws, protect=plan.protect, provider=provider)
    if plan.azure:
        provider = pulumi_azure_native.Provider("azure", subscription_id=plan.azure.subscription_id)
        providers.append(provider)
        azure = build_azure(plan.azure, protect=plan.protect, tags=tags, provider=provider)
    if plan.gcp:
        provider = pulumi_gcp.Provider(
            "gcp", project=plan.gcp.project, region=plan.gcp.home_region, default_labels=tags
        )
        providers.append(provider)
        gcp = build_gcp(plan.gcp, protect=plan.protect, provider=provider)
    if plan.links:
        if plan.links.exchange:
            providers.append(pulumi_equinix.Provider("equinix"))
        config = pulumi.Config()
        links = build_links(
            plan.links,
            Ground(
                environment=plan.environment,
                protect=plan.protect,
                tags=tags,
                aws=aws,
                aws_account_id=plan.aws.account_id if plan.aws else "",
                azure=azure,
                gcp=gcp,
                gcp_project=plan.gcp.project if plan.gcp else "",
                secret=config.get_secret("linkSecret"),
                given_keys=config.get_secret_object("linkKeys"),
                providers=providers,
            ),
        )
    if plan.names:
        names = build_names(
            plan.names,
            NamesGround(
                protect=plan.protect,
                tags=tags,
                aws=aws,
                aws_plan=plan.aws,
                azure=azure,
                gcp=gcp,
                gcp_plan=plan.gcp,
                providers=providers,
            ),
        )
    if plan.records:
        records = build_records(
            plan.records,
            RecordsGround(
                protect=plan.protect,
                tags=tags,
                aws_zone_ids=names.aws.zone_ids if names and names.aws else {},
                gcp_zone_names=names.gcp.zone_names if names and names.gcp else {},
                gcp_project=plan.gcp.project if plan.gcp else "",
                gcp_network_ids={name: network.network_id for name, network in gcp.networks.items()} if gcp else {},
                providers=providers,
            ),
        )
    for name, value in contract(plan, Built(aws, azure, gcp, links, names, records)).items():
        pulumi.export(name, value)


main()
