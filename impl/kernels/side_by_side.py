"""The kernels that may run on threads, with a loop over their parts; imported when the first one does.

Each has the name of the kernel that runs on the calling thread, and the number of parts before its arguments.
"""

from __future__ import annotations

from typing import Any

from numba import prange

from impl.kernels import experts as alone
from impl.kernels.compile import FLOAT_TABLE, FLOAT_TABLE_OUT, FLOATS, INTEGER, threaded
from impl.kernels.experts import down_and_sum, gate_and_up, grouped
from impl.kernels.matvec import MATVEC, multiply_part
from impl.kernels.products import prepare, room
from impl.kernels.routing import logits_of


@threaded(INTEGER, FLOAT_TABLE, FLOATS, FLOAT_TABLE_OUT)
def router_logits(threads: int, x: Any, router: Any, logits: Any) -> None:
    """As ``router_logits``, the experts in ``threads`` parts side by side."""
    experts = logits.shape[1]
    for part in prange(threads):
        logits_of(experts * part // threads, experts * (part + 1) // threads, x, router, logits)


@threaded(INTEGER, *alone.RUN)
def run_experts(
    threads: int, levels: bool, x: Any, experts: Any, weights: Any, count: int, tensors: Any, qtypes: Any, gate: Any,
    up: Any, hidden: Any, down: Any, output: Any,
) -> None:  # fmt: skip
    """As ``run_experts``, in ``threads`` parts side by side."""
    groups = grouped(experts, count)
    gate_in = room(levels, x.shape[0], x.shape[1])
    up_in = gate_in if qtypes[0] == qtypes[1] else room(levels, x.shape[0], x.shape[1])
    down_in = room(levels, gate.shape[0], gate.shape[1])
    for token in prange(x.shape[0]):
        prepare(levels, qtypes[0], x[token], gate_in, token)
        if qtypes[0] != qtypes[1]:
            prepare(levels, qtypes[1], x[token], up_in, token)
    for part in prange(threads):
        gate_and_up(part, threads, levels, tensors, qtypes, gate_in, up_in, groups, gate, up, hidden)
    for pair in prange(gate.shape[0]):
        prepare(levels, qtypes[2], hidden[pair], down_in, pair)
    for part in prange(threads):
        down_and_sum(part, threads, levels, tensors[2], qtypes[2], down_in, groups, weights, down, output)


@threaded(INTEGER, *MATVEC)
def run_matvec(threads: int, levels: bool, qtype: int, matrix: Any, x: Any, out: Any) -> None:
    """As ``run_matvec``, in ``threads`` parts side by side."""
    prepared = room(levels, 1, x.size)
    prepare(levels, qtype, x, prepared, 0)
    for part in prange(threads):
        multiply_part(part, threads, levels, qtype, matrix, prepared, out)
