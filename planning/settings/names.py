"""Names: the roots that they live under, zones of private services, and records that follow health."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema

from planning.settings.addressing import Cloud
from planning.settings.records import Record
from planning.settings.types import DOMAIN_PATTERN, LABEL, Address, DomainName, Name, Section, refuse


class PublicRoot(Section):
    """Where the names for the internet live."""

    name: DomainName
    host: Cloud = Cloud.AWS
    """Whose DNS service holds the zone: Route 53, Azure DNS or Cloud DNS."""
    zone: str | None = None
    """An existing zone: AWS's zone id, Azure's resource id, Google's zone name. Default: the stack makes it."""
    signed: bool = False
    """Whether the zone is, or lies in, a signed one (DNSSEC): validating resolvers then refuse private names below."""

    @model_validator(mode="before")
    @classmethod
    def _from_name(cls, value: Any) -> Any:  # noqa: ANN401 - passed on to pydantic as it is
        return {"name": value} if isinstance(value, str) else value

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Let the name alone stand for all."""
        return {"anyOf": [{"type": "string", "pattern": DOMAIN_PATTERN}, handler(core_schema)]}


def _check_service(value: str) -> str:
    if value.startswith("com.amazonaws.") or not re.fullmatch(rf"{LABEL}(\.{LABEL})*", value):
        raise refuse(
            "is not how host names call a service",
            "write what stands before the region: sqs, or api.ecr, for api.ecr.us-east-1.amazonaws.com",
        )
    return value


class PrivateService(Section):
    """A cloud's own service that is reached at private addresses, found by its usual name from everywhere."""

    cloud: Cloud
    service: Annotated[str, AfterValidator(_check_service)]
    """As in its names: `blob`, `sql`, `key-vault` (Azure), `sqs`, `api.ecr` (AWS), `apis` (Google)."""
    region: str | None = None
    """AWS, and Azure's `aks`: region whose names these are. Others have names without one."""
    addresses: tuple[Address, ...] = ()
    """AWS and Google: private addresses of the endpoint. Azure's endpoints register themselves in the zone."""


class Dns(Section):
    """Private names between everybody in use, and public names that follow health."""

    private: DomainName
    """Root of `aws.<root>`, `azure.<root>`, `gcp.<root>`, `onprem.<root>`."""
    public: PublicRoot | None = None
    """Default: no public names."""
    google_entry_points: tuple[Address, ...] = ()
    """Where Google answers: one address in each of the two subnets that the ledger has for it. Default: looked up."""
    private_services: dict[Name, PrivateService] = {}
    """Default: none."""
    records: dict[Name, Record] = {}
    """First label of the name -> where it runs. Default: none."""
