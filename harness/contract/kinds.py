"""The kinds of values that an input is drawn from, from simplest to nastiest: cases shrink in this order."""

from __future__ import annotations

REAL = ("zeros", "one_hot", "integers", "normal", "heavy", "repeated", "large", "subnormal", "extreme", "nonfinite")
PACKED = ("zeros", "one_hot", "integers", "normal", "heavy", "repeated", "large", "subnormal", "nonfinite")
WHOLE = ("zeros", "bytes")

ON_REQUEST = ("extreme", "nonfinite")  # drawn only where a falsifier or an input asks for it by name


def allowed_kinds(dtype: str, packed: bool) -> tuple[str, ...]:
    """Every kind that makes sense for a type."""
    if packed:
        return PACKED
    return REAL if dtype == "f32" else WHOLE


def default_kinds(dtype: str, packed: bool) -> tuple[str, ...]:
    """What is drawn where nothing is said."""
    return tuple(kind for kind in allowed_kinds(dtype, packed) if kind not in ON_REQUEST)
