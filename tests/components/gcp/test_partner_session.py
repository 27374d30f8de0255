"""Claims about the BGP session of a Partner attachment, set over a server that answers as Google does."""

import base64
import subprocess
import sys
import threading
from collections.abc import Generator
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import grpc
import pulumi
import pytest
from google.auth.credentials import AnonymousCredentials
from google.auth.exceptions import DefaultCredentialsError
from google.protobuf import struct_pb2
from pulumi.dynamic import DiffResult
from pulumi.runtime import rpc
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from components.gcp.partner_session import (
    PartnerSession,
    PartnerSessionArgs,
    PartnerSessionError,
    PartnerSessionProvider,
)
from inspection.recording import record
from tests.components.gcp.compute_api import ROUTER, ComputeApi, attachment, interface, peer, serving
from tests.components.gcp.graphs import PARTNER_SESSION
from tests.support.recorded import preview_of, secret, unknown

if TYPE_CHECKING:
    from google.cloud import compute_v1

NO_CHANGE, CHANGE = provider_pb2.DiffResponse.DIFF_NONE, provider_pb2.DiffResponse.DIFF_SOME
ROOT = Path(__file__).parents[3]
EXCHANGE_ASN = 398324
FIRST, SECOND = "prod-dc-primary", "prod-dc-secondary"
SESSION: PartnerSessionArgs = {
    "project": "acme-net-prod",
    "region": "us-east4",
    "router": ROUTER,
    "attachment": FIRST,
    "peer_asn": EXCHANGE_ASN,
}


class Local(PartnerSessionProvider):
    """The provider as it is, at a server of our own and in a hurry."""

    poll_seconds = 0.01

    def __init__(self, api: ComputeApi, limit_minutes: float = 1) -> None:
        super().__init__()
        self._api = api
        self.limit_minutes = limit_minutes

    def clients(self) -> "tuple[compute_v1.InterconnectAttachmentsClient, compute_v1.RoutersClient]":
        from google.cloud import compute_v1  # noqa: PLC0415 - takes seconds, also of those who run other tests

        there: Any = {"credentials": AnonymousCredentials(), "client_options": {"api_endpoint": self._api.address}}
        routers = compute_v1.RoutersClient(**there)
        # The library asks after operations at Google's own address, whatever a client was told.
        operations = routers.transport._extended_operations_services  # noqa: SLF001 - there is no other way
        operations["region_operations"] = compute_v1.RegionOperationsClient(**there)
        return compute_v1.InterconnectAttachmentsClient(**there), routers


@pytest.fixture
def api() -> Generator[ComputeApi]:
    """Give a router with the sessions of two attachments, both made by Google, and one made by hand."""
    by_hand = {
        "name": "by-hand",
        "interfaceName": "by-hand",
        "peerAsn": 64999,
        "advertisedRoutePriority": 0,
        "advertiseMode": "CUSTOM",
        "advertisedIpRanges": [{"range": "10.99.0.0/16", "description": "by hand"}],
        "importPolicies": ["by-hand"],
    }
    router = {
        "name": ROUTER,
        "bgp": {"asn": 16550, "keepaliveInterval": 20},
        "interfaces": [{"name": "by-hand"}, interface(SECOND, 1), interface(FIRST, 0)],
        "bgpPeers": [by_hand, peer(SECOND, 1), peer(FIRST, 0, md5AuthenticationKeyName="key")],
    }
    with serving(ComputeApi({FIRST: attachment(FIRST, 0), SECOND: attachment(SECOND, 1)}, router)) as running:
        yield running


def test_the_session_gets_the_asn_of_its_neighbour_with_one_change(api: ComputeApi) -> None:
    created = Local(api).create(dict(SESSION))
    assert api.asns()[f"auto-ia-bgp-{FIRST}-c2c53a"] == EXCHANGE_ASN
    assert len(api.patches) == 1
    assert created.outs == {**SESSION, "peer_name": f"auto-ia-bgp-{FIRST}-c2c53a"}


def test_other_sessions_and_other_fields_stay_as_they_are(api: ComputeApi) -> None:
    before = deepcopy(api.router)
    Local(api).create(dict(SESSION))
    before["bgpPeers"][2]["peerAsn"] = EXCHANGE_ASN
    assert api.router == before
    assert api.patches[0].keys() == {"bgpPeers"}, "what is not sent nobody else's change is lost for"


def test_nothing_is_sent_when_the_session_is_right_already(api: ComputeApi) -> None:
    Local(api).create(dict(SESSION))
    again = Local(api).create(dict(SESSION))
    assert len(api.patches) == 1
    assert again.outs == {**SESSION, "peer_name": f"auto-ia-bgp-{FIRST}-c2c53a"}


def test_another_asn_is_set_on_the_same_session(api: ComputeApi) -> None:
    Local(api).create(dict(SESSION))
    updated = Local(api).update("id", dict(SESSION), {**SESSION, "peer_asn": 64600})
    assert api.asns()[f"auto-ia-bgp-{FIRST}-c2c53a"] == 64600
    assert updated.outs == {**SESSION, "peer_asn": 64600, "peer_name": f"auto-ia-bgp-{FIRST}-c2c53a"}


def test_it_waits_until_google_has_made_the_session(api: ComputeApi) -> None:
    interfaces, peers = api.router["interfaces"], api.router["bgpPeers"]
    stages = {1: ([], []), 2: (interfaces, peers[:2]), 3: (interfaces, peers)}

    def pass_time() -> None:
        api.router["interfaces"], api.router["bgpPeers"] = stages[min(api.gets, 3)]

    api.on_get = pass_time
    Local(api).create(dict(SESSION))
    assert api.gets == 3
    assert api.asns()[f"auto-ia-bgp-{FIRST}-c2c53a"] == EXCHANGE_ASN


@pytest.mark.parametrize("missing", ["cloudRouterIpAddress", "customerRouterIpAddress"])
def test_it_waits_for_the_addresses_that_the_other_end_is_built_from(api: ComputeApi, missing: str) -> None:
    address = api.attachments[FIRST].pop(missing)

    def pass_time() -> None:
        if api.gets == 3:
            api.attachments[FIRST][missing] = address

    api.on_get = pass_time
    Local(api).create(dict(SESSION))
    assert api.gets == 3


def test_it_ends_only_when_google_has_carried_the_change_out(api: ComputeApi) -> None:
    api.operation_seconds = 0.3
    Local(api).create(dict(SESSION))
    assert api.asns()[f"auto-ia-bgp-{FIRST}-c2c53a"] == EXCHANGE_ASN


def test_two_sessions_of_a_router_set_at_once_do_not_undo_each_other(api: ComputeApi) -> None:
    api.operation_seconds = 0.3
    sessions = [{**SESSION, "attachment": name} for name in (FIRST, SECOND)]
    at_once = [threading.Thread(target=Local(api).create, args=(dict(session),)) for session in sessions]
    for each in at_once:
        each.start()
    for each in at_once:
        each.join()
    assert {api.asns()[f"auto-ia-bgp-{name}-c2c53a"] for name in (FIRST, SECOND)} == {EXCHANGE_ASN}
    assert api.asns()["by-hand"] == 64999


BUSY = [
    (412, "Invalid fingerprint."),
    (400, f"The resource 'projects/acme-net-prod/regions/us-east4/routers/{ROUTER}' is not ready"),
]


@pytest.mark.parametrize("refusal", BUSY, ids=["412", "not ready"])
def test_a_change_that_met_another_is_tried_again(api: ComputeApi, refusal: tuple[int, str]) -> None:
    api.refuse_patches = [refusal, refusal]
    Local(api).create(dict(SESSION))
    assert api.asns()[f"auto-ia-bgp-{FIRST}-c2c53a"] == EXCHANGE_ASN


def test_a_change_that_google_gave_up_half_way_is_tried_again(api: ComputeApi) -> None:
    api.fail_operations = [(412, "Invalid fingerprint.")]
    Local(api).create(dict(SESSION))
    assert len(api.patches) == 2
    assert api.asns()[f"auto-ia-bgp-{FIRST}-c2c53a"] == EXCHANGE_ASN


# -- failures


def failing(api: ComputeApi) -> str:
    with pytest.raises(PartnerSessionError) as failure:
        Local(api, limit_minutes=0.005).create(dict(SESSION))
    assert not api.patches
    return str(failure.value)


def test_an_attachment_that_the_exchange_never_provisions_is_named_with_its_state_and_what_to_look_at(
    api: ComputeApi,
) -> None:
    api.attachments[FIRST] = {"name": FIRST, "type": "PARTNER", "state": "PENDING_PARTNER"}
    said = failing(api)
    assert f"attachment {FIRST} in us-east4 is not set after 0.005 minutes" in said
    assert "its state is PENDING_PARTNER" in said
    assert "the exchange has provisioned the attachment's connection" in said


def test_a_session_that_google_never_makes_is_not_taken_for_the_exchanges_fault(api: ComputeApi) -> None:
    api.router["bgpPeers"].pop()
    assert "Google has not made the session, though the attachment's state is ACTIVE" in failing(api)


def test_a_router_that_is_busy_to_the_end_is_said_to_be(api: ComputeApi) -> None:
    api.refuse_patches = [(412, "Invalid fingerprint.")] * 10_000
    said = failing(api)
    assert f"the router {ROUTER} takes no change" in said
    assert "Invalid fingerprint." in said


def test_a_missing_permission_is_named_with_the_role_that_has_it(api: ComputeApi) -> None:
    api.refuse_patches = [(403, "Required 'compute.routers.update' permission for 'projects/acme-net-prod'")]
    said = failing(api)
    assert "Required 'compute.routers.update' permission" in said
    assert "the role Compute Network Admin in the project acme-net-prod" in said


def test_an_unknown_router_is_named_at_once_instead_of_waited_for(api: ComputeApi) -> None:
    with pytest.raises(PartnerSessionError) as failure:
        Local(api).create({**SESSION, "router": "no-such-router"})
    assert "regions/us-east4/routers/no-such-router' was not found" in str(failure.value)
    assert "pulumi refresh" in str(failure.value)
    assert api.gets == 1


def test_what_nobody_can_mend_by_waiting_fails_at_once(api: ComputeApi) -> None:
    api.refuse_patches = [(400, "Invalid value for field 'resource.bgpPeers[2].peerAsn': '0'.")]
    with pytest.raises(Exception, match="Invalid value for field"):
        Local(api).create(dict(SESSION))
    assert api.gets == 1


def test_without_credentials_it_says_where_googles_library_looks_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object, **__: object) -> None:
        raise DefaultCredentialsError

    monkeypatch.setattr("google.auth.default", none)
    with pytest.raises(PartnerSessionError, match="gcloud auth application-default login"):
        PartnerSessionProvider().create(dict(SESSION))


# -- refresh


def refreshed(api: ComputeApi) -> tuple[str | None, dict[str, Any] | None]:
    read = Local(api).read("id", {**SESSION, "peer_name": "as before"})
    return read.id, read.outs


def test_a_refresh_sees_an_asn_that_somebody_changed(api: ComputeApi) -> None:
    api.router["bgpPeers"][2]["peerAsn"] = 64600
    assert refreshed(api) == ("id", {**SESSION, "peer_asn": 64600, "peer_name": f"auto-ia-bgp-{FIRST}-c2c53a"})
    assert not api.patches


def test_a_refresh_forgets_a_session_that_is_gone(api: ComputeApi) -> None:
    api.router["bgpPeers"].pop()
    assert refreshed(api) == ("", {})


def test_a_refresh_forgets_a_session_whose_router_is_gone(api: ComputeApi) -> None:
    api.refuse_gets = [(404, "The resource was not found")]
    assert refreshed(api) == ("", {})


# -- what Pulumi plans


def difference(**changes: object) -> DiffResult:
    return PartnerSessionProvider().diff("id", {**SESSION, "peer_name": "as before"}, {**SESSION, **changes})


def test_nothing_is_planned_when_nothing_changes() -> None:
    assert (difference().changes, difference().replaces) == (False, [])


def test_another_asn_is_an_update_in_place() -> None:
    planned = difference(peer_asn=64600)
    assert (planned.changes, planned.replaces) == (True, [])


@pytest.mark.parametrize("key", ["project", "region", "router", "attachment"])
def test_at_another_place_it_is_another_session(key: str) -> None:
    planned = difference(**{key: "other"})
    assert (planned.changes, planned.replaces) == (True, [key])


def test_an_attachment_that_will_be_made_anew_gets_its_session_set_anew() -> None:
    assert difference(attachment=rpc.UNKNOWN).replaces == ["attachment"]


def test_each_attachment_has_a_session_of_its_own(api: ComputeApi) -> None:
    ids = [Local(api).create({**SESSION, "attachment": name}).id for name in (FIRST, SECOND)]
    assert ids[0] != ids[1]
    assert Local(api).create({**SESSION, "peer_asn": 64600}).id == ids[0]


# -- as Pulumi carries it


def program() -> None:
    pulumi.export("peer", PartnerSession("session", SESSION).peer_name)


def test_a_preview_shows_what_is_set_where_and_hides_nothing() -> None:
    graph = preview_of(program)
    session = graph.named(PARTNER_SESSION, "session")
    assert {key: value for key, value in session.inputs.items() if key != "__provider"} == SESSION
    assert not secret(session.inputs["__provider"])
    assert unknown(graph.outputs["peer"])


def test_the_name_of_the_peer_is_known_once_it_is_set() -> None:
    graph = record(program, complete=lambda *_: {"peer_name": "auto-ia-bgp"})
    assert graph.outputs == {"peer": "auto-ia-bgp"}


def test_a_preview_needs_no_client_library_which_takes_seconds_to_import() -> None:
    code = f"""
import sys
from components.gcp.partner_session import PartnerSession
from inspection.recording import record
record(lambda: PartnerSession("session", {SESSION!r}))
sys.exit("google.cloud" in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0  # noqa: S603 - code of this file


@pytest.fixture(scope="module")
def plugin() -> Generator[provider_pb2_grpc.ResourceProviderStub]:
    """Run what the engine runs for dynamic resources: another process, which gets the provider as text."""
    command = [sys.executable, "-u", "-m", "pulumi.dynamic", "127.0.0.1:1"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - Pulumi's
        assert process.stdout is not None
        port = process.stdout.readline().strip()
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            yield provider_pb2_grpc.ResourceProviderStub(channel)
        process.terminate()


def test_pulumis_plugin_finds_the_provider_by_its_name_and_asks_it(
    plugin: provider_pb2_grpc.ResourceProviderStub,
) -> None:
    inputs = preview_of(program).named(PARTNER_SESSION, "session").inputs
    known, other = struct_pb2.Struct(), struct_pb2.Struct()
    known.update(inputs)
    other.update({**inputs, "peer_asn": 64600})
    assert plugin.Diff(provider_pb2.DiffRequest(olds=known, news=known)).changes == NO_CHANGE
    assert plugin.Diff(provider_pb2.DiffRequest(olds=known, news=other)).changes == CHANGE


def test_changed_code_changes_no_resource_since_only_its_name_is_kept() -> None:
    text = base64.b64decode(preview_of(program).named(PARTNER_SESSION, "session").inputs["__provider"])
    assert b"components.gcp.partner_session" in text
    assert len(text) < 200
