"""Router steps for one token: logits, softmax, renormalised top-k. All in float32, in one fixed order."""

from __future__ import annotations

from typing import Any

import numpy as np

from impl.kernels.compile import FLOATS, FLOATS_OUT, IDS_OUT, kernel
from impl.kernels.scalars import LANES, sum_of_lanes


@kernel(FLOATS, FLOATS, FLOATS_OUT)
def router_logits(router: Any, hidden: Any, logits: Any) -> None:
    """logits[e] = router[e] . hidden, for a flat row-major ``router`` [experts * hidden].

    Order: lane l of 32 adds its products in ascending order, the lanes are added by halving, and the values
    left over when the dimension is no multiple of 32 are added last, one by one.
    """
    lanes = np.empty(LANES, np.float32)
    whole = hidden.size // LANES * LANES
    for expert in range(logits.size):
        row = router[expert * hidden.size : (expert + 1) * hidden.size]
        lanes[:] = np.float32(0)
        for first in range(0, whole, LANES):
            w = row[first : first + LANES]
            x = hidden[first : first + LANES]
            for i in range(LANES):
                lanes[i] += w[i] * x[i]
        total = sum_of_lanes(lanes)
        for i in range(whole, hidden.size):
            total += row[i] * hidden[i]
        logits[expert] = total


@kernel(FLOATS, FLOATS_OUT)
def softmax(logits: Any, probs: Any) -> None:
    """Probs = exp(logits - max) / sum, for finite logits (the sum is then at least 1)."""
    largest = logits[0]
    for e in range(1, logits.size):
        largest = max(largest, logits[e])
    total = np.float32(0)
    for e in range(logits.size):
        probs[e] = np.exp(logits[e] - largest)
        total += probs[e]
    for e in range(logits.size):
        probs[e] /= total


@kernel(FLOATS, IDS_OUT, FLOATS_OUT)
def renormalised_top_k(probs: Any, experts: Any, weights: Any) -> None:
    """The ``experts.size`` most probable experts, descending, equal ones by lower index; weights sum to 1."""
    taken = np.zeros(probs.size, np.bool_)
    total = np.float32(0)
    for rank in range(experts.size):
        best = -1
        for e in range(probs.size):
            if not taken[e] and (best < 0 or probs[e] > probs[best]):
                best = e
        taken[best] = True
        experts[rank] = best
        weights[rank] = probs[best]
        total += probs[best]
    for rank in range(experts.size):
        weights[rank] /= total
