"""Which experts a token goes to, and with what weights: the one routing, for production and trace alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from impl.activations import Floats, refuse_non_finite
from impl.byte_views import ByteArray
from impl.descriptors import QuantizedTensorRef
from impl.errors import InvalidShape, UnsupportedOperation
from impl.ggml_types import F32
from impl.threads import run


@dataclass(frozen=True, slots=True)
class Routing:
    """Stages of routing tokens.

    logits and probs float32 [tokens, experts]; experts int64 [tokens, k], most probable first, equal ones by lower
    index; weights float32 [tokens, k], the probabilities of those experts divided by their sum.
    """

    logits: Floats
    probs: Floats
    experts: NDArray[np.int64]
    weights: Floats


def read_router(owner: str, router: QuantizedTensorRef, data: ByteArray, num_experts: int, hidden_dim: int) -> Floats:
    """The router's float32 values, flat and row-major, as a view of ``data`` (a copy if not aligned).

    Refuses, in this order: a type other than F32 (UnsupportedOperation); a range outside the file, another
    byte size than num_experts * hidden_dim * 4, another shape where it is known (InvalidShape).
    """
    if router.qtype != F32:
        raise UnsupportedOperation(
            "moe_router_quantized_read",
            f"{owner}: router qtype = {router.qtype} (not F32). Quantized router not yet "
            "wired — Qwen3-Coder-30B uses F32 router so this is fine for it; other Qwen3-MoE variants "
            "needing quantized router are not supported.",
        )
    end = router.offset + router.byte_size
    if router.offset < 0 or router.byte_size < 0 or end > data.size:
        raise InvalidShape(f"{owner}: router range [{router.offset}, {end}) exceeds file size {data.size}")
    expected = num_experts * hidden_dim * 4
    if router.byte_size != expected:
        raise InvalidShape(
            f"{owner}: router byte_size {router.byte_size} != expected {expected} "
            f"(num_experts {num_experts} × hidden_dim {hidden_dim} × 4)"
        )
    if router.shape is not None and router.shape != (num_experts, hidden_dim):
        raise InvalidShape(f"{owner}: router shape {router.shape} != expected {(num_experts, hidden_dim)}")
    return np.require(data[router.offset : end].view("<f4"), np.float32, ["C", "ALIGNED"])


def check_top_k(owner: str, num_experts: int, num_experts_per_tok: int) -> None:
    """Refuse a layer without experts and a k that is not among 1..num_experts."""
    if num_experts < 1:
        raise InvalidShape(f"{owner}: num_experts must be > 0, got {num_experts}")
    if not 1 <= num_experts_per_tok <= num_experts:
        raise InvalidShape(
            f"{owner}: num_experts_per_tok {num_experts_per_tok} must be between 1 and num_experts {num_experts}"
        )


def route(
    owner: str, hidden: Floats, router: Floats, num_experts: int, num_experts_per_tok: int, threads: int = 1
) -> Routing:
    """softmax(router @ hidden), its top k, renormalised, of each token [tokens, hidden]. For checked arguments.

    Raises NonFiniteValue where a logit is not finite. With finite logits the softmax's sum is at least 1 and
    the sum of the chosen at least 1 / num_experts, so neither division needs a fallback.
    """
    from impl.kernels.routing import choose, router_logits

    tokens = hidden.shape[0]
    logits, probs = np.empty((2, tokens, num_experts), np.float32)
    experts = np.empty((tokens, num_experts_per_tok), np.int64)
    weights = np.empty((tokens, num_experts_per_tok), np.float32)
    run(router_logits, threads, tokens * router.size, hidden, router, logits)
    refuse_non_finite(owner, "logits", logits)
    choose(logits, probs, experts, weights)
    return Routing(logits, probs, experts, weights)
