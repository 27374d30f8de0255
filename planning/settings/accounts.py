"""Where the stack builds: one account in each cloud in use."""

from pydantic import Field

from planning.settings.types import AwsAccountId, GcpProject, Section, Uuid


class AwsAccount(Section):
    """The AWS account that owns the network."""

    account_id: AwsAccountId
    share_with: tuple[AwsAccountId, ...] = ()
    """Accounts that may attach VPCs of their own to the hubs. Default: none."""


class AzureAccount(Section):
    """The Azure subscription that owns the network."""

    subscription_id: Uuid


class GcpAccount(Section):
    """The Google Cloud project that owns the network."""

    project: GcpProject


class EquinixAccount(Section):
    """The Equinix Fabric project that circuits are ordered in."""

    project_id: Uuid
    account_number: int = Field(ge=1)
    notify: tuple[str, ...] = Field(min_length=1)
    """E-mail addresses that Equinix writes to."""
    purchase_order: str | None = None
    """Default: no purchase order on the invoice."""


class Accounts(Section):
    """The accounts of the stack; a cloud without networks needs none."""

    aws: AwsAccount | None = None
    azure: AzureAccount | None = None
    gcp: GcpAccount | None = None
    equinix: EquinixAccount | None = None
