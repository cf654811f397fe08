"""Number formats: the types that stored numbers may have. One entry each, with everything that is said of it anywhere.

NumPy's types, and those of the package ml_dtypes where NumPy has none, are named here and made where they are asked
for: who only reads a contract loads neither.
`python scripts/language_tables.py` writes the table to the JSON Schema of contracts and to the manual.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from harness.language import value_kinds

if TYPE_CHECKING:
    import numpy as np

# Where numbers of a type may stand.
INPUT, FIELD, RESULT, COLUMN = "input", "field", "result", "table column"
EVERYWHERE = (INPUT, FIELD, RESULT, COLUMN)


INFINITY, NO_NUMBER, LARGEST = "infinity", "NaN", "the largest number"  # what a number beyond the largest becomes


@dataclass(frozen=True)
class Floating:
    """The numbers of a binary floating-point format.

    digits     of the significand, the hidden one included: u is 2**-digits
    emin       exponent of the smallest normal number; numbers below it have its spacing
    largest    the largest finite number
    overflow   what a conversion writes beyond it, unless it saturates: there are infinities only where it is one
    zero       whether there are a zero and negative numbers
    """

    digits: int
    emin: int
    largest: float
    overflow: str
    zero: bool = True

    @property
    def lowest(self) -> int:
        """Exponent of the smallest positive number."""
        return self.emin - self.digits + 1 if self.zero else self.emin

    @property
    def smallest(self) -> float:
        """The smallest positive number."""
        return 2.0**self.lowest

    @property
    def unit(self) -> float:
        """Half a unit in the last place, relative: the largest relative error of one rounding to nearest."""
        return 2.0**-self.digits


@dataclass(frozen=True)
class Dtype:
    """One number format, little-endian.

    `kind`: `real` or `int`, as expressions see it. `code`: NumPy's name of the type, or that of ml_dtypes behind a dot.
    `draws`: the kinds of values that an input of it has, simplest first. `places`: where it may stand. `floating`: what
    real numbers it has.
    """

    name: str
    bits: int
    kind: str
    code: str
    draws: tuple[str, ...]
    places: tuple[str, ...]
    signed: bool = True
    floating: Floating | None = None

    @property
    def is_real(self) -> bool:
        return self.kind == "real"

    @property
    def bytes(self) -> int:
        """Bytes of one number in an array; in fields of blocks numbers of four bits lie two in a byte."""
        return max(1, self.bits // 8)

    @property
    def integers(self) -> range:
        """Every integer of the type, least first; of a real type, none."""
        if self.is_real:
            return range(0)
        return range(-(1 << self.bits - 1), 1 << self.bits - 1) if self.signed else range(1 << self.bits)

    @property
    def numpy(self) -> np.dtype[Any]:
        """NumPy's type."""
        return _numpy(self.code)

    @property
    def numbers(self) -> Floating:
        """The real numbers of the format."""
        assert self.floating is not None, f"{self.name} is a type of integers"
        return self.floating


@cache
def _numpy(code: str) -> np.dtype[Any]:
    import numpy as np

    if code.startswith("."):
        import ml_dtypes

        return np.dtype(getattr(ml_dtypes, code[1:]))
    return np.dtype(code)


def _real(name: str, bits: int, code: str, places: tuple[str, ...], numbers: Floating) -> Dtype:
    return Dtype(name, bits, "real", code, value_kinds.REAL, places, floating=numbers)


def _signed(name: str, bits: int, code: str, places: tuple[str, ...]) -> Dtype:
    return Dtype(name, bits, "int", code, value_kinds.INTEGERS, places)


def _unsigned(name: str, bits: int, code: str, places: tuple[str, ...]) -> Dtype:
    return Dtype(name, bits, "int", code, value_kinds.INTEGERS, places, signed=False)


VALUES = (INPUT, FIELD, RESULT)

# Sources: IEEE 754-2019 (f16, f32, f64); Intel, BFLOAT16 Hardware Numerics Definition (2018); Micikevicius and others,
# FP8 Formats for Deep Learning (2022); Noune and others, 8-bit Numerical Formats for Deep Neural Networks (2022; fnuz);
# OCP Microscaling Formats (MX) v1.0 (2023; e8m0 and e2m1).
_DTYPES = (
    _real("f32", 32, "<f4", VALUES, Floating(24, -126, (2 - 2.0**-23) * 2.0**127, INFINITY)),
    _real("f64", 64, "<f8", VALUES, Floating(53, -1022, (2 - 2.0**-52) * 2.0**1023, INFINITY)),
    _real("bf16", 16, ".bfloat16", VALUES, Floating(8, -126, (2 - 2.0**-7) * 2.0**127, INFINITY)),
    _real("f16", 16, "<f2", VALUES, Floating(11, -14, 65504.0, INFINITY)),
    _real("f8_e4m3fn", 8, ".float8_e4m3fn", VALUES, Floating(4, -6, 448.0, NO_NUMBER)),
    _real("f8_e5m2", 8, ".float8_e5m2", VALUES, Floating(3, -14, 57344.0, INFINITY)),
    _real("f8_e4m3fnuz", 8, ".float8_e4m3fnuz", VALUES, Floating(4, -7, 240.0, NO_NUMBER)),
    _real("f8_e5m2fnuz", 8, ".float8_e5m2fnuz", VALUES, Floating(3, -15, 57344.0, NO_NUMBER)),
    _real("f8_e8m0fnu", 8, ".float8_e8m0fnu", (FIELD,), Floating(1, -127, 2.0**127, NO_NUMBER, zero=False)),
    _real("f4_e2m1fn", 4, ".float4_e2m1fn", (FIELD,), Floating(2, 0, 6.0, LARGEST)),
    _unsigned("u4", 4, ".uint4", VALUES),
    _signed("i4", 4, ".int4", VALUES),
    _unsigned("u8", 8, "u1", EVERYWHERE),
    _signed("i8", 8, "i1", EVERYWHERE),
    _unsigned("u16", 16, "<u2", EVERYWHERE),
    _signed("i16", 16, "<i2", EVERYWHERE),
    _unsigned("u32", 32, "<u4", EVERYWHERE),
    _signed("i32", 32, "<i4", EVERYWHERE),
    _unsigned("u64", 64, "<u8", EVERYWHERE),
    _signed("i64", 64, "<i8", EVERYWHERE),
)
DTYPES = {dtype.name: dtype for dtype in _DTYPES}

FLOAT32 = DTYPES["f32"]  # what implementations compute in, and what a real result is
FLOAT64 = DTYPES["f64"]  # what expressions are evaluated in, and what implementations may compute in
WHOLE = DTYPES["i64"]  # integers that nothing gives another type
BYTE = DTYPES["u8"]  # the bytes of a file


def of_place(place: str) -> dict[str, Dtype]:
    """The types that may stand in a place, by name."""
    return {name: dtype for name, dtype in DTYPES.items() if place in dtype.places}


def elsewhere(name: str) -> str:
    """Where a number format may stand, for who names it in a place where it may not; "" of what is none."""
    return f"{name!r} may stand only as {' or '.join(DTYPES[name].places)}" if name in DTYPES else ""


@cache
def _by_array_name() -> dict[str, Dtype]:
    return {_array_name(dtype.code): dtype for dtype in _DTYPES}


def _array_name(code: str) -> str:
    """What NumPy calls an array's type: `bfloat16`, `float32`. Of the types of ml_dtypes nothing is loaded for it."""
    return code[1:] if code.startswith(".") else _numpy(code).name


@lru_cache(maxsize=256)  # NumPy makes a type's name anew each time; a subject may return arrays of any type
def of_array(stored: np.dtype[Any]) -> Dtype | None:
    """The number format of an array, whatever its order of bytes; None where it is none of these."""
    return _by_array_name().get(stored.name)


def name_of(stored: np.dtype[Any]) -> str:
    """The name of NumPy's type, whatever its order of bytes; LookupError where it is none of these."""
    found = of_array(stored)
    if found is None:
        raise LookupError(f"no dtype is {stored}")
    return found.name


def is_real(stored: np.dtype[Any]) -> bool:
    """Whether the entries of an array are real numbers of one of these formats. NumPy's `kind` does not tell."""
    return (found := of_array(stored)) is not None and found.is_real


def is_whole(stored: np.dtype[Any]) -> bool:
    """Whether the entries of an array are integers of one of these types."""
    return (found := of_array(stored)) is not None and not found.is_real


def result_type(kind: str, dtype: str = "") -> np.dtype[Any]:
    """NumPy's type of a result: `kind` is real, int or bool, `dtype` the type that numbers keep, "" for none."""
    if kind == "bool":
        return _numpy("?")
    return DTYPES[dtype or (FLOAT32 if kind == "real" else WHOLE).name].numpy


def allowed_kinds(dtype: str, ranged: bool = False) -> tuple[str, ...]:
    """Every kind of values that an input may be drawn from; what is no number format is a block format.

    ranged: integers from a range.
    """
    plain = of_place(INPUT)
    if ranged:
        return value_kinds.RANGED
    return plain[dtype].draws if dtype in plain else value_kinds.BLOCKS


def default_kinds(dtype: str, ranged: bool = False) -> tuple[str, ...]:
    """The kinds that an input is drawn from where nothing is said."""
    return tuple(kind for kind in allowed_kinds(dtype, ranged) if not value_kinds.VALUE_KINDS[kind].on_request)


def drawn_kinds(
    dtype: str, declared: tuple[str, ...], chosen: tuple[str, ...] = (), excluded: tuple[str, ...] = (),
    ranged: bool = False,
) -> tuple[str, ...]:  # fmt: skip
    """The kinds that an input is drawn from, simplest first: as it declares, and as a falsifier narrows that."""
    return chosen or tuple(kind for kind in declared or default_kinds(dtype, ranged) if kind not in excluded)
