"""A server that answers as Google's Compute Engine API does, for one project, region and Cloud Router.

After its REST reference: routers.get and .patch, regionOperations.get, interconnectAttachments.get. A patch replaces
each field that is sent, lists as a whole, and is done only when its operation is.
"""

import json
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ROUTER = "prod-transit-partner-us-east4"
PLACE = "/compute/v1/projects/acme-net-prod/regions/us-east4"
LINKS = f"https://www.googleapis.com{PLACE}"
STATUS = {400: "resourceNotReady", 403: "forbidden", 404: "notFound", 412: "conditionNotMet", 500: "backendError"}
Refusal = tuple[int, str]
"""HTTP status and message."""


def attachment(name: str, number: int) -> dict[str, Any]:
    """Return an attachment that the partner has provisioned."""
    return {
        "name": name,
        "type": "PARTNER",
        "state": "ACTIVE",
        "cloudRouterIpAddress": f"169.254.60.{number * 8 + 1}/29",
        "customerRouterIpAddress": f"169.254.60.{number * 8 + 2}/29",
    }


def interface(name: str, number: int) -> dict[str, Any]:
    """Return the interface that Google makes for an attachment."""
    return {
        "name": f"auto-ia-if-{name}-c2c53a",
        "ipRange": f"169.254.60.{number * 8 + 1}/29",
        "linkedInterconnectAttachment": f"{LINKS}/interconnectAttachments/{name}",
        "managementType": "MANAGED_BY_ATTACHMENT",
    }


def peer(name: str, number: int, **more: object) -> dict[str, Any]:
    """Return the BGP peer that Google makes for an attachment: without an ASN."""
    return {
        "name": f"auto-ia-bgp-{name}-c2c53a",
        "interfaceName": f"auto-ia-if-{name}-c2c53a",
        "ipAddress": f"169.254.60.{number * 8 + 1}",
        "peerIpAddress": f"169.254.60.{number * 8 + 2}",
        "managementType": "MANAGED_BY_ATTACHMENT",
        "enable": "TRUE",
        **more,
    }


@dataclass
class ComputeApi:
    """What the cloud holds, what it refuses, and what it was sent."""

    attachments: dict[str, dict[str, Any]]
    router: dict[str, Any]
    address: str = ""
    patches: list[dict[str, Any]] = field(default_factory=list)
    gets: int = 0
    on_get: Callable[[], None] = lambda: None
    """Called before each look at an attachment, so that time may pass."""
    refuse_gets: list[Refusal] = field(default_factory=list)
    refuse_patches: list[Refusal] = field(default_factory=list)
    """Each is the answer to one request."""
    fail_operations: list[Refusal] = field(default_factory=list)
    operation_seconds: float = 0
    _operations: dict[str, dict[str, Any]] = field(default_factory=dict)

    def asns(self) -> dict[str, int | None]:
        """Return the ASN of each peer."""
        return {each["name"]: each.get("peerAsn") for each in self.router["bgpPeers"]}

    def get(self, path: str) -> dict[str, Any] | Refusal:
        if self.refuse_gets:
            return self.refuse_gets.pop(0)
        kind, _, name = path.removeprefix(f"{PLACE}/").partition("/")
        if kind == "interconnectAttachments":
            self.gets += 1
            self.on_get()
        held = {
            "routers": {ROUTER: self.router},
            "operations": self._operations,
            "interconnectAttachments": self.attachments,
        }
        found = held[kind].get(name)
        return deepcopy(found) if found else (404, f"The resource '{path.removeprefix('/compute/v1/')}' was not found")

    def patch(self, path: str, body: dict[str, Any]) -> dict[str, Any] | Refusal:
        if path != f"{PLACE}/routers/{ROUTER}":
            return 404, f"The resource '{path.removeprefix('/compute/v1/')}' was not found"
        if self.refuse_patches:
            return self.refuse_patches.pop(0)
        name = f"operation-{len(self.patches)}"
        self.patches.append(body)
        operation = {"name": name, "status": "RUNNING", "operationType": "patch", "targetLink": f"{LINKS}/routers/x"}
        self._operations[name] = operation
        threading.Thread(target=self._work, args=(name, body)).start()
        return dict(operation)

    def _work(self, name: str, body: dict[str, Any]) -> None:
        time.sleep(self.operation_seconds)
        failure: dict[str, Any] = {}
        if self.fail_operations:
            code, message = self.fail_operations.pop(0)
            failure = {
                "httpErrorStatusCode": code,
                "httpErrorMessage": message,
                "error": {"errors": [{"code": STATUS[code], "message": message}]},
            }
        else:
            self.router = {**self.router, **body}
        self._operations[name] = {**self._operations[name], "status": "DONE", "progress": 100, **failure}


@contextmanager
def serving(api: ComputeApi) -> Generator[ComputeApi]:
    """Answer on a port of this machine until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(api.get(self.path.partition("?")[0]))

        def do_PATCH(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self._answer(api.patch(self.path.partition("?")[0], body))

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as in the base class
            """Say nothing of requests."""

        def _answer(self, answer: dict[str, Any] | Refusal) -> None:
            status = 200
            if isinstance(answer, tuple):
                status, message = answer
                errors = [{"message": message, "domain": "global", "reason": STATUS[status]}]
                answer = {"error": {"code": status, "message": message, "errors": errors}}
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=UTF-8")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    api.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield api
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
