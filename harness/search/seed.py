"""The seed of a falsifier's own random stream."""

from __future__ import annotations

import hashlib

DERIVED = "the first 8 bytes of SHA-256 over contract id, version, falsifier id, row of its tables, layer and part"


def stream(*identity: str) -> int:
    """A number of 64 bits; the same on every machine."""
    return int.from_bytes(hashlib.sha256("\0".join(identity).encode()).digest()[:8])
