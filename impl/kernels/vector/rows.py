"""One row of quantised weights times the prepared activations of one, two or four tokens.

A block is unpacked once for all of them. The instructions for one token are the same whatever the number of
tokens, in the same order, so that it does not change a bit of a result::

    for each block:   scale[16] = scales of the block                                   (see q4_k, q6_k)
        for each group g of 64 values, with its scales s_g:
            f32:      S_g[16] = fma chain over the group's four vectors of 16 values
            q8_k:     S_g[16] = exact int32 sums of four products each
        part[16] = (S_0 s_0 + S_1 s_1) + (S_2 s_2 + S_3 s_3) - scale * sums
        sum[16] += part                       (q8_k: times the block's activation scale)
    result = the 16 lanes of sum, added by halving
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from impl.kernels.vector.emit import BYTES, FLOAT, FLOATS, LONG, POINTER, Emitter, constant

VALUES = 256
_GROUP = 64
_AHEAD = 2304
"""Bytes by which weights are asked for ahead of their use: without that, a page boundary stops the hardware's own
prefetching, and rows of experts that are not in the cache take 1.6 times as long."""
_LINE = 64


def row_of(block_format: ModuleType, tokens: int, *, floats: bool) -> Any:
    """The intrinsic ``row(weights, blocks, values, scales, sums, inputs, outputs, out, columns, row)``.

    Stores out[outputs[t] * columns + row] = row of weights . activations inputs[t], for t in 0..tokens-1. All but
    blocks, columns and row are pointers; weights to the first byte of the row; values [n, blocks * 256] (float32: the
    f32 arithmetic, int8: q8_k), scales [n, blocks], sums [n, blocks * 16]: see ``impl.kernels.activations``.
    """

    @intrinsic
    def row(
        typing: Any, weights: Any, blocks: Any, values: Any, scales: Any, sums: Any, inputs: Any, outputs: Any,
        out: Any, columns: Any, row: Any,
    ) -> Any:  # fmt: skip
        del typing
        signature = types.void(weights, blocks, values, scales, sums, inputs, outputs, out, columns, row)

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            del signature
            _Row(builder, block_format, tokens, floats, *arguments).write()
            return context.get_dummy_value()

        return signature, generate

    return row


class _Row:
    """The loop over the blocks of one row."""

    def __init__(
        self, builder: Any, block_format: ModuleType, tokens: int, floats: bool, weights: Any, blocks: Any, values: Any,
        scales: Any, sums: Any, inputs: Any, outputs: Any, out: Any, columns: Any, row: Any,
    ) -> None:  # fmt: skip
        self.builder, self.format, self.tokens, self.floats = builder, block_format, tokens, floats
        self.emit = Emitter(builder)
        self.weights, self.blocks = weights, blocks
        self.values, self.scales, self.sums = values, scales, sums
        self.inputs, self.outputs = inputs, outputs
        self.out, self.columns, self.row = out, columns, row

    def write(self) -> None:
        """The whole row: blocks, then the sums of the lanes."""
        builder, emit = self.builder, self.emit
        item = 4 if self.floats else 1
        values = self._of_tokens(self.values, VALUES * item)
        scales = self._of_tokens(self.scales, 4)
        sums = self._of_tokens(self.sums, 64)
        weights = builder.bitcast(self.weights, POINTER)
        sizes = (self.format.BLOCK_BYTES, VALUES * item, 4, 64)

        before = builder.basic_block
        body, after = builder.append_basic_block("block"), builder.append_basic_block("row_end")
        builder.branch(body)
        builder.position_at_end(body)
        index = builder.phi(LONG)
        totals = [builder.phi(FLOATS) for _ in range(self.tokens)]
        index.add_incoming(LONG(0), before)
        for total in totals:
            total.add_incoming(constant(FLOATS, 0.0), before)

        def here(pointer: Any, size: int) -> Any:
            return emit.moved(pointer, builder.mul(index, LONG(size)))

        block = here(weights, sizes[0])
        for ahead in range(_AHEAD, _AHEAD + self.format.BLOCK_BYTES, _LINE):
            emit.prefetch(emit.moved(block, ahead))
        token_values = [here(pointer, sizes[1]) for pointer in values]
        token_sums = [here(pointer, sizes[3]) for pointer in sums]
        updated = self._parts(block, token_values, token_sums)
        for t, part in enumerate(updated):
            if self.floats:
                updated[t] = builder.fadd(totals[t], part)
            else:
                scale = emit.spread(emit.load(here(scales[t], sizes[2]), 0, FLOAT))
                updated[t] = emit.multiply_add(part, scale, totals[t])
        following = builder.add(index, LONG(1))
        index.add_incoming(following, body)
        for total, value in zip(totals, updated, strict=True):
            total.add_incoming(value, body)
        builder.cbranch(builder.icmp_signed("<", following, self.blocks), body, after)

        builder.position_at_end(after)
        for t, value in enumerate(updated):
            builder.store(emit.sum_of_lanes(value), self._place_of_result(t))

    def _parts(self, block: Any, values: list[Any], sums: list[Any]) -> list[Any]:
        """What one block adds, for each token."""
        builder, emit = self.builder, self.emit
        block_scales = self.format.scales(emit, block)
        groups = self.format.floats_of_groups(emit, block) if self.floats else self.format.bytes_of_groups(emit, block)
        products: list[list[tuple[Any, Any]]] = [[] for _ in values]
        for number, (group, lanes) in enumerate(zip(groups, self.format.GROUP_SCALES, strict=True)):
            group_scales = emit.picked(block_scales, lanes)
            for t, pointer in enumerate(values):
                products[t].append((self._group(group, pointer, number), group_scales))
        negative = builder.fneg(block_scales)
        parts = []
        for (first, second, third, fourth), pointer in zip(products, sums, strict=True):
            left = emit.multiply_add(*second, builder.fmul(*first))
            right = emit.multiply_add(*fourth, builder.fmul(*third))
            parts.append(emit.multiply_add(negative, emit.load(pointer, 0, FLOATS), builder.fadd(left, right)))
        return parts

    def _group(self, group: Any, values: Any, number: int) -> Any:
        """Sixteen partial sums of the products of 64 values with a token's activations."""
        builder, emit = self.builder, self.emit
        if not self.floats:
            levels = emit.load(values, _GROUP * number, BYTES)
            return builder.sitofp(emit.byte_products(group, levels), FLOATS)
        total = None
        for j, vector in enumerate(group):
            activations = emit.load(values, 4 * (_GROUP * number + 16 * j), FLOATS)
            total = (
                builder.fmul(vector, activations) if total is None else emit.multiply_add(vector, activations, total)
            )
        return total

    def _of_tokens(self, pointer: Any, bytes_per_block: int) -> list[Any]:
        """Where each token's part of an array begins."""
        start = self.builder.bitcast(pointer, POINTER)
        size = self.builder.mul(self.blocks, LONG(bytes_per_block))
        numbers = (self._number(self.inputs, t) for t in range(self.tokens))
        return [self.emit.moved(start, self.builder.mul(number, size)) for number in numbers]

    def _number(self, numbers: Any, t: int) -> Any:
        return self.emit.load(self.builder.bitcast(numbers, POINTER), 8 * t, LONG)

    def _place_of_result(self, t: int) -> Any:
        first = self.builder.mul(self._number(self.outputs, t), self.columns)
        place = self.builder.mul(self.builder.add(first, self.row), LONG(4))
        moved = self.emit.moved(self.builder.bitcast(self.out, POINTER), place)
        return self.builder.bitcast(moved, ir.PointerType(FLOAT))
