import json
from collections.abc import Mapping

import pulumi_aws as aws
import pytest

from components.aws.flow_logs import AwsFlowLogs, AwsFlowLogsArgs
from inspection.graph import Graph, Json
from tests.components.aws.graphs import ACCOUNT, BUCKET, BUCKET_POLICY, FLOW_LOG, after_deployment, refers
from tests.support.recorded import depends_on, preview_of, unknown

NAME = "aws-us-east-1-flow-logs"
ARN = f"arn:of:{NAME}"


def with_a_flow_log(*, protect: bool = True) -> None:
    args: AwsFlowLogsArgs = {
        "region": "us-east-1",
        "account_id": ACCOUNT,
        "retention_days": 90,
        "protect": protect,
    }
    logs = AwsFlowLogs(NAME, args)
    aws.ec2.FlowLog("shop", vpc_id="vpc-1", traffic_type="ALL", log_destination=logs.bucket_arn)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return preview_of(with_a_flow_log)


def setting(graph: Graph, kind: str) -> Mapping[str, Json]:
    return graph.named(f"aws:s3/{kind[0].lower()}{kind[1:]}:{kind}", NAME).inputs


@pytest.fixture(scope="module")
def statements() -> Mapping[str, Mapping[str, Json]]:
    policy = json.loads(after_deployment(with_a_flow_log).named(BUCKET_POLICY, NAME).inputs["policy"])
    return {statement["Sid"]: statement for statement in policy["Statement"]}


def test_a_flow_log_waits_for_the_policy_that_lets_it_in(graph: Graph) -> None:
    log = graph.named(FLOW_LOG, "shop")

    assert refers(log, "logDestination", graph.named(BUCKET_POLICY, NAME))
    assert refers(log, "logDestination", graph.named(BUCKET, NAME))


def test_a_flow_log_goes_to_the_bucket() -> None:
    assert after_deployment(with_a_flow_log).named(FLOW_LOG, "shop").inputs["logDestination"] == ARN


def test_the_policy_is_there_before_the_buckets_arn_is_known(graph: Graph) -> None:
    policy = graph.named(BUCKET_POLICY, NAME)

    assert unknown(policy.inputs["policy"])
    assert refers(policy, "policy", graph.named(BUCKET, NAME))


def test_only_log_delivery_for_our_own_account_may_write(statements: Mapping[str, Mapping[str, Json]]) -> None:
    allowed = {sid: statement for sid, statement in statements.items() if statement["Effect"] == "Allow"}

    assert set(allowed) == {"AWSLogDeliveryWrite", "AWSLogDeliveryAclCheck"}
    assert allowed["AWSLogDeliveryWrite"]["Resource"] == f"{ARN}/AWSLogs/{ACCOUNT}/*"
    for statement in allowed.values():
        assert statement["Principal"] == {"Service": "delivery.logs.amazonaws.com"}
        assert statement["Condition"]["StringEquals"]["aws:SourceAccount"] == ACCOUNT


def test_nobody_reads_or_writes_without_tls(statements: Mapping[str, Mapping[str, Json]]) -> None:
    [denied] = [statement for statement in statements.values() if statement["Effect"] == "Deny"]

    assert denied["Principal"] == "*"
    assert denied["Action"] == "s3:*"
    assert denied["Resource"] == [ARN, f"{ARN}/*"]
    assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_nothing_in_the_bucket_can_become_public(graph: Graph) -> None:
    block = setting(graph, "BucketPublicAccessBlock")

    assert all(
        block[key] is True
        for key in ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    )
    assert setting(graph, "BucketOwnershipControls")["rule"] == {"objectOwnership": "BucketOwnerEnforced"}


def test_the_policy_is_written_after_what_s3_would_collide_with(graph: Graph) -> None:
    policy = graph.named(BUCKET_POLICY, NAME)

    for kind in ("bucketPublicAccessBlock:BucketPublicAccessBlock", "bucketOwnershipControls:BucketOwnershipControls"):
        assert depends_on(graph, policy, graph.named(f"aws:s3/{kind}", NAME))


def test_every_log_is_encrypted_and_deleted_after_the_days_of_the_plan(graph: Graph) -> None:
    [encryption] = setting(graph, "BucketServerSideEncryptionConfiguration")["rules"]
    [expiry] = setting(graph, "BucketLifecycleConfiguration")["rules"]

    assert encryption["applyServerSideEncryptionByDefault"]["sseAlgorithm"] == "AES256"
    assert (expiry["status"], expiry["filter"], expiry["expiration"]) == ("Enabled", {"prefix": ""}, {"days": 90})


def test_logs_outlive_a_mistake_where_it_matters_and_go_with_the_stack_elsewhere(graph: Graph) -> None:
    kept = graph.named(BUCKET, NAME)
    thrown_away = preview_of(lambda: with_a_flow_log(protect=False))

    assert kept.protect
    assert kept.inputs["forceDestroy"] is False
    assert not any(resource.protect for resource in thrown_away.resources)
    assert thrown_away.named(BUCKET, NAME).inputs["forceDestroy"] is True
