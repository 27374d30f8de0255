"""Keys for tunnels and sessions, derived from one secret so that nothing else has to be kept."""

import hashlib
import hmac
import string
from collections.abc import Iterator
from itertools import count, dropwhile, islice

ALPHABET = string.ascii_letters + string.digits
"""What AWS, Azure, Google and Equinix all take in a key."""
_FAIR = 256 - 256 % len(ALPHABET)
"""Bytes from here on would favour the first characters of the alphabet, and are skipped."""


def derive(secret: str, purpose: str, length: int = 32) -> str:
    """Make the key for a purpose: always the same one, and of no use to find another or the secret.

    A letter comes first, since AWS takes no leading 0.
    """
    characters = (ALPHABET[byte % len(ALPHABET)] for byte in _stream(secret, purpose) if byte < _FAIR)
    return "".join(islice(dropwhile(str.isdigit, characters), length))


def _stream(secret: str, purpose: str) -> Iterator[int]:
    """Yield as many bytes as are needed: HMAC-SHA256 in counter mode."""
    for number in count():
        yield from hmac.new(secret.encode(), f"{number}:{purpose}".encode(), hashlib.sha256).digest()
