"""The layer of ``impl/`` as the benchmark calls it. If its interface changes, this is the only place to follow."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from benchmarks.layer_model import EXPERTS, HIDDEN, INTERMEDIATE, TOP_K, Floats, Model, Target
from impl import layer as impl_layer
from impl.blocks import ARITHMETICS as _ARITHMETICS
from impl.trace import moe_ffn_trace_layer

ARITHMETICS = _ARITHMETICS
DIMENSIONS = (EXPERTS, TOP_K, INTERMEDIATE, HIDDEN)

_many = getattr(impl_layer, "moe_ffn_forward_tokens", None)

HAS_MANY = _many is not None
"""Whether there is an entry point for many tokens; else they are computed one after the other."""


def prepared(model: Model, target: Target, threads: int, arithmetic: str) -> Callable[[], Floats]:
    """A call without arguments that computes the target: [hidden] for one token, else [tokens, hidden]."""
    where = _where(model, target)
    how: dict[str, Any] = {"threads": threads, "arithmetic": arithmetic}
    if target.tokens == 1:
        return partial(impl_layer.moe_ffn_forward_layer, target.hidden[0], *where, **how)
    if _many is not None:
        return partial(_many, target.hidden, *where, **how)
    calls = [partial(impl_layer.moe_ffn_forward_layer, token, *where, **how) for token in target.hidden]
    return lambda: np.stack([call() for call in calls])


def prepared_trace(model: Model, target: Target, threads: int, arithmetic: str) -> Callable[[], Any]:
    """The traced sibling for one token."""
    where = _where(model, target)
    return partial(moe_ffn_trace_layer, target.hidden[0], *where, threads=threads, arithmetic=arithmetic)


def _where(model: Model, target: Target) -> tuple[Any, ...]:
    layer = model.layers[target.layer]
    return (layer.descriptors(target.router), *DIMENSIONS, layer.data)
