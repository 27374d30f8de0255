"""Runs a Pulumi program against a monitor of our own, with no engine, no provider and no cloud.

What comes back is what a first `pulumi preview` would be asked for: ids and everything that a cloud makes up are
unknown, and what the engine refuses is refused. Nothing here knows any provider.
"""

import asyncio
import gc
import zlib
from collections.abc import Callable, Collection, Generator, Mapping
from contextlib import contextmanager
from typing import Any

from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime import Settings, configure, run_in_stack, set_all_config
from pulumi.runtime.proto import engine_pb2, resource_pb2
from pulumi.runtime.resource import RegisterResponse

from inspection.engine_rules import EngineRules, RefusedError, urn_of
from inspection.graph import STACK_TYPE, Graph, Json, Message
from inspection.provider_outputs import previewed, updated
from inspection.wire import Request, plain_resource, plain_struct

Complete = Callable[[str, str, dict[str, Json]], Mapping[str, Json]]
"""From a type token, a logical name and the inputs to the outputs that the cloud would add."""

_FEATURES = [
    resource_pb2.RESOURCE_MONITOR_FEATURE_SECRETS,
    resource_pb2.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES,
    resource_pb2.RESOURCE_MONITOR_FEATURE_OUTPUT_VALUES,
    resource_pb2.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
    resource_pb2.RESOURCE_MONITOR_FEATURE_REPLACEMENT_TRIGGER,
    resource_pb2.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
    resource_pb2.RESOURCE_MONITOR_FEATURE_REPLACE_WITH,
    resource_pb2.RESOURCE_MONITOR_FEATURE_PARAMETERIZATION,
]
"""Transforms and hooks are left out: nothing here runs them, and so the SDK refuses them instead of losing them."""


def record(
    program: Callable[[], object],
    *,
    project: str = "multicloud-network",
    stack: str = "test",
    config: Mapping[str, str] | None = None,
    secret_keys: Collection[str] = (),
    complete: Complete | None = None,
    on_resource: Callable[[int], None] | None = None,
) -> Graph:
    """Run a program once and return everything that it registered.

    Args:
        program: declares resources and exports, as a `__main__.py` does.
        project: name that URNs and configuration keys carry.
        stack: name of the stack.
        config: as the engine hands it over: full keys, every value as text.
        secret_keys: keys of `config` whose values are secret.
        complete: given, the run is an update instead of a preview: ids are made from URNs, and a resource's outputs
            are its inputs and what this returns.
        on_resource: called after each registration with their number so far.

    Raises:
        RefusedError: the engine would have refused a registration.
        Exception: whatever the program raises.
    """
    settings = dict(config or {})
    recorder = _Recorder(project, stack, EngineRules(settings), complete, on_resource)

    async def start() -> None:
        program()
        # Registrations must have begun when the SDK looks for those to wait for: it else waits for every single output,
        # going through all of them again for each.
        await asyncio.sleep(0)

    # The SDK keeps settings, configuration and the stack in context variables, and a task has a context of its own:
    # a run leaves no trace in the process.
    async def run() -> None:
        set_all_config(settings, list(secret_keys))
        configure(
            Settings(
                project=project,
                stack=stack,
                monitor=recorder,
                engine=recorder,
                dry_run=complete is None,
                organization="organization",
            )
        )
        await run_in_stack(start)

    with _collector_paused(), asyncio.Runner(loop_factory=_InlineLoop) as runner:
        try:
            runner.run(run())
        except Exception:
            if recorder.refusal is not None:  # the first one; what failed after it only waited for it
                raise recorder.refusal from None
            raise
    return recorder.graph()


@contextmanager
def _collector_paused() -> Generator[None]:
    """Pause the search for garbage: resources and their outputs all live to the end, and looking doubles the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class _InlineLoop(asyncio.SelectorEventLoop):
    """An event loop that does "blocking" calls on the spot: the monitor they are made to is in this process.

    Without threads, resources are registered in the same order in every run.
    """

    def __init__(self) -> None:
        super().__init__()
        # Of many that wait for a registration which failed, one reports it; asyncio would log the others.
        self.set_exception_handler(lambda *_: None)

    def run_in_executor(self, executor: object, func: Callable[..., Any], *args: object) -> asyncio.Future[Any]:  # noqa: ARG002 - signature of the event loop
        future = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as error:  # noqa: BLE001 - handed to whoever awaits the future
            future.set_exception(error)
        return future


class _Recorder:
    """Stands for the resource monitor and the engine; the SDK calls both by the names of their remote procedures."""

    # ruff: noqa: N802 - the names are the protocol's

    def __init__(
        self,
        project: str,
        stack: str,
        rules: EngineRules,
        complete: Complete | None,
        on_resource: Callable[[int], None] | None,
    ) -> None:
        self._project = project
        self._stack = stack
        self._rules = rules
        self._complete = complete
        self._on_resource = on_resource
        self._registered: dict[str, tuple[str, Request]] = {}
        self._outputs: dict[str, struct_pb2.Struct] = {}
        self._messages: list[Message] = []
        self._invokes: list[str] = []
        self.refusal: RefusedError | None = None

    def graph(self) -> Graph:
        """Return what was recorded."""
        resources = {}
        for urn, (identity, request) in self._registered.items():
            parent = resources.get(request.parent)
            retained_parent = parent is not None and parent.retain_on_delete
            resources[urn] = plain_resource(urn, identity, request, retained_parent=retained_parent)
        outputs = {urn: plain_struct(struct) for urn, struct in self._outputs.items()}
        root = next((urn for urn, resource in resources.items() if resource.type == STACK_TYPE), "")
        return Graph(
            project=self._project,
            stack=self._stack,
            resources=tuple(resources.values()),
            outputs=outputs.pop(root, {}),
            component_outputs=outputs,
            messages=tuple(self._messages),
            invokes=tuple(self._invokes),
        )

    # -- monitor

    def GetDeploymentInfo(self, _request: object) -> resource_pb2.DeploymentInfo:
        return resource_pb2.DeploymentInfo(supportedFeatures=_FEATURES)

    def RegisterResource(self, request: Request) -> RegisterResponse:
        urn = urn_of(self._project, self._stack, request)
        try:
            self._rules.check(urn, request, self._registered)
        except RefusedError as refusal:
            self._refuse(refusal)
        identity = f"{request.name}-{zlib.crc32(urn.encode()):08x}" if request.custom and self._complete else ""
        self._registered[urn] = (identity, request)
        if self._on_resource is not None:
            self._on_resource(len(self._registered))
        # The SDK's own stand-in for a response: the real message would copy the whole state once more.
        return RegisterResponse(urn, identity, self._state(request), None, resource_pb2.Result.SUCCESS)

    def _state(self, request: Request) -> struct_pb2.Struct:
        if not request.custom:
            return struct_pb2.Struct()
        if self._complete is None:
            return previewed(request)
        return updated(request, self._complete(request.type, request.name, plain_struct(request.object)))

    def RegisterResourceOutputs(self, request: Any) -> empty_pb2.Empty:  # noqa: ANN401 - a generated class
        self._outputs[request.urn] = request.outputs
        return empty_pb2.Empty()

    def RegisterPackage(self, request: Any) -> resource_pb2.RegisterPackageResponse:  # noqa: ANN401 - a generated class
        return resource_pb2.RegisterPackageResponse(ref=f"{request.name}@{request.version}")

    def Invoke(self, request: Any) -> None:  # noqa: ANN401 - a generated class
        self._invokes.append(request.tok)
        self._refuse(
            RefusedError(f"the program calls the provider function {request.tok}: a preview must need no cloud")
        )

    def Call(self, request: Any) -> None:  # noqa: ANN401 - a generated class
        self._invokes.append(request.tok)
        self._refuse(RefusedError(f"the program calls the provider method {request.tok}: a preview must need no cloud"))

    def ReadResource(self, request: Any) -> None:  # noqa: ANN401 - a generated class
        what = f"the program reads {request.type} '{request.name}' ({request.id})"
        self._refuse(RefusedError(f"{what}: a preview must need no cloud; to adopt it, give its id as import_"))

    def SignalAndWaitForShutdown(self, _request: object) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    def _refuse(self, refusal: RefusedError) -> None:
        if self.refusal is None:
            self.refusal = refusal
        raise refusal

    # -- engine

    def Log(self, request: Any) -> None:  # noqa: ANN401 - a generated class
        if request.severity != engine_pb2.DEBUG:  # the SDK tells five of those for each resource
            severity = engine_pb2.LogSeverity.Name(request.severity).lower()
            self._messages.append(Message(severity, request.message))
