"""Where the flow logs of one region go: a private bucket that only AWS's log delivery may write to."""

from typing import TypedDict

import pulumi
import pulumi_aws as aws


class AwsFlowLogsArgs(TypedDict):
    """What the bucket is built from."""

    region: str
    """Region of the bucket; a flow log delivers without a transfer charge in its own region."""
    account_id: str
    """AWS account whose flow logs are accepted."""
    retention_days: int
    """Days after which a log is deleted."""
    protect: bool
    """Refuse to delete the bucket. Without it the bucket goes together with the logs in it."""


class AwsFlowLogs(pulumi.ComponentResource):
    """The flow log bucket of one region."""

    bucket_arn: pulumi.Output[str]
    """ARN of the bucket. Whatever uses it waits for the policy that lets logs in."""

    def __init__(self, name: str, args: AwsFlowLogsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("multicloud-network:index:AwsFlowLogs", name, None, opts)
        region = args["region"]
        child = pulumi.ResourceOptions(parent=self)

        bucket = aws.s3.Bucket(
            name,
            region=region,
            force_destroy=not args["protect"],
            tags={"Name": name},
            opts=pulumi.ResourceOptions(parent=self, protect=args["protect"] or None),
        )
        ownership = aws.s3.BucketOwnershipControls(
            name,
            region=region,
            bucket=bucket.id,
            rule=aws.s3.BucketOwnershipControlsRuleArgs(object_ownership="BucketOwnerEnforced"),
            opts=child,
        )
        aws.s3.BucketServerSideEncryptionConfiguration(
            name,
            region=region,
            bucket=bucket.id,
            rules=[
                aws.s3.BucketServerSideEncryptionConfigurationRuleArgs(
                    apply_server_side_encryption_by_default=aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
                        sse_algorithm="AES256"
                    )
                )
            ],
            opts=child,
        )
        aws.s3.BucketLifecycleConfiguration(
            name,
            region=region,
            bucket=bucket.id,
            rules=[
                aws.s3.BucketLifecycleConfigurationRuleArgs(
                    id="expire",
                    status="Enabled",
                    # The empty prefix is every object; the provider asks for a filter even then.
                    filter=aws.s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=""),
                    expiration=aws.s3.BucketLifecycleConfigurationRuleExpirationArgs(days=args["retention_days"]),
                )
            ],
            opts=child,
        )
        access = aws.s3.BucketPublicAccessBlock(
            name,
            region=region,
            bucket=bucket.id,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=child,
        )
        policy = aws.s3.BucketPolicy(
            name,
            region=region,
            bucket=bucket.id,
            policy=_delivery_policy(bucket.arn, args["account_id"]),
            # S3 answers "conflicting conditional operation" to a policy written while these two are.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[ownership, access]),
        )

        # `policy.bucket`, not `policy.id`: it stays known in a preview that changes the policy.
        self.bucket_arn = pulumi.Output.all(bucket.arn, policy.bucket).apply(lambda values: values[0])
        self.register_outputs({"bucket_arn": self.bucket_arn})


def _delivery_policy(bucket_arn: pulumi.Output[str], account_id: str) -> pulumi.Output[str]:
    """Let AWS's log delivery write on behalf of one account, and nobody without TLS.

    The statements are those that VPC flow logs ask for; a bucket that misses one gets it added behind our back.
    """
    on_behalf_of_us = {"aws:SourceAccount": account_id}
    delivery = {"Service": "delivery.logs.amazonaws.com"}
    return pulumi.Output.json_dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "AWSLogDeliveryWrite",
                    "Effect": "Allow",
                    "Principal": delivery,
                    "Action": "s3:PutObject",
                    "Resource": pulumi.Output.concat(bucket_arn, f"/AWSLogs/{account_id}/*"),
                    "Condition": {"StringEquals": {**on_behalf_of_us, "s3:x-amz-acl": "bucket-owner-full-control"}},
                },
                {
                    "Sid": "AWSLogDeliveryAclCheck",
                    "Effect": "Allow",
                    "Principal": delivery,
                    "Action": ["s3:GetBucketAcl", "s3:ListBucket"],
                    "Resource": bucket_arn,
                    "Condition": {"StringEquals": on_behalf_of_us},
                },
                {
                    "Sid": "DenyWithoutTls",
                    "Effect": "Deny",
                    "Principal": "*",
                    "Action": "s3:*",
                    "Resource": [bucket_arn, pulumi.Output.concat(bucket_arn, "/*")],
                    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                },
            ],
        }
    )
