"""The speed of the layer at real shape, beside the memory's and ggml's.

    python benchmarks/layer.py --json layer.json --svg docs/layer-benchmark.svg

Hidden 2048, intermediate 768, 128 experts, top-8; gate and up Q4_K, down Q6_K,
router F32: the layer of Qwen3-Coder-30B-A3B with synthetic weights, several of
it, so that no call finds its experts in a cache. Every round calls, in an order
drawn anew: production in both arithmetics, its traced sibling, a kernel that
only reads the same bytes, and ggml's graph of the same layer on the same
weights, where the package llama-cpp-python is installed. Speeds are compared
only within a round. Errors are relative L2 against float64 on weights decoded
by the package gguf; without it there are none.

ggml: CMAKE_ARGS="-DGGML_NATIVE=ON" pip install --no-binary llama-cpp-python
llama-cpp-python. On Linux, `chrt --fifo 1 python benchmarks/layer.py` (as root)
keeps other programs off the processors; it does not keep them off the memory.

Exit codes: 0 measured (noise is told, it is no error); 1 a result is wrong:
its bits depend on the number of threads, on the trace or on the other tokens,
or somebody computes another layer; 2 a bad option.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numba

from benchmarks import bandwidth, drawing, layer_results, layer_text, our_layer
from benchmarks.cold import Rotation, largest_cache
from benchmarks.ggml_layer import GgmlLayers, Unavailable
from benchmarks.layer_checks import check
from benchmarks.layer_model import (
    EXPERT_BYTES,
    EXPERTS,
    HIDDEN,
    INTERMEDIATE,
    ROUTER_BYTES,
    TOKEN_BYTES,
    TOP_K,
    Model,
    Target,
)
from benchmarks.output_file import output_file, write
from benchmarks.rounds import Contender, Others, load_average, measure, timed

PASSES: Final = {1: 4}
"""One-token calls are short: a round makes four passes over them."""

TRIES: Final = 6


def numbers(text: str) -> list[int]:
    """A comma-separated list of whole numbers from 1 on."""
    try:
        values = sorted({int(word) for word in text.split(",")})
    except ValueError:
        values = []
    if not values or values[0] < 1:
        raise argparse.ArgumentTypeError(f"expected whole numbers from 1 on, separated by commas, got {text!r}")
    return values


def number_from(least: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not text.isdecimal() or int(text) < least:
            raise argparse.ArgumentTypeError(f"expected a whole number from {least} on, got {text!r}")
        return int(text)

    return parse


def chosen_options() -> argparse.Namespace:
    options = argparse.ArgumentParser(
        description=(__doc__ or "").split("\n\n", 1)[0],
        epilog=(__doc__ or "").split("\n\n", 1)[1],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    options.add_argument("--rounds", type=number_from(2), metavar="N", help="rounds over all contenders (40; quick: 6)")
    options.add_argument("--threads", type=numbers, metavar="LIST", help="numbers of threads (1,2)")
    options.add_argument("--tokens", type=numbers, metavar="LIST", default=[1, 32],
                         help="tokens per call, measured with every number of threads (1,32)")  # fmt: skip
    options.add_argument("--growth", type=numbers, metavar="LIST",
                         help="tokens per call, measured with the most threads: how the cost per token falls "
                              "(1,4,8,16,32,64,128; quick: 1,8,32)")  # fmt: skip
    options.add_argument("--layers", type=number_from(1), metavar="N", default=4,
                         help="layers in memory, 0.4 GB each (4); the cache must not hold half of them")  # fmt: skip
    options.add_argument("--pages", choices=["huge", "small"], default="huge",
                         help="of the memory that weights lie on (huge); small: as in a mapped file")  # fmt: skip
    options.add_argument("--seed", type=number_from(0), metavar="N", default=0, help="weights, tokens, order (0)")
    options.add_argument("--quick", action="store_true", help="few rounds: to see that it works, not to be quoted")
    options.add_argument("--no-ggml", action="store_true", help="leave ggml out, even where it is installed")
    options.add_argument("--json", type=output_file, metavar="FILE", help="write every figure and all samples to FILE")
    options.add_argument("--svg", type=output_file, metavar="FILE", help="draw the result to FILE")
    chosen = options.parse_args()
    chosen.rounds = chosen.rounds or (6 if chosen.quick else 40)
    chosen.growth = chosen.growth or ([1, 8, 32] if chosen.quick else [1, 4, 8, 16, 32, 64, 128])
    cores = os.cpu_count() or 1
    chosen.threads = chosen.threads or sorted({1, min(2, cores)})
    if chosen.threads[-1] > min(cores, numba.get_num_threads()):
        options.error(f"--threads {chosen.threads[-1]}: this machine has {cores} processors")
    need, free = chosen.layers * EXPERTS * EXPERT_BYTES * 1.1, free_memory()
    if free is not None and need > 0.8 * free:
        found, wanted = f"{free / 1e9:.1f} GB are free", f"--layers {chosen.layers} takes {need / 1e9:.1f} GB"
        options.error(f"{wanted}, {found}: ask for fewer")
    return chosen


def free_memory() -> float | None:
    try:
        words = Path("/proc/meminfo").read_text().split()
        return float(words[words.index("MemAvailable:") + 1]) * 1024
    except (OSError, ValueError):
        return None


def tell(text: str) -> None:
    """What is being done, in one line that is overwritten; nothing where nobody watches."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


# --- contenders -----------------------------------------------------------------------------------------------------


def fastest_reads(model: Model, rotation: Rotation, threads: list[int]) -> dict[int, dict[str, float]]:
    """Bytes per second of every way of reading, the best of a few tries each, fastest first."""
    speeds: dict[int, dict[str, float]] = {}
    for count in threads:
        best = {}
        for way in bandwidth.WAYS:
            reader = Contender("read", count, 1, reading(model, count, way))
            timed(reader, rotation.next(model.targets[1]))  # compiles
            seconds = min(timed(reader, rotation.next(model.targets[1])) for _ in range(TRIES))
            best[way] = TOKEN_BYTES / seconds
        speeds[count] = dict(sorted(best.items(), key=lambda item: -item[1]))
    return speeds


def reading(model: Model, threads: int, way: str) -> Callable[[Target], Callable[[], Any]]:
    return lambda target: bandwidth.prepared(model, target, threads, way)


def ours(model: Model, threads: int, arithmetic: str, traced: bool) -> Callable[[Target], Callable[[], Any]]:
    prepared = our_layer.prepared_trace if traced else our_layer.prepared
    return lambda target: prepared(model, target, threads, arithmetic)


def by_ggml(ggml: GgmlLayers, threads: int) -> Callable[[Target], Callable[[], Any]]:
    return lambda target: ggml.prepared(target, threads)


def all_contenders(
    model: Model, ggml: GgmlLayers | None, ways: dict[int, str], options: argparse.Namespace
) -> list[Contender]:
    made = []
    most = options.threads[-1]
    for tokens in sorted({*options.tokens, *options.growth}):
        for threads in options.threads if tokens in options.tokens else [most]:
            made.append(Contender("read", threads, tokens, reading(model, threads, ways[threads])))
            if ggml is not None:
                made.append(Contender("ggml", threads, tokens, by_ggml(ggml, threads)))
            for arithmetic in our_layer.ARITHMETICS:
                made.append(Contender(arithmetic, threads, tokens, ours(model, threads, arithmetic, False)))
                if tokens == 1:
                    prepare = ours(model, threads, arithmetic, True)
                    made.append(Contender(f"{arithmetic} traced", threads, tokens, prepare))
    return made


def started_ggml(model: Model, options: argparse.Namespace) -> tuple[GgmlLayers | None, str]:
    """ggml's graphs, or why there are none."""
    if options.no_ggml:
        return None, "left out (--no-ggml)"
    try:
        return GgmlLayers(model, options.threads), ""
    except (Unavailable, OSError) as reason:
        return None, f"left out: {reason}"


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Everything, as it is saved."""
    load, began = load_average(), time.time()
    counts = sorted({1, *options.tokens, *options.growth})
    model = Model(options.layers, counts, options.seed, options.pages, tell)
    rotation = Rotation(options.layers, layer_results.COLD * largest_cache(), partial(bandwidth.read_expert, model))
    ggml, missing = started_ggml(model, options)
    speeds = fastest_reads(model, rotation, options.threads)
    contenders = all_contenders(model, ggml, {count: next(iter(ways)) for count, ways in speeds.items()}, options)
    tokens = max(options.tokens)
    checks = check(model, ggml, options.threads, tokens, tell)
    rotation.use(model.targets[tokens][0])
    for contender in contenders:
        tell(f"warming up: {contender.name}, {contender.threads} threads, {contender.tokens} tokens")
        timed(contender, rotation.next(model.targets[contender.tokens]))
    rotation.forget()
    others = Others()
    samples = measure(contenders, model.targets, rotation, options.rounds, PASSES, options.seed, tell)
    tell("")
    busy = others.share()
    cold = {"largest_cache": largest_cache(), "shortest_distance": rotation.shortest, "weights": model.bytes,
            "huge_pages": layer_results.huge_pages()}  # fmt: skip
    rows = layer_results.rows_of(samples, model)
    facts = ggml.facts if ggml is not None else {"missing": missing}
    return {
        "format": 1,
        "date": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(began)),
        "options": {name: str(value) if isinstance(value, Path) else value for name, value in vars(options).items()},
        "machine": layer_results.machine(load) | {"used_by_others": busy},
        "shape": {"hidden": HIDDEN, "intermediate": INTERMEDIATE, "experts": EXPERTS, "top_k": TOP_K,
                  "types": {"gate": "Q4_K", "up": "Q4_K", "down": "Q6_K", "router": "F32"}},
        "bytes_per_token": TOKEN_BYTES,
        "bytes_of_router": ROUTER_BYTES,
        "cold": cold,
        "many_tokens": "one call" if our_layer.HAS_MANY else "a loop over tokens: there is no entry for many",
        "ggml": facts,
        "reading": {str(count): ways for count, ways in speeds.items()},
        "rows": rows,
        "checks": checks,
        "noise": layer_results.noise_of(rows, cold, busy, load) + layer_results.unused_features(facts),
    }  # fmt: skip


def main() -> int:
    options = chosen_options()
    results = run(options)
    print(layer_text.told(results))
    if options.json is not None:
        write(options.json, json.dumps(results, indent=1) + "\n")
    if options.svg is not None:
        write(options.svg, drawing.drawn(results))
    return 1 if results["checks"]["wrong"] else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("\nInterrupted: nothing was written.")
