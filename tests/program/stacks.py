"""The stacks and examples of this repository, run whole: the real `__main__.py`, configuration and ledger."""

import contextlib
import os
import pickle
import runpy
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

import yaml
from filelock import FileLock

from inspection.graph import Graph
from inspection.recording import record
from project.config import read_project
from tests import RECORDED_STACKS
from tests.support.known_outputs import remembering

ROOT = Path(__file__).parents[2]
CONFIG_FILES: Mapping[str, Path] = {
    "dev": ROOT / "Pulumi.dev.yaml",
    "prod": ROOT / "Pulumi.prod.yaml",
    **{folder.name: folder / f"Pulumi.{folder.name}.yaml" for folder in sorted((ROOT / "examples").iterdir())},
}
STACKS = tuple(CONFIG_FILES)


@cache
def preview_of(stack: str) -> Graph:
    """Record a first preview of a stack or example, all outputs unknown."""
    return _shared(stack, known=False)


@cache
def update_of(stack: str) -> Graph:
    """Record an update of a stack or example, all outputs made up."""
    return _shared(stack, known=True)


@cache
def settings_of(stack: str) -> Mapping[str, Any]:
    """Read what the stack's file says, by key without namespace."""
    config = yaml.safe_load(CONFIG_FILES[stack].read_text(encoding="utf-8"))["config"]
    return {key.partition(":")[2]: value for key, value in config.items()}


def _shared(stack: str, *, known: bool) -> Graph:
    """Record a stack, or read what another process of this test run recorded."""
    if RECORDED_STACKS not in os.environ:
        return _run(stack, known=known)
    file = Path(os.environ[RECORDED_STACKS]) / f"{stack}-{known}"
    with FileLock(f"{file}.lock"):
        if not file.exists():
            file.write_bytes(pickle.dumps(_run(stack, known=known)))
    return pickle.loads(file.read_bytes())  # noqa: S301 - written above, by this test run


def _run(stack: str, *, known: bool) -> Graph:
    project = read_project(ROOT, stack, CONFIG_FILES[stack])
    # With CI set the program refuses to write the ledger, so a test never changes the repository.
    with mock.patch.dict(os.environ, {"CI": "true"}), contextlib.chdir(ROOT):
        return record(
            lambda: runpy.run_path(str(ROOT / "__main__.py"), run_name="__main__"),
            project=project.name,
            stack=stack,
            config=project.config,
            secret_keys=project.secret_keys,
            complete=remembering() if known else None,
        )
