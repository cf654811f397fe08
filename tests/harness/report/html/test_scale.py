import math

import pytest

from harness.report.html.scale import DECADES, LABELS, LogScale, covering, label


def test_decades_are_equally_wide():
    scale = LogScale(-3, 1)
    assert [scale.percent(10.0**power) for power in range(-3, 2)] == [0, 25, 50, 75, 100]


@pytest.mark.parametrize(("value", "at"), [(0, 0), (1e-300, 0), (1e300, 100), (math.inf, 100), (None, 100)])
def test_nothing_leaves_the_axis(value, at):
    assert LogScale(-3, 1).percent(value) == at


@pytest.mark.parametrize("values", [[0.5], [1e-9, 3.0], [1e-30, 1e30], [], [0.0, None], [5e-324], [1.0], [1e308]])
def test_the_axis_holds_the_values_in_few_decades(values):
    scale = covering(values)
    assert scale.low < scale.high <= scale.low + DECADES
    finite = [value for value in values if value]
    if finite:
        assert math.log10(max(finite)) <= scale.high
    assert 1 <= len(scale.ticks()) <= LABELS + 1


def test_it_reaches_as_far_up_as_it_must():
    assert covering([0.001], least=1).high == 1
    assert covering([1e5], least=1).high == 5


def test_labels():
    assert [label(power) for power in (-3, 0, 1, 2, 3)] == ["1e-3", "1", "10", "100", "1e3"]
