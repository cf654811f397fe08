"""Router steps: logits, softmax, renormalised top-k. All in float32, each token by itself, in one fixed order."""

from __future__ import annotations

from typing import Any

import numpy as np

from impl.kernels.chosen import product_with_floats
from impl.kernels.compile import FLOAT_TABLE, FLOAT_TABLE_OUT, FLOATS, ID_TABLE_OUT, helper, kernel
from impl.kernels.exponential import exponential


@helper
def logits_of(first: int, last: int, x: Any, router: Any, logits: Any) -> None:
    """Logits of experts first..last-1 for every token; a row of the router is read once for all of them."""
    for expert in range(first, last):
        for token in range(x.shape[0]):
            logits[token, expert] = product_with_floats(router, expert * x.shape[1], x[token])


@kernel(FLOAT_TABLE, FLOATS, FLOAT_TABLE_OUT)
def router_logits(x: Any, router: Any, logits: Any) -> None:
    """logits[t, e] = router[e] . x[t], for a flat row-major ``router`` [experts * cols] and x [tokens, cols]."""
    logits_of(0, logits.shape[1], x, router, logits)


@helper
def softmax(logits: Any, probs: Any) -> None:
    """Probs = exp(logits - max) / sum, for finite logits (the sum is then at least 1)."""
    largest = logits[0]
    for e in range(1, logits.size):
        largest = max(largest, logits[e])
    total = np.float32(0)
    for e in range(logits.size):
        probs[e] = exponential(logits[e] - largest)
    for e in range(logits.size):
        total += probs[e]
    for e in range(logits.size):
        probs[e] /= total


@helper
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


@kernel(FLOAT_TABLE, FLOAT_TABLE_OUT, ID_TABLE_OUT, FLOAT_TABLE_OUT)
def choose(logits: Any, probs: Any, experts: Any, weights: Any) -> None:
    """Softmax and renormalised top-k of every token: [tokens, experts] to [tokens, experts], twice [tokens, k]."""
    for token in range(logits.shape[0]):
        softmax(logits[token], probs[token])
        renormalised_top_k(probs[token], experts[token], weights[token])
