"""Falsifiers that draw from the same draw the same cases, whichever of them are run."""

from dataclasses import replace

import numpy as np
import pytest

from harness.search import engine
from harness.search.domain import KEPT, LONGEST, Remembered, domain_of
from harness.search.engine import NOT_REPRODUCIBLE
from harness.search.outcome import FALSIFIED, SURVIVED
from harness.teeth.cases import collect


@pytest.fixture(autouse=True)
def forgotten(monkeypatch):
    monkeypatch.setattr(engine, "STREAMS", Remembered())


def test_what_is_drawn_from_is_told_whole(tiny, rule):
    same = domain_of(tiny, rule(2))
    assert domain_of(tiny, rule(4)) == same, "two claims about every case"
    texts = [domain_of(tiny, rule(number)) for number in (1, 2, 5, 6, 7, 8, 9, 10)]
    assert len(set(texts)) == len(texts)
    assert domain_of(replace(tiny, sizes=({"rows": 64},)), rule(2)) != same
    x = tiny.inputs["x"]
    assert domain_of(replace(tiny, inputs={**tiny.inputs, "x": replace(x, kinds=("zeros",))}), rule(2)) != same


def test_a_sample_is_the_same_alone_and_after_another_falsifier(tiny, rule):
    alone = collect(tiny, rule(4), 60).recipes
    engine.STREAMS = Remembered()
    other = collect(tiny, rule(2), 60).recipes
    drawn = dict(engine.STREAMS._streams)
    after = collect(tiny, rule(4), 60).recipes
    assert alone == other == after and len(alone) == 60
    assert dict(engine.STREAMS._streams) == drawn, "nothing was drawn again"


def test_outcomes_are_the_same_alone_and_after_another_falsifier(search):
    numbers = (1, 2, 4, 5, 10)
    alone = {}
    for number in numbers:
        engine.STREAMS = Remembered()
        alone[number] = search(number)
    for number in (*numbers, *reversed(numbers)):
        again = search(number)
        assert (again.verdict, again.tally) == (alone[number].verdict, alone[number].tally), number


def test_a_failure_among_remembered_draws_shrinks_as_it_does_alone(search):
    def wrong(**arguments):
        return {"out": np.zeros(arguments["m"][1][0], np.float32)}

    alone = search(1, product=wrong)
    assert search(1).verdict == SURVIVED
    after = search(1, product=wrong)
    assert after.verdict == FALSIFIED
    assert (after.reason, after.tally, after.counterexample) == (alone.reason, alone.tally, alone.counterexample)


def test_what_fails_among_remembered_draws_and_then_no_more_is_not_reproducible(search):
    assert search(5).verdict == SURVIVED
    calls = []

    def once(*, x, m, size):
        calls.append(1)
        return {"out": np.full(m[1][0], 12 <= len(calls) <= 15, np.float32)}

    outcome = search(5, product=once)
    assert outcome.verdict == FALSIFIED and outcome.reason.startswith(NOT_REPRODUCIBLE)
    assert outcome.counterexample is not None


def test_memory_is_bounded():
    kept = Remembered()
    kept.keep(("long",), [None] * (LONGEST + 1))
    for number in range(KEPT + 1):
        kept.keep((number,), [None])
    assert kept.get(("long",)) is None and kept.get((0,)) is None
    assert kept.get((KEPT,)) == (None,)
