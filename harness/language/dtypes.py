"""Number formats: the types that stored numbers may have. One entry each, with everything that is said of it anywhere.

NumPy's types are named here and made where they are asked for: who only reads a contract does not load NumPy.
`python scripts/language_tables.py` writes the table to the JSON Schema of contracts and to the manual.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from harness.language import value_kinds

if TYPE_CHECKING:
    import numpy as np

# Where numbers of a type may stand.
INPUT, FIELD, RESULT, COLUMN = "input", "field", "result", "table column"
EVERYWHERE = (INPUT, FIELD, RESULT, COLUMN)


@dataclass(frozen=True)
class Dtype:
    """One number format, little-endian.

    `kind`: `real` or `int`, as expressions see it. `code`: NumPy's name of the type. `draws`: the kinds of values
    that an input of it has, simplest first. `places`: where it may stand.
    """

    name: str
    bits: int
    kind: str
    code: str
    draws: tuple[str, ...]
    places: tuple[str, ...]
    signed: bool = True

    @property
    def is_real(self) -> bool:
        return self.kind == "real"

    @property
    def bytes(self) -> int:
        """Bytes of one number."""
        return self.bits // 8

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


@cache
def _numpy(code: str) -> np.dtype[Any]:
    import numpy as np

    return np.dtype(code)


def _real(name: str, bits: int, code: str, places: tuple[str, ...]) -> Dtype:
    return Dtype(name, bits, "real", code, value_kinds.REAL, places)


def _signed(name: str, bits: int, code: str, places: tuple[str, ...]) -> Dtype:
    return Dtype(name, bits, "int", code, value_kinds.INTEGERS, places)


def _unsigned(name: str, bits: int, code: str, places: tuple[str, ...]) -> Dtype:
    return Dtype(name, bits, "int", code, value_kinds.INTEGERS, places, signed=False)


_DTYPES = (
    _real("f32", 32, "<f4", (INPUT, FIELD, RESULT)),
    _real("f16", 16, "<f2", (FIELD,)),
    _unsigned("u8", 8, "u1", EVERYWHERE),
    _signed("i8", 8, "i1", EVERYWHERE),
    _unsigned("u16", 16, "<u2", EVERYWHERE),
    _signed("i16", 16, "<i2", EVERYWHERE),
    _signed("i32", 32, "<i4", (INPUT, RESULT, COLUMN)),
    _signed("i64", 64, "<i8", (INPUT, RESULT, COLUMN)),
)
DTYPES = {dtype.name: dtype for dtype in _DTYPES}

FLOAT32 = DTYPES["f32"]  # what implementations compute in, and what a real result is
WHOLE = DTYPES["i64"]  # integers that nothing gives another type
BYTE = DTYPES["u8"]  # the bytes of a file


def of_place(place: str) -> dict[str, Dtype]:
    """The types that may stand in a place, by name."""
    return {name: dtype for name, dtype in DTYPES.items() if place in dtype.places}


def name_of(stored: np.dtype[Any]) -> str:
    """The name of NumPy's type, whatever its order of bytes; LookupError where it is none of these."""
    for name, dtype in DTYPES.items():
        if dtype.numpy == stored.newbyteorder("<"):
            return name
    raise LookupError(f"no dtype is {stored}")


def result_type(kind: str, dtype: str = "") -> np.dtype[Any]:
    """NumPy's type of a result: `kind` is real, int or bool, `dtype` the type that integers keep, "" for none."""
    if kind == "bool":
        return _numpy("?")
    return FLOAT32.numpy if kind == "real" else DTYPES[dtype or WHOLE.name].numpy


def allowed_kinds(dtype: str) -> tuple[str, ...]:
    """Every kind of values that an input may be drawn from; what is no number format is a block format."""
    plain = of_place(INPUT)
    return plain[dtype].draws if dtype in plain else value_kinds.BLOCKS


def default_kinds(dtype: str) -> tuple[str, ...]:
    """The kinds that an input is drawn from where nothing is said."""
    return tuple(kind for kind in allowed_kinds(dtype) if not value_kinds.VALUE_KINDS[kind].on_request)


def drawn_kinds(dtype: str, declared: tuple[str, ...], chosen: tuple[str, ...] = (), excluded: tuple[str, ...] = ()
                ) -> tuple[str, ...]:  # fmt: skip
    """The kinds that an input is drawn from, simplest first: as it declares, and as a falsifier narrows that."""
    return chosen or tuple(kind for kind in declared or default_kinds(dtype) if kind not in excluded)
