"""What has to be true before speeds are compared: that everyone computes this layer, and how accurately."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from typing import Any, Final

import numpy as np

from benchmarks import our_layer
from benchmarks.ggml_layer import GgmlLayers
from benchmarks.layer_model import Floats, Model, Target

LARGEST_ERROR: Final = {"f32": 1e-5, "q8_k": 0.05, "ggml": 0.05}
"""Relative L2 error beyond which a contender computes something else: a mistaken expert alone makes about 0.4.

What the arithmetics promise is the contracts' business; here stands only that the same thing is timed.
"""

SINGLE: Final = 8
"""Tokens of a batch that ggml also computes one by one, with its one-token graph."""


def check(
    model: Model, ggml: GgmlLayers | None, threads: list[int], tokens: int, tell: Callable[[str], None]
) -> dict[str, Any]:
    """Errors of every contender, and what is wrong: nothing, it is hoped."""
    batch = model.targets[tokens][0]
    singles = [Target(batch.layer, batch.router, batch.hidden[at : at + 1], batch.chosen[at : at + 1])
               for at in range(batch.tokens)]  # fmt: skip
    wrong, outputs = [], {}
    for arithmetic in our_layer.ARITHMETICS:
        tell(f"comparing bits, {arithmetic}")
        outputs[arithmetic, "one by one"], differing = computed(model, batch, singles, threads, arithmetic)
        outputs[arithmetic, f"{tokens} at once"] = outputs[arithmetic, "one by one"]
        wrong += differing
    if ggml is not None:
        for count in threads:
            ggml.prepared(batch, count)()
            outputs["ggml", f"{tokens} at once"] = ggml.output(batch)
        outputs["ggml", "one by one"] = np.concatenate([by_ggml(ggml, one, threads[-1]) for one in singles[:SINGLE]])
    errors = []
    if importlib.util.find_spec("gguf") is None:
        return {"errors": None, "missing": "the package gguf is not installed", "wrong": wrong}
    from benchmarks.float64_layer import evaluate, relative_error

    tell("the same in float64")
    expected = evaluate(model.layers[batch.layer], batch)
    for (name, how), output in outputs.items():
        error = relative_error(output, expected[: len(output)])
        errors.append({"name": name, "how": how, "relative_l2": error})
        if not error <= LARGEST_ERROR[name]:
            wrong.append(f"{name}, {how}: its error is {error:.2g}, so it does not compute this layer")
    return {"errors": errors, "wrong": wrong}


def computed(
    model: Model, batch: Target, singles: list[Target], threads: list[int], arithmetic: str
) -> tuple[Floats, list[str]]:
    """The output, and where the number of threads, the trace or the company of other tokens changes a bit of it."""
    first = np.stack([our_layer.prepared(model, one, threads[0], arithmetic)() for one in singles])
    wrong = []
    for count in threads:
        alone = np.stack([our_layer.prepared(model, one, count, arithmetic)() for one in singles])
        traced = np.stack([our_layer.prepared_trace(model, one, count, arithmetic)().output for one in singles])
        together = our_layer.prepared(model, batch, count, arithmetic)().reshape(first.shape)
        for what, output in (("one by one", alone), ("traced", traced), (f"{batch.tokens} at once", together)):
            if output.tobytes() != first.tobytes():
                wrong.append(f"{arithmetic}, {count} threads, {what}: other bits than with {threads[0]}, one by one")
    return first, wrong


def by_ggml(ggml: GgmlLayers, target: Target, threads: int) -> Floats:
    ggml.prepared(target, threads)()
    return ggml.output(target)
