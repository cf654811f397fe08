"""The seed of a stream of random cases."""

from __future__ import annotations

import hashlib

DERIVED = (
    "the first 8 bytes of SHA-256 over contract id, version, what is drawn from, row of the tables, layer and part"
)


def stream(*identity: str) -> int:
    """A number of 64 bits; the same on every machine."""
    return int.from_bytes(hashlib.sha256("\0".join(identity).encode()).digest()[:8])
