"""Falsifiers of one domain share cases and exact values, and no outcome depends on it."""

import numpy as np
import pytest

from harness.language.arithmetic import float32
from harness.language.evaluate import decode
from harness.language.exact.domain import Exact
from harness.language.exact.region import Bounded
from harness.program.case import Case
from harness.search import engine
from harness.search.arrays import Draw, packed_array
from harness.search.domain import Remembered
from harness.search.engine import Search
from harness.search.outcome import SURVIVED
from harness.search.recipe import Recipe
from harness.search.shared import SharedCase, SharedCases


@pytest.fixture(autouse=True)
def forgotten(monkeypatch):
    monkeypatch.setattr(engine, "STREAMS", Remembered())
    monkeypatch.setattr(engine, "CASES", SharedCases())


def shared(numbers, row=None):
    case = Case({}, {"x": np.zeros(numbers)})
    return SharedCase(Recipe({}, {}), row or {}, case)


def alone_and_after(tiny, rule, kernel, monkeypatch):
    """The outcome of falsifier 4 by itself, and after 2 of the same domain: then without building a case."""
    alone = Search(tiny, rule(4), kernel, 60).run()
    engine.STREAMS, engine.CASES = Remembered(), SharedCases()
    Search(tiny, rule(2), kernel, 60).run()
    built = []
    build = engine.RecipeBook.build
    monkeypatch.setattr(engine.RecipeBook, "build", lambda *given: built.append(1) or build(*given))
    return alone, Search(tiny, rule(4), kernel, 60).run(), len(built)


def test_a_second_falsifier_of_a_domain_builds_no_case_again(tiny, rule, subject, monkeypatch):
    alone, after, built = alone_and_after(tiny, rule, subject(), monkeypatch)
    assert (after.verdict, after.reason, after.tally) == (alone.verdict, alone.reason, alone.tally)
    assert (alone.verdict, built) == (SURVIVED, 0)


def test_a_wrong_result_fails_on_shared_cases_as_it_does_alone(tiny, rule, subject, monkeypatch):
    def wrong(**arguments):
        return {"out": np.ones(arguments["m"][1][0], np.float32)}

    alone, after, _ = alone_and_after(tiny, rule, subject(product=wrong), monkeypatch)
    assert (after.verdict, after.reason, after.counterexample) == (alone.verdict, alone.reason, alone.counterexample)


def test_another_domain_or_contract_forgets(tiny):
    cases, kept = SharedCases(), shared(8)
    cases.open(tiny, None, ("first",))
    cases.keep(kept)
    cases.open(tiny, None, ("first",))
    assert cases.get(kept.recipe, {}) is kept
    assert cases.get(kept.recipe, {"n": 1}) is None, "another row of the tables"
    assert cases.get(Recipe({}, {}), {}) is None, "an equal recipe is another draw"
    cases.open(tiny, None, ("second",))
    assert cases.get(kept.recipe, {}) is None and cases.taken == 0


def test_the_first_cases_stay_where_there_is_no_room_for_all(tiny):
    cases = SharedCases(room=150)
    cases.open(tiny, None, ())
    first, second = shared(10), shared(10)
    cases.keep(first)
    cases.keep(second)
    assert cases.get(first.recipe, {}) is first and cases.get(second.recipe, {}) is None


def test_values_leave_before_cases_do(tiny):
    cases = SharedCases(room=480)
    cases.open(tiny, None, ())
    kept = []
    for _ in range(5):
        kept.append(shared(10))
        kept[-1].known_in(float32())["y"] = Bounded(np.arange(10.0) / 3, float32())
        cases.keep(kept[-1])
    found = [cases.get(part.recipe, {}) for part in kept]
    assert [bool(part and part.known_in(float32())) for part in found] == [True, False, False, False, False]
    assert [part is not None for part in found] == [True, True, True, True, False] and cases.taken <= 480
    kept[1].case.inputs["x"] = np.zeros(1000)
    cases.keep(kept[1])
    assert cases.get(kept[1].recipe, {}) is None, "it has grown"


def test_a_tensor_is_kept_once_and_what_was_decoded_of_it_leaves(tiny):
    tensor = packed_array("m", Draw("normal", seed=1, dtype="q8"), (6, 256), tiny.formats["q8"])
    assert np.shares_memory(tensor.raw, np.frombuffer(tensor.for_subject()[2], np.uint8))
    case = SharedCase(Recipe({}, {}), {}, Case({}, {"m": tensor}))
    case.known_in(float32())["m"] = tensor
    assert case.measured() == tensor.nbytes + 64, "and the record of what the subject gets"
    exact = decode(tensor.take((slice(0, 2),)), Exact(float32()))
    assert case.measured() >= tensor.nbytes + exact.v.nbytes + exact.a.nbytes
    case.without_values()
    assert case.measured() == tensor.nbytes + 64
    assert np.array_equal(decode(tensor.take((slice(0, 2),)), Exact(float32())).v, exact.v)
