"""Whether a stored case is one that its falsifier could draw from the contract as it is now.

A stored case comes from outside. Outside the declared ranges a claim means nothing: "falsified" would be untrue there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial

from harness.findings import HandledError
from harness.language.evaluate import Bindings, evaluate
from harness.language.single import Single
from harness.language.syntax import names
from harness.printable import printable
from harness.program.case import Case
from harness.program.integers import integer
from harness.program.model import FalsifierProgram, Program


def check_admitted(program: Program, falsifier: FalsifierProgram, case: Case) -> None:
    """HandledError where the case has a dimension, a row of tables or a memory that the falsifier never draws."""
    numbers = dict(case.dimensions)
    number_of = partial(integer, numbers=numbers)
    free = _set_by_model(program)
    sized = _set_by_size(program, numbers)
    for name, declared in program.dimensions.items():
        own = [] if name in sized else [declared]
        narrowed = [falsifier.source.given[name].domain] if name in falsifier.source.given else []
        for domain in [declared.in_a_model()] if name in free else [*own, *narrowed]:
            if not domain.admits(numbers[name], number_of):
                raise _not_admitted(falsifier, f"{name} is {numbers[name]}, expected {domain.told(number_of)}")
    if dict(case.table) not in [json.loads(json.dumps(row)) for row in falsifier.rows]:
        raise _not_admitted(falsifier, f"no row of its tables is {printable(repr(dict(case.table)), 120)}")
    called = [part for name, part in program.contract.subjects.items() if name in names(falsifier.claim)]
    if case.memory and not any(case.memory in part.memory for part in called):
        raise _not_admitted(falsifier, f"no function of its claim takes {printable(repr(case.memory), 40)} memory")
    where = falsifier.where
    if where is not None and not evaluate(where, Bindings(Single(), {}, {}, {**numbers, **case.table})):
        raise _not_admitted(falsifier, "`where` leaves it out")


def _not_admitted(falsifier: FalsifierProgram, why: str) -> HandledError:
    return HandledError(f"no case of {falsifier.source.id} as it stands: {why}; run the falsifier to find one of today")


def _set_by_size(program: Program, numbers: Mapping[str, int]) -> set[str]:
    """Dimensions that have their number by one of the contract's sizes, possibly beyond the range that is drawn."""
    return {name for row in program.sizes if row.items() <= numbers.items() for name in row}


def _set_by_model(program: Program) -> set[str]:
    """Dimensions that a model file may set (`model_weights`), possibly beyond the range that is drawn."""
    binding = program.contract.model
    bound = set(binding.dimensions) if binding is not None else set()
    ends = [program.dimensions[name].low for name in bound]
    return bound.union(*(names(end) for end in ends if end is not None))
