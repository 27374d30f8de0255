"""What the files of a site's routers say, read as the programs on the router read them."""

import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from ipaddress import IPv4Network
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from jinja2 import UndefinedError

from planning.estate import Estate
from planning.ledger import Ledger
from planning.links.devices import Router, placeholders, render, routers
from planning.links.ends import site_end
from planning.links.types import SiteCircuit, Tunnel, Vpn
from planning.plan import make_plan
from planning.reading import read_settings
from tests.planning.configurations import STACK, Config, as_text, changed, held

LINKED: Config = changed(
    {
        "accounts.equinix": {
            "projectId": "12345678-1234-1234-1234-123456789012",
            "accountNumber": 270001,
            "notify": ["noc@acme.example"],
        },
        "sites.hq.prefixes": ["10.48.0.0/16", "10.50.0.0/20"],
        "sites.hq.devices": {"edge-1": {"address": "203.0.113.10"}, "edge-2": {"address": "203.0.113.11"}},
        "sites.hq.ports": {
            "DC": {"id": "0a1b2c3d-1111-4444-8888-000000000001", "vlan": 101},
            "NY": {"id": "0a1b2c3d-1111-4444-8888-000000000002", "vlan": 102},
        },
        "sites.plant.devices": {"edge": {"address": "198.51.100.7"}},
        "links": {
            "primary": "exchange",
            "backup": "vpn",
            "exchange": {"metros": ["DC", "NY"], "bandwidth": 1000},
            "pairs": {"plant": {"primary": "vpn"}},
        },
        "linkSecret": "a-secret-of-the-test",
    }
)
"""hq has circuits and tunnels behind them, plant tunnels alone."""
CLOUDS = ("aws", "azure", "gcp")
NOTE_DOWN = '#!/bin/sh\necho "${0##*/} $*" >> "$NOTES"\n[ "${0##*/}" != nft ] || cat >> "$NOTES"\nexit "${FAIL:-0}"\n'
"""Stands in for a command of the router: writes down how it was called."""


class Planned:
    """A plan's links, and the files made from them."""

    def __init__(self, config: Config, ledger: Ledger | None = None, stack: str = STACK) -> None:
        settings = read_settings(as_text(config), ["linkSecret"])
        plan, allocation = make_plan(settings, ledger or Ledger(), stack, {})
        assert plan.links
        self.ledger = allocation.ledger
        self.estate = Estate(settings, held(self.ledger, settings.environment))
        self.announced = {cloud: self.estate.announced_by(cloud) for cloud in CLOUDS}
        self.vpns: Sequence[Vpn] = plan.links.vpns
        exchange = plan.links.exchange
        self.circuits: Sequence[SiteCircuit] = [c for r in exchange.routers for c in r.sites] if exchange else []

    def routers(self, site: str) -> Mapping[str, Router]:
        end = site_end(self.estate, site)
        found = routers(self.estate.environment, end, self.vpns, self.circuits, self.announced)
        return {router.name: router for router in found}

    def files(self, site: str) -> Mapping[str, Mapping[str, str]]:
        return {name: render(router, known(router)) for name, router in self.routers(site).items()}

    def tunnels(self, site: str, device: str) -> Iterator[tuple[Vpn, str, Tunnel]]:
        """Yield the tunnels of a device, each with its cloud."""
        for vpn in self.vpns:
            for tunnel in vpn.tunnels:
                if site in tunnel.ends and tunnel.ends[site].port == device:
                    yield vpn, next(party for party in tunnel.ends if party != site), tunnel


def known(router: Router) -> dict[str, str]:
    """Make up what a deployment tells: an address for each tunnel, an ASN for each circuit."""
    addresses = {neighbour.name: f"192.0.2.{number}" for number, neighbour in enumerate(router.tunnels, start=1)}
    return addresses | {circuit.name: "64999" for circuit in router.circuits}


@cache
def linked() -> Planned:
    return Planned(LINKED)


def connections(text: str) -> dict[str, dict[str, str]]:
    """Read the connections of swanctl.conf: name -> settings of the connection and of its one child."""
    found: dict[str, dict[str, str]] = {}
    path: list[str] = []
    for line in text.splitlines():
        words = line.split()
        if words and words[-1] == "{":
            path.append(words[0])
            if len(path) == 2:
                assert words[0] not in found
                found[words[0]] = {}
        elif words == ["}"]:
            path.pop()
        elif len(words) > 2 and words[1] == "=":
            key = words[0] if len(path) == 2 else f"{path[2]}.{words[0]}"
            assert key not in found[path[1]]
            found[path[1]][key] = words[2]
    assert path == []
    return found


@cache
def commands(script: str, **environment: str) -> list[str]:
    """Run a script with stand-ins for the router's commands, and give what it called."""
    with TemporaryDirectory() as folder:
        notes = Path(folder, "notes")
        for name in ("ip", "sysctl", "nft"):
            stand_in = Path(folder, name)
            stand_in.write_text(NOTE_DOWN)
            stand_in.chmod(0o700)
        paths = {"PATH": f"{folder}:/usr/bin:/bin", "NOTES": str(notes)}
        subprocess.run(  # noqa: S603 - rendered here
            ["/bin/sh", "-c", script], env=paths | environment, check=True, capture_output=True, text=True
        )
        return notes.read_text().splitlines()


@dataclass
class Interface:
    """What becomes of a network interface."""

    kind: str
    number: int
    card: str | None = None
    mtu: int = 0
    alias: str = ""
    up: bool = False
    loose: bool = False
    address: str = ""
    peer: str | None = None


def interfaces(script: str, **ports: str) -> dict[str, Interface]:
    """Read what a script makes: name -> interface."""
    found: dict[str, Interface] = {}
    for line in commands(script, **ports):
        match line.split():
            case ["ip", "link", "add", name, "type", "xfrm", "if_id", number]:
                assert name not in found
                found[name] = Interface("xfrm", int(number))
            case ["ip", "link", "add", "link", card, "name", name, "type", "vlan", "id", number]:
                assert name not in found
                assert f"ip link set {card} up" in commands(script, **ports)
                found[name] = Interface("vlan", int(number), card)
            case ["ip", "link", "set", name, "mtu", mtu, "alias", alias, state]:
                found[name].mtu, found[name].alias, found[name].up = int(mtu), alias, state == "up"
            case ["ip", "address", "replace", address, "peer", peer, "dev", name]:
                found[name].address, found[name].peer = address, peer
            case ["ip", "address", "replace", address, "dev", name]:
                found[name].address = address
            case ["sysctl", "-qw", setting] if setting.endswith(".rp_filter=2"):
                found[setting.split(".")[3]].loose = True
    assert all(interface.up and interface.loose for interface in found.values())
    return found


class Frr:
    """What FRR does with a file: sessions, filters and fixed routes, each looked for where FRR takes it."""

    def __init__(self, *texts: str) -> None:
        self.sections: dict[str, list[str]] = {"": []}
        path: list[str] = []
        for line in "\n".join(texts).splitlines():
            words = line.strip()
            if not words or words.startswith("!"):
                continue
            if words in ("exit", "exit-address-family"):
                assert words == ("exit-address-family" if path[-1].startswith("address-family") else "exit")
                path.pop()
                continue
            if words.startswith(("router ", "address-family ")) or (words.startswith("route-map ") and not path):
                path.append(words)
                self.sections.setdefault("/".join(path), [])
            else:
                self.sections["/".join(path)].append(words)
        assert path == []

    def starting(self, start: str, section: str = "") -> list[str]:
        """Give the rest of the lines of a section that start so."""
        return [line.removeprefix(f"{start} ") for line in self.sections[section] if line.startswith(f"{start} ")]

    @property
    def bgp(self) -> str:
        (found,) = [name for name in self.sections if re.fullmatch(r"router bgp \d+", name)]
        return found

    @property
    def routes(self) -> str:
        return f"{self.bgp}/address-family ipv4 unicast"

    @property
    def neighbours(self) -> dict[str, str]:
        said = [line.partition(" remote-as ") for line in self.starting("neighbor", self.bgp)]
        return {address: asn for address, separator, asn in said if separator}

    def said_of(self, neighbour: str) -> list[str]:
        return self.starting(f"neighbor {neighbour}", self.bgp)

    def passes(self, neighbour: str, direction: str, prefix: str) -> dict[str, str] | None:
        """Tell what a route is given on its way in or out; None where it is refused."""
        said = self.starting(f"neighbor {neighbour}", self.routes)
        assert "activate" in said
        (name,) = [line.split()[1] for line in said if re.fullmatch(rf"route-map \S+ {direction}", line)]
        return self.given_by(name, prefix)

    def given_by(self, route_map: str, prefix: str) -> dict[str, str] | None:
        """Tell what a route map of one entry gives a route; None where it refuses it."""
        body = self.sections[f"route-map {route_map} permit 10"]
        found = [re.fullmatch(r"(?:match|set) (.+?) ((?:\d+ ?)+|dev-\S+)", line) for line in body]
        given = {words[1]: words[2] for words in found if words}
        assert len(given) == len(body)
        allowed = given.pop("ip address prefix-list")
        permitted = any(self._matches(entry, prefix) for entry in self.starting(f"ip prefix-list {allowed}"))
        return given if permitted else None

    @staticmethod
    def _matches(entry: str, prefix: str) -> bool:
        _, _, action, permitted, *longest = entry.split()
        assert action == "permit"
        outer, inner = IPv4Network(permitted), IPv4Network(prefix)
        return inner.subnet_of(outer) and inner.prefixlen <= (int(longest[1]) if longest else outer.prefixlen)


def test_every_tunnel_has_one_connection_one_interface_one_neighbour_and_one_key() -> None:
    plan = linked()
    for site, devices in {"hq": ("edge-1", "edge-2"), "plant": ("edge",)}.items():
        for device in devices:
            files = plan.files(site)[device]
            names = sorted(f"{vpn.name}-{tunnel.key}" for vpn, _, tunnel in plan.tunnels(site, device))

            assert len(names) == 6, "two to each cloud"
            assert sorted(connections(files["swanctl.conf"])) == [f"dev-{name}" for name in names]
            assert sorted(made.alias for made in interfaces(files["interfaces.sh"]).values()) == names
            assert len(Frr(files["frr.conf"]).neighbours) == len(names)
            assert sorted(re.findall(r"@(.+)@", files["swanctl-secrets.conf"].split("secrets {")[1])) == names


def test_both_ends_of_a_tunnel_say_the_same_addresses_and_numbers() -> None:
    plan = linked()
    asns = {"azure": 65515}
    for device, address in {"edge-1": "203.0.113.10", "edge-2": "203.0.113.11"}.items():
        router, files = plan.routers("hq")[device], plan.files("hq")[device]
        frr, made = Frr(files["frr.conf"]), interfaces(files["interfaces.sh"])
        assert frr.bgp == "router bgp 64580"
        for vpn, cloud, tunnel in plan.tunnels("hq", device):
            near, far, name = tunnel.ends["hq"], tunnel.ends[cloud], f"{vpn.name}-{tunnel.key}"
            connection = connections(files["swanctl.conf"])[f"dev-{name}"]
            (interface,) = [interface for interface, of in made.items() if of.alias == name]
            end = vpn.aws or vpn.gcp

            assert made[interface].kind == "xfrm"
            assert made[interface].address == near.address
            assert made[interface].peer == f"{far.address}/32", "a route of its own, whatever /30 it is of"
            assert connection["local_addrs"] == connection["local.id"] == address
            assert connection["remote_addrs"] == connection["remote.id"] == known(router)[name]
            assert connection["children.if_id_in"] == connection["children.if_id_out"]
            assert connection["children.if_id_in"] == str(made[interface].number)
            assert frr.neighbours[far.address] == str(end.asn if end else asns[cloud])
            assert f"update-source {near.address}" in frr.said_of(far.address)
            assert f"description dev-{name}" in frr.said_of(far.address)
            assert len(interface) <= 15, "Linux takes no longer name"
            assert made[interface].number > 0, "0 would be traffic outside tunnels"


def test_the_key_of_a_tunnel_is_found_by_the_gateways_address() -> None:
    router, files = linked().routers("hq")["edge-1"], linked().files("hq")["edge-1"]
    secrets = connections(files["swanctl-secrets.conf"])
    assert {section: held["id"] for section, held in secrets.items()} == {
        f"ike-dev-{name}": address for name, address in known(router).items()
    }


def test_both_of_azures_instances_are_reached_from_the_one_address_that_azure_knows() -> None:
    made = interfaces(linked().files("hq")["edge-1"]["interfaces.sh"]).values()
    azure = [interface for interface in made if interface.alias.startswith("azure-")]

    assert len({interface.address for interface in azure}) == 1
    assert len({interface.peer for interface in azure}) == 2


def test_what_a_tunnel_agrees_on_is_what_the_clouds_offer() -> None:
    for connection in connections(linked().files("plant")["edge"]["swanctl.conf"]).values():
        assert connection["local.auth"] == connection["remote.auth"] == "psk"
        assert connection["mobike"] == "no"
        assert connection["version"] == "2"
        assert connection["proposals"] == "aes256-sha256-modp2048"
        assert connection["children.esp_proposals"] == "aes256gcm16-modp2048"
        assert connection["children.local_ts"] == connection["children.remote_ts"] == "0.0.0.0/0"


def test_a_tunnel_that_is_gone_comes_back_by_itself_and_is_renewed_before_the_cloud_ends_it() -> None:
    for connection in connections(linked().files("plant")["edge"]["swanctl.conf"]).values():
        assert connection["children.start_action"] == "trap"
        assert "children.close_action" not in connection, "two sides that both start again never come to rest"
        assert connection["dpd_delay"] == "10s"
        assert connection["rekey_time"] == "7h", "clouds: 8 hours"
        assert connection["children.rekey_time"] == "50m", "clouds: 1 hour"


def test_a_neighbour_that_falls_silent_is_given_up_after_thirty_seconds() -> None:
    for files in linked().files("hq").values():
        frr = Frr(files["frr.conf"])
        for neighbour in frr.neighbours:
            assert {"timers 10 30", "timers connect 10"} <= set(frr.said_of(neighbour))


def test_no_two_routers_of_a_site_have_one_name_in_bgp() -> None:
    plan = linked()
    frrs = {name: Frr(files["frr.conf"]) for name, files in plan.files("hq").items()}
    ids = {name: frr.starting("bgp router-id", frr.bgp) for name, frr in frrs.items()}
    assert ids == {
        "edge-1": ["203.0.113.10"],
        "edge-2": ["203.0.113.11"],
        **{circuit.name: [circuit.leg.end_address] for circuit in plan.circuits},
    }


def test_a_router_forwards_and_keeps_each_connection_on_one_way() -> None:
    for files in linked().files("hq").values():
        called = commands(files["interfaces.sh"], PORT_DC="eth1", PORT_NY="eth1")
        assert "sysctl -qw net.ipv4.ip_forward=1" in called
        assert "sysctl -qw net.ipv4.fib_multipath_hash_policy=1" in called


def test_a_command_that_fails_stops_the_script() -> None:
    script = linked().files("plant")["edge"]["interfaces.sh"]
    with pytest.raises(subprocess.CalledProcessError):
        commands(f"nft() {{ :; }}\n{script}", FAIL="1")


def test_nothing_secret_is_in_any_file() -> None:
    for site in ("hq", "plant"):
        for router, files in linked().files(site).items():
            text = "\n".join(files.values())
            keys = re.findall(r"(?:secret =|password) (\S+)", text)
            assert len(keys) == len(linked().routers(site)[router].neighbours)
            assert all(re.fullmatch(r'"?@[a-z0-9-]+@"?', key) for key in keys)
            assert LINKED["linkSecret"] not in text
            kinds = {name.removesuffix("-secrets.conf") for name in files if name.endswith("-secrets.conf")}
            assert kinds == {"frr" if router.startswith("exchange") else "swanctl"}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_what_a_tunnel_brings_is_taken_as_aggregates_of_its_cloud_and_no_other_way(cloud: str) -> None:
    plan = linked()
    frr = Frr(plan.files("hq")["edge-1"]["frr.conf"])
    (neighbour, _) = [t.ends[c].address for _, c, t in plan.tunnels("hq", "edge-1") if c == cloud]
    own = plan.announced[cloud]
    others = [prefix for other in CLOUDS if other != cloud for prefix in plan.announced[other]]
    longer = [str(next(IPv4Network(prefix).subnets())) for prefix in own]
    shorter = [str(IPv4Network(prefix).supernet()) for prefix in own]

    assert own
    assert all(frr.passes(neighbour, "in", prefix) is not None for prefix in own)
    for prefix in (*longer, *shorter, *others, "0.0.0.0/0", "10.48.0.0/16", "10.48.3.0/24"):
        assert frr.passes(neighbour, "in", prefix) is None, prefix


def test_what_a_circuit_brings_is_everybody_elses_aggregates() -> None:
    plan = linked()
    frr = Frr(plan.files("hq")["exchange-dc-hq"]["frr.conf"])
    (neighbour,) = frr.neighbours
    everybodys = [prefix for cloud in CLOUDS for prefix in plan.announced[cloud]]

    assert all(frr.passes(neighbour, "in", prefix) is not None for prefix in everybodys)
    for prefix in (*(str(next(IPv4Network(p).subnets())) for p in everybodys), "0.0.0.0/0", "10.49.0.0/16"):
        assert frr.passes(neighbour, "in", prefix) is None, prefix


def test_nothing_but_the_sites_own_prefixes_leaves_by_any_way() -> None:
    plan = linked()
    learned = [prefix for cloud in CLOUDS for prefix in plan.announced[cloud]]
    for files in plan.files("hq").values():
        frr = Frr(files["frr.conf"])
        for neighbour in frr.neighbours:
            assert all(frr.passes(neighbour, "out", prefix) is not None for prefix in ("10.48.0.0/16", "10.50.0.0/20"))
            for prefix in (*learned, "0.0.0.0/0", "10.48.3.0/24", "10.49.0.0/16", "169.254.21.0/30"):
                assert frr.passes(neighbour, "out", prefix) is None, prefix


def test_the_sites_prefixes_are_announced_only_with_a_way_into_them() -> None:
    for files in linked().files("hq").values():
        frr = Frr(files["frr.conf"])
        ways = ("connected", "kernel", "static", "ospf")
        assert frr.starting("aggregate-address", frr.routes) == ["10.48.0.0/16", "10.50.0.0/20"]
        assert frr.starting("network", frr.routes) == [], "announced whatever the router knows of it"
        assert frr.starting("redistribute", frr.routes) == [f"{way} route-map dev-inside" for way in ways]
        for prefix in ("10.48.0.0/16", "10.48.3.0/24", "10.50.15.1/32"):
            assert frr.given_by("dev-inside", prefix) == {}
        for prefix in ("10.0.0.0/8", "169.254.21.0/30", "203.0.113.10/32", "0.0.0.0/0"):
            assert frr.given_by("dev-inside", prefix) is None


def test_a_single_address_is_announced_as_it_is() -> None:
    plan = linked()
    end = replace(site_end(plan.estate, "plant"), prefixes=["10.49.1.1/32"])
    (router,) = routers("dev", end, plan.vpns, (), plan.announced)
    frr = Frr(render(router, known(router))["frr.conf"])

    assert frr.starting("aggregate-address", frr.routes) == [], "FRR refuses to aggregate it"
    assert frr.starting("ip prefix-list dev-inside") == ["seq 1 permit 10.49.1.1/32"]


def test_circuits_are_preferred_to_tunnels_in_both_directions() -> None:
    plan = linked()
    files = plan.files("hq")
    aggregate = plan.announced["aws"][0]
    over_circuit, through_tunnel = Frr(files["exchange-dc-hq"]["frr.conf"]), Frr(files["edge-1"]["frr.conf"])
    (exchange,) = over_circuit.neighbours

    best = over_circuit.passes(exchange, "in", aggregate)
    sent = over_circuit.passes(exchange, "out", "10.48.0.0/16")
    assert best == {"local-preference": "200"}
    assert sent == {}
    for _, cloud, tunnel in plan.tunnels("hq", "edge-1"):
        neighbour = tunnel.ends[cloud].address
        second = through_tunnel.passes(neighbour, "in", plan.announced[cloud][0])
        assert second == {"local-preference": "100"}
        assert through_tunnel.passes(neighbour, "out", "10.48.0.0/16") == {
            "metric": "200",
            "as-path prepend": "64580 64580 64580",
        }


def test_circuits_that_are_added_change_nothing_of_the_tunnels() -> None:
    before = Planned(changed({"links": {"primary": "vpn"}}, LINKED))
    after = Planned(LINKED, before.ledger)

    assert before.circuits == []
    assert after.files("hq")["edge-1"] == before.files("hq")["edge-1"]


def test_tunnels_of_a_cloud_share_the_load() -> None:
    frr = Frr(linked().files("plant")["edge"]["frr.conf"])
    assert frr.starting("maximum-paths", frr.routes) == ["8"]


def test_no_private_address_leaves_by_a_default_route_while_no_neighbour_tells_a_way() -> None:
    for site in ("hq", "plant"):
        for router, files in linked().files(site).items():
            frr = Frr(files["frr.conf"])
            learned = {prefix for link in linked().routers(site)[router].neighbours for prefix in link.accepts}
            assert learned
            assert sorted(frr.starting("ip route")) == sorted(f"{prefix} blackhole 254" for prefix in learned)


def test_a_circuit_stands_on_its_vlan_with_the_addresses_of_its_leg() -> None:
    plan = linked()
    assert len(plan.circuits) == 2
    for circuit in plan.circuits:
        files = plan.files("hq")[circuit.name]
        frr, leg = Frr(files["frr.conf"], files["frr-secrets.conf"]), circuit.leg
        middle, _, length = str(leg.middle_address).partition("/")
        ((name, made),) = interfaces(files["interfaces.sh"], **{f"PORT_{circuit.metro}": "eth1"}).items()

        assert frr.neighbours == {middle: "64999"}
        assert f"update-source {leg.end_address}" in frr.said_of(middle)
        assert "bfd" in frr.said_of(middle), "the line stays up when something behind it fails"
        assert f"password @{circuit.name}@" in frr.said_of(middle)
        assert (made.kind, made.number, made.card, made.mtu) == ("vlan", circuit.vlan, "eth1", 1500)
        assert made.address == f"{leg.end_address}/{length}"
        assert made.alias == circuit.name
        assert len(name) <= 15, "Linux takes no longer name"
        assert sorted(files) == ["frr-secrets.conf", "frr.conf", "interfaces.sh"], "nothing is encrypted on a circuit"


def test_without_the_name_of_the_network_card_nothing_is_done() -> None:
    script = linked().files("hq")["exchange-dc-hq"]["interfaces.sh"]
    with pytest.raises(subprocess.CalledProcessError) as caught:
        commands(script)
    assert "PORT_DC: is not set: the network card that the port at DC is patched to" in caught.value.stderr


def test_circuits_and_tunnels_of_a_site_have_no_interface_in_common() -> None:
    found = [neighbour.interface for router in linked().routers("hq").values() for neighbour in router.neighbours]
    assert len(found) == 14
    assert len(set(found)) == len(found)


def test_every_link_address_makes_a_number_and_an_interface_of_its_own() -> None:
    tunnel = linked().routers("plant")["edge"].tunnels[0]
    hosts = [str(host) for block in IPv4Network("169.254.0.0/16").subnets(new_prefix=30) for host in block.hosts()]
    found = [replace(tunnel, remote_address=host) for host in hosts[::7]]
    assert len({neighbour.interface_id for neighbour in found}) == len(found)
    assert len({neighbour.interface for neighbour in found}) == len(found)


def test_two_environments_on_one_device_share_no_name_and_no_number() -> None:
    plan = linked()
    other = Planned(changed({"environment": "prod"}, LINKED), plan.ledger, "acme/prod")
    one, two = plan.files("hq")["edge-1"], other.files("hq")["edge-1"]
    made = [interfaces(files["interfaces.sh"]) for files in (one, two)]

    assert connections(one["swanctl.conf"]).keys().isdisjoint(connections(two["swanctl.conf"]))
    assert connections(one["swanctl-secrets.conf"]).keys().isdisjoint(connections(two["swanctl-secrets.conf"]))
    assert Frr(one["frr.conf"]).neighbours.keys().isdisjoint(Frr(two["frr.conf"]).neighbours)
    assert made[0].keys().isdisjoint(made[1])
    assert {interface.number for interface in made[0].values()}.isdisjoint(of.number for of in made[1].values())
    maps = [{name for name in Frr(files["frr.conf"]).sections if "route-map" in name} for files in (one, two)]
    assert maps[0].isdisjoint(maps[1])
    both = Frr(one["frr.conf"], two["frr.conf"])
    assert len(both.neighbours) == 12, "one file after the other is one file"


def test_packets_fit_into_the_narrowest_tunnel() -> None:
    for files in (linked().files("hq")["edge-1"], linked().files("plant")["edge"]):
        made = interfaces(files["interfaces.sh"]).values()
        sizes = {interface.alias.split("-")[0]: interface.mtu for interface in made}
        assert sizes == {"aws": 1400, "azure": 1400, "gcp": 1390}

        called = commands(files["interfaces.sh"])
        rules = [line.strip() for line in called[called.index("nft -f -") + 1 :]]
        rule = f'"vpn-*" tcp flags & (syn | rst) == syn tcp option maxseg size set {min(sizes.values()) - 40}'
        assert rules == [
            "table inet multicloud",
            "delete table inet multicloud",
            "table inet multicloud {",
            "chain forward {",
            "type filter hook forward priority mangle; policy accept;",
            f"iifname {rule}",
            f"oifname {rule}",
            "}",
            "}",
        ]


def test_files_are_the_same_whatever_order_the_plan_is_in() -> None:
    plan = linked()
    end = site_end(plan.estate, "hq")
    turned = [replace(vpn, tunnels=vpn.tunnels[::-1]) for vpn in reversed(plan.vpns)]
    devices = dict(reversed(list(end.devices.items())))
    again = routers("dev", replace(end, devices=devices), turned, plan.circuits[::-1], plan.announced)

    assert [router.name for router in again] == ["edge-1", "edge-2", "exchange-dc-hq", "exchange-ny-hq"]
    assert {router.name: render(router, known(router)) for router in again} == plan.files("hq")


def test_a_sites_files_hold_nothing_of_another_site() -> None:
    assert list(linked().routers("plant")) == ["edge"]
    for text in linked().files("plant")["edge"].values():
        assert "hq" not in text
        assert "203.0.113" not in text


def test_a_device_without_tunnels_has_no_files() -> None:
    circuits_only = changed({"links.backup": "none", "links.pairs": {"plant": {"primary": "none"}}}, LINKED)
    plan = Planned(circuits_only)
    assert list(plan.routers("hq")) == ["exchange-dc-hq", "exchange-ny-hq"]


def test_before_a_deployment_the_files_say_what_is_missing() -> None:
    routers_of_hq = linked().routers("hq")
    shown = {name: render(router, placeholders(router)) for name, router in routers_of_hq.items()}
    assert "remote_addrs = <aws-hq-vpn-edge-1-1 address>" in shown["edge-1"]["swanctl.conf"]
    assert "remote-as <exchange-dc-hq ASN>" in shown["exchange-dc-hq"]["frr.conf"]
    for files in linked().files("hq").values():
        assert not any(re.search(r"<[a-z]", text) for text in files.values()), "nothing is missing afterwards"


def test_what_a_deployment_should_have_told_is_never_left_out_unseen() -> None:
    router = linked().routers("hq")["edge-1"]
    some: dict[str, Any] = dict(list(known(router).items())[1:])
    with pytest.raises(UndefinedError):
        render(router, some)
