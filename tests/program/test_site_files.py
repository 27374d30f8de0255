"""What a site is handed: files for its routers, and the keys that go with them."""

from collections.abc import Mapping

import pytest

from inspection.graph import SECRET, UNKNOWN, Json
from tests.program.stacks import preview_of, settings_of, update_of
from tests.support.recorded import unknown

STACKS_WITH_SITES = ("dev", "prod")
with_sites = pytest.mark.parametrize("stack", STACKS_WITH_SITES)


def shown(value: Json) -> Json:
    return value[SECRET] if isinstance(value, Mapping) and value.keys() == {SECRET} else value


@with_sites
def test_every_device_and_every_port_of_a_site_has_its_files(stack: str) -> None:
    files = update_of(stack).outputs["siteFiles"]
    for name, site in settings_of(stack)["sites"].items():
        ports = {f"exchange-{metro.lower()}-{name}" for metro in site.get("ports", {})}
        assert files[name].keys() == {*site["devices"], *ports}


@with_sites
def test_files_have_no_secret_and_keys_are_nothing_else(stack: str) -> None:
    outputs = update_of(stack).outputs
    keys = [key for site in shown(outputs["siteKeys"]).values() for key in site.values()]
    assert keys
    # Either each is marked or all of them together.
    marked = isinstance(outputs["siteKeys"], Mapping) and outputs["siteKeys"].keys() == {SECRET}
    assert marked or all(isinstance(key, Mapping) and key.keys() == {SECRET} for key in keys)
    texts = [text for site in outputs["siteFiles"].values() for router in site.values() for text in router.values()]
    assert not [text for text in texts if any(shown(key) in text for key in keys)]


@with_sites
def test_a_device_has_the_keys_that_the_cloud_has(stack: str) -> None:
    graph = update_of(stack)
    held = shown(graph.outputs["siteKeys"])
    for connection in graph.of_type("aws:ec2/vpnConnection:VpnConnection"):
        link, _, rest = connection.name.partition("-vpn-aws-")
        site = link.removeprefix("aws-")
        if site in held:
            for number in (1, 2):
                key = shown(held[site][f"{link}-vpn-{rest}-{number}"])
                assert key == shown(connection.inputs[f"tunnel{number}PresharedKey"])


@with_sites
def test_a_device_has_two_tunnels_to_every_cloud_and_knows_whom_to_call(stack: str) -> None:
    files = update_of(stack).outputs["siteFiles"]
    called = "".join(text for site in files.values() for router in site.values() for text in router.values())
    assert "<" not in "".join(line for line in called.splitlines() if "remote_addrs" in line)
    assert called.count("remote_addrs") == 2 * 3 * sum(
        len(site["devices"]) for site in settings_of(stack)["sites"].values()
    )


@with_sites
def test_before_a_deployment_nobody_knows_the_files(stack: str) -> None:
    for site in preview_of(stack).outputs["siteFiles"].values():
        assert all(unknown(files) or files == UNKNOWN for files in site.values())


def test_a_pair_that_somebody_else_joins_says_what_to_order_by_and_what_to_configure() -> None:
    told = update_of("external-circuits").outputs["linkOrders"]
    assert len(told) == 6
    for link, facts in told.items():
        assert facts["order"], link
        assert {session["party"] for session in facts["sessions"]} == {link.rpartition("-")[2]}
    for cloud in ("azure", "gcp"):
        assert all(SECRET in str(facts["order"]) for link, facts in told.items() if link.endswith(cloud))
