"""2 to the x as libraries compute it, dense where it overflows, underflows or vanishes."""

from __future__ import annotations

import numpy as np

from tests.harness.language.soundness import operands as O
from tests.harness.language.soundness.emulate import F, Machine
from tests.harness.language.soundness.rules import unary

ENDS = (-150.0, -149.0, -148.5, -126.0, -125.5, 127.5, 128.0, 0.0, 1.0, 23.0)
KINDS = {
    **O.ARGUMENTS,
    "its ends": lambda rng, shape: rng.choice(ENDS, shape) + rng.uniform(-0.5, 0.5, shape) * rng.choice([0, 1e-4, 1]),
}


def by_parts(m: Machine, x: np.ndarray) -> np.ndarray:
    """The whole part goes into the exponent; exp of log 2 times the rest, which is at most 1/2."""
    (x,) = m.read(x)
    whole = np.rint(np.clip(x, -200, 200))
    rest = np.exp(np.log(2) * np.clip(x.astype(np.float64) - whole, -1, 1)).astype(F)
    power = np.ldexp(rest.astype(np.float64), whole.astype(int))
    return m.kept(np.where(np.abs(x) > 200, np.exp2(x, dtype=np.float64), power))


FORMS = {
    "libm": lambda m, x: m.within_ulps(np.exp2, x),
    "float64": lambda m, x: m.kept(np.exp2(*m.read(x), dtype=np.float64)),
    "by parts": by_parts,
}
unary("exp2", "exp2({})", KINDS, FORMS)
