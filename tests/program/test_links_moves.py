"""Moves without a gap and changes of what is deployed, as docs/links.md describes them.

What is in use stays while what replaces it is added. Each step is a whole run of the program, on one ledger that keeps
what it gives out from one step to the next.
"""

import contextlib
import os
import runpy
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import yaml

from inspection.graph import Graph, Json, Resource
from inspection.recording import record
from project.config import read_project
from tests.program.ends import CIRCUIT, CIRCUIT_CONNECTION, CONNECTION, EXCHANGE, PROTOCOL
from tests.program.sessions import Session, established, meet
from tests.program.stacks import CONFIG_FILES, ROOT
from tests.support.known_outputs import complete

ZONE = "aws:route53/zone:Zone"
NAMESPACE = "multicloud-network"
PAIRS = (("aws", "azure"), ("aws", "gcp"), ("azure", "gcp"))
EQUINIX = {"projectId": "12345678-1234-1234-1234-123456789012", "accountNumber": 270001, "notify": ["noc@acme.example"]}
TUNNELS: Mapping[str, Json] = {"primary": "vpn"}
RANKS = {PROTOCOL: {"bgpIpv4"}, CIRCUIT_CONNECTION: {"routingWeight"}}
"""Type -> the inputs that say how a circuit ranks."""
ADDRESSES = {"azure-native:network:VpnGateway": {"bgpSettings"}}
"""Type -> the inputs that list what all tunnels of a gateway speak from."""


def circuits(*metros: str, backup: str = "none", bandwidth: int = 200) -> Mapping[str, Json]:
    """Ask for circuits between the clouds; the site has no port and keeps its tunnels."""
    exchange = {"metros": list(metros), "bandwidth": bandwidth}
    return {"primary": "exchange", "backup": backup, "exchange": exchange, "pairs": {"lab": {"primary": "vpn"}}}


STEPS: Mapping[str, Mapping[str, Json]] = {
    "tunnels": TUNNELS,
    "circuits with tunnels behind": circuits("DC", "NY", backup="vpn"),
    "circuits alone": circuits("DC", "NY"),
    "a third metro": circuits("DC", "NY", "AT"),
    "the first metro gone": circuits("NY", "AT"),
    "the other metro first": circuits("AT", "NY"),
    "more bandwidth": circuits("AT", "NY", bandwidth=500),
    "one more network": circuits("AT", "NY", bandwidth=500),
}
"""In the order of deployment."""
MORE: Mapping[str, Mapping[str, Json]] = {
    "one more network": {"returns": {"cloud": "aws", "region": "us-east-1", "size": 22, "segment": "apps", "zones": 2}}
}
"""Step -> the networks that it adds."""


@dataclass(frozen=True, slots=True)
class Step:
    graph: Graph
    sites: Mapping[str, Any]

    @property
    def resources(self) -> Mapping[str, Resource]:
        """Everything but components, which are nothing in a cloud, and what is only read."""
        return {r.urn: r for r in self.graph.resources if r.custom and not r.read}

    @property
    def sessions(self) -> Sequence[Session]:
        return established(self.graph, self.sites)


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Step]:
    """Deploy dev and change its links, step by step, beside the repository."""
    folder = tmp_path_factory.mktemp("moves")
    for name in ("__main__.py", "Pulumi.yaml", "ledger.yaml"):
        shutil.copy(ROOT / name, folder)
    text = CONFIG_FILES["dev"].read_text(encoding="utf-8")
    return {name: deploy(folder, yaml.safe_load(text), links, MORE.get(name, {})) for name, links in STEPS.items()}


def deploy(folder: Path, stack: dict[str, Any], links: Mapping[str, Json], more: Mapping[str, Json]) -> Step:
    config = stack["config"]
    config[f"{NAMESPACE}:networks"].update(more)
    config[f"{NAMESPACE}:links"] = dict(links)
    config[f"{NAMESPACE}:accounts"]["equinix"] = EQUINIX
    file = folder / "Pulumi.dev.yaml"
    file.write_text(yaml.safe_dump(stack), encoding="utf-8")
    project = read_project(folder, "dev", file)
    # Outside of CI the program records in the ledger what is new.
    with mock.patch.dict(os.environ, {"CI": ""}), contextlib.chdir(folder):
        graph = record(
            lambda: runpy.run_path(str(folder / "__main__.py"), run_name="__main__"),
            project=project.name,
            stack="dev",
            config=project.config,
            secret_keys=project.secret_keys,
            complete=complete,
        )
    return Step(graph, config[f"{NAMESPACE}:sites"])


def changed(before: Step, after: Step) -> Mapping[str, set[str]]:
    """Map each resource that both have and that is no longer told the same to the inputs that differ."""
    both = before.resources.keys() & after.resources.keys()
    found = {}
    for urn in both:
        one, other = before.resources[urn], after.resources[urn]
        keys = {key for key in {*one.inputs, *other.inputs} if one.inputs.get(key) != other.inputs.get(key)}
        if keys or (one.parent, one.provider, one.protect) != (other.parent, other.provider, other.protect):
            found[urn] = keys
    return found


def gone(before: Step, after: Step) -> set[str]:
    return before.resources.keys() - after.resources.keys()


def only(differences: Mapping[str, set[str]], after: Step, allowed: Mapping[str, set[str]]) -> bool:
    """Tell whether nothing differs but some inputs of some types."""
    return all(keys <= allowed.get(after.resources[urn].type, set()) for urn, keys in differences.items())


def transports(step: Step, one: str, other: str) -> set[str]:
    """Name what two parties are joined over."""
    by_kind = {"exchange": True, "vpn": False}
    return {
        name
        for name, over_circuit in by_kind.items()
        if meet([session for session in step.sessions if session.over_circuit == over_circuit], one, other)
    }


def test_each_step_joins_the_clouds_over_what_it_asks_for(steps: Mapping[str, Step]) -> None:
    expected = {name: {"exchange"} for name in STEPS}
    expected |= {"tunnels": {"vpn"}, "circuits with tunnels behind": {"exchange", "vpn"}}
    for (name, step), (one, other) in product(steps.items(), PAIRS):
        assert transports(step, one, other) == expected[name], name


def test_the_site_without_a_port_keeps_its_tunnels_through_all_steps(steps: Mapping[str, Step]) -> None:
    for step, cloud in product(steps.values(), ("aws", "azure", "gcp")):
        assert transports(step, cloud, "lab") == {"vpn"}


def test_circuits_are_added_to_tunnels_without_a_change_to_anything(steps: Mapping[str, Step]) -> None:
    before, after = steps["tunnels"], steps["circuits with tunnels behind"]
    assert gone(before, after) == set()
    assert changed(before, after) == {}
    assert after.resources.keys() > before.resources.keys()


def test_tunnels_are_taken_away_from_behind_circuits_without_a_change_to_those(steps: Mapping[str, Step]) -> None:
    """What stays of the tunnels is the site's; the gateway that they share no longer lists the others' addresses."""
    before, after = steps["circuits with tunnels behind"], steps["circuits alone"]
    lost = gone(before, after)
    assert lost
    assert lost < steps["tunnels"].resources.keys()
    assert after.resources.keys() < before.resources.keys()
    assert only(changed(before, after), after, ADDRESSES)


def test_a_metro_is_added_without_a_change_to_anything(steps: Mapping[str, Step]) -> None:
    before, after = steps["circuits alone"], steps["a third metro"]
    assert gone(before, after) == set()
    assert changed(before, after) == {}
    assert after.resources.keys() > before.resources.keys()


def test_the_first_metro_is_taken_away_and_the_others_only_rank_higher(steps: Mapping[str, Step]) -> None:
    before, after = steps["a third metro"], steps["the first metro gone"]
    lost = gone(before, after)
    assert lost
    assert all("exchange-dc" in urn for urn in lost)
    assert after.resources.keys() < before.resources.keys()
    assert only(changed(before, after), after, RANKS)


def test_a_higher_rank_is_told_in_place(steps: Mapping[str, Step]) -> None:
    before, after = steps["a third metro"], steps["the first metro gone"]
    differences = changed(before, after)
    assert differences
    for urn, keys in differences.items():
        resource = after.resources[urn]
        assert keys.isdisjoint(resource.replace_on_changes)
        if resource.type == PROTOCOL:
            old, new = before.resources[urn].inputs["bgpIpv4"], resource.inputs["bgpIpv4"]
            assert {key for key in new if old[key] != new[key]} <= {"outboundAsPrependCount", "outboundMed"}


def test_the_metro_that_moved_up_has_the_rank_of_the_one_before_it(steps: Mapping[str, Step]) -> None:
    def ranks(step: Step) -> dict[str, tuple[str, int]]:
        return {
            urn.rpartition("::")[2].split("-")[1]: (told["outboundAsPrependCount"], told["outboundMed"])
            for urn, resource in step.resources.items()
            if resource.type == PROTOCOL and resource.inputs["type"] == "BGP"
            for told in [resource.inputs["bgpIpv4"]]
        }

    before, after = ranks(steps["a third metro"]), ranks(steps["the first metro gone"])
    assert (after["ny"], after["at"]) == (before["dc"], before["ny"])


def test_in_every_step_a_metro_more_or_less_leaves_the_clouds_meet(steps: Mapping[str, Step]) -> None:
    """Whatever the order in which a deployment gets to the metros, one of them is whole."""
    for name in list(STEPS)[1:]:
        step = steps[name]
        over = [session for session in step.sessions if session.over_circuit]
        routers = {session.at(EXCHANGE).place for session in over}
        assert len(routers) > 1
        for router in routers:
            left = [session for session in over if router not in session.places]
            assert all(meet(left, one, other) for one, other in PAIRS)


def test_links_land_where_they_did_before(steps: Mapping[str, Step]) -> None:
    """A nearer metro does not move them: the ledger holds the region."""
    ends = [
        {row["name"]: row["ends"] for row in step.graph.outputs["links"] if row["kind"] != "backbone"}
        for step in steps.values()
    ]
    assert all(each == ends[0] for each in ends)


def test_the_order_of_metros_changes_in_place(steps: Mapping[str, Step]) -> None:
    before, after = steps["the first metro gone"], steps["the other metro first"]
    assert before.resources.keys() == after.resources.keys()
    assert changed(before, after)
    assert only(changed(before, after), after, RANKS)


def test_more_bandwidth_is_told_in_place_to_circuits_at_both_ends(steps: Mapping[str, Step]) -> None:
    before, after = steps["the other metro first"], steps["more bandwidth"]
    differences = changed(before, after)
    assert before.resources.keys() == after.resources.keys()
    assert only(differences, after, {CONNECTION: {"bandwidth"}, CIRCUIT: {"serviceProviderProperties"}})
    assert differences.keys() == {r.urn for token in (CONNECTION, CIRCUIT) for r in after.graph.of_type(token)}
    assert not any("bandwidth" in r.replace_on_changes for r in after.graph.of_type(CONNECTION))


def test_a_network_in_a_block_that_is_announced_changes_nothing_of_any_link(steps: Mapping[str, Step]) -> None:
    """Not at the far side, which has it in an aggregate, and not at its own. It sees AWS's zones, as all VPCs do."""
    before, after = steps["more bandwidth"], steps["one more network"]
    assert gone(before, after) == set()
    assert any(r.name == "returns" for r in after.graph.of_type("aws:ec2/vpc:Vpc"))
    differences = changed(before, after)
    told_of = {after.resources[urn].type for urn in differences}
    filters = {
        "azure-native:network:NetworkSecurityGroup",
        "gcp:compute/networkFirewallPolicyRule:NetworkFirewallPolicyRule",
    }
    assert told_of <= filters | {ZONE}, "only filters of workloads and zones name single networks"
    zones = {urn: keys for urn, keys in differences.items() if after.resources[urn].type == ZONE}
    assert only(zones, after, {ZONE: {"vpcs"}})
