"""Whether a saboteur changed anything."""

import numpy as np
import pytest

from harness.subjects.reference import Reference, RefusedByContract
from harness.teeth.effect import ObservedSaboteur
from harness.teeth.saboteurs.refusals import Swallowed
from harness.teeth.saboteurs.results import LastUnwritten, TwoSwapped

DIMENSIONS = {"size": 3, "k": 1, "threads": 1}


def arguments(x, v=(1, 1, 1)):
    return {"x": np.array(x, np.float32), "v": np.array(v, np.float32), "k": 1}


def both(x):
    return {"x": np.array(x, np.float32), "w": np.ones(3, np.float32)}


@pytest.mark.parametrize(("x", "changed"), [([1, 2, 0], False), ([1, 2, 3], True)])
def test_a_last_entry_that_is_zero_anyway(computing, x, changed):
    program = computing({"out": "x * 2"})
    observed = ObservedSaboteur(LastUnwritten, Reference())
    returned = observed.call(program, "f", both(x), {"size": 3})
    assert returned["out"][-1] == 0 and observed.changed == changed


def test_any_call_counts(computing):
    program = computing({"out": "x * 2"})
    observed = ObservedSaboteur(TwoSwapped, Reference())
    for x, changed in (([1, 1, 1], False), ([1, 2, 3], True), ([1, 1, 1], True)):
        observed.call(program, "f", both(x), {"size": 3})
        assert observed.changed == changed


def test_an_error_that_is_swallowed_is_a_change(rows):
    observed = ObservedSaboteur(Swallowed, Reference())
    observed.call(rows(), "rows", arguments([1, 2, 3]), DIMENSIONS)
    assert not observed.changed
    observed.call(rows(), "rows", arguments([1, 2, 3], [1, 1]), DIMENSIONS)
    assert observed.changed
    with pytest.raises(RefusedByContract):
        Reference().call(rows(), "rows", arguments([1, 2, 3], [1, 1]), DIMENSIONS)
