import numpy as np
import pytest

from harness.language.arithmetic import float32
from harness.program.arithmetic import arithmetic_of
from harness.program.case import Case
from harness.subjects.reference import Reference
from harness.teeth.trial import CHECKS, CLAIM, SharedBindings, noticed_by

CASE = Case({"size": 2, "k": 1, "threads": 1}, {"x": np.array([1, 2], np.float32), "v": np.array([3, 1], np.float32)})


class Wrong(Reference):
    """The reference with one result replaced."""

    def __init__(self, **replaced):
        super().__init__()
        self.replaced = replaced

    def call(self, program, function, arguments, dimensions):
        return {**super().call(program, function, arguments, dimensions), **self.replaced}


def found(program, subject, case=CASE):
    arithmetic = arithmetic_of(program, program.falsifiers[0].accurate)
    bindings = SharedBindings(program, case, arithmetic)
    return noticed_by(program, program.falsifiers[0], case, subject, arithmetic, bindings)


def test_the_claim_notices(rows):
    assert found(rows(), Reference()) == ""
    assert found(rows(), Wrong(total=np.float32(6))) == CLAIM
    assert found(rows("rows().total >= 5"), Wrong(total=np.float32(4))) == CLAIM


@pytest.mark.parametrize(
    "wrong", [{"both": np.zeros(3, np.float32)}, {"total": np.float64(5)}, {"best": np.array([7])}]
)
def test_what_every_result_is_held_to_is_no_merit_of_the_claim(rows, wrong):
    assert found(rows(), Wrong(**wrong)) == CHECKS
    assert found(rows("rows().total == rows().total"), Wrong(**wrong)) == CHECKS


@pytest.mark.parametrize("claim", ["close(rows().total, total)", "accurate(rows().total, total, 1e300)",
                                   "rows().total <= 1e30", "stagewise(rows())"])  # fmt: skip
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_nor_is_what_is_no_number(rows, claim, value):
    assert found(rows(claim), Wrong(total=np.float32(value))) == CHECKS


@pytest.mark.parametrize("claim", ["finite(rows().both)", "identical(rows().both, both)"])
def test_unless_the_claim_is_about_that(rows, claim):
    assert found(rows(claim), Wrong(both=np.array([3, np.nan], np.float32))) == CLAIM


def test_what_cannot_be_judged_is_nothing(rows):
    assert found(rows("rows().total > total"), Reference()) is not None
    case = Case(CASE.dimensions, {"x": np.array([1, 1e38], np.float32), "v": np.array([3, 1e38], np.float32)})
    assert found(rows("close(rows().total, total)"), Reference(), case) is None  # no finite bound


def test_exact_values_are_computed_once_for_a_witness(rows):
    bindings = SharedBindings(rows(), CASE, float32())
    witness = np.array([5, 5], np.float32)
    first = bindings.replaced({"both": witness})
    assert bindings.replaced({"both": witness.copy()}) is first
    assert bindings.replaced({"both": witness + 1}) is not first
    assert first.value("total").v == 10
