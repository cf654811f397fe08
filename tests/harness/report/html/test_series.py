import re

from harness.report.html.series import plot
from tests.harness.report import stored


def point(case, error, bound):
    return {"case": case, "error": error, "bound": bound}


def test_errors_and_bounds_stand_where_their_numbers_say():
    found = plot([point(1, 1e-4, 1e-2), point(2, 1e-3, 1e-2), point(5, 1e-2, 1.0)])
    assert (found.scale.low, found.scale.high) == (-4, 0)
    assert found.errors == "M0 100h0M250 75h0M1000 50h0"
    assert found.bounds == "M0 50L250 50L1000 0"
    assert (found.first, found.last) == (1, 5)


def test_zero_is_at_the_bottom_and_infinite_at_the_top():
    found = plot([point(1, 0.0, 1e-3), point(2, None, None)])
    assert found.errors == "M0 100h0M1000 0h0"
    assert "1 of them exactly zero" in found.summary


def test_the_text_says_what_the_plot_shows():
    found = plot([point(1, 1e-4, 1e-2), point(2, 2e-3, 5e-2)])
    assert found.summary == "2 points. Errors from 0.0001 to 0.002; bounds from 0.01 to 0.05."


def test_exact_claims_and_single_cases_have_no_plot():
    assert plot([]) is None
    assert plot([point(1, 1.0, 1.0)]) is None
    assert plot([point(1, 0.0, 0.0), point(2, 0.0, 0.0)]) is None


def test_series_of_real_records_are_drawn_point_by_point():
    drawn = 0
    for line in stored.second("sound")["contracts"][0]["falsifiers"]:
        found = plot(line["series"])
        if found is not None:
            drawn += 1
            assert len(re.findall("h0", found.errors)) == len(line["series"])
            assert all(0 <= float(y) <= 100 for y in re.findall(r" ([\d.]+)h", found.errors))
    assert drawn
