from datetime import UTC, datetime

import pytest

from harness.report.moment import moment
from harness.report.read import validated
from harness.report.views import VIEWS, show
from tests.harness.report import stored


def test_a_clock_that_is_right():
    assert moment(1_700_000_000) == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert moment(-1) == datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize("seconds", [0, 10**12, 10**15, 10**17, -(10**12), -(10**17)])
def test_unknown_and_impossible_starts(seconds):
    assert moment(seconds) is None


@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize("seconds", [10**15, -(10**15), -1, 253402300799])
def test_every_view_renders_any_start(name, seconds):
    record = stored.second("faulty")
    record["run"]["started"] = seconds
    assert show(name, validated(record, "report.json"), "build/report", 80)
