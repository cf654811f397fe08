"""Integers: what Python's exact integers say, or a refusal by name; nothing wraps around."""

from itertools import accumulate
from math import prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.language.arithmetic import float32
from harness.language.evaluate import Bindings, evaluate
from harness.language.exact.domain import Exact
from harness.language.integer_arithmetic import HIGHEST, LOWEST, IntegerOutOfRange
from harness.language.operators import INTEGER
from harness.language.scalar_evaluation import evaluate_scalar
from harness.language.single import Single
from harness.language.syntax import parse
from harness.language.undecided import Undecided

EDGES = (0, 1, -1, 2, 3, 31, 62, 63, 64, 127, 2**31, 2**32, 2**62, HIGHEST, LOWEST, LOWEST + 1, -(2**62))
NUMBERS = st.one_of(st.sampled_from(EDGES), st.integers(LOWEST, HIGHEST), st.integers(-70, 70))
DOMAINS = [Exact(float32()), Single()]


def value(domain, text, **given):
    return evaluate(parse(text), Bindings(domain, {}, {}, given))


def by_python(symbol, a, b):
    """The exact result, or None where it is no integer of 64 bits or has no meaning."""
    if (symbol in ("//", "%") and b == 0) or (symbol in ("<<", ">>") and b < 0) or (symbol == "<<" and b > 128):
        return None
    exact = eval(f"a {symbol} b")
    return exact if LOWEST <= exact <= HIGHEST else None


@pytest.mark.parametrize("domain", DOMAINS, ids=lambda domain: type(domain).__name__)
@pytest.mark.parametrize("symbol", [symbol for symbol in INTEGER if symbol not in ("//", "%")])
@given(a=st.lists(NUMBERS, min_size=1, max_size=4), b=NUMBERS)
def test_arrays_are_exact_or_refused(domain, symbol, a, b):
    wanted = [by_python(symbol, entry, b) for entry in a]
    given = {"a": np.array(a, np.int64), "b": np.array([b], np.int64)}
    if None in wanted:
        with pytest.raises(IntegerOutOfRange, match="64 bits"):
            value(domain, f"a {symbol} b", **given)
    else:
        assert value(domain, f"a {symbol} b", **given).tolist() == wanted


@pytest.mark.parametrize("symbol", ["//", "%"])
@given(a=st.lists(NUMBERS, min_size=1, max_size=4), b=NUMBERS.filter(bool))
def test_quotients_are_exact_or_refused(symbol, a, b):
    wanted = [by_python(symbol, entry, b) for entry in a]
    given = {"a": np.array(a, np.int64), "b": np.array([b], np.int64)}
    for domain in DOMAINS:
        if None in wanted:
            with pytest.raises(IntegerOutOfRange):
                value(domain, f"a {symbol} b", **given)
        else:
            assert value(domain, f"a {symbol} b", **given).tolist() == wanted


@pytest.mark.parametrize("domain", DOMAINS, ids=lambda domain: type(domain).__name__)
@given(a=st.lists(NUMBERS, min_size=1, max_size=6))
def test_sums_and_signs_are_exact_or_refused(domain, a):
    array = np.array(a, np.int64)
    for text, wanted in (("sum(a)", [sum(a)]), ("-a", [-entry for entry in a]), ("~a", [~entry for entry in a])):
        if all(LOWEST <= entry <= HIGHEST for entry in wanted):
            assert np.atleast_1d(value(domain, text, a=array)).tolist() == wanted
        else:
            with pytest.raises(IntegerOutOfRange):
                value(domain, text, a=array)


@pytest.mark.parametrize("domain", DOMAINS, ids=lambda domain: type(domain).__name__)
@given(a=st.lists(NUMBERS, min_size=1, max_size=5), b=st.integers(0, 70))
def test_prefix_sums_products_and_powers_are_exact_or_refused(domain, a, b):
    cases = {
        "cumsum(a)": list(accumulate(a)), "prod(a)": [prod(a)], "pow(a, b)": [entry**b for entry in a],
        "maximum(a, b)": [max(entry, b) for entry in a], "clip(a, -b, b)": [min(max(entry, -b), b) for entry in a],
        "sign(a)": [(entry > 0) - (entry < 0) for entry in a],
    }  # fmt: skip
    for text, wanted in cases.items():
        if all(LOWEST <= entry <= HIGHEST for entry in wanted):
            assert np.atleast_1d(value(domain, text, a=np.array(a, np.int64), b=b)).tolist() == wanted
        else:
            with pytest.raises(IntegerOutOfRange):
                value(domain, text, a=np.array(a, np.int64), b=b)


@pytest.mark.parametrize("domain", DOMAINS, ids=lambda domain: type(domain).__name__)
def test_the_larger_of_numbers_without_a_sign(domain):
    large = np.array([2**64 - 1, 5], np.uint64)
    assert value(domain, "maximum(a, b)", a=large, b=np.array([3, 7])).tolist() == [2**64 - 1, 7]
    assert value(domain, "minimum(a, b)", a=large, b=np.array([3, -7])).tolist() == [3, -7]
    assert value(domain, "pow(a, 0)", a=large).tolist() == [1, 1]


@pytest.mark.parametrize("domain", DOMAINS, ids=lambda domain: type(domain).__name__)
def test_sums_along_an_axis_are_those_of_python(domain):
    rows = np.array([[2**62, 2**62 - 1], [-(2**62), -(2**62)]])
    assert value(domain, "sum(a, 1)", a=rows).tolist() == [HIGHEST, LOWEST]
    with pytest.raises(IntegerOutOfRange, match="sum leaves"):
        value(domain, "sum(a + 1, 1)", a=rows)


@given(a=NUMBERS, b=NUMBERS)
def test_single_numbers_are_exact_in_every_evaluation(a, b):
    for symbol in ("+", "-", "*", "&", "|", "^"):
        exact = eval(f"a {symbol} b")
        assert evaluate_scalar(parse(f"a {symbol} b"), {"a": a, "b": b}) == exact
        assert all(value(domain, f"a {symbol} b", a=a, b=b) == exact for domain in DOMAINS)


@pytest.mark.parametrize(("a", "b"), [(1, 63), (1, 64), (-3, 62), (5, 10**30), (0, 10**9), (1, -1)])
def test_a_shift_out_of_range_is_refused_wherever_it_is_evaluated(a, b):
    evaluations = [lambda text, **given: evaluate_scalar(parse(text), given)]
    evaluations += [lambda text, domain=domain, **given: value(domain, text, **given) for domain in DOMAINS]
    for evaluation in evaluations:
        with pytest.raises(IntegerOutOfRange, match="a << b"):
            evaluation("a << b", a=a, b=b)
    if b < 0:
        for evaluation in evaluations:
            with pytest.raises(IntegerOutOfRange, match="a >> b"):
                evaluation("a >> b", a=a, b=b)


def test_bytes_of_a_subject_do_not_wrap_at_their_own_width():
    few = np.array([200, 255], np.uint8)
    assert INTEGER["+"](few, few).tolist() == [400, 510]
    assert INTEGER["+"](few, 1).tolist() == [201, 256]
    with pytest.raises(IntegerOutOfRange):
        INTEGER["+"](np.array([2**64 - 1], np.uint64), 1)


def test_a_case_whose_integers_leave_the_range_is_not_judged():
    assert issubclass(IntegerOutOfRange, Undecided) and issubclass(IntegerOutOfRange, ArithmeticError)
    assert str(IntegerOutOfRange("a << b", 2**64)) == f"a << b leaves the integers of 64 bits, got {2**64}"
    assert "about 2**300" in str(IntegerOutOfRange("a * b", 2**300))


# --- u64: beyond the integers with a sign --------------------------------------------------------------------------

HIGHEST_UNSIGNED = 2**64 - 1
UNSIGNED = st.one_of(
    st.sampled_from([0, 1, 2, 255, 2**53 + 1, HIGHEST, HIGHEST + 1, HIGHEST + 2, HIGHEST_UNSIGNED]),
    st.integers(0, HIGHEST_UNSIGNED),
)
FITTING = ("&", "|", "^", "//", "%", ">>")  # never leave the range between numbers of u64


@pytest.mark.parametrize("domain", DOMAINS, ids=lambda domain: type(domain).__name__)
@pytest.mark.parametrize("symbol", INTEGER)
@given(a=st.lists(UNSIGNED, min_size=1, max_size=4), b=UNSIGNED)
def test_numbers_of_u64_are_exact_or_refused(domain, symbol, a, b):
    b = b % 65 if symbol in ("<<", ">>") else max(b, 1) if symbol in ("//", "%") else b
    wanted = [eval(f"entry {symbol} b", {"entry": entry, "b": b}) for entry in a]
    beyond = max(*a, b) > HIGHEST
    most, least = (HIGHEST_UNSIGNED if beyond else HIGHEST), (LOWEST if max(wanted) <= HIGHEST else 0)
    given = {"a": np.array(a, np.uint64), "b": np.array([b], np.uint64)}
    if all(least <= number <= most for number in wanted):
        assert value(domain, f"a {symbol} b", **given).tolist() == wanted
    else:
        assert symbol not in FITTING
        with pytest.raises(IntegerOutOfRange, match="64 bits"):
            value(domain, f"a {symbol} b", **given)


@pytest.mark.parametrize("domain", DOMAINS, ids=lambda domain: type(domain).__name__)
@pytest.mark.parametrize("symbol", ["==", "!=", "<", "<=", ">", ">="])
@given(a=st.lists(UNSIGNED, min_size=1, max_size=4), b=st.one_of(UNSIGNED, NUMBERS))
def test_numbers_of_u64_are_compared_as_integers(domain, symbol, a, b):
    given = {"a": np.array(a, np.uint64), "b": np.array([b], np.uint64 if b > HIGHEST else np.int64)}
    found = value(domain, f"a {symbol} b", **given)
    wanted = [eval(f"entry {symbol} b", {"entry": entry, "b": b}) for entry in a]
    assert np.asarray(getattr(found, "v", found)).tolist() == wanted


@pytest.mark.parametrize("domain", DOMAINS, ids=lambda domain: type(domain).__name__)
def test_numbers_of_u64_stay_integers_wherever_they_go(domain):
    large = np.array([HIGHEST_UNSIGNED, 2**63, 3], np.uint64)
    small = np.array([5, 6, 7], np.uint64)
    given = {"a": large, "b": small, "c": np.array([-1, 2, 3])}
    assert value(domain, "concat(a, b, axis=0)", **given).tolist() == [*large.tolist(), 5, 6, 7]
    assert value(domain, "stack(b, a, axis=0)[1, 0]", **given) == HIGHEST_UNSIGNED
    assert value(domain, "a[1:]", **given).tolist() == [2**63, 3]
    assert value(domain, "sum(a[1:], 0)", **given) == 2**63 + 3
    assert value(domain, "(a >> 60) + c", **given).tolist() == [14, 10, 3]
    assert value(domain, "a & 0xff", **given).tolist() == [255, 0, 3]
    for refused in ("-a", "~a", "a + 1", "a * a", "sum(a, 0)", "concat(a, c, axis=0)", "a ^ c"):
        with pytest.raises(IntegerOutOfRange, match="64 bits"):
            value(domain, refused, **given)


def test_a_quotient_of_u64_by_zero_is_zero_in_float32_and_undecided_exactly():
    given = {"a": np.array([HIGHEST_UNSIGNED, 7], np.uint64), "b": np.array([0, 2], np.uint64)}
    assert value(Single(), "a // b", **given).tolist() == [0, 3]
    assert value(Single(), "a % b", **given).tolist() == [0, 1]
    with pytest.raises(Undecided, match="by zero"):
        value(Exact(float32()), "a // b", **given)


@pytest.mark.parametrize("domain", DOMAINS, ids=lambda domain: type(domain).__name__)
def test_a_single_number_of_more_bits_is_refused_where_it_enters_an_array(domain):
    with pytest.raises(IntegerOutOfRange, match="an entry of an array leaves the integers of 64 bits"):
        value(domain, "scan(a * 3, i=64, a=3)")
    assert value(domain, "scan(a * 2, i=63, a=1)[-1]") == 2**63


@pytest.mark.parametrize("domain", DOMAINS, ids=lambda domain: type(domain).__name__)
def test_exponents_and_diagonals_beyond_64_bits_are_refused_or_mean_what_they_say(domain):
    beyond = f"{2**62} * {2**62}"
    given = {"x": np.array([-1.0, 0.5], np.float32), "u": np.array([2**63, 2], np.uint64), "w": np.ones((2, 2))}
    for exponent in (beyond, f"-{beyond}", f"-{2**62} * 2", f"{2**53 + 1}", "u"):
        with pytest.raises(IntegerOutOfRange, match="the exponent of a pow leaves the integers"):
            value(domain, f"pow(x, {exponent})", **given)
    assert value_of(value(domain, f"pow(x, {2**53 - 1})", **given)).tolist() == [-1, 0]
    assert np.isinf(value_of(value(domain, "ldexp(x, u)", **given))[0])  # not 2 to a negative power
    assert value_of(value(domain, f"ldexp(x, -{beyond})", **given)).tolist() == [0, 0]
    assert value_of(value(domain, f"tril(w, {beyond}) - triu(w, {beyond})", **given)).tolist() == [[1, 1], [1, 1]]


def value_of(found):
    return np.asarray(getattr(found, "v", found))
