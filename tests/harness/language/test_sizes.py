"""Symbolic sizes against plain integers: every claim is tried on every assignment of small dimensions."""

from itertools import product
from math import prod

import pytest

from harness.language.sizes import Range, Size, at_least_zero

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


@pytest.mark.parametrize(
    "size, shown",
    [
        ((A + 31).floordiv(32) - (A - 1).floordiv(32) - 1, True),  # the words of a bit mask hold every token
        ((A + 31).floordiv(32) - A.floordiv(32), True),
        ((A + 30).floordiv(32) - (A - 1).floordiv(32) - 1, False),  # a = 1 has no word
        (A - (A - 1).floordiv(2) - 1, True),
        (A * B - (B - 1).floordiv(4) * A - A, True),
        (A * B - (B - 1).floordiv(4) * A - A - 1, False),  # b = 1
        ((A - 1).floordiv(2) - (A - 1).floordiv(3), False),  # true, and not seen
    ],
)
def test_differences_of_quotients(size, shown):
    """What is shown is true of all numbers; what is false is not shown."""
    assert at_least_zero(size, {"a": Range(Size.of(1), Size.of(99)), "b": Range(Size.of(1), Size.of(99))}) is shown


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
