"""A row of plain float32 values times a token."""

from __future__ import annotations

from typing import Any

from numba import types
from numba.extending import intrinsic

from impl.kernels.vector.emit import FLOATS, LANES, LONG, POINTER, Emitter, constant

STEP = 4 * LANES
"""Values that one step of the loop takes: four vectors, each with a sum of its own."""
_AHEAD = 4096


@intrinsic
def product_of_steps(typing: Any, weights: Any, first: Any, values: Any, steps: Any) -> Any:
    """The sum of weights[first + i] * values[i] for i below 64 * steps, steps > 0; flat float32 arrays.

    Sum j of 4 takes the vectors 4n + j; then (0 + 1) + (2 + 3), and the lanes by halving.
    """
    del typing
    signature = types.float32(weights, first, values, steps)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        emit = Emitter(builder)
        left, right = (
            builder.bitcast(context.make_array(signature.args[i])(context, builder, arguments[i]).data, POINTER)
            for i in (0, 2)
        )
        left = emit.moved(left, builder.mul(arguments[1], LONG(4)))
        before = builder.basic_block
        body, after = builder.append_basic_block("step"), builder.append_basic_block("product")
        builder.branch(body)
        builder.position_at_end(body)
        step = builder.phi(LONG)
        totals = [builder.phi(FLOATS) for _ in range(4)]
        for phi, start in ((step, LONG(0)), *((total, constant(FLOATS, 0.0)) for total in totals)):
            phi.add_incoming(start, before)
        offset = builder.mul(step, LONG(4 * STEP))
        w, x = emit.moved(left, offset), emit.moved(right, offset)
        updated = []
        for j, total in enumerate(totals):
            emit.prefetch(emit.moved(w, _AHEAD + 64 * j))
            updated.append(emit.multiply_add(emit.load(w, 64 * j, FLOATS), emit.load(x, 64 * j, FLOATS), total))
            total.add_incoming(updated[j], body)
        following = builder.add(step, LONG(1))
        step.add_incoming(following, body)
        builder.cbranch(builder.icmp_signed("<", following, arguments[3]), body, after)
        builder.position_at_end(after)
        pairs = builder.fadd(updated[0], updated[1]), builder.fadd(updated[2], updated[3])
        return emit.sum_of_lanes(builder.fadd(*pairs))

    return signature, generate
