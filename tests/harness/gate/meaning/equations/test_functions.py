""""""

import numpy as np

from harness.gate.meaning.equations.functions import (
    Sharp,
    choices,
    distinct_digits,
    first_marked,
    function_diff,
    index_text,
    value_kind,
)
from harness.language.arithmetic import FLOAT64
from harness.language.exact.choice import top_k
from harness.language.exact.region import Bounded, add, literal
from harness.language.syntax import parse


def real(values, error=0.0):
    values = np.asarray(values, float)
    return Bounded(values, FLOAT64, np.full(values.shape, error) if error else 0.0)


def test_values_differ_beyond_both_bounds_together():
    old, new = real([1.0, 2.0], 0.25), real([1.0, 2.4], 0.25)
    assert function_diff(Sharp(), old, new).difference is None
    found = function_diff(Sharp(), old, real([1.0, 2.6], 0.25))
    assert found.difference.place == "[1]" and found.judged == 2


def test_an_entry_without_a_bound_shows_nothing():
    for last in (7.0, np.nan):
        unknown = Bounded(np.array([1.0, last]), FLOAT64, np.array([0.0, np.inf]))
        found = function_diff(Sharp(), unknown, real([1.0, 5.0]))
        assert found.difference is None and found.judged == 1


def test_an_exact_infinity_is_a_value_like_others():
    assert function_diff(Sharp(), real([1.0, np.inf]), real([1.0, np.inf])).difference is None
    for other in (-np.inf, 5.0):
        found = function_diff(Sharp(), real([1.0, np.inf]), real([1.0, other])).difference
        assert found.place == "[1]" and found.old == "inf"


def test_a_decimal_stands_for_its_decimal():
    sharp = Sharp()
    three = add(sharp.literal(0.1), sharp.literal(0.2))
    assert float(three.v) != 0.3  # in float64
    assert function_diff(sharp, three, sharp.literal(0.3)).difference is None
    assert function_diff(sharp, sharp.literal(0.5), sharp.literal(np.nextafter(0.5, 1))).difference is not None
    assert literal(0.1, FLOAT64).exact  # the evaluator itself takes the float64


def test_integers_truths_and_texts():
    assert function_diff(Sharp(), np.array([1, 2]), np.array([1, 3])).difference.place == "[1]"
    assert function_diff(Sharp(), np.array([1, 2]), np.array([1, 2])).difference is None
    assert function_diff(Sharp(), "a", "b").difference.new == "'b'"
    assert function_diff(Sharp(), True, False).difference.old == "true"
    assert function_diff(Sharp(), np.array([1]), real([1.0])).difference.old == "integers"
    assert "shape" in function_diff(Sharp(), real([1.0]), real([[1.0]])).difference.old


def test_a_choice_in_doubt_shows_nothing():
    open_ = top_k(real([1.0, 1.0 + 1e-3], 1e-2), 1)
    assert open_.doubt and function_diff(Sharp(), open_, np.array([0])).judged == 0


def test_kinds_places_and_digits():
    assert [value_kind(value) for value in (3, np.array([1]), real([1.0]), "a", ["a"], True)] == [
        "integers", "integers", "real numbers", "texts", "texts", "truth"]  # fmt: skip
    assert first_marked(np.array([[False, False], [False, True]])) == (1, 1)
    assert index_text((1, 1)) == "[1, 1]" and index_text(()) == ""
    assert distinct_digits(1.0, 1.0 + 1e-10) == ("1", "1.0000000001")


def test_what_is_certainly_no_number_is_known_like_any_other():
    nan, number, unknown = real([np.nan]), real([1.0]), real([np.nan], np.inf)
    assert function_diff(Sharp(), nan, number).difference is not None
    assert function_diff(Sharp(), number, nan).difference is not None
    for pair in ((nan, nan), (nan, unknown), (unknown, number)):
        assert function_diff(Sharp(), *pair).difference is None


def test_the_formats_that_kernels_may_choose():
    lists = [parse("stored(x, [f32, bf16]) + stored(y, f16)"), parse("stored(z, [f64, f8_e5m2])")]
    assert choices(lists, 24) == ("f64", "bf16", "f8_e5m2") and choices(lists[:0], 24) == ("",)
    assert choices([parse("stored(x, [f16, bf16])")], 11) == ("f64", "bf16")


def test_every_kernel_takes_the_chosen_format_where_it_may():
    third = Bounded(np.asarray([1 / 3]), FLOAT64)
    for chosen, expected in (("", 1 / 3), ("f64", 1 / 3), ("bf16", 0.333984375)):
        domain = Sharp(chosen=chosen)
        assert domain.call("stored", [third, "f32", "bf16"], {}).v[0] == expected
        assert domain.call("stored", [third, "f16"], {}).v[0] == float(np.float16(1 / 3)), "there is no choice"
        assert domain.call("stored", [third], {}).v[0] == 1 / 3
