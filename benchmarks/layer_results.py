"""What is told of the samples: medians and quartiles, ratios within rounds, the machine, signs of noise."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import Any, Final

import numba
import numpy as np

from benchmarks.layer_model import Model
from benchmarks.rounds import Samples, Spread, found, paired

BUSY: Final = 0.05
"""Share of the processors that other programs may use before the run is called noisy."""

COLD: Final = 2
"""An expert is cold when so many times the largest cache was read since its last use."""

FLAGS: Final = {
    **{name: name for name in ("avx2", "fma", "f16c", "avx512_vnni", "avx512_bf16", "avx_vnni", "amx_int8")},
    "avx512": "avx512f",
}
"""The features that ggml tells of, by their names in Linux's list."""


def rows_of(samples: Samples, model: Model) -> list[dict[str, Any]]:
    """One entry per contender: its times, and its ratios to those measured in the same rounds."""
    rows = []
    for one, times in samples.items():
        production = one.name.removesuffix(" traced")
        traced = one.name != production
        ggml, read, untraced = (found(samples, name, one.threads, one.tokens) for name in ("ggml", "read", production))
        rows.append({
            "name": one.name,
            "threads": one.threads,
            "tokens": one.tokens,
            "bytes": float(np.mean([target.bytes for target in model.targets[one.tokens]])),
            "seconds": spread(Spread.of(times)),
            "times_ggml": spread(paired(ggml, times)) if ggml and one.name not in ("ggml", "read") else None,
            "of_bandwidth": spread(paired(read, times)) if read and one.name != "read" else None,
            "cost_of_trace": spread(shifted(paired(times, untraced or times))) if traced else None,
            "samples": [round(value, 8) for value in times],
        })  # fmt: skip
    return rows


def shifted(ratio: Spread) -> Spread:
    """A ratio less 1: by how much more."""
    return Spread(ratio.median - 1, ratio.q1 - 1, ratio.q3 - 1, ratio.least - 1, ratio.count)


def spread(values: Spread) -> dict[str, float]:
    return {name: getattr(values, name) for name in ("median", "q1", "q3", "least", "count")}


def noise_of(rows: list[dict[str, Any]], cold: dict[str, Any], others: float | None, load: float | None) -> list[str]:
    """Why the figures are not to be quoted; nothing where they are."""
    told = []
    cores = os.cpu_count() or 1
    if load is not None and load > 0.5 * cores:
        told.append(f"the load average was {load:.1f} at the start, on {cores} processors")
    if others is not None and others > BUSY:
        told.append(f"other programs used {others:.0%} of the processors")
    if cold["shortest_distance"] < COLD * cold["largest_cache"]:
        told.append(
            f"weights were used again after {cold['shortest_distance'] / 1e6:.0f} MB, the largest cache has "
            f"{cold['largest_cache'] / 1e6:.0f} MB: ask for more --layers"
        )
    for row in rows:
        values = row["times_ggml"] or row["of_bandwidth"]
        if values is not None and Spread(**values).wide:
            what = "ggml" if row["times_ggml"] else "the bandwidth"
            told.append(
                f"{row['name']}, {row['threads']} threads, {row['tokens']} tokens: the ratio to {what} spreads by "
                f"{Spread(**values).width:.0%} between its quartiles"
            )
    return told


def unused_features(ggml: dict[str, Any]) -> list[str]:
    """What the processor has and this build of ggml makes no use of, so that it is no fair contender."""
    flags = next((line.split(":", 1)[1].split() for line in cpu_lines() if line.startswith("flags")), [])
    unused = [name for name, used in ggml.get("features", {}).items() if not used and FLAGS.get(name) in flags]
    return [f"ggml was built without {name}, which this processor has: build it with GGML_NATIVE" for name in unused]


def machine(load: float | None) -> dict[str, Any]:
    names = [line.split(":", 1)[1].strip() for line in cpu_lines() if line.startswith("model name")]
    return {
        "cpu": names[0] if names else platform.processor() or platform.machine(),
        "processors": os.cpu_count(),
        "load_at_start": load,
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "numba": numba.__version__,
        "threading_layer": threading_layer(),
    }


def cpu_lines() -> list[str]:
    try:
        return Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return []


def threading_layer() -> str:
    try:
        return str(numba.threading_layer())  # type: ignore[attr-defined]
    except ValueError:
        return "none"


def huge_pages() -> float | None:
    """Bytes of this process that lie on huge pages."""
    try:
        words = Path("/proc/self/smaps_rollup").read_text().split()
        return float(words[words.index("AnonHugePages:") + 1]) * 1024
    except (OSError, ValueError):
        return None
