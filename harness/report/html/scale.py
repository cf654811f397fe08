"""Logarithmic axes in percent of whatever width a plot has."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

DECADES = 12  # that one axis shows at most; what is smaller stands at its left end
LABELS = 6


@dataclass(frozen=True)
class LogScale:
    """From 10**low to 10**high. Zero and everything below stands at 0 %, infinity at 100 %."""

    low: int
    high: int

    def percent(self, value: float | None) -> float:
        """Where a value stands; None is infinite."""
        if value is None or math.isinf(value):
            return 100.0
        if value <= 0:
            return 0.0
        share = (math.log10(value) - self.low) / (self.high - self.low)
        return round(100 * min(1.0, max(0.0, share)), 2)

    def ticks(self) -> list[tuple[float, str]]:
        """(percent, label) of round powers of ten, few enough to be read."""
        step = max(1, math.ceil((self.high - self.low) / LABELS))
        powers = [power for power in range(self.low, self.high + 1) if power % step == 0]
        return [(self.percent(10.0**power), label(power)) for power in powers]


def covering(values: Iterable[float | None], *, least: int | None = None) -> LogScale:
    """The smallest axis of whole decades around all finite values but zero. `least`: it reaches so far up."""
    powers = [math.log10(value) for value in values if value is not None and 0 < value < math.inf]
    high = max([math.ceil(max(powers, default=0.0)), *([] if least is None else [least])])
    low = math.floor(min(powers, default=high - 1.0))
    return LogScale(max(min(low, high - 1), high - DECADES), high)


def label(power: int) -> str:
    """A power of ten as people write it."""
    return {0: "1", 1: "10", 2: "100"}.get(power, f"1e{power}")
