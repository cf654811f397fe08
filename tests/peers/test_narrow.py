"""torch's kernels in two bytes survive the examples' contracts; the order of LLaMA's normalisation does not.

It needs torch: `tox run -e peers`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.program.collection import load
from harness.search.engine import Search
from harness.search.outcome import FALSIFIED, SURVIVED
from harness.subjects.subject import ModuleSubject

pytestmark = pytest.mark.peers

EXAMPLES = Path(__file__).parents[2] / "examples"
CASES = 200


def verdicts(example, kernel):
    from tests.peers import narrow

    (program,) = load((str(EXAMPLES / example / f"{example}-v1.yaml"),))
    subject = ModuleSubject(kernel, getattr(narrow, kernel)())
    return {part.source.id: Search(program, part, subject, CASES).run().verdict for part in program.falsifiers}


@pytest.mark.parametrize(("example", "kernel"), [
    ("bf16-matmul", "MatrixProduct"), ("bf16-rms-norm", "RmsNorm"), ("bf16-rms-norm", "FusedRmsNorm"),
])  # fmt: skip
def test_torch_survives(example, kernel):
    assert set(verdicts(example, kernel).values()) == {SURVIVED}


def test_the_other_order_of_normalisation_is_falsified():
    assert FALSIFIED in verdicts("bf16-rms-norm", "LlamaRmsNorm").values()
