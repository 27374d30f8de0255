"""Reads, extends and writes a ledger of 100,000 entries; prints seconds as JSON."""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from ipaddress import IPv4Network
from pathlib import Path

import yaml

from bench.plan_networks import settings_for
from planning import ledger_file
from planning.ledger import Environment, Ledger
from planning.plan import make_plan

REGIONS, NETWORKS, SUBNETS = 20, 250, 19
"""20 regions of 250 networks with 19 subnets each: 100,020 entries."""


def big_ledger() -> Ledger:
    """Make a ledger as another environment of a large company might have filled it."""
    content = Environment("bench/other")
    for region in range(REGIONS):
        block = (128 << 24) + (region << 20)
        content.regions[f"aws/region-{region}"] = IPv4Network((block, 12))
        for number in range(NETWORKS):
            network = block + (number << 12)
            key = f"aws/region-{region}/net-{number}"
            content.networks[key] = IPv4Network((network, 20))
            for subnet in range(SUBNETS):
                content.subnets[f"{key}/subnet-{subnet}"] = IPv4Network((network + (subnet << 7), 25))
    return Ledger({"other": content})


def timed(action: Callable[[], object]) -> float:
    """Return the seconds that an action takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def main() -> None:
    """Time each step once."""
    ledger = big_ledger()
    content = ledger.environments["other"]
    settings = settings_for(1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.yaml"
        figures = {
            "entries": len(content.regions) + len(content.networks) + len(content.subnets),
            "write": timed(lambda: ledger_file.write(path, ledger)),
            "read": timed(lambda: ledger_file.read(path)),
            "yaml": timed(lambda: yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)),
            "allocate": timed(lambda: make_plan(settings, ledger, "bench/bench", {})),
            "look_up": timed(lambda: [content.subnets[key] for key in content.subnets]) / len(content.subnets),
        }
    json.dump(figures, sys.stdout)


if __name__ == "__main__":
    main()
