"""What is offered to other AWS accounts through Resource Access Manager."""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws


def share(
    name: str, *, region: str, kind: str, arn: pulumi.Input[str], accounts: Sequence[str], parent: pulumi.Resource
) -> None:
    """Offer one thing to accounts.

    Args:
        name: of the component that offers it.
        region: where it is; of what has no region, where Resource Access Manager keeps its share.
        kind: what it is, as a part of names: `gateway`.
        arn: of the thing.
        accounts: their ids.
        parent: the component.
    """
    child = pulumi.ResourceOptions(parent=parent)
    offer = aws.ram.ResourceShare(
        f"{name}-share",
        name=f"{name}-share",
        region=region,
        # Refusing external principals works only inside an AWS organization that shares; the accounts are named one by
        # one, and so nobody gets in unasked.
        allow_external_principals=True,
        tags={"Name": f"{name}-share"},
        opts=child,
    )
    aws.ram.ResourceAssociation(
        f"{name}-share-{kind}",
        region=region,
        resource_share_arn=offer.arn,
        resource_arn=arn,
        opts=child,
    )
    for account in accounts:
        aws.ram.PrincipalAssociation(
            f"{name}-share-{account}",
            region=region,
            resource_share_arn=offer.arn,
            principal=account,
            opts=child,
        )
