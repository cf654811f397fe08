"""The situations of a falsifier's `cover` that a case covers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from harness.language.evaluate import Bindings, evaluate
from harness.language.single import Single
from harness.program.arithmetic import single_of
from harness.program.case import Case
from harness.program.model import FalsifierProgram, Program


def situations(program: Program, falsifier: FalsifierProgram, case: Case) -> Iterator[str]:
    """The names of the situations whose condition holds in a case, with equations evaluated in float32."""
    if not falsifier.cover:
        return
    bindings = Bindings(single_of(program, Single()), program.equations, program.depends, case.given())
    with np.errstate(all="ignore"):  # cases of large numbers overflow on purpose
        for part in falsifier.cover:
            if bool(evaluate(part.when, bindings)):
                yield part.situation
