"""Whether a stored case is one that its falsifier could draw from the contract as it is now.

A stored case comes from outside. Outside the declared ranges a claim means nothing: "falsified" would be untrue there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from harness.contract.rules import Given
from harness.findings import HandledError
from harness.language.evaluate import Bindings, evaluate
from harness.language.single import Single
from harness.language.syntax import names, parse
from harness.printable import printable
from harness.program.case import Case
from harness.program.integers import integer
from harness.program.model import DimensionProgram, FalsifierProgram, Program


def check_admitted(program: Program, falsifier: FalsifierProgram, case: Case) -> None:
    """HandledError where the case has a dimension or a row of tables that the falsifier never draws."""
    numbers = dict(case.dimensions)
    free = _set_by_model(program)
    for name, part in program.dimensions.items():
        for low, high, options in (_declared(part, numbers, name in free), *_narrowed(falsifier, name, numbers, free)):
            if not low <= numbers[name] or (high is not None and numbers[name] > high):
                wanted = f"{low} or more" if high is None else f"{low} to {high}"
                raise _not_admitted(falsifier, f"{name} is {numbers[name]}, expected {wanted}")
            if options and numbers[name] not in options:
                raise _not_admitted(
                    falsifier, f"{name} is {numbers[name]}, expected one of {', '.join(map(str, options))}"
                )
    if dict(case.table) not in [json.loads(json.dumps(row)) for row in falsifier.rows]:
        raise _not_admitted(falsifier, f"no row of its tables is {printable(repr(dict(case.table)), 120)}")
    where = falsifier.where
    if where is not None and not evaluate(where, Bindings(Single(), {}, {}, {**numbers, **case.table})):
        raise _not_admitted(falsifier, "`where` leaves it out")


def _not_admitted(falsifier: FalsifierProgram, why: str) -> HandledError:
    return HandledError(f"no case of {falsifier.source.id} as it stands: {why}; run the falsifier to find one of today")


def _set_by_model(program: Program) -> set[str]:
    """Dimensions that a model file may set (`model_weights`), possibly beyond the range that is drawn."""
    binding = program.contract.model
    bound = set(binding.dimensions) if binding is not None else set()
    ends = [program.dimensions[name].low for name in bound]
    return bound.union(*(names(end) for end in ends if end is not None))


Limits = tuple[int, int | None, tuple[int, ...]]  # least, most (None: no limit), the values (empty: all between)


def _declared(part: DimensionProgram, numbers: Mapping[str, int], free: bool) -> Limits:
    """The limits of a dimension. If a model may set it, an upper limit counts only where it names another dimension."""
    if part.values:
        return (min(part.values), None, ()) if free else (min(part.values), max(part.values), part.values)
    counts = part.high is not None and (not free or bool(names(part.high)))
    return integer(part.low, numbers), integer(part.high, numbers) if counts else None, ()


def _narrowed(falsifier: FalsifierProgram, name: str, numbers: Mapping[str, int], free: set[str]) -> Iterator[Limits]:
    """The limits that the falsifier's `given` adds to a dimension, if any."""
    given: Given | None = falsifier.source.given.get(name)
    if given is None or name in free:
        return
    low = integer(parse(given.minimum.text), numbers) if given.minimum is not None else 0
    high = integer(parse(given.maximum.text), numbers) if given.maximum is not None else None
    yield low, high, given.integers
