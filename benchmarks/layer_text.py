"""The results of benchmarks/layer.py as text of at most 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any

Row = dict[str, Any]
ORDER = ("read", "ggml", "f32", "f32 traced", "q8_k", "q8_k traced")
MOST_REASONS = 6


def told(results: dict[str, Any]) -> str:
    lines = [*head(results), *tables(results), *growth(results), *errors(results), *noise(results)]
    return "\n".join(lines)


def head(results: dict[str, Any]) -> Iterator[str]:
    machine, cold, shape, ggml = (results[name] for name in ("machine", "cold", "shape", "ggml"))
    yield (
        f"One MoE layer: hidden {shape['hidden']}, intermediate {shape['intermediate']}, {shape['experts']} experts, "
        f"top-{shape['top_k']}"
    )
    yield "gate and up Q4_K, down Q6_K, router F32; " + results["date"]
    load, others = machine["load_at_start"], machine["used_by_others"]
    busy = "" if others is None else f"; others used {others:.1%} of them"
    at_start = "" if load is None else f", load {load:.2f} at the start"
    yield from fact("machine", f"{machine['cpu']}, {machine['processors']} processors{at_start}{busy}")
    yield from fact("python", f"{machine['python']}, NumPy {machine['numpy']}, Numba {machine['numba']}, "
                              f"threading layer {machine['threading_layer']}")  # fmt: skip
    distance = cold["shortest_distance"]
    yield from fact("weights", f"{cold['weights'] / 1e9:.2f} GB; at least {distance / 1e6:.0f} MB read since an "
                               f"expert's last use, largest cache {cold['largest_cache'] / 1e6:.0f} MB")  # fmt: skip
    huge = cold["huge_pages"]
    if huge is not None:
        yield from fact("pages", f"{min(1, huge / cold['weights']):.0%} of the weights lie on huge ones")
    if "missing" in ggml:
        yield from fact("ggml", ggml["missing"])
    else:
        uses = " ".join(name for name, used in ggml["features"].items() if used)
        yield from fact("ggml", f"{ggml['version']}, {ggml['nodes'][0]} nodes, built with {uses}")
    for threads, ways in results["reading"].items():
        way, speed = next(iter(ways.items()))
        yield from fact("memory", f"{plural(int(threads), 'thread')}: {speed / 1e9:.1f} GB/s at best ({way})")
    yield from fact("many", results["many_tokens"])


def fact(name: str, text: str) -> list[str]:
    return textwrap.wrap(text, 80, initial_indent=f"  {name:<9}", subsequent_indent=" " * 11)


def tables(results: dict[str, Any]) -> Iterator[str]:
    """A table for every number of tokens that was measured with all numbers of threads."""
    threads = results["options"]["threads"]
    for tokens in results["options"]["tokens"]:
        rows = {(row["name"], row["threads"]): row for row in results["rows"] if row["tokens"] == tokens}
        size = rows["read", threads[0]]["bytes"]
        yield ""
        yield f"{plural(tokens, 'token')}: {size / 1e6:.2f} MB of weights"
        yield "                     ms        quartiles   least       ggml's speed  bandwidth"
        for count in threads:
            yield f"  {plural(count, 'thread')}"
            yield from (line(rows[name, count]) for name in ORDER if (name, count) in rows)
    yield ""
    yield "  ggml's speed: times as fast as ggml, median of the rounds (quartiles);"
    yield "  bandwidth: share of what reading the same bytes alone reaches."


def line(row: Row) -> str:
    seconds = row["seconds"]
    quartiles = f"{figure(seconds['q1'] * 1e3)} - {figure(seconds['q3'] * 1e3)}"
    least = figure(seconds["least"] * 1e3)
    text = f"    {row['name']:<12}{figure(seconds['median'] * 1e3):>7}  {quartiles:>15}{least:>8}"
    if row["name"] == "read":
        return f"{text}{row['bytes'] / seconds['median'] / 1e9:>24.1f} GB/s"
    if row["cost_of_trace"] is not None:
        cost = row["cost_of_trace"]
        return f"{text}    trace {cost['median']:+.1%} ({cost['q1']:+.1%} to {cost['q3']:+.1%})"
    ratio = row["times_ggml"]
    speed = "" if ratio is None else f"{ratio['median']:.2f} ({ratio['q1']:.2f}-{ratio['q3']:.2f})"
    return f"{text}{speed:>19}{row['of_bandwidth']['median']:>11.0%}"


def figure(value: float) -> str:
    """Milliseconds with three or four digits."""
    return f"{value:.2f}" if value < 100 else f"{value:.0f}"


def growth(results: dict[str, Any]) -> Iterator[str]:
    """Cost per token as more tokens share their experts."""
    threads = max(results["options"]["threads"])
    counts = results["options"]["growth"]
    rows = {(row["name"], row["tokens"]): row for row in results["rows"] if row["threads"] == threads}
    names = [name for name in ("ggml", "f32", "q8_k", "read") if (name, counts[0]) in rows]
    top_k, experts = results["shape"]["top_k"], results["shape"]["experts"]
    yield ""
    yield f"Milliseconds per token, {plural(threads, 'thread')} (times ggml's speed)"
    yield "  tokens  per expert" + "".join(f"{name:>15}" for name in names)
    for tokens in counts:
        cells = []
        for name in names:
            row = rows[name, tokens]
            ratio = row["times_ggml"]
            times = f" ({ratio['median']:.2f})" if ratio else ""
            cells.append(f"{row['seconds']['median'] * 1e3 / tokens:.3f}{times}")
        yield f"  {tokens:>6}  {tokens * top_k / experts:>10.2f}" + "".join(f"{cell:>15}" for cell in cells)


def errors(results: dict[str, Any]) -> Iterator[str]:
    checks = results["checks"]
    yield ""
    if checks["errors"] is None:
        yield f"No errors against float64: {checks['missing']}"
    else:
        yield "Error of the layer against float64, relative L2"
        for one in checks["errors"]:
            yield f"  {one['name']:<6}{one['how']:<15}{one['relative_l2']:.2e}"
    for wrong in checks["wrong"]:
        yield f"WRONG  {wrong}"
    if not checks["wrong"]:
        yield "Equal bits for every number of threads, traced or not, one token or many."


def noise(results: dict[str, Any]) -> Iterator[str]:
    yield ""
    if results["noise"]:
        yield "NOISY: not to be quoted. Repeat on a machine that does nothing else."
        for reason in results["noise"][:MOST_REASONS]:
            yield from textwrap.wrap(reason, 80, initial_indent="  - ", subsequent_indent="    ")
        if len(results["noise"]) > MOST_REASONS:
            yield f"  - and {len(results['noise']) - MOST_REASONS} more, see --json"
    else:
        yield f"{results['options']['rounds']} rounds; no sign of noise."


def plural(count: int, what: str) -> str:
    return f"{count} {what}{'s' * (count != 1)}"
