import numpy as np
import pytest

from harness.judge.comparison import Comparison
from harness.judge.wide import SCALED, ZEROS
from harness.search.compared import Compared, Stage


def comparison(width, unjudged=0.0, stage="y"):
    """Values of 1, of which the last part is not judged, with bounds of one width."""
    value, bound = np.ones(10), np.full(10, width)
    bound[: round(10 * unjudged)] = np.inf
    return Comparison(value, value, bound, np.isfinite(bound), stage)


def compared(*comparisons, kind="normal"):
    counted = Compared()
    for part in comparisons:
        counted.add([part], {"x": kind})
    return counted


@pytest.mark.parametrize(
    ("wide", "of", "why"),
    [
        (0, 200, ""),
        (50, 200, ""),
        (51, 200, "is more than 10% of the rms of its values in 51 of 200 comparisons (median: 0.01 times the rms)"),
        (200, 200, "is more than 10% of the rms of its values in all 200 comparisons (median: 0.5 times the rms)"),
        (18, 19, ""),  # few comparisons: all of them have to be too wide
        (1, 1, "is more than 10% of the rms of its values in all 1 comparisons (median: 0.5 times the rms)"),
    ],
)
def test_too_wide_in_more_than_a_quarter_of_the_comparisons(wide, of, why):
    counted = compared(*[comparison(0.5)] * wide, *[comparison(0.01)] * (of - wide))
    assert counted.too_wide() == (("y", why) if why else ("", ""))


@pytest.mark.parametrize(
    ("wide", "why"), [(3, "is more than 10% of the rms of its values for 30% of the elements"), (2, "")]
)
def test_a_part_of_the_elements_is_not_hidden_by_the_median(wide, why):
    value, bound = np.ones(10), np.full(10, 1e-7)
    bound[:wide] = 5.0
    counted = compared(*[Comparison(value, value, bound, np.ones(10, bool), "y")] * 20)
    assert (counted.stages["y"].wide, counted.too_wide()[1]) == (0, why)


def test_one_wide_stage_does_not_hide_among_others():
    counted = Compared()
    for _ in range(100):
        counted.add([comparison(1e-7, stage=name) for name in "abcde"] + [comparison(3.0, stage="f")], {})
    assert counted.too_wide()[0] == "f"


def test_values_that_say_nothing_are_no_evidence_either_way():
    tiny = np.full(3, 2.0**-120)
    silent = Comparison(tiny, tiny, tiny, np.ones(3, bool), "y")
    counted = compared(*[silent] * 180, *[comparison(0.5)] * 20)
    assert (counted.stages["y"].comparisons, len(counted.stages["y"].widths)) == (200, 20)
    assert "all 20 comparisons" in counted.too_wide()[1]
    assert compared(*[silent] * 200).too_wide() == ("", "")


@pytest.mark.parametrize(("lost", "said"), [(200, True), (151, True), (150, False), (0, False)])
def test_values_that_vanish_beside_their_bounds(lost, said):
    """x + 1e30 - 1e30: float64 has lost x, and any result would pass."""
    nothing = Comparison(np.zeros(3), np.zeros(3), np.full(3, 1e-7), np.ones(3, bool), "y")
    exact = Comparison(np.zeros(3), np.zeros(3), np.zeros(3), np.ones(3, bool), "y")
    stage, why = compared(*[nothing] * lost, *[exact] * (200 - lost)).too_wide()
    assert (stage, f"{lost} of 200 comparisons" in why) == ("y" if said else "", said)


@pytest.mark.parametrize(
    ("decoy", "admitted", "asked", "blind"),
    [(ZEROS, 7, 25, True), (ZEROS, 6, 25, False), (ZEROS, 4, 4, False), (ZEROS, 5, 5, True), (SCALED, 25, 25, False)],
)
def test_a_decoy_that_passes_too_often(decoy, admitted, asked, blind):
    counted = Compared({"y": Stage(asked={decoy: asked}, admitted={decoy: admitted})})
    why = f"admits a result that is {decoy}, in {admitted} of {asked} cases"
    assert counted.blind() == (("y", why) if blind else ("", ""))


def test_elements_without_a_bound_are_limited_in_all_and_by_kind():
    counted = compared(*[comparison(0.0, 0.2)] * 30)
    assert counted.too_open(0.2, 20) == ""
    assert counted.too_open(0.1, 20) == (
        "20% of the elements in cases with x: normal of `y` have no finite bound and are not judged (at most 10%)"
    )
    for _ in range(1000):
        counted.add([comparison(0.0)], {"x": "zeros"})
    assert "x: normal" in counted.too_open(0.1, 20)
    assert counted.too_open(0.1, 31) == ""
    assert compared(*[comparison(0.0, 0.5)] * 3).too_open(0.2, 20).startswith("50% of the elements of `y`")


def test_sharpness_is_the_median_and_every_bit_counts_where_no_number_was_compared():
    counted = compared(*(comparison(width) for width in (0.3, 1e-6, 2e-6)))
    counted.bitwise = True
    assert counted.sharpness == 2e-6
    assert (Compared(bitwise=True).sharpness, Compared().sharpness) == (0.0, None)
