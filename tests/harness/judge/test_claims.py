"""Judging a result: holds, fails with the worst element as evidence, or is undecided."""

from dataclasses import replace

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.judge import claims as J
from harness.language.arithmetic import Arithmetic, float32
from harness.language.dtypes import DTYPES
from harness.language.exact.choice import top_k
from harness.language.exact.region import Bounded, multiply, total
from harness.language.exact.storage import stored
from harness.language.undecided import Undecided

AR = float32()
F = np.float32


def value(v, e=0.0) -> Bounded:
    v = np.asarray(v, np.float64)
    return Bounded(v, AR, np.broadcast_to(np.asarray(e, np.float64), v.shape)) if np.any(e) else Bounded(v, AR)


def test_close_inside():
    judged = J.close(np.array([1.05, 2.0], F), value([1.0, 2.0], [0.1, 0.1]))
    assert judged.holds is True
    assert judged.ratio == pytest.approx(0.5, rel=1e-5)
    assert (judged.judged, judged.entries) == (2, 2)


@pytest.mark.parametrize("got, holds", [(-np.inf, True), (np.inf, False), (np.nan, False), (-3e38, False)])
def test_an_exact_infinity_is_asked_for_itself(got, holds):
    judged = J.close(np.array([got, 1.0], F), value([-np.inf, 1.0]))
    assert (judged.holds, judged.judged) == (holds, 2)


def test_an_infinity_without_a_bound_is_not_judged():
    judged = J.close(np.array([0.0, 1.0], F), value([-np.inf, 1.0], [np.inf, 0.1]))
    assert (judged.holds, judged.judged) == (True, 1)


def test_close_outside_names_the_worst_element():
    judged = J.close(np.array([[1.2, 2.9]], F), value([[1.0, 2.0]], [[0.1, 0.1]]))
    assert judged.holds is False
    assert judged.evidence.index == (0, 1)
    assert (judged.evidence.expected, judged.evidence.got) == ("2", "2.9000001")
    assert (judged.evidence.wrong, judged.evidence.of) == (2, 2)
    assert judged.evidence.ulps == pytest.approx(0.9 * 2**22, rel=1e-3)


@pytest.mark.parametrize("got", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_never_inside(got):
    assert J.close(np.array([got], F), value([1.0], [1e30])).holds is False


def test_elements_without_a_bound_are_not_judged():
    part = J.close(np.array([5.0, 1.0], F), value([1.0, 1.0], [np.inf, 0.1]))
    assert (part.holds, part.judged, part.entries) == (True, 1, 2)
    none = J.close(np.array([5.0], F), value([1.0], [np.inf]))
    assert none.holds is None and "finite bound" in none.doubt


def test_an_exact_value_admits_nothing_else():
    assert J.close(np.array([1.0], F), value([1.0])).holds
    off = J.close(np.nextafter(np.array([1.0], F), F(2)), value([1.0]))
    assert off.holds is False and off.ratio == np.inf


@given(st.floats(-10, 10, width=32), st.floats(0, 1), st.floats(-2, 2))
def test_close_is_a_comparison_with_the_bound(v, bound, times):
    got = v + times * bound
    judged = J.close(np.array([got]), value([v], [bound]))
    error = abs(np.float64(got) - v)
    if abs(error - bound) > 1e-9:
        assert judged.holds is bool(error <= bound)


def test_accurate_promises_units_of_the_condition():
    x = Bounded(np.array([4.0]), Arithmetic(condition=True))
    step = 4 * 2.0**-24
    assert J.accurate(np.array([4 + 1.9 * step]), x, 2).holds
    assert J.accurate(np.array([4 + 2.1 * step]), x, 2).holds is False


def test_without_units_the_model_promises():
    model = replace(Arithmetic(), probable=True)
    terms = np.random.default_rng(0).uniform(0, 1, 3000).astype(F)
    sound, promised = total(Bounded(terms, Arithmetic()), 0), total(Bounded(terms, model), 0)
    got = np.asarray(terms.sum(dtype=F))
    assert J.probable(got, promised).holds
    off = got + 0.2 * sound.bound()
    assert J.close(off, sound).holds
    judged = J.probable(off, promised)
    assert judged.holds is False and judged.evidence.reason == "beyond what rounding errors probably add up to"
    assert judged.bound < sound.bound() / 10 and (judged.judged, judged.entries) == (1, 1)


def test_where_the_model_is_seen_to_fail_nothing_is_judged():
    model = replace(Arithmetic(), probable=True)
    terms = np.stack([np.full(16384, F(0.7)), np.random.default_rng(1).uniform(0, 1, 16384).astype(F)])
    both, equal = total(Bounded(terms, model), 1), total(Bounded(terms[0], model), 0)
    judged = J.probable(both.v.astype(F), both)
    assert judged.holds and (judged.judged, judged.entries) == (1, 2)
    assert J.probable(np.asarray(equal.v, F), equal).doubt == J.MODEL_FAILS
    overflow = total(Bounded(np.full(16384, 1e38), model), 0)
    assert J.probable(np.asarray(np.inf, F), overflow).doubt == J.UNBOUNDED


def test_identical_compares_bits_of_results():
    assert J.identical(np.array([0.0], F), np.array([-0.0], F)).holds is False
    assert J.identical(np.array([np.nan], F), np.array([np.nan], F)).holds
    assert J.identical(np.array([1, 2]), np.array([1, 2], np.int32)).holds
    assert J.identical(np.array([1.0], F), np.array([1.0, 1.0], F)).evidence.reason == "different shapes"


def test_identical_to_an_equation_is_its_value_rounded_once():
    assert J.identical(np.array([1.0], F), value([1 + 2.0**-40])).holds
    assert J.identical(np.array([0.0], F), value([-0.0])).holds
    with pytest.raises(Undecided):
        J.identical(np.array([1.0], F), value([1.0], [0.1]))


def test_entries_without_a_value_are_not_compared_and_others_are():
    nan = multiply(value([np.nan, 1.0, 3.0]), value([0.0, 2.0, 2.0]))  # kernels skip zeros, or do not
    for got in (np.nan, 7.0, np.inf):
        judged = J.identical(np.array([got, 2.0, 6.0], F), nan)
        assert (judged.holds, judged.judged, judged.entries) == (True, 2, 3)
    assert J.identical(np.array([np.nan, 2.0, 7.0], F), nan).evidence.index == (2,)
    assert J.identical(np.array([np.nan], F), multiply(value([np.nan]), value(0.0))).doubt == J.UNBOUNDED
    assert not J.identical(np.array([1.0], F), value([np.nan])).holds  # stored, not computed: a copy keeps it
    with pytest.raises(Undecided):
        J.identical(np.array([0.0, 1.0], F), multiply(value([np.nan, 1.0], [0.0, 0.1]), value(2.0)))


def test_identical_to_a_choice():
    choice = top_k(value([1.0, 3.0, 2.0]), 2)
    assert J.identical(np.array([1, 2]), choice).holds
    wrong = J.identical(np.array([1, 0]), choice)
    assert (wrong.evidence.index, wrong.evidence.expected, wrong.evidence.got) == ((1,), "2", "0")


def test_finite():
    assert J.finite(np.array([1.0, 2.0])).holds
    assert J.finite(np.array([1.0, np.nan, np.inf])).evidence.index == (1,)


def test_admissible():
    choice = top_k(value([1.0, 1.1, 0.0], [0.1, 0.1, 0.1]), 1)
    assert J.admissible(np.array([0]), choice).holds
    assert "rank 0" in J.admissible(np.array([2]), choice).evidence.got


@pytest.mark.parametrize(
    "first, second, holds",
    [
        (True, True, True),
        (True, False, False),
        (None, True, None),
        (None, False, False),
        (False, None, False),
    ],
)
def test_both(first, second, holds):
    assert J.both(J.Judgement(first, ratio=0.2), J.Judgement(second, ratio=0.7)).holds is holds


def test_both_keeps_the_worst_ratio_and_adds_up():
    both = J.both(J.Judgement(True, None, 0.2, 3, 4), J.Judgement(True, None, 0.7, 5, 5))
    assert (both.ratio, both.judged, both.entries) == (0.7, 8, 9)


def test_evidence_may_name_a_stage():
    assert J.Evidence("wrong").at("gate").stage == "gate"


def test_beside_one_certain_number_an_error_is_infinitely_far_beyond_its_bound():
    judged = J.close(np.array([2.0], ml_dtypes.bfloat16), stored(value([1.0]), [DTYPES["bf16"]]))
    assert judged.holds is False and judged.ratio == np.inf and judged.evidence.bound == 0
