from types import SimpleNamespace

import pytest

from harness.search.outcome import Tally


def tally(open_ones, total, kind="normal"):
    counted = Tally()
    for number in range(total):
        counted.count(SimpleNamespace(kinds={"x": kind}, dimensions={"size": number % 3}))
        if number < open_ones:
            counted.undecided += 1
            counted.open_kinds["x", kind] += 1
    return counted


def test_cases_kinds_and_dimensions_are_counted():
    counted = tally(0, 7)
    assert counted.cases == 7
    assert counted.kinds == {("x", "normal"): 7}
    assert counted.dimensions == {"size": {0: 3, 1: 2, 2: 2}}


@pytest.mark.parametrize(
    ("open_ones", "total", "verdict"), [(20, 100, ""), (21, 100, "21%"), (3, 10, "30%"), (0, 0, "")]
)
def test_too_open_from_a_fifth_on(open_ones, total, verdict):
    assert verdict in tally(open_ones, total).too_open(0.2)
    assert bool(tally(open_ones, total).too_open(0.2)) == bool(verdict)


def test_one_open_kind_does_not_hide_among_others():
    counted = tally(30, 30, "repeated")
    for _ in range(1000):
        counted.count(SimpleNamespace(kinds={"x": "normal"}, dimensions={}))
    assert counted.too_open(0.2) == "100% of the cases with x: repeated are undecided (at most 20%)"
