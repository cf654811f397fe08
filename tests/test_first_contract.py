"""The manual's first contract, with a kernel that does what its text says: it survives, and a wrong one does not."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from harness.program.collection import load
from harness.search.engine import Search
from harness.search.outcome import FALSIFIED, SURVIVED
from harness.subjects.subject import ModuleSubject

MANUAL = Path(__file__).parent.parent / "docs/language.md"
CASES = 60


class InvalidShape(Exception):
    pass


def rank(*, x, weights, count, width=1):
    if len(x) != weights.shape[1]:
        raise InvalidShape(f"x has {len(x)} entries, the rows of w have {weights.shape[width]}")
    scores = weights @ x
    chosen = np.argsort(-scores, kind="stable")[:count]
    return {"chosen": chosen, "best": scores[chosen]}


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    _, section = MANUAL.read_text(encoding="utf-8").split("\n## A whole contract\n")
    path = tmp_path_factory.mktemp("contracts") / "best-scores-v1.yaml"
    path.write_text(re.search(r"```yaml\n(.*?)```", section, re.DOTALL)[1], encoding="utf-8")
    (program,) = load((str(path),))
    return program


def verdicts(program, kernel):
    subject = ModuleSubject("mine", SimpleNamespace(rank=kernel))
    return [Search(program, falsifier, subject, CASES).run().verdict for falsifier in program.falsifiers]


def test_a_kernel_that_does_what_the_text_says(program):
    assert verdicts(program, rank) == [SURVIVED, SURVIVED]


def test_a_kernel_that_tells_another_number(program):
    assert verdicts(program, lambda **given: rank(**given, width=0)) == [SURVIVED, FALSIFIED]
