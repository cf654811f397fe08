"""The equation from which on a bound is too wide: the reason names it, where the claim is about a later one."""

from __future__ import annotations

from harness.judge.comparison import width
from harness.judge.wide import WIDE
from harness.language.arithmetic import Arithmetic
from harness.language.exact.domain import Exact
from harness.language.exact.region import Bounded
from harness.language.syntax import names, parse
from harness.language.undecided import Undecided
from harness.program.case import Case
from harness.program.footprint import never_whole
from harness.program.model import FalsifierProgram, Program
from harness.search.trial import ClaimBindings


def first_wide(program: Program, falsifier: FalsifierProgram, case: Case, arithmetic: Arithmetic, stage: str) -> str:
    """The first equation, of those that a value is computed from, whose bound is too wide in this case; "" for none.

    stage: the value as the claim spells it. A choice that it takes from a subject is left to the equations here.
    """
    named = names(parse(stage))
    wanted = named.union(*(program.depends.get(name, frozenset()) for name in named))
    wanted -= never_whole(program, falsifier, case)
    bindings = ClaimBindings(Exact(arithmetic), program.equations, program.depends, case.given(), program.by_rows)
    for name in program.equations:
        if name not in wanted:
            continue
        try:
            value = bindings.value(name)
        except Undecided:
            continue
        if isinstance(value, Bounded) and (width(value.v, value.bound()) or 0.0) > WIDE:
            return name
    return ""
