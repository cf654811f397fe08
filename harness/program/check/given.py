"""What one falsifier narrows: dimensions, and kinds and types of inputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from harness.contract.model import Falsifier, Given, Source
from harness.findings import nearest
from harness.language import types as T
from harness.language.dtypes import allowed_kinds
from harness.language.infer import Scope, TypeRefused, infer
from harness.language.integer_domain import IntegerDomain
from harness.language.sizes import Range, Size, at_least_zero
from harness.language.syntax import SyntaxRefused, parse
from harness.program.check.checker import At, Checker
from harness.program.check.integer_ranges import check_fits
from harness.program.model import InputProgram


def narrowed_scope(
    checker: Checker,
    falsifier: Falsifier,
    scope: Scope,
    inputs: Mapping[str, InputProgram],
    dimensions: Mapping[str, IntegerDomain],
    at: At,
) -> Scope:
    """The scope with narrowed ranges; says what does not narrow."""
    ranges = dict(scope.ranges)
    for name, given in falsifier.given.items():
        if name in scope.ranges:
            inside = _dimension(checker, falsifier.id, given, replace(scope, ranges=ranges), dimensions[name].values)
            if inside is not None:
                ranges[name] = inside
        elif name not in inputs and name not in dimensions:
            hint = nearest(name, [*scope.ranges, *inputs])
            checker.say(given.place, f"{falsifier.id}: given names an unknown {name!r}", hint=hint)
    for name in falsifier.given.keys() & inputs.keys():  # what fits may depend on the dimensions as narrowed
        _input(checker, falsifier.id, falsifier.given[name], inputs[name], at, ranges)
    return replace(scope, ranges=ranges)


def _dimension(checker: Checker, falsifier: str, given: Given, scope: Scope, values: tuple[int, ...]) -> Range | None:
    what = f"{falsifier}: given {given.name}"
    if given.kinds or given.excluded or given.dtypes:
        expected = "an integer, {min, max} or {values: [integers]}"
        checker.say(given.place, f"{falsifier}: {given.name} is a dimension", expected)
        return None
    declared = scope.ranges[given.name]
    for number in given.integers:
        if values and number not in values:
            shown = ", ".join(map(str, values))
            checker.say(given.place, f"{what} is not one of the declared values", shown, str(number))
            return None
    ends = []
    for end, default in ((given.minimum, declared.low), (given.maximum, declared.high)):
        size = default if end is None else _end(checker, what, end, given.name, scope)
        if size is None:
            return None
        ends.append(size)
    low, high = ends
    if given.integers:
        spanned = Range.spanning(given.integers)
        low, high = spanned.low, spanned.high
    # Containment is only shown for plain numbers; ends that depend on other dimensions are held when a case is drawn.
    for size, inside in ((low, low - declared.low), (high, declared.high - high)):
        if size.constant is not None and at_least_zero(-inside - 1, scope.ranges):
            checker.say(
                given.place, f"{what} leaves the declared range", f"{declared.low} to {declared.high}", str(size)
            )
            return None
    if at_least_zero(low - high - 1, scope.ranges):
        checker.say(given.place, f"{what} allows no value", "min <= max", f"min {low} and max {high}")
        return None
    return Range(low, high)


def _end(checker: Checker, what: str, end: Source, name: str, scope: Scope) -> Size | None:
    """One end of a range, made of the dimensions declared before: they are drawn first."""
    earlier = list(scope.ranges)[: list(scope.ranges).index(name)]
    names = {known: T.dimension(known) for known in earlier}
    try:
        kind = infer(parse(end.text), Scope(names, {known: scope.ranges[known] for known in earlier}))
    except SyntaxRefused as error:
        checker.say(end.place_at(error.offset), f"{what}: {error}", hint=error.hint)
        return None
    except TypeRefused as error:
        hint = error.mismatch.hint or "only dimensions declared before it may be used"
        checker.say(end.place_at(error.node.start), f"{what}: {error}", hint=hint)
        return None
    if not isinstance(kind, T.Array) or kind.size is None:
        expected = "an integer made of numbers and dimensions"
        checker.say(end.place, f"{what}: not an integer made of dimensions", expected, end.text)
        return None
    return kind.size


def _input(
    checker: Checker, falsifier: str, given: Given, part: InputProgram, at: At, ranges: Mapping[str, Range]
) -> None:
    if given.minimum is not None or given.maximum is not None or given.integers:
        expected = "{values: kinds}, {not: kinds} or {dtype: ...}"
        checker.say(given.place, f"{falsifier}: {given.name} is an input", expected)
        return
    known = allowed_kinds(part.dtype, part.range is not None)
    for key, kinds in (("values", given.kinds), ("not", given.excluded)):
        for kind in kinds:
            if kind not in known:
                message = f"{falsifier}: {given.name} has no kind {kind!r}"
                checker.say(at("given", given.name, key), message, hint=nearest(kind, known))
                return
    declared = checker.names.get(given.name)
    if isinstance(declared, T.Array):
        for kind in given.kinds:
            check_fits(checker, at("given", given.name, "values"), given.name, kind, declared, ranges)
    drawn = part.drawn_kinds(given.kinds)
    if all(kind in given.excluded for kind in drawn):
        message = f"{falsifier}: given excludes every kind of {given.name}"
        checker.say(given.place, message, f"one of {', '.join(drawn)} left", hint="the claim would never be tried")
    for dtype in given.dtypes:
        if dtype not in part.dtypes:
            message = f"{falsifier}: {given.name} is never {dtype}"
            checker.say(at("given", given.name, "dtype"), message, ", ".join(part.dtypes), dtype)
