"""The layer in float64 on weights decoded by the gguf package: what the arithmetics are measured against."""

from __future__ import annotations

import numpy as np
from gguf import GGMLQuantizationType
from gguf.quants import dequantize
from numpy.typing import NDArray

from benchmarks.layer_model import HIDDEN, QTYPES, ROWS_COLS, Layer, Target

Doubles = NDArray[np.float64]


def evaluate(layer: Layer, target: Target) -> Doubles:
    """[tokens, hidden]; each expert is decoded once."""
    hidden = target.hidden.astype(np.float64)
    logits = hidden @ layer.router.T.astype(np.float64)
    probs = np.exp(logits - logits.max(1, keepdims=True))
    weights = np.take_along_axis(probs, target.chosen, 1)
    weights /= weights.sum(1, keepdims=True)
    output = np.zeros((target.tokens, HIDDEN))
    for expert in target.experts:
        tokens, ranks = np.nonzero(target.chosen == expert)
        gate, up, down = (decoded(layer, name, int(expert)) for name in ("gate", "up", "down"))
        g, u = hidden[tokens] @ gate.T, hidden[tokens] @ up.T
        output[tokens] += weights[tokens, ranks][:, None] * ((g / (1 + np.exp(-g)) * u) @ down.T)
    return output


def decoded(layer: Layer, name: str, expert: int) -> Doubles:
    rows, _ = ROWS_COLS[name]
    blocks = layer.part(name, expert).reshape(rows, -1)
    return dequantize(blocks, GGMLQuantizationType(QTYPES[name])).astype(np.float64)


def relative_error(got: NDArray[np.float32], expected: Doubles) -> float:
    """Relative L2 distance over all tokens."""
    return float(np.linalg.norm(got.reshape(expected.shape) - expected) / np.linalg.norm(expected))
