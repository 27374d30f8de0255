from components.aws.core_network import AwsCoreNetwork, AwsCoreNetworkArgs
from inspection.graph import Graph
from tests.components.aws.graphs import (
    CORE_NETWORK,
    CORE_POLICY,
    PRINCIPAL,
    SHARE,
    SHARED_RESOURCE,
    refers,
)
from tests.components.aws.plans import CORE
from tests.support import declarations
from tests.support.recorded import preview_of, update_of

NAME = "aws-core-network"
GLOBAL_NETWORK = "aws:networkmanager/globalNetwork:GlobalNetwork"
ACCOUNTS = ("444455556666", "777788889999")


def arguments(*, protect: bool = False, shared_with: tuple[str, ...] = ()) -> AwsCoreNetworkArgs:
    return {"core_network": CORE, "protect": protect, "shared_with": shared_with}


def preview(*, protect: bool = False, shared_with: tuple[str, ...] = ()) -> Graph:
    return preview_of(lambda: AwsCoreNetwork(NAME, arguments(protect=protect, shared_with=shared_with)))


def test_a_core_network_lives_by_the_policy_of_the_plan() -> None:
    graph = preview()
    core = graph.named(CORE_NETWORK, NAME)
    policy = graph.named(CORE_POLICY, NAME)

    assert refers(core, "globalNetworkId", graph.named(GLOBAL_NETWORK, NAME))
    assert refers(policy, "coreNetworkId", core)
    assert policy.inputs["policyDocument"] == CORE.policy


def test_nothing_attaches_before_the_policy_lives() -> None:
    """The id that is handed on is the policy's, so that who uses it waits for the policy."""
    graph = update_of(lambda: AwsCoreNetwork(NAME, arguments()))
    [component] = [resource for resource in graph.resources if resource.type.endswith(":AwsCoreNetwork")]

    outputs = graph.component_outputs[component.urn]

    assert outputs["core_network_id"] == graph.named(CORE_NETWORK, NAME).id
    assert outputs["core_network_arn"].startswith("arn:aws:networkmanager:")


def test_a_core_network_is_offered_to_nobody_unless_asked() -> None:
    assert not any(resource.type.startswith("aws:ram/") for resource in preview().resources)


def test_a_shared_core_network_is_offered_to_each_named_account_from_where_shares_without_a_region_are_kept() -> None:
    graph = preview(shared_with=ACCOUNTS)
    [share] = graph.of_type(SHARE)
    [shared] = graph.of_type(SHARED_RESOURCE)

    principals = graph.of_type(PRINCIPAL)

    assert refers(shared, "resourceArn", graph.named(CORE_NETWORK, NAME))
    assert {principal.inputs["principal"] for principal in principals} == set(ACCOUNTS)
    assert all(refers(resource, "resourceShareArn", share) for resource in [shared, *principals])
    assert {resource.inputs["region"] for resource in [share, shared, *principals]} == {"us-east-1"}


def test_only_the_core_network_is_protected_and_only_when_asked() -> None:
    assert not any(resource.protect for resource in preview().resources)
    assert [resource.type for resource in preview(protect=True).resources if resource.protect] == [CORE_NETWORK]


def test_a_core_network_sends_what_the_sdk_declares() -> None:
    assert declarations.check(preview(shared_with=ACCOUNTS)) == []
