"""The quality of counterexamples: what is left in them is what the fault needs."""

import itertools
import math
from pathlib import Path

import numpy as np
import pytest

from harness.judge.claims import Evidence, fails
from harness.language.arithmetic import float32
from harness.language.packed import Packed
from harness.program.case import Case
from harness.program.collection import load
from harness.search import engine
from harness.search.arrays import Draw, packed_array, real_array
from harness.search.engine import Search
from harness.search.shrink import TRIALS, shrink
from harness.search.stored_case import decode_case
from harness.search.trial import Trial
from harness.subjects import calls
from harness.subjects.reference import Reference

ROOT = Path(__file__).parents[3]


@pytest.fixture
def big_case(tiny):
    """Larger than the contract draws: 6 rows of 64 blocks."""
    inputs = {
        "x": real_array("x", Draw("normal", seed=1), (256,)),
        "m": packed_array("m", Draw("normal", seed=1, dtype="q8"), (6, 256), tiny.formats["q8"]),
    }
    return Case({"rows": 6, "size": 256, "k": 2}, inputs)


@pytest.fixture
def shrunk(tiny, rule, subject):
    """The case that is left of a failing one, and the number of trials that took."""

    def run(case, product):
        trials = []

        def judge(candidate):
            trials.append(candidate)
            return Trial(tiny, rule(1), candidate, subject(product=product), float32()).judge()

        smaller, judgement = shrink(case, judge(case), judge, lambda candidate: True)
        assert judgement.holds is False and judge(smaller).holds is False
        return smaller, len(trials) - 2

    return run


def blocks(tensor: Packed) -> list[tuple[int, int]]:
    return [tuple(map(int, place)) for place in np.argwhere(tensor.raw.any(axis=-1))]


def test_a_fault_of_one_activation_and_one_block_leaves_exactly_those(shrunk, big_case, subject):
    right = subject().module.product

    def product(*, x, m, size):
        out = right(x=x, m=m, size=size)["out"]
        weight = np.frombuffer(m[2], np.uint8).reshape(6, 64, 6)[4, 50].any()
        out[4] += 100 * abs(x[201]) * weight
        return {"out": out}

    case, trials = shrunk(big_case, product)
    assert np.flatnonzero(case.inputs["x"]).tolist() == [201]
    assert case.inputs["x"][201] == 1
    assert blocks(case.inputs["m"]) == [(4, 50)]
    assert trials <= TRIALS


def test_a_fault_of_two_activations_keeps_both(shrunk, big_case, subject):
    right = subject().module.product

    def product(*, x, m, size):
        return {"out": right(x=x, m=m, size=size)["out"] + np.float32(100) * (x[3] != 0) * (x[250] != 0)}

    case, _ = shrunk(big_case, product)
    assert np.flatnonzero(case.inputs["x"]).tolist() == [3, 250]
    assert not case.inputs["m"].raw.any()


def test_a_fault_that_needs_nothing_leaves_nothing(shrunk, big_case):
    case, trials = shrunk(big_case, lambda *, x, m, size: {"out": np.ones(6, np.float32)})
    assert not case.inputs["x"].any() and not case.inputs["m"].raw.any()
    assert trials < 10


def test_a_negative_value_stays_negative_where_that_matters(shrunk, big_case, subject):
    right = subject().module.product

    def product(*, x, m, size):
        return {"out": right(x=x, m=m, size=size)["out"] + np.float32(100) * (x < -0.5).any()}

    case, _ = shrunk(big_case, product)
    assert case.inputs["x"][case.inputs["x"] != 0].tolist() == [-1]


def test_the_way_of_failing_does_not_change(shrunk, big_case):
    """A subject that also crashes on zeros: the crash is another failure than the one found."""

    def product(*, x, m, size):
        if np.count_nonzero(x) < 3:
            raise ValueError("too few")
        return {"out": np.zeros(6, np.float32)}

    case, _ = shrunk(big_case, product)
    assert np.count_nonzero(case.inputs["x"]) == 3


def test_the_budget_is_kept_where_everything_matters(shrunk, big_case):
    def product(*, x, m, size):
        return {"out": np.full(6, 1e9 if np.count_nonzero(x) == 256 else 0, np.float32)}

    case, trials = shrunk(big_case, product)
    assert np.count_nonzero(case.inputs["x"]) <= 256
    assert trials <= TRIALS


def wrong_from(position):
    """The last entries of long rows are dropped: a fault of a loop that ends too early."""

    def planted(right):
        def product(*, x, m, size):
            kept = np.where(np.arange(size) < position, x, 0).astype(np.float32)
            return right(x=kept, m=m, size=size)

        return product

    return planted


@pytest.mark.parametrize("position", [4, 6, 7])
def test_a_dropped_tail_is_found_and_shrunk_to_one_entry(tiny, search, subject, position):
    outcome = search(1, cases=200, product=wrong_from(position)(subject().module.product))
    assert outcome.verdict == "falsified"
    case = decode_case(tiny, outcome.counterexample)
    assert np.count_nonzero(case.inputs["x"]) == 1 and case.inputs["x"][position] == 1
    assert len(blocks(case.inputs["m"])) == 1
    assert case.dimensions["rows"] == 1


def wrong_scale(right):
    def product(*, x, m, size):
        dtype, shape, data = m
        raw = np.frombuffer(data, np.uint8).reshape(-1, 6).copy()
        raw[1::2, :2] = raw[0::2, :2][: len(raw[1::2])]
        return right(x=x, m=(dtype, shape, raw.tobytes()), size=size)

    return product


def last_row(right):
    def product(*, x, m, size):
        out = right(x=x, m=m, size=size)["out"]
        out[2:] = out[2:] * np.float32(1.001)
        return {"out": out}

    return product


def negated_for_negative(right):
    return lambda *, x, m, size: right(x=np.abs(x), m=m, size=size)


@pytest.mark.parametrize("plant", [wrong_scale, last_row, negated_for_negative], ids=lambda plant: plant.__name__)
def test_faults_known_to_be_discoverable_are_discovered(search, subject, plant):
    outcome = search(1, cases=200, product=plant(subject().module.product))
    assert outcome.verdict == "falsified"
    assert outcome.tally.cases <= 100


@pytest.mark.parametrize(("number", "name"), [(13, "x"), (14, "router")])
def test_what_has_to_be_refused_is_still_in_the_case(number, name):
    """Without its NaN or infinity the case would fail on every implementation: replaying it could not show a repair."""
    (router,) = load((str(ROOT / "contracts/moe-router-v2.yaml"),))
    found = Search(router, router.falsifiers[number - 1], Reference("FAULT-ROUTER-005"), 25).run()
    assert found.verdict == "falsified"
    case = decode_case(router, found.counterexample)
    assert not np.isfinite(case.inputs[name]).all()
    assert np.count_nonzero(~np.isfinite(case.inputs[name])) == 1
    repaired = Trial(router, router.falsifiers[number - 1], case, Reference(), float32()).judge()
    assert repaired.holds is True


def test_a_case_that_is_not_admitted_is_not_taken(tiny, rule, big_case):
    def judge(candidate):
        return fails(Evidence("always"))

    kept, _ = shrink(big_case, judge(big_case), judge, lambda candidate: candidate.inputs["x"][3] != 0)
    assert np.flatnonzero(kept.inputs["x"]).tolist() == [3]


@pytest.fixture
def timed(search, subject, monkeypatch):
    """Search a dropped tail with calls of so many seconds: the outcome, and the calls from the first failure on.

    The clock is a count of calls. The fault shows where an entry from the seventh on is not zero.
    """

    def run(seconds):
        wrong = []
        clock = itertools.count()
        right = subject().module.product
        planted = wrong_from(6)(right)

        def product(*, x, m, size):
            out = planted(x=x, m=m, size=size)
            if wrong or not np.array_equal(out["out"], right(x=x, m=m, size=size)["out"]):
                wrong.append(size)
            return out

        # read before and after each call
        monkeypatch.setattr(calls, "perf_counter", lambda: next(clock) * seconds)
        return search(1, cases=200, product=product), len(wrong)

    return run


def test_a_slow_subject_is_shrunk_for_seconds_of_its_own(tiny, rule, subject, timed):
    quick, many = timed(0.0)
    slow, few = timed(0.2)
    assert (slow.verdict, slow.tally.cases) == (quick.verdict, quick.tally.cases) == ("falsified", quick.tally.cases)
    assert 5 < few * 0.2 < 10 < many * 0.2
    case = decode_case(tiny, slow.counterexample)
    again = Trial(tiny, rule(1), case, subject(product=wrong_from(6)(subject().module.product)), float32()).judge()
    assert again.holds is False


def test_a_quick_subject_is_shrunk_as_if_there_were_no_clock(timed, monkeypatch):
    limited, calls_limited = timed(0.001)
    monkeypatch.setattr(engine, "SHRINK_SECONDS", math.inf)
    free, calls_free = timed(0.001)
    assert (limited.counterexample, calls_limited) == (free.counterexample, calls_free)


def test_the_slowest_subject_still_has_a_counterexample(timed):
    outcome, calls_made = timed(100.0)
    assert outcome.verdict == "falsified" and outcome.counterexample is not None
    assert calls_made < 20, "those that show the failure and explain it, and none to make it smaller"
