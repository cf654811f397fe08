"""Accumulators: a sum is rounded to a narrow format after every addition."""

from __future__ import annotations

from harness.language import types as T
from harness.language.mutate.faulty import faulty
from harness.language.mutate.mutant import Edits, Operator, Site
from harness.language.mutate.precision import normalised, spoken
from harness.language.syntax import Binary, Call, Number

SUMS = {"matvec": "matvec_in", "sum": "sum_in", "mean": "mean_in"}  # functions that add, and their faulty twins


def narrower(site: Site) -> Edits:
    """Every product and every sum of a contract that speaks of narrow formats, with another accumulator."""
    kind = site.type
    if not (site.formats.mixed and isinstance(kind, T.Array) and kind.kind == "real"):
        return
    for name in site.formats.accumulators:
        edit = f"{spoken(name)}-accumulator"
        match site.node:
            case Binary(op="@", left=left, right=right):
                yield edit, faulty("product_in", left, right, format=name)
            case Call(name=called, arguments=arguments, keywords=()) if called in SUMS:
                yield edit, faulty(SUMS[called], *arguments, format=name)
            case Call(name="rms_norm", arguments=(x, weight, epsilon)):
                square = faulty("mean_in", Binary("*", x, x), Number(-1), format=name)
                yield edit, Binary("*", normalised(x, square, epsilon), weight)


OPERATORS = (
    Operator(
        "*-accumulator", "a product or a sum is rounded to bfloat16 or float16 after every addition", narrower
    ),
)  # fmt: skip
