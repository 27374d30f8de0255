import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.links.keys import derive
from project.config import SECRET_PLACEHOLDER

PURPOSES = ["aws/gcp 1-1", "aws/gcp 1-2", "aws/hq 1-1", "exchange dc azure", ""]


@given(st.text(min_size=1), st.text(), st.integers(8, 200))
def test_every_key_fits_the_tightest_side(secret: str, purpose: str, length: int) -> None:
    """AWS takes letters, digits, dots and underscores, not starting with 0; the exchange wants a letter first."""
    key = derive(secret, purpose, length)
    assert len(key) == length
    assert set(key) <= set(string.ascii_letters + string.digits)
    assert key[0] in string.ascii_letters


def test_a_key_is_the_same_every_time_and_on_every_machine() -> None:
    """Written out, for another key would cut every tunnel that stands."""
    assert derive("engine-secret", "aws/gcp 1-1") == "T6yYzNFvqEA4CKnUMsGhZhGX5VOPnYZ6"


@pytest.mark.parametrize("secret", ["engine-secret", SECRET_PLACEHOLDER])
def test_every_purpose_and_every_secret_has_a_key_of_its_own(secret: str) -> None:
    keys = {derive(secret, purpose) for purpose in PURPOSES} | {derive(f"{secret}2", purpose) for purpose in PURPOSES}
    assert len(keys) == 2 * len(PURPOSES)


def test_a_key_tells_nothing_of_the_secret_or_of_another_key() -> None:
    key, longer = derive("hush-hush-hush", "one", 16), derive("hush-hush-hush", "one", 24)
    assert "hush" not in key
    assert longer.startswith(key), "a shorter key is cut from the same stream"
    assert derive("hush-hush-hush", "two", 16)[:4] != key[:4]


def test_no_character_is_likelier_than_another() -> None:
    """A byte taken modulo 62 would make the first eight letters a quarter likelier."""
    key = derive("engine-secret", "many", 62_000)
    counts = [key.count(letter) for letter in string.ascii_letters + string.digits]
    assert sum(counts[:8]) / 8 == pytest.approx(1000, rel=0.05)
    assert min(counts) > 850
    assert max(counts) < 1150
