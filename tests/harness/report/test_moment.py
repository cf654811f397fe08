from datetime import UTC, datetime

import pytest

from harness.report.moment import moment, start_of
from harness.report.read import validated
from harness.report.views import VIEWS, show
from tests.harness.report import stored


def test_a_clock_that_is_right():
    assert moment(1_700_000_000) == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert moment(-1) == datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize("seconds", [0, 10**12, 10**15, 10**17, -(10**12), -(10**17)])
def test_unknown_and_impossible_starts(seconds):
    assert moment(seconds) is None


@pytest.mark.parametrize(
    ("clock", "start"),
    [
        (1_700_000_000.9, 1_700_000_000),
        (-1.0, -1),
        (0.0, 0),
        (-1e18, 0),
        (1e300, 0),
        (float("nan"), 0),
        (float("inf"), 0),
    ],
)
def test_whatever_a_clock_shows_is_a_start_that_a_record_can_hold(clock, start):
    assert start_of(clock) == start


@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize("seconds", [10**15, -(10**15), -1, 253402300799])
def test_every_view_renders_any_start(name, seconds):
    record = stored.second("faulty")
    record["run"]["started"] = seconds
    assert show(name, validated(record, "report.json"), "build/report", 80)
