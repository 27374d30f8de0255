"""Measures preview, planning and ledger in one run and prints ratios: only those mean the same on another machine."""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

ROUNDS = 3
ROOT = Path(__file__).parents[1]


def run(*arguments: str) -> tuple[float, str]:
    """Run a Python module to its end; return seconds and what it printed."""
    start = time.perf_counter()
    done = subprocess.run(  # noqa: S603 - our own modules
        [sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return time.perf_counter() - start, done.stdout


def ratio(ours: Sequence[str], theirs: Sequence[str]) -> float:
    """Run two commands in turn and return the median ratio of their times, pair by pair."""
    return median(run(*ours)[0] / run(*theirs)[0] for _ in range(ROUNDS))


def main() -> None:
    """Print every figure on a line of its own."""
    preview = ("inspection", "preview", "--stack", "prod")
    with tempfile.TemporaryDirectory() as folder:
        graph = f"{folder}/prod.json"
        seconds, _ = run(*preview, "--json", graph)
        by_classes = ratio(preview, ("bench.floor", graph, "--classes"))
        bare = ratio(preview, ("bench.floor", graph))
        print(f"preview of prod: {seconds:.1f} s here, whole process")
        print(f"  to the same resources by the SDKs' classes and stock mocks: {by_classes:.2f}")
        print(f"  to bare registrations, no provider SDK imported:            {bare:.2f}")
    times = {count: json.loads(run("bench.plan_networks", str(count))[1]) for count in (100, 1000, 5000)}
    for case in ("new", "recorded"):
        per_network = {count: seconds[case] / count for count, seconds in times.items()}
        print(f"planning, all networks {case}: {times[5000][case]:.1f} s here for 5,000")
        print(f"  time per network, 1,000 to 100 networks:   {per_network[1000] / per_network[100]:.2f}")
        print(f"  time per network, 5,000 to 1,000 networks: {per_network[5000] / per_network[1000]:.2f}")
    ledger = json.loads(run("bench.big_ledger")[1])
    print(f"ledger of {ledger['entries']:,} entries: read {ledger['read']:.1f} s, write {ledger['write']:.1f} s here")
    print(f"  to read, as a part of PyYAML's own time for the file: {ledger['read'] / ledger['yaml']:.2f}")
    print(f"  one more network: {ledger['allocate']:.2f} s; look-up of an entry: {ledger['look_up'] * 1e6:.1f} us")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"largest process of all of these: {peak:.0f} MB")


main()
