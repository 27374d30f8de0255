"""What the Pulumi engine refuses, so that a program which passes here is not turned away there.

The messages follow the engine's own, because they are what people search for.
"""

import json
from collections.abc import Mapping

from inspection.graph import STACK_TYPE
from inspection.wire import Request

_PROVIDER_TYPE = "pulumi:providers:"


class RefusedError(Exception):
    """The engine would not accept what the program asked for, or it cannot be had in an offline preview."""


def urn_of(project: str, stack: str, request: Request) -> str:
    """Return the URN the engine gives: with the types of all parents, except the stack's, joined by `$`."""
    _, _, parent_type, *_ = request.parent.split("::") if request.parent else ("", "", STACK_TYPE)
    chain = request.type if parent_type == STACK_TYPE else f"{parent_type}${request.type}"
    return f"urn:pulumi:{stack}::{project}::{chain}::{request.name}"


class EngineRules:
    """Judges one registration against those before it."""

    def __init__(self, config: Mapping[str, str]) -> None:
        self._disabled = _packages(config.get("pulumi:disable-default-providers") or "[]")

    def check(self, urn: str, request: Request, known: Mapping[str, object]) -> None:
        """Raise `RefusedError` unless the engine would take the registration.

        Args:
            urn: of the new resource.
            request: the registration.
            known: what was registered before, by URN.
        """
        if urn in known:
            message = f"duplicate resource URN '{urn}'; try giving it a unique name"
            raise RefusedError(message)
        if request.parent and request.parent not in known:
            message = f"{urn}: unknown parent {request.parent}"
            raise RefusedError(message)
        for other in (*request.dependencies, *request.replace_with, *filter(None, [request.deletedWith])):
            if other not in known:
                message = f"{urn}: unknown dependency {other}"
                raise RefusedError(message)
        for reference in request.providers.values():
            _require_known_provider(urn, reference, known)
        if request.custom and not request.type.startswith(_PROVIDER_TYPE):
            self.check_provider(urn, request.type, request.provider, known)

    def check_provider(self, user: str, token: str, reference: str, known: Mapping[str, object]) -> None:
        """Raise `RefusedError` unless there is a provider to serve a resource or a function.

        Args:
            user: URN of the resource, or token of the function.
            token: of the resource's type, or of the function.
            reference: `urn::id` of an explicit provider, or empty.
            known: what was registered before, by URN.
        """
        package = token.partition(":")[0]
        if not reference:
            # The engine serves the package `pulumi` (stack references) itself, whatever is disabled.
            if package != "pulumi" and self._disabled & {"*", package}:
                message = f"Default provider for '{package}' disabled. '{user}' must use an explicit provider."
                raise RefusedError(message)
            return
        provider = _require_known_provider(user, reference, known)
        provider_type = provider.split("::")[2].rpartition("$")[2]
        if provider_type != f"{_PROVIDER_TYPE}{package}":
            message = f"{user}: provider {provider_type} cannot manage {token}"
            raise RefusedError(message)


def _packages(text: str) -> set[str]:
    try:
        return {package.strip() for package in json.loads(text)}
    except (ValueError, TypeError, AttributeError):
        message = f'pulumi:disable-default-providers is {text}; it must be a list of packages, such as ["*"]'
        raise RefusedError(message) from None


def _require_known_provider(urn: str, reference: str, known: Mapping[str, object]) -> str:
    provider = reference.rpartition("::")[0]
    if provider not in known:
        message = f"{urn}: unknown provider {reference}"
        raise RefusedError(message)
    return provider
