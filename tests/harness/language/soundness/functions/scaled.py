"""A product with a power of two: near overflow and among subnormal numbers it is not exact."""

from __future__ import annotations

from tests.harness.language.soundness import operands as O
from tests.harness.language.soundness.emulate import F
from tests.harness.language.soundness.rules import unary

unary("scaled", "scaled({}, 8)", O.ANY, {"product": lambda machine, x: machine.mul(x, F(8))})
