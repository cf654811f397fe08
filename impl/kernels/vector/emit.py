"""A small vocabulary of vector operations, written out as LLVM instructions.

Everything is a vector of 512 bits: 16 float32 or int32 lanes, or 64 bytes. Lane 0 is the lowest address.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from llvmlite import ir
from numba.extending import intrinsic

BYTE, HALF_WORD, INT, LONG = ir.IntType(8), ir.IntType(16), ir.IntType(32), ir.IntType(64)
HALF, FLOAT = ir.HalfType(), ir.FloatType()
LANES = 16
FLOATS = ir.VectorType(FLOAT, LANES)
INTS = ir.VectorType(INT, LANES)
BYTES = ir.VectorType(BYTE, 4 * LANES)
POINTER = ir.PointerType(BYTE)


class Emitter:
    """Writes instructions at the builder's position. Values are LLVM values, sizes and offsets are in bytes."""

    def __init__(self, builder: Any) -> None:
        self.builder = builder

    def load(self, pointer: Any, offset: int, kind: Any) -> Any:
        """A value of LLVM type ``kind``, from any alignment."""
        return self.builder.load(self.builder.bitcast(self.moved(pointer, offset), ir.PointerType(kind)), align=1)

    def moved(self, pointer: Any, offset: Any) -> Any:
        """``pointer`` plus an offset, a Python or an LLVM integer."""
        return self.builder.gep(pointer, [LONG(offset) if isinstance(offset, int) else offset])

    def prefetch(self, pointer: Any) -> None:
        """Ask for the cache line at ``pointer``; any address may be asked for."""
        locality_all_caches, data_cache = INT(3), INT(1)
        self._call("llvm.prefetch.p0", ir.VoidType(), pointer, INT(0), locality_all_caches, data_cache)

    def shifted(self, vector: Any, bits: int | Sequence[int]) -> Any:
        """Each lane moved right by ``bits`` (left where negative), one number for all lanes or one for each."""
        if isinstance(bits, int):
            bits = [bits] * vector.type.count
        if not any(bits):
            return vector
        if min(bits) < 0:
            return self.builder.shl(vector, constant(vector.type, [-bit for bit in bits]))
        return self.builder.lshr(vector, constant(vector.type, bits))

    def masked(self, vector: Any, mask: int) -> Any:
        """Each lane & mask."""
        return self.builder.and_(vector, constant(vector.type, mask))

    def looked_up(self, table: Sequence[float], index: Any) -> Any:
        """``table[index & 15]`` for each of 16 integer lanes: one instruction, which ignores the higher bits."""
        return self._call("llvm.x86.avx512.permvar.sf.512", FLOATS, constant(FLOATS, table), index)

    def picked(self, vector: Any, lanes: Iterable[int], other: Any = None) -> Any:
        """The lanes with these numbers; numbers beyond ``vector`` count on in ``other``."""
        other = ir.Constant(vector.type, ir.Undefined) if other is None else other
        numbers = list(lanes)
        return self.builder.shuffle_vector(vector, other, constant(ir.VectorType(INT, len(numbers)), numbers))

    def spread(self, scalar: Any) -> Any:
        """Sixteen lanes with the same value."""
        one = self.builder.insert_element(
            ir.Constant(ir.VectorType(scalar.type, LANES), ir.Undefined), scalar, INT(0)
        )  # fmt: skip
        return self.picked(one, [0] * LANES)

    def multiply_add(self, a: Any, b: Any, c: Any) -> Any:
        """A * b + c with one rounding."""
        return self._call("llvm.fma.v16f32", FLOATS, a, b, c)

    def byte_products(self, unsigned: Any, signed: Any) -> Any:
        """16 int32 lanes, each the sum of four products of an unsigned and a signed byte; exact."""
        # Bitcast because LLVM 15 to 21 declare the operands as integers and 22 as bytes; both take this form.
        as_ints = (self.builder.bitcast(vector, INTS) for vector in (unsigned, signed))
        return self._call("llvm.x86.avx512.vpdpbusd.512", INTS, constant(INTS, 0), *as_ints)

    def sum_of_lanes(self, vector: Any) -> Any:
        """The 16 lanes added by halving: (l, l + 8), then (l, l + 4), ..."""
        width = LANES
        while width > 1:
            width //= 2
            upper = self.picked(vector, range(width, 2 * width))
            vector = self.builder.fadd(self.picked(vector, range(width)), upper)
        return self.builder.extract_element(vector, INT(0))

    def _call(self, name: str, returns: Any, *arguments: Any) -> Any:
        module = self.builder.module
        function = module.globals.get(name)
        if function is None:
            function = ir.Function(module, ir.FunctionType(returns, [value.type for value in arguments]), name)
        return self.builder.call(function, arguments)


def constant(kind: Any, value: Any) -> Any:
    """A constant of a vector type: one value for all lanes, or one for each."""
    lanes = list(value) if isinstance(value, Sequence) else [value] * kind.count
    return ir.Constant(kind, lanes)


@intrinsic
def pointer_after(typing: Any, pointer: Any, offset: Any) -> Any:
    """A pointer to ``offset`` bytes after what ``pointer`` points to, of the same type."""
    del typing

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        del context, signature
        moved = Emitter(builder).moved(builder.bitcast(arguments[0], POINTER), arguments[1])
        return builder.bitcast(moved, arguments[0].type)

    return pointer(pointer, offset), generate
