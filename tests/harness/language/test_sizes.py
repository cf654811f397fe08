"""Symbolic sizes against plain integers: every claim is tried on every assignment of small dimensions."""

from itertools import product
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.language.sizes import MAX_TERMS, Range, Size, TooLarge, at_least_zero

A, B = Size.of("a"), Size.of("b")


def value(size: Size, numbers: dict[str, int]) -> int:
    return sum(factor * prod(numbers[name] for name in monomial) for monomial, factor in size.terms)


@pytest.mark.parametrize(
    "size, text",
    [
        (A + 1, "a + 1"),
        (A + A, "2*a"),
        (A - A, "0"),
        (A * B - B * A + 3, "3"),
        (A * A, "a*a"),
        (-A + 2, "-a + 2"),
        (B * 256 - 1, "256*b - 1"),
        ((A * 4 + 8).floordiv(4), "a + 2"),
        ((A * 4 - 1).floordiv(4), "a - 1"),
        (A.floordiv(3), "(a // 3)"),
        ((B - A).floordiv(3), "((-a + b) // 3)"),  # it is read again: a quotient of the last term alone otherwise
    ],
)
def test_text(size, text):
    assert str(size) == text


def test_equal_polynomials_are_equal():
    assert (A + 1) * (A - 1) == A * A - 1
    assert hash(A + B) == hash(B + A)
    assert (A - A).constant == 0 and (A - A + 7).constant == 7 and A.constant is None


@pytest.mark.parametrize(
    "size, by, text",
    [
        (A * B - 1, A, "b - 1"),
        (A * B + A, A, "b + 1"),
        (A * B * 6 + A * 2 - 2, A * 2, "3*b"),
        (A * B + 1, A, None),
        (A * B - 2, A, None),
        (A * 3, A * 2, None),
        (B, A, None),
        (A * B, A + 1, None),
    ],
)
def test_a_quotient_is_a_polynomial_or_not_known(size, by, text):
    quotient = size.divided(by)
    assert (quotient and str(quotient)) == text
    for a, b in product(range(1, 6), range(1, 6)):
        numbers = {"a": a, "b": b}
        assert quotient is None or value(quotient, numbers) == value(size, numbers) // value(by, numbers)


SIZES = st.recursive(
    st.integers(-4, 4).map(Size.of) | st.sampled_from("abc").map(Size.of),
    lambda inner: st.tuples(inner, inner, st.sampled_from("+-*")).map(
        lambda parts: {"+": parts[0] + parts[1], "-": parts[0] - parts[1], "*": parts[0] * parts[1]}[parts[2]]
    ),
    max_leaves=6,
)


@given(SIZES, SIZES, st.fixed_dictionaries(dict.fromkeys("abc", st.integers(-3, 3))))
def test_arithmetic_is_that_of_integers(x, y, numbers):
    assert value(x + y, numbers) == value(x, numbers) + value(y, numbers)
    assert value(x - y, numbers) == value(x, numbers) - value(y, numbers)
    assert value(x * y, numbers) == value(x, numbers) * value(y, numbers)
    assert value(-x, numbers) == -value(x, numbers)


@given(SIZES, st.integers(1, 4), st.fixed_dictionaries(dict.fromkeys("abc", st.integers(0, 3))))
def test_an_exact_quotient_is_that_of_integers(x, divisor, numbers):
    quotient = (x * divisor).floordiv(divisor)
    assert value(quotient, numbers) == value(x, numbers)


ENDS = st.tuples(st.integers(0, 2), st.integers(0, 3))


def assignments(ranges: dict[str, Range]):
    """Every value of the dimensions, ends of a range taken with the dimensions before it."""
    numbers = [dict[str, int]()]
    for name, part in ranges.items():
        numbers = [
            {**before, name: number}
            for before in numbers
            for number in range(value(part.low, before), value(part.high, before) + 1)
        ]
    return numbers


@st.composite
def ranges_of(draw):
    """a in a plain range, b up to a plus something, c between something and a + b."""
    low, more = draw(ENDS)
    part = {"a": Range(Size.of(low), Size.of(low + more))}
    low, more = draw(ENDS)
    part["b"] = Range(Size.of(low), A * draw(st.integers(0, 1)) + low + more)
    low, more = draw(ENDS)
    part["c"] = Range(Size.of(low) + A * draw(st.integers(0, 1)), A + B * draw(st.integers(0, 1)) + low + more)
    return part


@given(SIZES, ranges_of())
def test_at_least_zero_holds_for_every_assignment(size, ranges):
    if at_least_zero(size, ranges):
        for numbers in assignments(ranges):
            assert value(size, numbers) >= 0, numbers


@pytest.mark.parametrize("low, high, offset", list(product(range(3), range(3), range(-3, 4))))
def test_one_dimension_is_decided_exactly(low, high, offset):
    """Where a size is linear in one dimension nothing is lost: shown exactly where it holds."""
    if low > high:
        return
    ranges = {"a": Range(Size.of(low), Size.of(high))}
    for size in (A + offset, -A + offset, A * 2 + offset):
        assert at_least_zero(size, ranges) == all(value(size, n) >= 0 for n in assignments(ranges))


def test_ends_that_depend_on_a_dimension():
    ranges = {"experts": Range(Size.of(1), Size.of(16)), "k": Range(Size.of(1), Size.of("experts"))}
    experts, k = Size.of("experts"), Size.of("k")
    assert at_least_zero(experts - k, ranges)
    assert at_least_zero(experts * k - k, ranges)
    assert not at_least_zero(experts - k - 1, ranges)
    assert not at_least_zero(Size.of("unknown"), ranges)


def test_powers_of_a_dimension():
    ranges = {"per": Range(Size.of(2), Size.of(4))}
    per = Size.of("per")
    assert at_least_zero(per * per, ranges) and at_least_zero(per * per * per - 8, ranges)
    assert at_least_zero(per * per - per, ranges) and not at_least_zero(per * per - 5, ranges)


@pytest.mark.parametrize("size", [A * A - A, A * A - B, A * A - A * B, A * A - B * B, A * (A - B)])
def test_what_is_subtracted_may_be_no_more_than_what_it_is_subtracted_from(size):
    ranges = {"a": Range(Size.of(1), Size.of(4)), "b": Range(Size.of(1), A)}
    assert at_least_zero(size, ranges)
    assert not at_least_zero(size - 1, ranges)


HALF, THIRD = A.floordiv(2), A.floordiv(3)


@pytest.mark.parametrize(
    "size, holds",
    [
        (HALF, True),
        (A - HALF, True),
        (A - HALF * 2, True),
        (HALF * 2 - A + 1, True),
        (A * B - HALF * B, True),
        (A - HALF - THIRD, True),
        ((A + 1).floordiv(2) - HALF, True),
        (HALF * 2 - A, False),
        (HALF - THIRD * 2, False),
        ((A - 1).floordiv(2) * B, False),
    ],
)
def test_a_quotient_is_at_most_what_is_divided_by_the_divisor(size, holds):
    """x[:dim // 2] and x[dim // 2:], whatever dim is."""
    ranges = {"a": Range(Size.of(0), Size.of(7)), "b": Range(Size.of(0), Size.of(2))}
    assert at_least_zero(size, ranges) == holds
    values = [eval(str(size), {"a": a, "b": b}) for a in range(8) for b in range(3)]
    assert not holds or min(values) >= 0


def test_products_of_what_may_be_negative_are_not_decided():
    """Columns of a table may be negative: (-3) * (-2) is more than (-3) * 1."""
    ranges = {"a": Range(Size.of(-3), Size.of(1)), "b": Range(Size.of(-2), Size.of(1))}
    assert at_least_zero(A + 3, ranges)
    assert not at_least_zero(-(A * B) + 3, ranges)


def test_a_product_has_an_end():
    """(a0 + 1) * (a1 + 1) * ... has twice the terms with every factor."""
    product = Size.of(1)
    with pytest.raises(TooLarge):
        for number in range(64):
            product = product * (Size.of(f"a{number}") + 1)
    assert len(product.terms) == MAX_TERMS


def test_a_quotient_of_quotients_has_an_end():
    size = A
    with pytest.raises(TooLarge):
        for _ in range(64):
            size = (size * size + 1).floordiv(7)
    assert len(str(size)) < 3_000


def test_what_takes_too_long_to_show_is_not_shown():
    """The polynomial is small; with the ranges put in it is not. 0 is the least it can be, and nobody says so."""
    ranges = {f"a{number}": Range(Size.of(1), Size.of(9)) for number in range(9)}
    ranges["b"] = Range(Size.of(1), sum((Size.of(f"a{number}") for number in range(9)), Size.of(0)))
    size = -(Size.of("b") * 0 + 1)
    for _ in range(5):
        size = size * Size.of("b")
    assert not at_least_zero(size, ranges)


def test_a_factor_without_end_is_told_by_its_size():
    size = A
    for _ in range(300):
        size = size * 2**62
    assert str(size) == "(about 2**18600)*a"
