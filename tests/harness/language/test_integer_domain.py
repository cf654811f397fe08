"""What min, max and values mean, against plain comparisons."""

import itertools

import pytest

from harness.language.integer_domain import IntegerDomain
from harness.language.syntax import Number, parse
from harness.program.integers import integer

KNOWN = {"n": 4}


def number_of(end):
    return integer(end, KNOWN)


def domain(low=None, high=None, values=()):
    low, high = (None if end is None else parse(str(end)) for end in (low, high))
    return IntegerDomain(low, high, values)


def test_ends_are_both_included_and_may_be_expressions():
    assert list(domain(1, "n").integers(number_of)) == [1, 2, 3, 4]
    assert list(domain("2 * n", "2 * n").integers(number_of)) == [8]
    assert domain(3, 2).integers(number_of) == range(3, 3)


def test_values_keep_their_order():
    assert domain(values=(8, 2, 4)).integers(number_of) == (8, 2, 4)


ENDS = (None, -1, 2, 9)
LISTS = ((), (2,), (7, 3, 1))


@pytest.mark.parametrize("low, high, values", [*itertools.product(ENDS, ENDS, LISTS)])
@pytest.mark.parametrize("declared", [range(1, 6), range(3, 3), (5, 1, 9, 2), frozenset({1, 2, 3, 7})])
def test_a_domain_narrows_another_to_what_it_admits(low, high, values, declared):
    one = domain(low, high, values)
    fits = [number for number in range(-3, 12)
            if (low is None or number >= low) and (high is None or number <= high)
            and (not values or number in values)]  # fmt: skip
    assert [number for number in range(-3, 12) if one.admits(number, number_of)] == fits
    assert sorted(one.within(declared, number_of)) == sorted(set(declared) & set(fits))


def test_what_is_left_of_a_range_is_one_however_long():
    assert domain(5, 2**60).within(range(1, 2**61), number_of) == range(5, 2**60 + 1)
    assert domain(5).within(range(1, 2**61), number_of) == range(5, 2**61)


def test_values_are_narrowed_in_the_order_of_the_narrower():
    assert domain(values=(4, 1, 7)).within(range(1, 5), number_of) == (4, 1)
    assert domain(high=4).within((8, 4, 2), number_of) == (4, 2)


def test_the_least():
    assert domain("n", 9).least(number_of) == 4 and domain(values=(8, 2)).least(number_of) == 2


@pytest.mark.parametrize(
    "one, told",
    [(domain(1, "n"), "1 to 4"), (domain("n"), "4 or more"), (domain(high=3), "at most 3"),
     (domain(values=(8, 2)), "one of 8, 2")],
)  # fmt: skip
def test_in_words(one, told):
    assert one.told(number_of) == told


def test_a_model_may_be_larger_but_for_an_end_made_of_another_dimension():
    assert domain(1, 8).in_a_model() == domain(1)
    assert domain(1, "n").in_a_model() == domain(1, "n")
    assert domain(values=(8, 2)).in_a_model() == IntegerDomain(low=Number(2))


def test_what_its_ends_are_made_of():
    assert domain("a + 1", "a * b").reads == {"a", "b"} and domain(values=(1,)).reads == set()
