"""What a machine that can have no lab says, and when that is a failure."""

from pathlib import Path

import pytest

from tests.lab.outside import REQUIRED, missing, require_lab


def test_missing_packages_are_named_as_they_are_installed(tmp_path: Path) -> None:
    assert missing(str(tmp_path)) == (
        "no lab: packages are missing; apt-get install util-linux iproute2 nftables unbound bind9-dnsutils"
    )


def test_without_a_lab_a_test_is_skipped_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(REQUIRED, raising=False)

    with pytest.raises(pytest.skip.Exception, match="unbound is missing"):
        require_lab("unbound is missing")


def test_where_a_lab_is_required_its_lack_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(REQUIRED, "1")

    with pytest.raises(pytest.fail.Exception, match="unbound is missing"):
        require_lab("unbound is missing")


def test_a_machine_that_can_have_a_lab_runs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(REQUIRED, "1")

    require_lab(None)
