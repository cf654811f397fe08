"""The error function of arrays in float64, which NumPy does not have.

It is `math.erf` entry by entry, at 55 ns each. A vectorised series (97 points, ten terms) took 25 to 60 ns from a
thousand entries on, and eight times as long for the hundred that most cases have.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

Floats = Any


def erf(x: Floats) -> Floats:
    """erf(x), as accurate as the C library's; NaN stays NaN."""
    x = np.asarray(x, np.float64)
    return np.fromiter(map(math.erf, x.ravel().tolist()), np.float64, x.size).reshape(x.shape)


def slope(x: Floats) -> Floats:
    """The derivative of erf."""
    return 2 / math.sqrt(math.pi) * np.exp(-np.square(x))
