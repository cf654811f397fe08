"""The logarithm to base 2 as libraries compute it, dense around 1, where it vanishes."""

from __future__ import annotations

import math

import numpy as np

from tests.harness.language.soundness.emulate import F, Machine
from tests.harness.language.soundness.functions.log import KINDS
from tests.harness.language.soundness.rules import unary


def by_log(m: Machine, x: np.ndarray) -> np.ndarray:
    """The natural logarithm, rounded once, times log2 e: two roundings more."""
    (x,) = m.read(x)
    return m.mul(np.log(x, dtype=np.float64).astype(F), F(1 / math.log(2)))


FORMS = {
    "libm": lambda m, x: m.within_ulps(np.log2, x),
    "float64": lambda m, x: m.kept(np.log2(*m.read(x), dtype=np.float64)),
    "log times log2 e": by_log,
}
unary("log2", "log2({})", KINDS, FORMS, positive=True)
