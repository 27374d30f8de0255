"""Command line: `python -m inspection preview` shows what a stack would build, with no cloud and no Pulumi CLI."""

import argparse
import gc
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pulumi

from inspection.engine_rules import RefusedError
from inspection.preview import preview
from inspection.report.terminal import print_report
from project.config import ProjectError

_SHOWN_EVERY = 25
"""Resources between two updates of the count on a terminal; each costs a system call."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return the exit status: 1 where the project or its configuration is wrong."""
    options = _parser().parse_args(arguments)
    progress = _Progress(options.stack)
    start = time.monotonic()
    try:
        graph = preview(options.project_dir, options.stack, options.config_file, progress.count)
    except (ProjectError, RefusedError, pulumi.RunError) as error:
        progress.done()
        sys.stderr.write(f"{error}\n")
        return 1
    progress.done()
    if options.json == "-":
        sys.stdout.write(f"{graph.to_json()}\n")
        return 0
    print_report(graph, time.monotonic() - start, sys.stdout)
    if options.json:
        try:
            Path(options.json).write_text(f"{graph.to_json()}\n", encoding="utf-8")
        except OSError as error:
            sys.stderr.write(f"{options.json} cannot be written: {error.strerror}\n")
            return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m inspection", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = commands.add_parser("preview", help="show what a stack would build, offline")
    command.add_argument("--project-dir", type=Path, default=Path(), help="folder of Pulumi.yaml (default: this one)")
    command.add_argument("--stack", default="dev", help="name of the stack (default: dev)")
    command.add_argument("--config-file", type=Path, help="configuration to use instead of the stack's own file")
    command.add_argument("--json", metavar="FILE", help="write the resources as JSON; - for standard output, alone")
    return parser


class _Progress:
    """Says on standard error that work goes on: a running count on a terminal, else one line."""

    def __init__(self, stack: str) -> None:
        self._running = sys.stderr.isatty()
        self._text = f"Previewing {stack}"
        sys.stderr.write(f"{self._text} ..." if self._running else f"{self._text}\n")
        sys.stderr.flush()

    def count(self, registered: int) -> None:
        """Show how many resources there are so far."""
        if self._running and registered % _SHOWN_EVERY == 0:
            sys.stderr.write(f"\r{self._text}: {registered} resources")
            sys.stderr.flush()

    def done(self) -> None:
        """Leave the line to what is printed next."""
        if self._running:
            sys.stderr.write("\r\033[K")


if __name__ == "__main__":
    gc.disable()  # what a preview makes lives until the process ends; to look through it once costs a fifth of the time
    sys.exit(main())
