"""What is put in order, and rows that are added where their ids meet: one after the other, gathered, factored."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.harness.language.soundness import operands as O
from tests.harness.language.soundness.emulate import F, Machine
from tests.harness.language.soundness.rules import products, rule

SEGMENTS = 3


def sorted_products(m: Machine, o: dict[str, Any], form: str) -> np.ndarray:
    """Nearly equal products change places where they are rounded; fused with an addend, where they are not."""
    w, x = o["w"], o["x"]
    values = m.mul(w, x) if form == "multiplied" else m.multiply_add(w, x, F(1))
    return np.sort(m.rng.permuted(values, axis=-1), -1)


rule("sort", "sort(w * x)", O.ANY, products(O.ANY), ("multiplied",), sorted_products)
rule("sort of sums", "sort(w * x + 1)", O.ANY, products(O.ANY), ("multiplied and added",), sorted_products)


def rows_with_ids(rng: np.random.Generator, kind: str, length: int | None) -> dict[str, Any]:
    """Rows of which any number, and often most, go to one segment."""
    drawn = products(O.ANY)(rng, kind, length)
    ids = rng.integers(0, SEGMENTS, len(drawn["w"]))
    ids[rng.integers(0, 2, len(ids)) == 0] = rng.integers(SEGMENTS)
    return {**drawn, "ids": ids}


def added(m: Machine, o: dict[str, Any], form: str) -> np.ndarray:
    w, x, ids = o["w"], o["x"], o["ids"]
    sums = m.kept(np.zeros((SEGMENTS, w.shape[1]), F))
    if form == "in the order of arrival":
        for row in m.rng.permutation(len(w)):
            sums[ids[row]] = m.multiply_add(w[row], x, sums[ids[row]])
        return sums
    for segment in np.unique(ids):
        rows = w[ids == segment]
        sums[segment] = m.mul(m.total(rows.T), x) if form == "factored" else m.dot(rows.T, x[:, None])
    return sums


FORMS = ("in the order of arrival", "gathered", "factored")
rule("segment_sum", f"segment_sum(w * x, ids, {SEGMENTS})", O.ANY, rows_with_ids, FORMS, added)
