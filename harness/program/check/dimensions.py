"""Dimensions: a range that is never empty and never negative, made of dimensions declared before."""

from __future__ import annotations

from harness.contract.model import Source
from harness.language import types as T
from harness.language.integer_domain import IntegerDomain
from harness.language.sizes import Range, Size, at_least_zero
from harness.language.syntax import Node, Number, names
from harness.program.check.checker import Checker


def check_dimension(checker: Checker, name: str) -> IntegerDomain:
    """The dimension, known from here on with its range."""
    part = checker.contract.dimensions[name]
    sizes = tuple(row[name] for row in checker.contract.sizes if name in row)
    if part.values:
        declared = IntegerDomain(values=part.values)
        inside = Range.spanning((*part.values, *sizes))
    else:
        assert part.minimum is not None and part.maximum is not None
        (first, least), (last, most) = (_end(checker, name, source) for source in (part.minimum, part.maximum))
        declared = IntegerDomain(first, last)
        if least is None or most is None:
            checker.broken.add(name)
            return declared
        inside = _with_sizes(declared, Range(least, most), sizes)
        if not at_least_zero(most - least, checker.ranges):
            always = "min <= max whatever the other dimensions are"
            checker.say(part.place, f"dimension {name} may have no value", always, f"min {least} and max {most}")
    low, high = inside.low, inside.high
    if not at_least_zero(low, checker.ranges):
        checker.say(part.place, f"dimension {name} may be negative", "0 or more", str(low))
        low = Size.of(1)  # so that nothing else follows from it
    # A dimension of one value is another name for it: `hidden: {min: 256 * blocks, max: 256 * blocks}`.
    checker.names[name] = T.Array("int", size=low) if low == high else T.dimension(name)
    checker.ranges[name] = Range(low, high)
    return declared


def _with_sizes(declared: IntegerDomain, inside: Range, sizes: tuple[int, ...]) -> Range:
    """The range with the sizes that lie beyond an end that is a plain number; other ends bind sizes too."""
    low, high = inside.low, inside.high
    if isinstance(declared.low, Number):
        low = Size.of(min((int(declared.low.value), *sizes)))
    if isinstance(declared.high, Number):
        high = Size.of(max((int(declared.high.value), *sizes)))
    return Range(low, high)


def _end(checker: Checker, name: str, source: Source) -> tuple[Node, Size | None]:
    what = f"dimension {name}"
    node = checker.parse(source, what)
    kind = checker.type(node, source, what, checker.scope())
    size = kind.size if isinstance(kind, T.Array) else None
    if kind is not None and size is None:
        checker.say(source.place, f"{what}: an end must be an integer made of earlier dimensions", got=source.text)
    checker.used.update(names(node))
    return node, size
