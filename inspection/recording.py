"""Runs a Pulumi program against a monitor of our own, with no engine, no provider and no cloud.

What comes back is what a first `pulumi preview` would be asked for: ids and everything that a cloud makes up are
unknown, and what the engine refuses is refused. Nothing here knows any provider.

Where a cloud would have to be asked, an offline preview ends: to read a resource with a known id, or to call a provider
function. What waits for a resource that is still to be made is not asked for in a first preview: such a read is
recorded with all outputs unknown, and such a call, in the SDK's output form, never arrives.
"""

import asyncio
import gc
import zlib
from collections.abc import Callable, Collection, Generator, Mapping
from contextlib import contextmanager
from typing import Any

from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime import Settings, configure, rpc, run_in_stack, set_all_config
from pulumi.runtime.proto import engine_pb2, resource_pb2
from pulumi.runtime.resource import RegisterResponse

from inspection.engine_rules import EngineRules, RefusedError, urn_of
from inspection.graph import STACK_TYPE, Graph, Json, Message
from inspection.provider_outputs import previewed, updated, with_secrets
from inspection.wire import Request, plain_resource, plain_struct, registration_of

Complete = Callable[[str, str, dict[str, Json]], Mapping[str, Json]]
"""From a type token, a logical name and the inputs to the outputs that the cloud would add.

A provider function is asked likewise: by its token (`aws:ec2/getVpc:getVpc`), an empty name and its arguments.
"""

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
        complete: given, the run is an update instead of a preview: ids are made from URNs, and the outputs of a
            resource or of a provider function are its inputs and what this returns. A resource of the run is read as it
            is; of any other, the outputs are what the read was given and what this returns.
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
        self._read: set[str] = set()
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
            read = urn in self._read
            resources[urn] = plain_resource(urn, identity, request, read=read, retained_parent=retained_parent)
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
        identity = f"{request.name}-{zlib.crc32(urn.encode()):08x}" if request.custom and self._complete else ""
        self._add(urn, identity, request)
        # The SDK's own stand-in for a response: the real message would copy the whole state once more.
        return RegisterResponse(urn, identity, self._state(request), None, resource_pb2.Result.SUCCESS)

    def _add(self, urn: str, identity: str, request: Request) -> None:
        with self._refusals():
            self._rules.check(urn, request, self._registered)
        self._registered[urn] = (identity, request)
        if self._on_resource is not None:
            self._on_resource(len(self._registered))

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

    def Invoke(self, request: Any) -> resource_pb2.ResourceInvokeResponse:  # noqa: ANN401 - a generated class
        self._invokes.append(request.tok)
        with self._refusals():
            if self._complete is None:
                message = f"the program calls the provider function {request.tok}: a preview must need no cloud"
                raise RefusedError(message)
            self._rules.check_provider(request.tok, request.tok, request.provider, self._registered)
        response = resource_pb2.ResourceInvokeResponse()
        answer: struct_pb2.Struct = getattr(response, "return")
        answer.CopyFrom(request.args)
        answer.update(self._complete(request.tok, "", plain_struct(request.args)))
        return response

    def Call(self, request: Any) -> None:  # noqa: ANN401 - a generated class
        with self._refusals():
            message = f"the program calls the provider method {request.tok}: a preview must need no cloud"
            raise RefusedError(message)

    def ReadResource(self, request: Any) -> resource_pb2.ReadResourceResponse:  # noqa: ANN401 - a generated class
        registration = registration_of(request)
        urn = urn_of(self._project, self._stack, registration)
        self._read.add(urn)
        if self._complete is None:
            with self._refusals():
                if request.id != rpc.UNKNOWN:
                    what = f"the program reads {request.type} '{request.name}' ({request.id})"
                    message = f"{what}: a preview must need no cloud; to adopt it, give its id as import_"
                    raise RefusedError(message)
            self._add(urn, "", registration)
            return resource_pb2.ReadResourceResponse(urn=urn)  # the SDK takes missing outputs for unknown
        source = self._made(request.id) or registration
        self._add(urn, request.id, registration)
        state = with_secrets(self._state(source), registration)
        return resource_pb2.ReadResourceResponse(urn=urn, id=request.id, properties=state)

    def _made(self, identity: str) -> Request | None:
        """Return the registration that was given an id in this run."""
        return next((request for known, request in self._registered.values() if known == identity), None)

    def SignalAndWaitForShutdown(self, _request: object) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    @contextmanager
    def _refusals(self) -> Generator[None]:
        """Keep the first refusal: the SDK may swallow it, or tell another that came of it."""
        try:
            yield
        except RefusedError as refusal:
            self.refusal = self.refusal or refusal
            raise

    # -- engine

    def Log(self, request: Any) -> None:  # noqa: ANN401 - a generated class
        if request.severity != engine_pb2.DEBUG:  # the SDK tells five of those for each resource
            severity = engine_pb2.LogSeverity.Name(request.severity).lower()
            self._messages.append(Message(severity, request.message))
