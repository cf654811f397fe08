"""Products of matrices in a batch, `outer` and `einsum`: dot products in every order, with the parts written out."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.harness.language.soundness import operands as O
from tests.harness.language.soundness.emulate import Machine
from tests.harness.language.soundness.rules import rule


def matrices(rng: np.random.Generator, kind: str, length: int | None) -> dict[str, Any]:
    """Queries of two heads, keys that both heads share, and a scale for each place of a sum."""
    n = length or int(rng.choice((1, 2, 3, 16, 100)))
    q = O.draw(O.WEIGHTS, str(rng.choice(list(O.WEIGHTS))), rng, (2, 3, n))
    k = O.draw(O.ANY, kind, rng, (1, 4, n))
    return {"q": q, "k": np.stack([O.cancel(row, q[0, 0]) for row in k[0]])[None] if kind == "cancelling" else k,
            "s": O.draw(O.WEIGHTS, "normal", rng, (n,))}  # fmt: skip


def by_heads(m: Machine, o: dict[str, Any], form: str) -> np.ndarray:
    """Head by head, row by row; with the scale on either side, or inside of the sum."""
    left, right = np.broadcast_arrays(o["q"][:, :, None], o["k"][:, None])
    if form == "scaled keys":
        return m.dot(left, m.mul(right, o["s"]))
    if form == "scaled queries":
        return m.dot(m.mul(left, o["s"]), right)
    return m.dot(left, right)


KEYS = "swapaxes(k, -1, -2)"
rule("product in a batch", f"q @ {KEYS}", O.ANY, matrices, ("by heads",), by_heads)
EINSUM = 'einsum("bqd,bkd->bqk", q * s, repeat(k, 2, 0))'
rule("einsum", EINSUM, O.ANY, matrices, ("scaled keys", "scaled queries"), by_heads)


def vectors(rng: np.random.Generator, kind: str, length: int | None) -> dict[str, Any]:
    n = length or int(rng.choice((1, 2, 3, 16)))
    names = ("w", "x", "z")
    drawn = {name: O.draw(O.ANY, str(rng.choice([kind, "normal"])), rng, (n,)) for name in names}
    return {**drawn, "x": -drawn["w"] if kind == "cancelling" else drawn["x"]}


def multiplied(m: Machine, o: dict[str, Any], form: str) -> np.ndarray:
    w, x, z = o["w"][:, None], o["x"][:, None], o["z"]
    if form == "distributed":
        return m.multiply_add(w, z, m.mul(x, z))
    return m.mul(m.add(w, x), z)


rule("outer", "outer(w + x, z)", O.ANY, vectors, ("as written", "distributed"), multiplied)
