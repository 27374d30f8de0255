"""Previews a project offline: runs its own `__main__.py`, as the language host does, and records what it asks for."""

import contextlib
import runpy
import sys
from collections.abc import Callable, Generator
from pathlib import Path

from inspection.graph import Graph
from inspection.recording import record
from project.config import read_project


def preview(
    project_dir: Path,
    stack: str,
    config_file: Path | None = None,
    on_resource: Callable[[int], None] | None = None,
) -> Graph:
    """Run a project's program with the configuration of a stack and return what a first preview would ask for.

    Args:
        project_dir: holds `Pulumi.yaml`.
        stack: name of the stack.
        config_file: read in place of the stack's own file.
        on_resource: called after each registration with their number so far.

    Raises:
        ProjectError: the project or the configuration file cannot be read.
        RefusedError: the engine would have refused a registration.
        Exception: whatever the program raises.
    """
    project = read_project(project_dir, stack, config_file)
    with _inside(project.program):
        return record(
            lambda: runpy.run_path(str(project.program / "__main__.py"), run_name="__main__"),
            project=project.name,
            stack=stack,
            config=project.config,
            secret_keys=project.secret_keys,
            on_resource=on_resource,
        )


@contextlib.contextmanager
def _inside(folder: Path) -> Generator[None]:
    """Work in a folder that imports are looked up in first, also those that a program makes after its last line."""
    path = list(sys.path)
    sys.path.insert(0, str(folder))
    try:
        with contextlib.chdir(folder):
            yield
    finally:
        sys.path[:] = path
