"""Claims about everything that is built in Google Cloud together."""

import re
from dataclasses import replace

import pytest

from components.gcp.cloud import GcpCloud, build
from inspection.graph import STACK_TYPE, Graph
from planning.gcp import Network, Subnet
from tests.components.gcp.graphs import GROUP, HUB, NETWORK, PROVIDER, Provider, preview
from tests.components.gcp.plans import ANALYTICS, CLOUD, TRANSIT
from tests.support.recorded import preview_of

LONGEST_REGION = "northamerica-northeast1"
# One letter short of the longest environment and network that settings take: with it, and there alone, the range of
# `services` would have 64 characters.
LONGEST = Network(
    name="longest",
    physical_name=f"{'p' * 10}-{'a' * 19}",
    segment="prod",
    subnets=(
        Subnet(
            f"private-{LONGEST_REGION}",
            "private",
            LONGEST_REGION,
            "10.32.0.0/20",
            {"pods": "10.96.0.0/17", "services": "10.97.0.0/22"},
        ),
    ),
    nat_regions=(LONGEST_REGION,),
    firewall_rules=ANALYTICS.firewall_rules,
    group="default",
    hidden_ranges=("100.64.0.0/10",),
    external_ranges={"onprem-pods-100-112-128-128-25": "100.112.128.128/25"},
    routers=(replace(TRANSIT.routers[0], region=LONGEST_REGION),),
)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return preview(CLOUD)


def test_names_are_chosen_here_and_google_takes_them() -> None:
    for resource in preview(replace(CLOUD, networks=(*CLOUD.networks, LONGEST))).resources:
        if resource.type.startswith("gcp:"):
            name = resource.inputs.get("name") or resource.inputs["ruleName"]
            assert re.fullmatch(r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?", name), f"{resource.type} {name}"


def test_every_name_starts_with_the_plans_except_those_that_google_gave(graph: Graph) -> None:
    for resource in graph.resources:
        if resource.type.startswith("gcp:") and "name" in resource.inputs and resource.type != GROUP:
            assert resource.inputs["name"].startswith("prod-"), resource.urn


def test_no_two_resources_of_a_type_share_a_name_in_a_place(graph: Graph) -> None:
    names = [
        (resource.type, resource.inputs.get("region"), resource.inputs["name"])
        for resource in graph.resources
        if resource.type.startswith("gcp:") and "name" in resource.inputs
    ]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("protect", [True, False])
def test_the_hub_and_the_vpcs_are_protected_only_where_asked_and_nothing_else_is(protect: bool) -> None:  # noqa: FBT001 - parametrized
    protected = {resource.type for resource in preview(CLOUD, protect=protect).resources if resource.protect}
    assert protected == ({HUB, NETWORK} if protect else set())


def test_every_resource_belongs_to_a_component_and_carries_its_name(graph: Graph) -> None:
    for resource in graph.resources:
        if resource.type.startswith("gcp:"):
            parent = graph.by_urn[resource.parent]
            assert parent.type.startswith("multicloud-network:index:Gcp"), resource.urn
            assert resource.name.startswith(parent.name), resource.urn


def test_everything_is_built_by_the_one_provider_that_the_program_gives(graph: Graph) -> None:
    (provider,) = graph.of_type(PROVIDER)
    built = [resource for resource in graph.resources if resource.type.startswith("gcp:")]
    assert built
    assert not [resource.urn for resource in built if not resource.provider.startswith(f"{provider.urn}::")]


def test_labels_are_left_to_the_provider(graph: Graph) -> None:
    assert not [resource.urn for resource in graph.resources if "labels" in resource.inputs]


def test_links_find_every_network_with_its_routers_and_subnets() -> None:
    clouds: list[GcpCloud] = []
    preview_of(lambda: clouds.append(build(CLOUD, protect=False, provider=Provider())))
    networks = clouds[0].networks
    assert list(networks) == ["analytics", "billing", "gcp-transit"]
    assert list(networks["gcp-transit"].router_names) == ["us-east4", "us-west1"]
    assert list(networks["analytics"].subnet_ids) == ["private-us-east4", "private-us-west1"]
    assert not networks["analytics"].router_names


def test_a_components_outputs_are_what_it_offers(graph: Graph) -> None:
    outputs = {
        graph.by_urn[urn].name: set(values)
        for urn, values in graph.component_outputs.items()
        if graph.by_urn[urn].type != STACK_TYPE
    }
    assert outputs["gcp-transit"] == {
        "network_id",
        "subnet_ids",
        "spoke_id",
        "router_names",
        "partner_router_names",
    }
    assert outputs["gcp-hub"] == {"hub_id", "group_ids"}


def test_removing_a_network_changes_nothing_in_the_others() -> None:
    def resources(networks: tuple[Network, ...]) -> dict[str, object]:
        graph = preview(replace(CLOUD, networks=networks))
        return {resource.urn: resource.inputs for resource in graph.resources}

    fewer, all_of_them = resources((ANALYTICS, TRANSIT)), resources(tuple(CLOUD.networks))
    assert fewer == {urn: inputs for urn, inputs in all_of_them.items() if urn in fewer}
