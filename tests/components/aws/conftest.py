"""What these tests need of pytest."""

import pytest


def pytest_configure(config: pytest.Config) -> None:
    # pulumi_aws warns of its own old classes whenever a module of it is imported, used or not.
    config.addinivalue_line("filterwarnings", r"ignore:(aws|s3)\..* has been deprecated in favor of:DeprecationWarning")
