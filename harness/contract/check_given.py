"""What one falsifier narrows: dimensions, kinds and types of inputs, and its table of values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from harness.contract.kinds import allowed_kinds, default_kinds
from harness.contract.model import Falsifier, Given, Source
from harness.contract.program import DimensionProgram, InputProgram
from harness.findings import Place, nearest
from harness.language import types as T
from harness.language.claims.signatures import SIGNATURES as CLAIMS
from harness.language.infer import Scope, TypeRefused, infer
from harness.language.signatures import SIGNATURES
from harness.language.sizes import Range, Size, at_least_zero
from harness.language.syntax import SyntaxRefused, parse

Say = Callable[..., None]
At = Callable[..., Place]  # where a part of the falsifier stands


def check_given(
    source: Falsifier,
    scope: Scope,
    inputs: Mapping[str, InputProgram],
    dimensions: Mapping[str, DimensionProgram],
    say: Say,
    at: At,
) -> Scope:
    """The scope with narrowed ranges; says what does not narrow."""
    ranges = dict(scope.ranges)
    for name, given in source.given.items():
        if name in scope.ranges:
            narrowed = _dimension(source, given, replace(scope, ranges=ranges), dimensions[name].values, say)
            if narrowed is not None:
                ranges[name] = narrowed
        elif name in inputs:
            _input(source, given, inputs[name], say, at)
        elif name not in dimensions:
            say(
                given.place,
                f"{source.id}: given names an unknown {name!r}",
                hint=nearest(name, [*scope.ranges, *inputs]),
            )
    return replace(scope, ranges=ranges)


def _dimension(source: Falsifier, given: Given, scope: Scope, values: tuple[int, ...], say: Say) -> Range | None:
    what = f"{source.id}: given {given.name}"
    if given.kinds or given.excluded or given.dtypes:
        expected = "an integer, {min, max} or {values: [integers]}"
        say(given.place, f"{source.id}: {given.name} is a dimension", expected)
        return None
    declared = scope.ranges[given.name]
    for number in given.integers:
        if values and number not in values:
            say(given.place, f"{what} is none of the declared values", ", ".join(map(str, values)), str(number))
            return None
    ends = []
    for end, default in ((given.minimum, declared.low), (given.maximum, declared.high)):
        size = default if end is None else _end(what, end, given.name, scope, say)
        if size is None:
            return None
        ends.append(size)
    low, high = ends
    if given.integers:
        low, high = Size.of(min(given.integers)), Size.of(max(given.integers))
    # Containment is only shown for plain numbers; ends that depend on other dimensions are held when a case is drawn.
    for size, inside in ((low, low - declared.low), (high, declared.high - high)):
        if size.constant is not None and at_least_zero(-inside - 1, scope.ranges):
            say(given.place, f"{what} leaves the declared range", f"{declared.low} to {declared.high}", str(size))
            return None
    if at_least_zero(low - high - 1, scope.ranges):
        say(given.place, f"{what} leaves no value", "min <= max", f"min {low} and max {high}")
        return None
    return Range(low, high)


def _end(what: str, end: Source, name: str, scope: Scope, say: Say) -> Size | None:
    """One end of a range, made of the dimensions declared before: they are drawn first."""
    earlier = list(scope.ranges)[: list(scope.ranges).index(name)]
    names = {known: T.dimension(known) for known in earlier}
    try:
        kind = infer(parse(end.text), Scope(names, {known: scope.ranges[known] for known in earlier}))
    except SyntaxRefused as error:
        say(end.place_at(error.offset), f"{what}: {error}", hint=error.hint)
        return None
    except TypeRefused as error:
        hint = error.mismatch.hint or "only dimensions declared before it may be used"
        say(end.place_at(error.node.start), f"{what}: {error}", hint=hint)
        return None
    if not isinstance(kind, T.Array) or kind.size is None:
        expected = "an integer made of numbers and dimensions"
        say(end.place, f"{what}: not an integer made of dimensions", expected, end.text)
        return None
    return kind.size


def _input(source: Falsifier, given: Given, part: InputProgram, say: Say, at: At) -> None:
    if given.minimum is not None or given.maximum is not None or given.integers:
        expected = "{values: kinds}, {not: kinds} or {dtype: ...}"
        say(given.place, f"{source.id}: {given.name} is an input", expected)
        return
    known = allowed_kinds(part.dtype, bool(part.formats))
    for key, kinds in (("values", given.kinds), ("not", given.excluded)):
        for kind in kinds:
            if kind not in known:
                say(at("given", given.name, key), f"{source.id}: {given.name} has no kind {kind!r}",
                    hint=nearest(kind, known))  # fmt: skip
                return
    drawn = given.kinds or part.kinds or default_kinds(part.dtype, bool(part.formats))
    if all(kind in given.excluded for kind in drawn):
        say(
            given.place,
            f"{source.id}: given excludes every kind of {given.name}",
            f"one of {', '.join(drawn)} left",
            hint="the claim would never be tried",
        )
    for dtype in given.dtypes:
        if dtype not in (part.formats or (part.dtype,)):
            say(
                at("given", given.name, "dtype"),
                f"{source.id}: {given.name} is never {dtype}",
                ", ".join(part.formats or (part.dtype,)),
                dtype,
            )


def check_table(source: Falsifier, scope: Scope, say: Say, at: At) -> Scope:
    """The scope with the names of `for_each`."""
    names = dict(scope.names)
    ranges = dict(scope.ranges)
    for name, values in source.for_each.items():
        place = at("for_each", name)
        if name in names or name in scope.subjects or name in SIGNATURES or name in CLAIMS:
            say(place, f"{source.id}: for_each gives {name!r} another meaning", hint="choose another name")
            continue
        if all(isinstance(value, int) for value in values):
            numbers = [int(value) for value in values]
            names[name] = T.dimension(name)
            ranges[name] = Range(Size.of(min(numbers)), Size.of(max(numbers)))
        elif all(isinstance(value, str) for value in values):
            names[name] = T.Word(str(values[0]))
        else:
            shown = ", ".join(map(repr, values))
            say(place, f"{source.id}: for_each mixes numbers and texts for {name}", "one kind of value", shown)
    return replace(scope, names=names, ranges=ranges)
