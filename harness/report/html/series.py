"""Plot: the worst element's error and its bound over the cases of one numeric falsifier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harness.report.html.figures import short
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
    told: str


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
    return Plot(dots, line, scale, first, last, _told(series))


def _down(scale: LogScale, value: float | None) -> int:
    return round(HIGH * (1 - scale.percent(value) / 100))


def _told(series: Sequence[Mapping[str, Any]]) -> str:
    bounds = [point["bound"] for point in series if point["bound"] is not None]
    errors = [point["error"] for point in series if point["error"] is not None]
    zero = sum(error == 0 for error in errors)
    told = f"{len(series)} points. Errors from {short(min(errors, default=None))} to {short(max(errors, default=None))}"
    told += f" ({zero} of them exactly zero)" if zero else ""
    return f"{told}; bounds from {short(min(bounds, default=None))} to {short(max(bounds, default=None))}."
