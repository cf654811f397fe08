"""What hides a mutant, in a contract whose bound is rightly wide: 1e9 is added in float32 and taken off again."""

import numpy as np
import pytest

from harness.language.arithmetic import float32
from harness.language.exact.choice import top_k
from harness.language.exact.region import Bounded
from harness.teeth.distinguish import distinguish
from harness.teeth.fault import faults_of
from harness.teeth.hiding import Hiding, change_within
from harness.teeth.record import MUTANT

FILLED = {"filled": "x + 1000000000", "back": "filled - 1000000000", "out": "back * w"}


@pytest.fixture(scope="module")
def found(computing):
    program = computing(FILLED)
    return distinguish(program, [fault for fault in faults_of(program) if fault.kind == MUTANT], 60)


def test_the_first_equation_with_a_wide_bound_is_named(found):
    hidden = found["back:swap-operands@1"].hidden
    assert not found["back:swap-operands@1"].difference
    assert (hidden.stage, hidden.equation) == ("out", "back")
    # float32 has a unit of 64 at 1e9: half of it for the sum, which are about 40 times values of N(0, 1) and more
    assert hidden.width > 20 and 0 < hidden.share <= 1
    assert f"; the bound of back is {hidden.width:.2g} times its values" in hidden.told()


def test_what_differs_is_not_hidden(found):
    assert found["back:plus-for-minus@1"].difference and found["back:plus-for-minus@1"].hidden is None


def test_the_same_values_are_hidden_by_nothing(computing):
    program = computing({"out": "abs(x * x)"})
    mutants = [fault for fault in faults_of(program) if fault.id in ("out:drop-abs@1", "out:relu-for-abs@1")]
    found = distinguish(program, mutants, 20)
    assert len(found) == 2 and all(not part.difference and part.hidden is None for part in found.values())


def test_changes():
    exact, ar = Bounded(np.array([1.0, 2.0]), float32(), np.array([0.5, 0.0])), float32()
    assert change_within(Bounded(np.array([1.25, 2.0]), ar), exact) == (True, 0.5)
    assert change_within(Bounded(np.array([1.0, 2.0 * (1 + 2.0**-50)]), ar), exact) == (False, 0.0)
    assert change_within(np.array([1]), top_k(exact, 1)) == (False, None)
    assert change_within(np.array([0]), top_k(exact, 1)) == (True, None)
    assert change_within(np.array([1, 2]), np.array([1, 2])) == (False, None)


BY = "out changes by up to 0.25 of its bound; the bound of masked is"


@pytest.mark.parametrize(("hiding", "told"), [
    (Hiding("out", 0.25, "masked", 3.0), f"{BY} 3 times its values"),
    (Hiding("out", 0.25, "masked", float("inf")), f"{BY} infinite"),
    (Hiding("ids", None, "ids", None), "ids changes, within the bounds of ids"),
])  # fmt: skip
def test_in_words(hiding, told):
    assert hiding.told() == told
