"""The function that an expression means, as sharply as float64 shows it.

The exact evaluator with u = 2**-53: two expressions of one real function differ by no more than the sum of their
bounds here, whatever their form. A decimal literal stands for its decimal, not for the float64 next to it.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from harness.language.arithmetic import FLOAT64
from harness.language.evaluate import Value
from harness.language.exact.domain import Exact
from harness.language.exact.region import Bounded


class Sharp(Exact):
    """Evaluates in float64 with the bound of float64."""

    def __init__(self) -> None:
        super().__init__(FLOAT64)

    def literal(self, value: int | float) -> Value:
        return value if isinstance(value, int) else Bounded(value, self.ar, _off(float(value)))


@lru_cache(1024)
def _off(value: float) -> float:
    """How far the decimal in the text may be from the float64 that was read."""
    exact = Decimal(value) == Decimal(repr(value))
    return 0.0 if exact else max(abs(value) * 2.0**-53, 2.0**-1074)
