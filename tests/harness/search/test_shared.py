"""Falsifiers of one domain share cases and exact values, and no outcome depends on it."""

import numpy as np
import pytest

from harness.language.arithmetic import float32
from harness.language.exact.region import Bounded
from harness.program.case import Case
from harness.search import engine
from harness.search.domain import Remembered
from harness.search.recipe import Recipe
from harness.search.shared import SharedCase, SharedCases


@pytest.fixture(autouse=True)
def forgotten(monkeypatch):
    monkeypatch.setattr(engine, "STREAMS", Remembered())
    monkeypatch.setattr(engine, "CASES", SharedCases())


def shared(numbers, row=None):
    case = Case({}, {"x": np.zeros(numbers)})
    return SharedCase(Recipe({}, {}), row or {}, case)


def test_a_second_falsifier_of_a_domain_builds_no_case_again(search, monkeypatch):
    alone = search(4)
    engine.STREAMS, engine.CASES = Remembered(), SharedCases()
    search(2)
    kept = len(engine.CASES._cases)
    assert kept
    monkeypatch.setattr(engine.RecipeBook, "build", lambda *_: pytest.fail("built again"))
    after = search(4)
    assert (after.verdict, after.reason, after.tally) == (alone.verdict, alone.reason, alone.tally)


def test_a_wrong_result_fails_on_shared_cases_as_it_does_alone(search):
    def wrong(**arguments):
        return {"out": np.ones(arguments["m"][1][0], np.float32)}

    alone = search(4, product=wrong)
    engine.STREAMS, engine.CASES = Remembered(), SharedCases()
    search(2)
    after = search(4, product=wrong)
    assert (after.verdict, after.reason, after.counterexample) == (alone.verdict, alone.reason, alone.counterexample)


def test_another_domain_or_contract_forgets(tiny):
    cases, kept = SharedCases(), shared(8)
    cases.open(tiny, ("first",))
    cases.keep(kept)
    cases.open(tiny, ("first",))
    assert cases.get(kept.recipe, {}) is kept
    assert cases.get(kept.recipe, {"n": 1}) is None, "another row of the tables"
    assert cases.get(Recipe({}, {}), {}) is None, "an equal recipe is another draw"
    cases.open(tiny, ("second",))
    assert cases.get(kept.recipe, {}) is None and cases.taken == 0


def test_the_first_cases_stay_where_there_is_no_room_for_all(tiny):
    cases = SharedCases(room=150)
    cases.open(tiny, ())
    first, second = shared(10), shared(10)
    cases.keep(first)
    cases.keep(second)
    assert cases.get(first.recipe, {}) is first and cases.get(second.recipe, {}) is None
    first.known_in(float32())["y"] = Bounded(np.arange(10.0) / 3, float32())
    cases.keep(first)
    assert cases.get(first.recipe, {}) is None and cases.taken == 0, "it has grown"
