"""Claims about requests that the SDK for Python would not send, and those of other languages may."""

import pytest
from pulumi.runtime.proto import resource_pb2

from inspection.engine_rules import EngineRules, RefusedError

PROVIDER = "urn:pulumi:test::net::pulumi:providers:azure-native::main"
URN = "urn:pulumi:test::net::aws:ec2/vpc:Vpc::shop"


def vpc(provider: str) -> resource_pb2.RegisterResourceRequest:
    return resource_pb2.RegisterResourceRequest(type="aws:ec2/vpc:Vpc", name="shop", custom=True, provider=provider)


def test_a_provider_of_another_package_is_refused() -> None:
    with pytest.raises(RefusedError, match="pulumi:providers:azure-native cannot manage aws:ec2/vpc:Vpc"):
        EngineRules({}).check(URN, vpc(f"{PROVIDER}::id"), {PROVIDER: None})


def test_a_provider_that_was_not_registered_is_refused() -> None:
    with pytest.raises(RefusedError, match=f"unknown provider {PROVIDER}"):
        EngineRules({}).check(URN, vpc(f"{PROVIDER}::id"), {})


def test_a_stack_reference_needs_no_provider_where_default_ones_are_disabled() -> None:
    request = resource_pb2.RegisterResourceRequest(type="pulumi:pulumi:StackReference", name="other", custom=True)

    EngineRules({"pulumi:disable-default-providers": '["*"]'}).check("urn:other", request, {})


@pytest.mark.parametrize("text", ["aws", "true", "[1]"])
def test_disabled_providers_must_be_a_list_of_packages(text: str) -> None:
    with pytest.raises(RefusedError, match="must be a list of packages"):
        EngineRules({"pulumi:disable-default-providers": text})
