"""The results of benchmarks/layer.py as one SVG, readable on a light and on a dark page.

    python benchmarks/drawing.py build/layer.json docs/layer-benchmark.svg

Bars are medians, whiskers quartiles; a dashed line is what reading the same bytes takes. Written by hand, without a
library: rectangles, lines and text.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.output_file import output_file, write

WIDTH: Final = 860
BAR, GAP = 17, 6
LEFT, RIGHT = 150, 320  # room for names, and for what is said behind a bar
SHOWN: Final = ("ggml", "f32", "q8_k")

STYLE: Final = """
  text { font: 13px ui-sans-serif, system-ui, sans-serif; fill: #1f2328 }
  .title { font-size: 15px; font-weight: 600 }
  .faint { fill: #59636e; font-size: 12px }
  .grid { stroke: #d1d9e0 } .axis { stroke: #59636e } .whisker { stroke: #1f2328; stroke-width: 1.2 }
  .floor { stroke: #9a6700; stroke-width: 1.5; stroke-dasharray: 5 3 } .floor-text { fill: #9a6700; font-size: 12px }
  .ggml { fill: #8c959f } .f32 { fill: #0969da } .q8_k { fill: #1a7f37 }
  polyline { fill: none; stroke-width: 2 }
  .ggml-line { stroke: #8c959f } .f32-line { stroke: #0969da } .q8_k-line { stroke: #1a7f37 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .faint { fill: #9198a1 }
    .grid { stroke: #30363d } .axis { stroke: #9198a1 } .whisker { stroke: #e6edf3 }
    .floor { stroke: #d29922 } .floor-text { fill: #d29922 }
    .ggml { fill: #6e7681 } .f32 { fill: #4493f8 } .q8_k { fill: #3fb950 }
    .ggml-line { stroke: #6e7681 } .f32-line { stroke: #4493f8 } .q8_k-line { stroke: #3fb950 }
  }
"""


def drawn(results: dict[str, Any]) -> str:
    """A whole SVG file."""
    threads, tokens = results["options"]["threads"], results["options"]["tokens"]
    shape, machine = results["shape"], results["machine"]
    body: list[str] = []
    y = 26.0
    title = (
        f"One MoE layer, {shape['experts']} experts of {shape['hidden']} × {shape['intermediate']}, "
        f"top-{shape['top_k']}, Q4_K and Q6_K"
    )
    body.append(text(16, y, title, "title"))
    version = results["ggml"].get("version")
    note = f"{machine['cpu']}, {machine['processors']} processors; weights cold"
    note += f"; ggml {version}" if version else "; ggml was not measured"
    note += "; measured on a noisy machine" if results["noise"] else ""
    body.append(text(16, y + 19, f"{note}; {results['date'][:10]}", "faint"))
    y += 48
    for count in tokens:
        panel, y = bars(results, count, threads, y)
        body += panel
    panel, y = curves(results, y)
    body += panel
    height = math.ceil(y)
    label = escape("Time of one mixture-of-experts layer: " + "; ".join(summary(results)))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
        f'role="img" aria-label="{label}">\n<style>{STYLE}</style>\n' + "\n".join(body) + "\n</svg>\n"
    )


def summary(results: dict[str, Any]) -> Iterator[str]:
    """What the picture says, for those who cannot see it."""
    for row in results["rows"]:
        if row["name"] in SHOWN and row["tokens"] in results["options"]["tokens"]:
            times = f", {row['times_ggml']['median']:.2f} times ggml's speed" if row["times_ggml"] else ""
            yield f"{row['name']}, threads {row['threads']}, tokens {row['tokens']}: {milliseconds(row)}{times}"


def bars(results: dict[str, Any], tokens: int, threads: list[int], top: float) -> tuple[list[str], float]:
    """One panel: a group of bars for each number of threads."""
    rows = {(row["name"], row["threads"]): row for row in results["rows"] if row["tokens"] == tokens}
    shown = [row for (name, _), row in rows.items() if name in SHOWN]
    most = max(row["seconds"]["q3"] for row in shown) * 1e3
    ticks = steps(most)
    scale = (WIDTH - LEFT - RIGHT) / ticks[-1]
    size = rows["read", threads[0]]["bytes"] / 1e6
    plural = "s" * (tokens != 1)
    out = [text(16, top, f"{tokens} token{plural}: milliseconds, {size:.1f} MB of weights", "title")]
    y = first = top + 14
    for count in threads:
        group = [rows[name, count] for name in SHOWN if (name, count) in rows]
        bottom = y + len(group) * (BAR + GAP) - GAP
        out.append(text(16, (y + bottom) / 2 + 4, f"{count} thread{'s' * (count != 1)}", "faint"))
        floor = rows["read", count]["seconds"]["median"] * 1e3 * scale + LEFT
        for row in group:
            seconds = {name: row["seconds"][name] * 1e3 * scale for name in ("median", "q1", "q3")}
            middle = y + BAR / 2
            out.append(text(LEFT - 8, middle + 4, row["name"], anchor="end"))
            out.append(f'<rect class="{row["name"]}" x="{LEFT}" y="{y:.1f}" width="{seconds["median"]:.1f}" '
                       f'height="{BAR}" rx="2"/>')  # fmt: skip
            out.append(line(LEFT + seconds["q1"], middle, LEFT + seconds["q3"], middle, "whisker"))
            out += [line(LEFT + seconds[q], middle - 4, LEFT + seconds[q], middle + 4, "whisker") for q in ("q1", "q3")]
            end = LEFT + max(seconds["q3"], seconds["median"]) + 10
            out.append(text(max(end, floor + 8 if end > floor - 60 else end), middle + 4, said(row)))
            y += BAR + GAP
        out.append(line(floor, bottom + GAP - len(group) * (BAR + GAP) - 3, floor, bottom + 3, "floor"))
        y += 10
    for tick in ticks:
        x = LEFT + tick * scale
        out.insert(1, line(x, first - 4, x, y - 6, "grid"))
        out.append(text(x, y + 8, f"{tick:g}", "faint", "middle"))
    out.append(text(WIDTH - 16, top, "dashed: reading the same bytes alone", "floor-text", "end"))
    return out, y + 40


def said(row: dict[str, Any]) -> str:
    """What stands behind a bar."""
    parts = [milliseconds(row)]
    if row["times_ggml"]:
        parts.append(f"{row['times_ggml']['median']:.2f} × ggml's speed")
    if row["of_bandwidth"] and row["tokens"] == 1:
        parts.append(f"{row['of_bandwidth']['median']:.0%} of bandwidth")
    return ", ".join(parts)


def milliseconds(row: dict[str, Any]) -> str:
    value = row["seconds"]["median"] * 1e3
    return f"{value:.2f} ms" if value < 10 else f"{value:.1f} ms"


def curves(results: dict[str, Any], top: float) -> tuple[list[str], float]:
    """Milliseconds per token against tokens, both by powers of two."""
    threads, counts = max(results["options"]["threads"]), results["options"]["growth"]
    lines = {
        name: [(row["tokens"], row["seconds"]["median"] * 1e3 / row["tokens"]) for row in results["rows"]
               if row["name"] == name and row["threads"] == threads and row["tokens"] in counts]
        for name in SHOWN
    }  # fmt: skip
    lines = {name: sorted(points) for name, points in lines.items() if points}
    values = [value for points in lines.values() for _, value in points]
    low, high = math.floor(math.log2(min(values))), math.ceil(math.log2(max(values)))
    high = max(high, low + 1)
    first, last = math.log2(counts[0]), max(math.log2(counts[-1]), math.log2(counts[0]) + 1)
    left, right, height = 70, WIDTH - 170, 150

    def place(tokens: float, value: float) -> tuple[float, float]:
        x = left + (math.log2(tokens) - first) / (last - first) * (right - left)
        return x, top + 20 + (high - math.log2(value)) / (high - low) * height

    out = [text(16, top, f"Milliseconds per token, as tokens of a call share experts ({threads} threads)", "title")]
    for power in range(low, high + 1):
        y = place(counts[0], 2.0**power)[1]
        out += [line(left, y, right, y, "grid"), text(left - 8, y + 4, f"{2.0**power:g}", "faint", "end")]
    for tokens in counts:
        out.append(text(place(tokens, 2.0**low)[0], top + 20 + height + 18, str(tokens), "faint", "middle"))
    out.append(text(right + 28, top + 20 + height + 18, "tokens per call", "faint"))
    used: list[float] = []
    for name, points in sorted(lines.items(), key=lambda item: item[1][-1][1], reverse=True):
        at = [place(tokens, value) for tokens, value in points]
        joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in at)
        out.append(f'<polyline class="{name}-line" points="{joined}"/>')
        out += [f'<circle class="{name}" cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in at]
        y = at[-1][1] + 4
        y = max([y, *(above + 15 for above in used)])
        used.append(y)
        out.append(text(at[-1][0] + 12, y, f"{name}: {points[-1][1]:.2g} ms"))
    return out, top + 20 + height + 36


def steps(most: float) -> list[float]:
    """Round numbers from 0 to beyond ``most``, four to eight of them."""
    rough = most / 4
    unit = 10.0 ** math.floor(math.log10(rough))
    step = max(unit * factor for factor in (1, 2, 5) if unit * factor <= rough)
    return [step * at for at in range(math.ceil(most / step) + 1)]


def text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    kinds = f' class="{kind}"' if kind else ""
    anchors = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text x="{x:.1f}" y="{y:.1f}"{kinds}{anchors}>{escape(words)}</text>'


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def main() -> int:
    options = argparse.ArgumentParser(description="Draw saved results of benchmarks/layer.py as an SVG.")
    options.add_argument("results", type=Path, help="what benchmarks/layer.py --json wrote")
    options.add_argument("picture", type=output_file, help="the SVG to write")
    chosen = options.parse_args()
    try:
        picture = drawn(json.loads(chosen.results.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        options.error(f"{chosen.results}: expected the results of benchmarks/layer.py, got {error!r}")
    write(chosen.picture, picture)
    return 0


if __name__ == "__main__":
    sys.exit(main())
