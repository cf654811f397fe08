"""The chosen experts of one or many tokens: grouped by expert, so that a slab is read once for all its tokens.

A *pair* is a token and one of its experts: pair t * k + rank. Pairs are taken expert by expert, experts ascending,
so that memory is read forwards. Rows of each product are dealt out among parts (threads); a row is always computed
by the same instructions, so parts change no bit.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types

from impl.kernels.compile import BYTES, FLOAT_TABLE, FLOAT_TABLE_OUT, ID_TABLE, INTEGER, helper, kernel
from impl.kernels.products import prepare, products, room
from impl.kernels.swiglu import swiglu


@helper
def grouped(experts: Any, count: int) -> Any:
    """(pairs by expert, tokens of these pairs, where each expert's pairs begin [count + 1]) of ids [tokens, k]."""
    ids = experts.reshape(-1)
    begins = np.zeros(count + 1, np.int64)
    for expert in ids:
        begins[expert + 1] += 1
    for expert in range(count):
        begins[expert + 1] += begins[expert]
    free = begins.copy()
    pairs = np.empty(ids.size, np.int64)
    tokens = np.empty(ids.size, np.int64)
    for pair in range(ids.size):
        at = free[ids[pair]]
        free[ids[pair]] += 1
        pairs[at] = pair
        tokens[at] = pair // experts.shape[1]
    return pairs, tokens, begins


@helper
def gate_and_up(
    part: int, parts: int, levels: bool, tensors: Any, qtypes: Any, gate_in: Any, up_in: Any, groups: Any, gate: Any,
    up: Any, hidden: Any,
) -> None:  # fmt: skip
    """This part's rows of gate, up and swiglu, for every pair: all rows of gate before those of up."""
    pairs, tokens, begins = groups
    rows = gate.shape[1]
    first, last = rows * part // parts, rows * (part + 1) // parts
    for expert in range(begins.size - 1):
        inputs, outputs = tokens[begins[expert] : begins[expert + 1]], pairs[begins[expert] : begins[expert + 1]]
        if outputs.size:
            products(levels, qtypes[0], slab(tensors[0], expert, begins), first, last, gate_in, inputs, outputs, gate)
            products(levels, qtypes[1], slab(tensors[1], expert, begins), first, last, up_in, inputs, outputs, up)
        for pair in outputs:
            swiglu(gate[pair, first:last], up[pair, first:last], hidden[pair, first:last])


@helper
def down_and_sum(
    part: int, parts: int, levels: bool, tensor: Any, qtype: int, prepared: Any, groups: Any, weights: Any, down: Any,
    output: Any,
) -> None:  # fmt: skip
    """This part's rows of down for every pair, and of the output: weight * down, added in the order of ranks."""
    pairs, _, begins = groups
    rows = down.shape[1]
    first, last = rows * part // parts, rows * (part + 1) // parts
    for expert in range(begins.size - 1):
        outputs = pairs[begins[expert] : begins[expert + 1]]
        if outputs.size:
            products(levels, qtype, slab(tensor, expert, begins), first, last, prepared, outputs, outputs, down)
    for token in range(weights.shape[0]):
        output[token, first:last] = np.float32(0)
        for rank in range(weights.shape[1]):
            weight = weights[token, rank]
            row = down[token * weights.shape[1] + rank]
            for r in range(first, last):
                output[token, r] += weight * row[r]


@helper
def slab(tensor: Any, expert: int, begins: Any) -> Any:
    """One expert's bytes of a stacked tensor."""
    size = tensor.size // (begins.size - 1)
    return tensor[expert * size : (expert + 1) * size]


RUN = (
    types.boolean, FLOAT_TABLE, ID_TABLE, FLOAT_TABLE, INTEGER, types.UniTuple(BYTES, 3), types.UniTuple(INTEGER, 3),
    *[FLOAT_TABLE_OUT] * 5,
)  # fmt: skip


@kernel(*RUN)
def run_experts(
    levels: bool, x: Any, experts: Any, weights: Any, count: int, tensors: Any, qtypes: Any, gate: Any, up: Any,
    hidden: Any, down: Any, output: Any,
) -> None:  # fmt: skip
    """Everything after the router, on the calling thread.

    levels: the q8_k arithmetic instead of f32. x [tokens, cols]; experts and weights [tokens, k]; tensors: the bytes
    of gate, up and down of all ``count`` experts, with their qtypes. Filled: gate, up, hidden [pairs, rows], down
    [pairs, cols], output [tokens, cols].
    """
    groups = grouped(experts, count)
    gate_in = room(levels, x.shape[0], x.shape[1])
    up_in = gate_in if qtypes[0] == qtypes[1] else room(levels, x.shape[0], x.shape[1])
    down_in = room(levels, gate.shape[0], gate.shape[1])
    for token in range(x.shape[0]):
        prepare(levels, qtypes[0], x[token], gate_in, token)
        if qtypes[0] != qtypes[1]:
            prepare(levels, qtypes[1], x[token], up_in, token)
    gate_and_up(0, 1, levels, tensors, qtypes, gate_in, up_in, groups, gate, up, hidden)
    for pair in range(gate.shape[0]):
        prepare(levels, qtypes[2], hidden[pair], down_in, pair)
    down_and_sum(0, 1, levels, tensors[2], qtypes[2], down_in, groups, weights, down, output)
