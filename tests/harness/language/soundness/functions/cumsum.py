"""Prefix sums as kernels compute them: in order, in chunks, by the trees of Hillis-Steele and of Blelloch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.harness.language.soundness import operands as O
from tests.harness.language.soundness.emulate import F, Machine
from tests.harness.language.soundness.rules import rule

Scan = Callable[[Machine, np.ndarray], np.ndarray]


def sequential(m: Machine, x: np.ndarray) -> np.ndarray:
    sums = [m.read(x[..., 0])[0]]
    for place in range(1, x.shape[-1]):
        sums.append(m.add(sums[-1], x[..., place]))
    return np.stack(sums, -1)


def hillis_steele(m: Machine, x: np.ndarray) -> np.ndarray:
    (x,) = m.read(x)
    step = 1
    while step < x.shape[-1]:
        x = np.concatenate([x[..., :step], m.add(x[..., step:], x[..., :-step])], -1)
        step *= 2
    return x


def blelloch(m: Machine, x: np.ndarray) -> np.ndarray:
    """Up a tree and down again, which gives the sums before each entry; then the entry."""
    n = x.shape[-1]
    size = 1 << max(0, n - 1).bit_length()
    a = np.concatenate([m.read(x)[0], np.zeros((*x.shape[:-1], size - n), F)], -1)
    step = 1
    while step < size:
        a[..., 2 * step - 1 :: 2 * step] = m.add(a[..., step - 1 :: 2 * step], a[..., 2 * step - 1 :: 2 * step])
        step *= 2
    a[..., -1] = 0
    while step > 1:
        step //= 2
        left = a[..., step - 1 :: 2 * step].copy()
        a[..., step - 1 :: 2 * step] = a[..., 2 * step - 1 :: 2 * step]
        a[..., 2 * step - 1 :: 2 * step] = m.add(left, a[..., 2 * step - 1 :: 2 * step])
    return m.add(a[..., :n], x)


def chunks(m: Machine, x: np.ndarray) -> np.ndarray:
    """Parts of four, and what came before them added to each."""
    parts, before = [], np.zeros(x.shape[:-1], F)
    for start in range(0, x.shape[-1], 4):
        part = sequential(m, x[..., start : start + 4])
        parts.append(m.add(before[..., None], part))
        before = m.add(before, part[..., -1])
    return np.concatenate(parts, -1)


def each(m: Machine, x: np.ndarray) -> np.ndarray:
    """Every prefix anew, in the machine's order."""
    return np.stack([m.total(x[..., : place + 1]) for place in range(x.shape[-1])], -1)


SCANS: dict[str, Scan] = {
    "sequential": sequential, "Hillis-Steele": hillis_steele, "Blelloch": blelloch, "chunks": chunks, "each": each,
}  # fmt: skip
LENGTHS = (1, 2, 3, 4, 5, 8, 13, 40)


def _rows(rng: np.random.Generator, kind: str, length: int | None) -> dict[str, Any]:
    n = length or int(rng.choice(LENGTHS))
    x, w = O.draw(O.ANY, kind, rng, (8, n)), O.draw(O.ANY, str(rng.choice([kind, "normal"])), rng, (8, n))
    if kind == "cancelling":
        x = np.stack([O.cancel(row, np.ones_like(row)) for row in x])
    return {"x": x, "w": w}


rule("cumsum of x", "cumsum(x, 1)", O.ANY, _rows, SCANS, lambda m, o, form: SCANS[form](m, o["x"]))
rule("cumsum of products", "cumsum(x * w, 1)", O.ANY, _rows, SCANS,
     lambda m, o, form: SCANS[form](m, m.mul(o["x"], o["w"])))  # fmt: skip
rule("cumsum of sums", "cumsum(x - 3 * w, 1)", O.ANY, _rows, SCANS,
     lambda m, o, form: SCANS[form](m, m.multiply_add(np.full_like(o["w"], -3), o["w"], o["x"])))  # fmt: skip


def _difference(m: Machine, o: dict[str, Any], form: str) -> np.ndarray:
    """What lies between two prefix sums, as their difference: a window that runs."""
    sums = SCANS[form](m, o["x"])
    return m.sub(sums[:, -1], sums[:, 0])


rule("a window of prefix sums", {"c": "cumsum(x, 1)", "y": "c[:, -1] - c[:, 0]"}, O.ANY, _rows, SCANS, _difference)
