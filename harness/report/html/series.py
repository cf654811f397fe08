"""Plot: the worst element's error and its bound over the cases of one numeric falsifier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harness.report.html.figures import three_digits
from harness.report.html.scale import LogScale, covering

WIDE, HIGH = 1000, 100  # of the drawing's own coordinates; it is stretched to the plot


@dataclass(frozen=True)
class Plot:
    """Two paths, the axis, and the same in words."""

    errors: str
    bounds: str
    scale: LogScale
    first: int
    last: int
    summary: str


def plot(series: Sequence[Mapping[str, Any]]) -> Plot | None:
    """None where there is nothing to draw: an exact claim, or only one case."""
    if len(series) < 2:
        return None
    values = [point[name] for point in series for name in ("error", "bound")]
    if not any(value is None or value > 0 for value in values):
        return None
    scale = covering(values)
    first, last = series[0]["case"], series[-1]["case"]
    across = [round(WIDE * (point["case"] - first) / max(1, last - first)) for point in series]
    errors = [(x, _down(scale, point["error"])) for x, point in zip(across, series, strict=True)]
    bounds = [(x, _down(scale, point["bound"])) for x, point in zip(across, series, strict=True)]
    # points without length have round ends: dots that stay round however the drawing is stretched
    dots = "".join(f"M{x} {y}h0" for x, y in errors)
    line = "M" + "L".join(f"{x} {y}" for x, y in bounds)
    return Plot(dots, line, scale, first, last, _summary(series))


def _down(scale: LogScale, value: float | None) -> int:
    return round(HIGH * (1 - scale.percent(value) / 100))


def _summary(series: Sequence[Mapping[str, Any]]) -> str:
    bounds = [point["bound"] for point in series if point["bound"] is not None]
    errors = [point["error"] for point in series if point["error"] is not None]
    zero = sum(error == 0 for error in errors)
    zeros = f" ({zero} of them exactly zero)" if zero else ""
    return f"{len(series)} points. Errors {_span(errors)}{zeros}; bounds {_span(bounds)}."


def _span(values: Sequence[float]) -> str:
    return f"from {three_digits(min(values, default=None))} to {three_digits(max(values, default=None))}"
