"""The error function as libraries compute it, near 0 and where it reaches 1."""

from __future__ import annotations

import math

import numpy as np

from tests.harness.language.soundness import operands as O
from tests.harness.language.soundness.rules import unary

KINDS = {**O.ARGUMENTS, "knee": lambda rng, shape: rng.uniform(-6, 6, shape)}
erf = np.vectorize(math.erf, otypes=[np.float64])
FORMS = {"libm": lambda m, x: m.within_ulps(erf, x), "float64": lambda m, x: m.kept(erf(*m.read(x)))}
unary("erf", "erf({})", KINDS, FORMS)
