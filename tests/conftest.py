"""Whole stacks are recorded once in a test run, whatever number of processes it has."""

import os
import shutil
import tempfile

import pytest

from tests.program.stacks import RECORDED


def pytest_configure(config: pytest.Config) -> None:
    """Make the folder that all processes of this run share; those that xdist starts inherit its name."""
    if not hasattr(config, "workerinput"):
        os.environ[RECORDED] = tempfile.mkdtemp(prefix="recorded-stacks-")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove it."""
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ.pop(RECORDED), ignore_errors=True)
