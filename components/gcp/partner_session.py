"""The BGP session of a Partner Interconnect attachment, told the number of its neighbour.

Google makes the session itself once the partner has provisioned the attachment, and takes no other for it. It cannot
know the ASN behind a partner that works on layer 2, and no resource of Google's provider sets it
(https://github.com/hashicorp/terraform-provider-google/issues/12630). So it is done here, as Google's tutorial for
Partner Interconnect does it by hand: the peer of the attachment's interface is found, and its ASN changed.
"""

import threading
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypedDict

import pulumi
from pulumi.dynamic import CreateResult, DiffResult, ReadResult, ResourceProvider, UpdateResult

if TYPE_CHECKING:
    from google.cloud import compute_v1

# The client library takes seconds to import, and nothing needs it before something is deployed.
# ruff: noqa: PLC0415

Properties = Mapping[str, Any]
"""What a session was told, as Pulumi hands it over."""

_ONE_AT_A_TIME = threading.Lock()
"""A router's peers are sent as one list: of two that change it at the same time, the later would undo the earlier."""
_PASSING = (409, 412, 429, 503)
"""Answers that another change to the router, or too many of them, brought about."""


class PartnerSessionError(Exception):
    """A session could not be set; the message says what to do."""


class _NotYetError(Exception):
    """What is still waited for."""


class PartnerSessionProvider(ResourceProvider):
    """Sets the ASN; to delete a session is to forget it, as it goes with its attachment."""

    serialize_as_secret_always = False
    """There is no secret in it, and as one it would be hidden in every preview."""
    poll_seconds: float = 10
    limit_minutes: float = 30
    """An exchange reports its side done before Google has noticed."""

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """Compare what the session is told; at another place it is another session."""
        changed = [key for key in PartnerSessionArgs.__annotations__ if _olds.get(key) != _news.get(key)]
        return DiffResult(changes=bool(changed), replaces=[key for key in changed if key != "peer_asn"])

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Wait for the session and set its ASN."""
        place = (props[key] for key in ("project", "region", "router", "attachment"))
        return CreateResult("/".join(place), {**props, "peer_name": self._set(props)})

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """Set another ASN."""
        return UpdateResult({**_news, "peer_name": self._set(_news)})

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """Look whether the session is still there, and with which ASN."""
        from google.api_core.exceptions import NotFound

        with _explained(props):
            try:
                peer = _peer(self._router(self.clients()[1], props), props)
            except NotFound:
                peer = None
        if peer is None:
            return ReadResult("", {})
        return ReadResult(id_, {**props, "peer_asn": peer.peer_asn, "peer_name": peer.name})

    def clients(self) -> "tuple[compute_v1.InterconnectAttachmentsClient, compute_v1.RoutersClient]":
        """Connect with the credentials that Google's libraries find by themselves."""
        from google.cloud import compute_v1

        return compute_v1.InterconnectAttachmentsClient(), compute_v1.RoutersClient()

    def _set(self, props: Properties) -> str:
        """Wait until the session has its ASN; return the name of the peer."""
        from google.api_core.exceptions import GoogleAPICallError

        deadline = time.monotonic() + self.limit_minutes * 60
        with _explained(props):
            attachments, routers = self.clients()
            while True:
                try:
                    return self._try_to_set(attachments, routers, props)
                except _NotYetError as reason:
                    waiting_for = str(reason)
                except GoogleAPICallError as error:
                    if not _passes(error):
                        raise
                    waiting_for = f"the router {props['router']} takes no change ({error.message})"
                if time.monotonic() >= deadline:
                    message = (
                        f"The BGP session of the attachment {props['attachment']} in {props['region']} is not set after"
                        f" {self.limit_minutes:g} minutes: {waiting_for}. Check that the exchange has provisioned the"
                        " attachment's connection: with its pairing key, and on the service profile of its zone."
                        " `pulumi up` then goes on from here."
                    )
                    raise PartnerSessionError(message)
                time.sleep(self.poll_seconds)

    def _try_to_set(
        self,
        attachments: "compute_v1.InterconnectAttachmentsClient",
        routers: "compute_v1.RoutersClient",
        props: Properties,
    ) -> str:
        from google.cloud import compute_v1

        place = {"project": props["project"], "region": props["region"]}
        attachment = attachments.get(**place, interconnect_attachment=props["attachment"])
        # The other end of the session is built from them.
        if not (attachment.cloud_router_ip_address and attachment.customer_router_ip_address):
            message = f"the attachment has no addresses yet, its state is {attachment.state}"
            raise _NotYetError(message)
        with _ONE_AT_A_TIME:
            router = self._router(routers, props)
            peer = _peer(router, props)
            if peer is None:
                message = f"Google has not made the session, though the attachment's state is {attachment.state}"
                raise _NotYetError(message)
            if peer.peer_asn != props["peer_asn"]:
                peer.peer_asn = props["peer_asn"]
                # What is not sent stays as it is; of a list, everything has to be sent.
                change = compute_v1.Router(bgp_peers=router.bgp_peers)
                operation = routers.patch(**place, router=props["router"], router_resource=change)
                operation.result(timeout=self.limit_minutes * 60)
        return peer.name

    @staticmethod
    def _router(routers: "compute_v1.RoutersClient", props: Properties) -> "compute_v1.Router":
        return routers.get(project=props["project"], region=props["region"], router=props["router"])


def _peer(router: "compute_v1.Router", props: Properties) -> "compute_v1.RouterBgpPeer | None":
    """Return the peer on the attachment's interface, or None if Google has not made both."""
    link = f"/interconnectAttachments/{props['attachment']}"
    interfaces = {each.name for each in router.interfaces if each.linked_interconnect_attachment.endswith(link)}
    return next((peer for peer in router.bgp_peers if peer.interface_name in interfaces), None)


def _passes(error: Any) -> bool:  # noqa: ANN401 - its class is in the client library
    """Tell whether an error ends without anybody doing anything: Google lets one change to a router in at a time."""
    return error.code in _PASSING or (error.code == 400 and "is not ready" in error.message)  # noqa: PLR2004 - HTTP


@contextmanager
def _explained(props: Properties) -> Generator[None]:
    """Say of the errors that have a remedy what it is."""
    from google.api_core.exceptions import Forbidden, NotFound
    from google.auth.exceptions import DefaultCredentialsError

    try:
        yield
    except Forbidden as error:
        message = (
            f"{error.message} To set the BGP session of {props['attachment']}, the account that deploys needs the role"
            f" Compute Network Admin in the project {props['project']} (compute.interconnectAttachments.get,"
            " compute.routers.get, compute.routers.update)."
        )
        raise PartnerSessionError(message) from error
    except NotFound as error:
        message = f"{error.message} It was deleted outside of Pulumi: run `pulumi refresh`, then `pulumi up`."
        raise PartnerSessionError(message) from error
    except DefaultCredentialsError as error:
        message = (
            "Google's client library finds no credentials. It takes those of `gcloud auth application-default login`,"
            " or of the file that GOOGLE_APPLICATION_CREDENTIALS names; those in the stack's configuration reach"
            " Pulumi's provider only."
        )
        raise PartnerSessionError(message) from error


class PartnerSessionArgs(TypedDict):
    """Which session, and what it is told."""

    project: pulumi.Input[str]
    region: pulumi.Input[str]
    router: pulumi.Input[str]
    """Name of the Cloud Router."""
    attachment: pulumi.Input[str]
    """Name of the attachment."""
    peer_asn: pulumi.Input[int]
    """ASN of the exchange's router."""


class PartnerSession(pulumi.dynamic.Resource, module="gcp", name="PartnerSession"):
    """The ASN of the BGP session that Google made for one attachment."""

    peer_name: pulumi.Output[str]
    """Name that Google gave the BGP peer."""

    def __init__(self, name: str, args: PartnerSessionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(PartnerSessionProvider(), name, {**args, "peer_name": None}, opts)
