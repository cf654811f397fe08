"""How fast memory can be read: the floor under every layer that has to read its weights.

A way of reading is a kernel that adds up 64-bit words in vectors, so that it does nothing but wait for memory. It reads
the same bytes as a one-token call (eight experts and the router of a target, all cold), each thread its share of every
stretch. Which way is the fastest depends on the machine: all are tried, the fastest is measured in every round.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Final

import numba
import numpy as np
from llvmlite import ir
from numba import njit, prange, types
from numba.extending import intrinsic
from numpy.typing import NDArray

from benchmarks.layer_model import PART_BYTES, ROUTER_BYTES, Layer, Model, Target

PIECE: Final = 64
"""Words that a stream reads at once: 512 bytes, eight vectors of AVX-512. Every stretch is a multiple of it."""

AHEAD: Final = 4096
"""Bytes to fetch ahead where that is done: hardware does not follow a stream into the next page."""

Stretches = NDArray[np.int64]
"""First piece and number of pieces of each stretch, [stretches, 2]."""

I64, BYTE, VECTOR = ir.IntType(64), ir.IntType(8), ir.VectorType(ir.IntType(64), PIECE)


def adder(streams: int, ahead: int) -> Any:
    """An intrinsic: the sum of ``count`` pieces from piece ``first`` on, read as so many streams side by side.

    Any pieces that are left over when ``count`` is no multiple of ``streams`` are not read.
    """

    @intrinsic
    def add(_: Any, words: Any, first: Any, count: Any) -> Any:  # noqa: ARG001 - Numba matches arguments by name
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            words, first, count = arguments
            array = context.make_array(signature.args[0])(context, builder, words)
            base = builder.bitcast(array.data, BYTE.as_pointer())
            size = I64(8 * PIECE)
            each = builder.sdiv(count, I64(streams))
            starts = [
                builder.gep(base, [builder.mul(size, builder.add(first, builder.mul(each, I64(stream))))])
                for stream in range(streams)
            ]
            before, loop, done = builder.block, builder.append_basic_block("loop"), builder.append_basic_block("done")
            zero = ir.Constant(VECTOR, [0] * PIECE)
            builder.cbranch(builder.icmp_signed("<", I64(0), each), loop, done)

            builder.position_at_end(loop)
            at, total = builder.phi(I64), builder.phi(VECTOR)
            added = total
            for start in starts:
                place = builder.gep(start, [builder.mul(size, at)])
                if ahead:
                    fetch(builder, place, ahead)
                added = builder.add(added, builder.load(builder.bitcast(place, VECTOR.as_pointer()), align=8))
            following = builder.add(at, I64(1))
            for phi, initial, update in ((at, I64(0), following), (total, zero, added)):
                phi.add_incoming(initial, before)
                phi.add_incoming(update, loop)
            builder.cbranch(builder.icmp_signed("<", following, each), loop, done)

            builder.position_at_end(done)
            result = builder.phi(VECTOR)
            result.add_incoming(zero, before)
            result.add_incoming(added, loop)
            while result.type.count > 1:
                half = result.type.count // 2
                low, high = (ir.Constant(ir.VectorType(ir.IntType(32), half), list(range(start, start + half)))
                             for start in (0, half))  # fmt: skip
                result = builder.add(*(builder.shuffle_vector(result, result, lanes) for lanes in (low, high)))
            return builder.extract_element(result, ir.IntType(32)(0))

        return types.uint64(words, types.intp, types.intp), generate

    return add


def fetch(builder: Any, place: Any, ahead: int) -> None:
    """Ask for the lines of the piece that lies ``ahead`` bytes further on; harmless beyond the end."""
    number, name = ir.IntType(32), "llvm.prefetch.p0"
    kind = ir.FunctionType(ir.VoidType(), [BYTE.as_pointer(), number, number, number])
    function = builder.module.globals.get(name) or ir.Function(builder.module, kind, name)
    for line in range(0, 8 * PIECE, 64):
        builder.call(function, [builder.gep(place, [I64(ahead + line)]), number(0), number(3), number(1)])


def reader(streams: int, ahead: int = 0) -> Callable[..., Any]:
    add = adder(streams, ahead)

    @njit(parallel=True)
    def read(words: Any, stretches: Any, threads: int) -> Any:
        total = np.uint64(0)
        for thread in prange(threads):
            for stretch in range(len(stretches)):
                first, size = stretches[stretch]
                start, end = size * thread // threads, size * (thread + 1) // threads
                total += add(words, first + start, end - start)
        return total

    found: Callable[..., Any] = read
    return found


WAYS: Final[dict[str, Callable[..., Any]]] = {
    "one stream": reader(1),
    "one stream, fetched a page ahead": reader(1, AHEAD),
    "four streams": reader(4),
    "four streams, fetched a page ahead": reader(4, AHEAD),
}


def stretches_of(layer: Layer, experts: Iterable[int]) -> list[tuple[int, int]]:
    """The experts of a layer, in bytes."""
    return [(layer.offsets[name] + int(at) * size, size) for at in experts for name, size in PART_BYTES.items()]


def in_pieces(stretches: list[tuple[int, int]]) -> Stretches:
    return np.array(stretches, np.int64) // (8 * PIECE)


def prepared(model: Model, target: Target, threads: int, way: str) -> Callable[[], Any]:
    """A call that reads what the target needs, once."""
    layer = model.layers[target.layer]
    router = (target.router * ROUTER_BYTES, ROUTER_BYTES)
    stretches = in_pieces([router, *stretches_of(layer, target.experts)])
    return partial(read_by, way, layer.data.view(np.uint64), stretches, threads)


def read_expert(model: Model, layer: int, expert: int) -> None:
    """Read one expert, so that something else leaves the cache."""
    data = model.layers[layer].data.view(np.uint64)
    read_by("one stream", data, in_pieces(stretches_of(model.layers[layer], [expert])), 1)


def read_by(way: str, words: NDArray[np.uint64], stretches: Stretches, threads: int) -> int:
    """The sum of all words. Numba's number of threads is left as it was: others depend on it, too."""
    before = numba.get_num_threads()
    numba.set_num_threads(threads)
    total = WAYS[way](words, stretches, threads)
    numba.set_num_threads(before)
    return int(total)


if any(size % (8 * PIECE) for size in (ROUTER_BYTES, *PART_BYTES.values())):
    raise AssertionError("a stretch is no whole number of pieces")
