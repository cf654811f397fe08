from types import SimpleNamespace

import pytest

from harness.judge.claims import Judgement
from harness.language.syntax import parse
from harness.program.model import CoverProgram
from harness.search.outcome import POINTS, Series, Tally


def case(number=0, kind="normal", **dimensions):
    return SimpleNamespace(kinds={"x": kind}, dimensions=dimensions, table={}, recipe=f"size={number}")


def tally(open_ones, total, kind="normal"):
    counted = Tally()
    for number in range(total):
        counted.count(case(number, kind, size=number % 3))
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
        counted.count(case())
    assert counted.too_open(0.2) == "100% of the cases with x: repeated are undecided (at most 20%)"


def test_a_case_that_comes_again_is_not_distinct():
    counted = tally(0, 7)
    counted.count(case(3, size=0))
    counted.count(SimpleNamespace(kinds={}, dimensions={}, table={"row": 1}, recipe="size=3"))
    assert (counted.cases, len(counted.recipes)) == (9, 8)


def test_the_worst_margin_names_its_case():
    counted = Tally()
    for number, ratio in enumerate([0.1, 0.7, 0.7, 0.3]):
        counted.count(case(number))
        counted.measure(case(number), Judgement(True, None, ratio, 1, 1, "", ratio, 1.0))
    assert (counted.margin, counted.margin_case, counted.margin_number) == (0.7, "size=1", 2)
    assert counted.series.points == [(1, 0.1, 1.0), (2, 0.7, 1.0), (3, 0.7, 1.0), (4, 0.3, 1.0)]


def test_a_failing_case_and_an_exact_one_move_no_margin():
    counted = Tally()
    counted.count(case())
    counted.measure(case(), Judgement(False, None, 9.0, 1, 1, "", 9.0, 1.0))
    counted.measure(case(), Judgement(True))
    assert (counted.margin, counted.margin_number, counted.series.points) == (0.0, 0, [(1, 9.0, 1.0)])


@pytest.mark.parametrize("cases", [1, POINTS, POINTS + 1, 1000, 10_000])
def test_a_series_is_bounded_and_keeps_the_worst_of_equally_many_cases(cases):
    ratios = [((case * 7919) % 1009) / 1009 for case in range(1, cases + 1)]  # in no order
    series = Series()
    for number, ratio in enumerate(ratios, 1):
        series.add(number, ratio * 4, 4.0)
    assert min(cases, POINTS // 2) <= len(series.points) <= POINTS
    groups = [ratios[first : first + series.stride] for first in range(0, cases, series.stride)]
    assert [error / bound for _, error, bound in series.points] == [max(group) for group in groups]
    assert [number for number, _, _ in series.points] == [
        ratios.index(max(group), turn * series.stride) + 1 for turn, group in enumerate(groups)
    ]


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


def test_of_the_samples_of_an_equation_that_of_the_most_rows_is_told():
    tally = Tally()
    for rows, of in ((3, 3), (2, 10), (6, 1000), (6, 20)):
        tally.sample("logits", rows, of)
    tally.sample("all", 5, 5)
    assert tally.sampled == {"logits": (6, 1000)}
