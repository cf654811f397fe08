"""Counts in two versions against plain Python, number by number."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from harness.gate.meaning.equations.counts import ALL, compare_counts
from harness.gate.meaning.view import views

DIMENSIONS = {"n": {"min": 1, "max": 40}, "m": {"min": 2, "max": 9}, "k": {"min": 1, "max": "m"}}
INPUTS = {"x": {"dtype": "f32", "shape": ["n"]}, "q": {"dtype": "u8", "shape": ["n"]}}


def counted(contract, old, new, dimensions=None, **sections):
    sides = [{"e": side} if isinstance(side, str) else side for side in (old, new)]
    dimensions = dimensions or DIMENSIONS
    return compare_counts(*views(*(contract(e, dimensions=dimensions, inputs=INPUTS, **sections) for e in sides)), "e")


@st.composite
def count(draw, depth=2):
    if depth == 0:
        return draw(st.sampled_from(["n", "m", "k", "1", "2", "7"]))
    op = draw(st.sampled_from(["+", "-", "*", "//", "%"]))
    right = draw(st.sampled_from(["m", "3", "5"])) if op in ("//", "%") else draw(count(depth - 1))
    return f"({draw(count(depth - 1))} {op} {right})"


@given(count(), count())
@settings(max_examples=40, derandomize=True, database=None, deadline=None)
def test_equal_exactly_where_python_says_so(contract, old, new):
    assume(old != new and any(name in old + new for name in "nmk"))
    found = counted(contract, f"x[0] * {old}", f"x[0] * {new}")
    points = [{"n": n, "m": m, "k": k} for n in range(1, 41) for m in range(2, 10) for k in range(1, m + 1)]
    assert found is not None
    differ = [point for point in points if eval(old, {}, point) != eval(new, {}, point)]
    assert bool(found.differ) == bool(differ)
    for point in found.differ:
        assert any(point.items() <= other.items() for other in differ)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("x * (n // 2)", "x + n // 2"),  # something else differs
        ("x[0] * n", "x[0] * 2.0"),  # a real number
        ("x * 2", "x * 3"),  # no count of dimensions: constants
        ("q[n - n] + m", "q[n - 1] + q[0]"),
        ("len(x) + m", "n + len(x)"),
    ],
)
def test_what_is_more_than_a_count_is_left_to_cases(contract, old, new):
    assert counted(contract, old, new) is None


def test_counts_through_equations(contract):
    half, upper = {"half": "n // 2", "e": "x[0:half]"}, {"half": "n - (n + 1) // 2", "e": "x[0:half]"}
    found = counted(contract, half, upper, returns={"e": "e"})
    assert found is not None and not found.differ and found.told == "all 40 values of n"


def test_of_too_many_values_the_ends_and_sizes_are_among_those_looked_at(contract):
    large = {"n": {"min": 1, "max": 10**6}, "m": {"min": 1, "max": 10**6}}
    for old, new, where in (
        ("n + m // 1000000 * (n // 1000000)", "n + 0 * m", {"n": 10**6, "m": 10**6}),
        ("n + m // 1000000 * (1 // n)", "n + 0 * m", {"n": 1, "m": 10**6}),
        ("n + (n // 7777777)", "n + 0 * n", {"n": 8_000_000}),
    ):
        found = counted(contract, old, new, large, sizes=[{"n": 8_000_000}])
        assert found is not None and where in found.differ
    same = counted(contract, "n * m", "m * n", large)
    assert same is not None and not same.differ and f"of more than {ALL} values of n, m" in same.told
