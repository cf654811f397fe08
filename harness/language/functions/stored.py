"""The value is held as a number of a format here, so nothing is distributed across this point."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.findings import near_miss
from harness.language import batches
from harness.language.dtypes import DTYPES, FLOAT32, RESULT, elsewhere, of_place
from harness.language.function import ENTRYWISE, ROUNDING, Function, Value
from harness.language.rules.fitting import real
from harness.language.types import Array, Mismatch, Type, Word

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.exact.region import Bounded
    from harness.language.single import Single


def _type(x: Type, *formats: Type) -> Array:
    part = real(x)
    known = list(of_place(RESULT))
    names = [name.value or "" if isinstance(name, Word) else "" for name in formats]
    for name, given in zip(names, formats, strict=True):
        if name not in known:
            raise Mismatch("stored(x, format) needs a number format", ", ".join(known), name or str(given),
                           elsewhere(name) or near_miss(name, known))  # fmt: skip
    if len(set(names)) < len(names):
        raise Mismatch("a format is named twice", "different formats", ", ".join(names))
    kept = names[0] if len(names) == 1 and names[0] != FLOAT32.name else ""
    return Array("real", part.shape, observed=part.observed, dtype=kept)


def _exact(domain: Exact, x: Value, *formats: str) -> Bounded:
    from harness.language.exact import storage

    value = domain.real(x)
    return storage.stored(value, [DTYPES[name] for name in formats]) if formats else value.close()


def _single(domain: Single, x: Value, *formats: str) -> Value:
    from harness.language import rounding

    value = domain.real(x)
    if not formats:
        return value
    dtype = DTYPES[formats[0]]
    wide = dtype.is_real and dtype.bytes >= domain.number().nbytes
    return value if wide else domain.real(rounding.stored(value, dtype, domain.saturates))


STORED = Function(
    name="stored",
    group=ROUNDING,
    form="stored(x, bf16)",
    meaning="x, rounded to a number format here, float32 if none is named; of a list, `[f32, bf16]`, to any of them",
    bound="the polynomial's, closed: the numbers of the format that it may be rounded to",
    example=("stored(x)", "real[n]"),
    type_rule=_type,
    exact=_exact,
    single=_single,
    by_rows=ENTRYWISE,
    in_batch=batches.entrywise,
    no_neighbours="it has the value of its argument, or mutants of precision change it",
    keeps_values=True,
)
