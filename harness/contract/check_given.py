"""What one falsifier narrows: dimensions, kinds and types of inputs, and its table of values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from harness.contract.kinds import allowed_kinds
from harness.contract.model import Falsifier, Given
from harness.contract.program import InputProgram
from harness.findings import nearest
from harness.language import types as T
from harness.language.infer import Scope, TypeRefused, infer
from harness.language.formats import BlockFormat
from harness.language.sizes import Range, Size, at_least_zero
from harness.language.syntax import SyntaxRefused, parse

Say = Callable[..., None]


def check_given(
    source: Falsifier,
    scope: Scope,
    inputs: Mapping[str, InputProgram],
    formats: Mapping[str, BlockFormat],
    say: Say,
) -> Scope:
    """The scope with narrowed ranges; says what does not narrow."""
    ranges = dict(scope.ranges)
    for name, given in source.given.items():
        if name in scope.ranges:
            narrowed = _dimension(source, given, replace(scope, ranges=ranges), say)
            if narrowed is not None:
                ranges[name] = narrowed
        elif name in inputs:
            _input(source, given, inputs[name], formats, say)
        else:
            say(
                given.place,
                f"{source.id}: given names an unknown {name!r}",
                hint=nearest(name, [*scope.ranges, *inputs]),
            )
    return replace(scope, ranges=ranges)


def _dimension(source: Falsifier, given: Given, scope: Scope, say: Say) -> Range | None:
    if given.kinds or given.excluded or given.dtypes:
        say(
            given.place,
            f"{source.id}: {given.name} is a dimension",
            "an integer, {min, max} or {values: [integers]}",
        )
        return None
    declared = scope.ranges[given.name]
    if given.integers:
        low, high = Size.of(min(given.integers)), Size.of(max(given.integers))
    else:
        ends = []
        for end, default in ((given.minimum, declared.low), (given.maximum, declared.high)):
            if end is None:
                ends.append(default)
                continue
            try:
                kind = infer(parse(end.text), scope)
            except (SyntaxRefused, TypeRefused) as error:
                say(end.place, f"{source.id}: given {given.name}: {error}")
                return None
            if not isinstance(kind, T.Array) or kind.size is None:
                say(end.place, f"{source.id}: given {given.name}: not an integer made of dimensions")
                return None
            ends.append(kind.size)
        low, high = ends
    # Containment is only shown for plain numbers; ends that depend on other dimensions are held when a case is drawn.
    for end, inside in ((low, low - declared.low), (high, declared.high - high)):
        if (
            end.constant is not None
            and not at_least_zero(inside, scope.ranges)
            and not _plain_max(inside, scope)
        ):
            say(given.place, f"{source.id}: given {given.name} leaves the declared range",
                f"{declared.low} to {declared.high}", str(end))  # fmt: skip
            return None
    return Range(low, high)


def _plain_max(inside: Size, scope: Scope) -> bool:
    """Whether the difference can be >= 0 for some values: then cases outside are simply not drawn."""
    return not at_least_zero(-inside - 1, scope.ranges)


def _input(
    source: Falsifier, given: Given, part: InputProgram, formats: Mapping[str, BlockFormat], say: Say
) -> None:
    if given.minimum is not None or given.maximum is not None or given.integers:
        say(
            given.place,
            f"{source.id}: {given.name} is an input",
            "{values: kinds}, {not: kinds} or {dtype: ...}",
        )
        return
    known = allowed_kinds(part.dtype, bool(part.formats))
    for kind in (*given.kinds, *given.excluded):
        if kind not in known:
            say(given.place, f"{source.id}: {given.name} has no kind {kind!r}", hint=nearest(kind, known))
            return
    kinds = [kind for kind in (given.kinds or part.kinds or known) if kind not in given.excluded]
    if not kinds:
        say(
            given.place,
            f"{source.id}: given excludes every kind of {given.name}",
            hint="the claim would never be tried",
        )
    for dtype in given.dtypes:
        if dtype not in (part.formats or (part.dtype,)):
            say(
                given.place,
                f"{source.id}: {given.name} is never {dtype}",
                ", ".join(part.formats or (part.dtype,)),
                dtype,
            )


def check_table(source: Falsifier, scope: Scope, say: Say) -> Scope:
    """The scope with the names of `for_each`."""
    names = dict(scope.names)
    ranges = dict(scope.ranges)
    for name, values in source.for_each.items():
        if name in names or name in scope.subjects:
            say(
                source.place,
                f"{source.id}: for_each gives {name!r} another meaning",
                hint="choose another name",
            )
            continue
        if len(set(values)) < len(values):
            say(source.place, f"{source.id}: for_each lists a value of {name} twice")
        if all(isinstance(value, int) for value in values):
            numbers = [int(value) for value in values]
            names[name] = T.dimension(name)
            ranges[name] = Range(Size.of(min(numbers)), Size.of(max(numbers)))
        elif all(isinstance(value, str) for value in values):
            names[name] = T.Word(str(values[0]))
        else:
            say(source.place, f"{source.id}: for_each mixes numbers and texts for {name}")
    return replace(scope, names=names, ranges=ranges)
