"""Which of the situations that a falsifier must meet a case is."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from harness.language.evaluate import Bindings, evaluate
from harness.language.single import Single
from harness.program.case import Case
from harness.program.model import FalsifierProgram, Program


def situations(program: Program, falsifier: FalsifierProgram, case: Case) -> Iterator[str]:
    """The names of the situations whose condition holds, equations evaluated in float32."""
    if not falsifier.cover:
        return
    bindings = Bindings(Single(), program.equations, program.depends, case.given())
    with np.errstate(all="ignore"):  # cases of large numbers overflow on purpose
        for part in falsifier.cover:
            if bool(evaluate(part.when, bindings)):
                yield part.situation
