"""Whole stacks are recorded once in a test run, whatever number of processes it has."""

import os
import shutil
import tempfile

import pytest

from tests import RECORDED_STACKS


def pytest_configure(config: pytest.Config) -> None:
    """Make the folder that all processes of this run share; those that xdist starts inherit its name."""
    if not hasattr(config, "workerinput"):
        os.environ[RECORDED_STACKS] = tempfile.mkdtemp(prefix="recorded-stacks-")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove it."""
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ.pop(RECORDED_STACKS), ignore_errors=True)
