from types import SimpleNamespace

import pytest

from harness.contract.program import CoverProgram
from harness.language.syntax import parse
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


def covered(seen, cases, exhausted=False, least=0.05):
    counted = tally(0, cases)
    counted.situations["ties"] = seen
    return counted.uncovered((CoverProgram("ties", parse("k"), least),), exhausted)


@pytest.mark.parametrize(
    ("seen", "cases", "said"),
    [
        (10, 200, ""), (9, 200, "covers `ties` in 4.5% of the cases, 5.0% promised"), (200, 200, ""),
        (0, 200, "covers `ties` in 0.0% of the cases, 5.0% promised"), (0, 99, ""), (4, 100, "covers `ties` in 4.0%"),
    ],
)  # fmt: skip
def test_a_share_is_judged_from_a_hundred_cases_on(seen, cases, said):
    assert covered(seen, cases).startswith(said) and bool(covered(seen, cases)) == bool(said)


def test_where_everything_was_tried_once_will_do():
    assert covered(1, 1000, exhausted=True) == ""
    assert covered(0, 3, exhausted=True) == "covers `ties` in none of the 3 cases there are"


def test_the_first_that_is_missed_is_named():
    counted = tally(0, 100)
    counted.situations.update({"a": 50, "b": 1})
    cover = tuple(CoverProgram(name, parse("k"), 0.1) for name in "abc")
    assert "`b`" in counted.uncovered(cover, False) and counted.uncovered(cover[:1], False) == ""
