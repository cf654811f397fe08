"""Checks that every entry point makes on the activations it is given."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from impl.errors import InvalidShape, NonFiniteValue

Floats = NDArray[np.float32]


def float_vector(owner: str, name: str, values: object) -> Floats:
    """``values`` as a C-contiguous vector; anything but a float32 vector is InvalidShape, never converted."""
    if not isinstance(values, np.ndarray):
        raise InvalidShape(f"{owner}: {name} must be a float32 vector, got {type(values).__name__}")
    if values.dtype != np.float32 or values.ndim != 1:
        raise InvalidShape(f"{owner}: {name} must be a float32 vector, got {values.dtype} of shape {values.shape}")
    return np.require(values, np.float32, ["C", "ALIGNED"])


def float_rows(owner: str, name: str, values: object) -> Floats:
    """``values`` as C-contiguous rows; anything but a float32 table is InvalidShape, never converted."""
    if not isinstance(values, np.ndarray):
        raise InvalidShape(f"{owner}: {name} must be a float32 table, got {type(values).__name__}")
    if values.dtype != np.float32 or values.ndim != 2:
        raise InvalidShape(f"{owner}: {name} must be a float32 table, got {values.dtype} of shape {values.shape}")
    return np.require(values, np.float32, ["C", "ALIGNED"])


def refuse_non_finite(owner: str, name: str, values: Floats) -> None:
    """NonFiniteValue naming the first infinite or NaN element; of a table with one row by its place in the row."""
    finite = np.isfinite(values)
    if not finite.all():
        place = np.unravel_index(int(np.argmin(finite)), values.shape)
        shown = place[1:] if values.ndim == 2 and values.shape[0] == 1 else place
        raise NonFiniteValue(f"{owner}: {name}[{', '.join(map(str, shown))}] = {values[place]} is not finite")
