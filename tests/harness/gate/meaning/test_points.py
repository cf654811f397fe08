"""Numbers of dimensions: what the contract promises by name is never left to chance."""

from itertools import product

import pytest

from harness.gate.meaning.points import COMBINED, Points, Wanted, distinct, literals
from harness.gate.meaning.space import Space
from harness.gate.meaning.view import view
from harness.language.syntax import parse


def points_of(contract, dimensions, names, falsifier=None, text="x + x", **sections):
    made = view(contract({"e": "x + x"}, dimensions=dimensions, inputs=INPUT, **sections))
    space = Space(made, made.rules[falsifier] if falsifier else None)
    wanted = Wanted(frozenset(names), (parse(text),), "a seed")
    return Points(space, space, wanted, wanted.rng())


INPUT = {"x": {"dtype": "f32", "shape": ["n"]}}
THREE = {"n": {"min": 2, "max": 900}, "m": {"min": 1, "max": 7}, "k": {"min": 1, "max": "m"}}


def promised(points):
    return [tuple(point.values()) for point, _ in points.promised()]


def test_the_numbers_that_expressions_mention():
    assert literals([parse("0.5 * x + 3"), parse("y > -7")]) == [0.5, 3.0, 7.0]
    assert literals([parse("x * 1e300")]) == []  # no float32 is that large


def test_every_combination_of_ends(contract):
    points = points_of(contract, THREE, ["n", "m", "k"])
    assert set(promised(points)) == {(n, m, k) for n in (2, 900) for m in (1, 7) for k in (1, m)}
    assert [tuple(point.values()) for point in points.bases()] == [(2, 1, 1), (900, 1, 1), (2, 7, 1), (2, 7, 7)]
    # What is not read takes no part.
    assert set(promised(points_of(contract, THREE, ["m"]))) == {(1,), (7,)}


def test_of_many_dimensions_each_end_beside_the_lower_and_the_upper_ones(contract):
    many = {"n": {"min": 1, "max": 9}, **{f"d{i}": {"min": i, "max": 10 * i} for i in range(1, COMBINED + 1)}}
    found = promised(points_of(contract, many, many))
    low = tuple(part["min"] for part in many.values())
    high = tuple(part["max"] for part in many.values())
    for place in range(len(many)):
        for ends, other in ((low, high), (high, low)):
            assert (*ends[:place], other[place], *ends[place + 1 :]) in found
    assert low in found and high in found


def test_an_end_that_where_allows_beside_others_alone(contract):
    """`n` is 900 only where m is 4, which is no end."""
    rule = {"F-1": {"claim": "close(run().e, e)", "where": "(n < 900 or m == 4) and m > 1"}}
    points = points_of(contract, THREE, ["n", "m"], "FALSIFY-F-1", claims=rule)
    found = promised(points)
    assert (900, 4) in {point[:2] for point in found}
    assert all(m > 1 and (n < 900 or m == 4) for n, m, _ in found)


def test_sizes_and_rows(contract):
    rule = {
        "F-1": {
            "claim": "close(run().e, e * (1 + 0 * least))",
            "for_each": {"least": list(range(12))},
            "where": "n > least",
        }
    }
    small = {"n": {"min": 1, "max": 8}}
    points = points_of(contract, small, ["n"], "FALSIFY-F-1", claims=rule, sizes=[{"n": 4000}])
    found = points.promised()
    assert {row["least"] for _, row in found} == set(range(12))  # from 8 upwards only the size is large enough
    assert all(point["n"] > row["least"] for point, row in found)
    assert points.admits({"n": 4000}) and not points.admits({"n": 3999})


def test_all_points(contract):
    points = points_of(contract, THREE, ["m", "k"], sizes=[{"m": 50, "k": 20}, {"n": 3}])
    assert {tuple(point.values()) for point in points.every(100)} == {
        *((m, k) for m, k in product(range(1, 8), repeat=2) if k <= m), (50, 20),
    }  # fmt: skip
    assert points.every(27) is None


@pytest.mark.parametrize("text", ["n // 300", "n + 300"])
def test_neighbours_of_ends_and_of_multiples_of_numbers_mentioned(contract, text):
    points = points_of(contract, THREE, ["n"], text=text)
    near = {point["n"] for point in points.near()}
    assert near == {3, 899, 900} | {300 * times + d for times in (1, 2, 3) for d in (-1, 0, 1)} - {901}


def test_each_point_once():
    assert distinct([{"a": 1}, None, {"a": 2}, {"a": 1}]) == [{"a": 1}, {"a": 2}]
