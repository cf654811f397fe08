import math

import pytest

from harness.report.html.figures import beyond, byte_count, day, shape, three_digits

THREE_DIGITS = {0.000123456: "0.000123", 1234567.0: "1.23e+06", 0.0: "0", None: "infinite", math.inf: "infinite"}


@pytest.mark.parametrize(("value", "told"), THREE_DIGITS.items())
def test_three_digits(value, told):
    assert three_digits(value) == told


@pytest.mark.parametrize(
    ("count", "told"), [(0, "0 bytes"), (999, "999 bytes"), (1500, "1.5 kB"), (2_500_000_000, "2.5 GB")]
)
def test_sizes(count, told):
    assert byte_count(count) == told


def test_shapes_and_days():
    assert (shape([]), shape([2, 256])) == ("", "[2, 256]")
    assert (day(0), day(1_700_000_000)) == ("unknown", "2023-11-14 22:13 UTC")
    assert [day(seconds) for seconds in (10**15, -(10**15), 10**17)] == ["unknown"] * 3


def test_beyond_the_bound():
    assert beyond({"bound": 1.0, "exceeds": 2.5}) == "2.5 times its bound"
    assert beyond({"bound": 0.0, "exceeds": None}) == "where the result is exact"
    assert beyond({"bound": 1.0, "exceeds": None}) == "beyond any bound"
    assert beyond({"bound": None, "exceeds": None}) == ""
