"""A whole mixture-of-experts layer with every intermediate in float32."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tests.harness.language.soundness.block_formats import Fields
from tests.harness.language.soundness.emulate import F, Machine
from tests.harness.language.soundness.primitive_kernels import DIVISION, SILU, SOFTMAX
from tests.harness.language.soundness.row_kernels import FORMS


@dataclass(frozen=True)
class Weights:
    """Matrices of the chosen experts: gate and up [k, inner, blocks], down [k, hidden, blocks]."""

    router: np.ndarray
    gate: Fields
    up: Fields
    down: Fields


def layer(machine: Machine, w: Weights, x: np.ndarray, chosen: np.ndarray, rows: str, weighting: str) -> np.ndarray:
    """Router, softmax, renormalised weights, gate and up, silu, down, weighted sum.

    weighting: where the expert's weight is multiplied in, "outputs" or "activations".
    """
    product = FORMS[rows]
    divide = DIVISION[machine.rng.choice(list(DIVISION))]
    probs = SOFTMAX[machine.rng.choice(list(SOFTMAX))](machine, machine.dot(w.router, x))
    weights = divide(machine, probs[chosen], machine.total(probs[chosen]))
    wide = np.broadcast_to(padded(x, w.gate), (len(chosen), w.gate.d.shape[-1] * 256))
    gate, up = product(machine, w.gate, wide), product(machine, w.up, wide)
    inner = machine.mul(SILU[machine.rng.choice(list(SILU))](machine, gate), up)
    if weighting == "activations":
        inner = machine.mul(weights[:, None], inner)
        return machine.total(product(machine, w.down, padded(inner, w.down)).T)
    return machine.dot(product(machine, w.down, padded(inner, w.down)).T, weights)


def padded(x: np.ndarray, w: Fields) -> np.ndarray:
    """Activations with zeros up to whole blocks."""
    whole = np.zeros((*x.shape[:-1], w.d.shape[-1] * 256), F)
    whole[..., : x.shape[-1]] = x
    return whole
