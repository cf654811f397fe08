"""Falsifiers whose bounds would let nearly anything pass; the right kernel does not make them evidence."""

from pathlib import Path

import numpy as np
import pytest

from harness.program.collection import load
from harness.search.engine import Search
from harness.search.first_wide import first_wide
from harness.search.outcome import SURVIVED, UNDECIDED, VACUOUS
from harness.subjects.subject import ModuleSubject

FAR = np.float32(1e8)


class Right:
    @staticmethod
    def f(*, x):
        last, root = np.zeros_like(x), np.full_like(x, np.nan)
        last[-1], root[-2:] = FAR, np.sqrt(np.abs(x[-2:]))
        return {"doubled": ((x + FAR) - FAR) * 2, "half_blind": (x + last) - last, "rooted": root}


@pytest.fixture(scope="module")
def program():
    (found,) = load((str(Path(__file__).with_name("widths.yaml")),))
    return found


def searched(program, number):
    return Search(program, program.falsifiers[number - 1], ModuleSubject("right", Right()), 200)


def test_a_bound_that_is_too_wide_is_vacuous_and_names_where_it_begins(program):
    outcome = searched(program, 1).run()
    assert outcome.verdict == VACUOUS
    assert outcome.reason.startswith("the bound of `doubled` is more than 10% of the rms of its values in all 200 comp")
    assert outcome.reason.endswith("nearly any result would pass; it is too wide from `near` on")


def test_a_bound_that_is_too_wide_in_one_place_admits_decoys(program):
    outcome = searched(program, 2).run()
    assert outcome.verdict == VACUOUS
    assert "the bound of `half_blind` admits a result that is without its last element, in " in outcome.reason
    assert outcome.tally.compared.too_wide() == ("", "")


def test_elements_that_are_not_judged_are_limited_unless_the_contract_says_why(program):
    outcome = searched(program, 3).run()
    assert outcome.verdict == UNDECIDED
    assert "of the elements" in outcome.reason and "of `rooted` have no finite bound" in outcome.reason
    allowed = searched(program, 4).run()
    assert (allowed.verdict, allowed.tally.undecided) == (SURVIVED, 0)
    assert 0.5 < allowed.tally.compared.stages["rooted"].unjudged / allowed.tally.entries < 0.67


def test_decoys_are_asked_in_one_case_of_eight_with_the_results_of_others(program):
    stage = searched(program, 4).run().tally.compared.stages["rooted"]
    assert stage.asked["moved on by one element"] == 25 > stage.asked["all zeros"] > 0  # some values are all zero
    assert 0 < stage.asked["that of another case"] < 25
    assert not any(count for decoy, count in stage.admitted.items())


def test_the_first_wide_equation_of_an_expression(program):
    search = searched(program, 1)
    search.run()
    case = search.wide["doubled"]
    assert [first_wide(program, search.falsifier, case, search.arithmetic, stage)
            for stage in ("doubled + x", "far", "x")] == ["near", "", ""]  # fmt: skip
