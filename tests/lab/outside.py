"""Starts labs in namespaces of their own, or says why there can be none."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path

import pytest

from tests.lab.model import Answer, Host, Round

ROOT = Path(__file__).parents[2]
PACKAGES = {
    "unshare": "util-linux",
    "ip": "iproute2",
    "nft": "nftables",
    "unbound": "unbound",
    "dig": "bind9-dnsutils",
}
"""Commands that a lab takes -> Debian's packages that have them."""
PATHS = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"
"""Users who are not root often lack the last two, where servers are."""
REQUIRED = "LAB_REQUIRED"
"""Set to 1 it makes a failure of what else is skipped."""
PATIENCE = 300.0
"""Seconds after which a lab is given up; on an idle machine one takes 10 to 20."""


@cache
def missing(paths: str = PATHS) -> str | None:
    """Say what keeps a lab from running here, and what to do about it."""
    packages = [package for command, package in PACKAGES.items() if not shutil.which(command, path=paths)]
    if packages:
        return f"no lab: packages are missing; apt-get install {' '.join(packages)}"
    tried = subprocess.run([*_apart(), "true"], capture_output=True, text=True, check=False, env=_environment())  # noqa: S603 - fixed words
    if tried.returncode:
        return f"no lab: no network namespaces ({tried.stderr.strip()}); run as root on Linux, or allow user namespaces"
    return None


def require_lab(why_not: str | None) -> None:
    """Skip a test that needs a lab where there can be none; fail it where one is required."""
    if why_not and os.environ.get(REQUIRED) == "1":
        pytest.fail(f"{why_not} ({REQUIRED}=1)")
    if why_not:
        pytest.skip(why_not)


def play(hosts: Sequence[Host], rounds: Mapping[str, Round]) -> Mapping[str, Sequence[Answer]]:
    """Play a lab: round -> what was answered."""
    told = {"hosts": [asdict(host) for host in hosts], "rounds": {name: asdict(each) for name, each in rounds.items()}}
    done = subprocess.run(  # noqa: S603 - fixed words
        [*_apart(), sys.executable, "-m", "tests.lab.inside"],
        input=json.dumps(told),
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=_environment(),
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    return {name: [Answer.of(each) for each in answers] for name, answers in json.loads(done.stdout).items()}


def _apart() -> Sequence[str]:
    """Start a command in namespaces of its own, which end with it."""
    user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    return ["unshare", *user, "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]


def _environment() -> Mapping[str, str]:
    return {**os.environ, "PATH": PATHS, "LC_ALL": "C"}
