"""Sets of numbers that may be stored, against the sets themselves: every number of small formats, written out."""

import ml_dtypes
import numpy as np
import pytest

from harness.gate.meaning.equations.stored_numbers import covered, formats_of, meet, options_of, told, unjudged, width
from harness.language.arithmetic import float32
from harness.language.dtypes import DTYPES
from harness.language.exact.region import Bounded
from harness.language.exact.storage import stored
from harness.language.rounding import around

# Formats of few bits, by the numbers that ml_dtypes reads from their bits.
NUMBERS = {
    name: np.unique(patterns[np.isfinite(patterns)])
    for name, kind in (
        ("f8_e4m3fn", ml_dtypes.float8_e4m3fn),
        ("f8_e5m2", ml_dtypes.float8_e5m2),
        ("f8_e4m3fnuz", ml_dtypes.float8_e4m3fnuz),
    )
    for patterns in [np.arange(256, dtype=np.uint8).view(kind).astype(np.float64)]
} | {"i8": np.arange(-128.0, 128.0)}


def held(options, place):
    """The numbers of the small formats that options hold at one place."""
    return {
        float(number)
        for part in options
        for number in NUMBERS[part.dtype.name]
        if part.low[place] <= number <= part.high[place]
    }


def random_options(rng, formats, count):
    """Intervals of numbers around random values, up to far wider than the distance of neighbours."""
    v = rng.standard_normal(count) * 2.0 ** rng.integers(-3, 4, count)
    options = []
    for name in formats:
        bound = np.abs(v) * 2.0 ** rng.uniform(-9, 0, count)
        options.append(around(v, bound).stored_in(DTYPES[name]))
    return options


@pytest.mark.parametrize("seed", range(6))
def test_what_is_covered_and_what_is_common_is_that_of_the_sets(seed):
    rng = np.random.default_rng(seed)
    for _ in range(4):
        sides = [rng.choice(list(NUMBERS), rng.integers(1, 3), replace=False) for _ in range(2)]
        left, right = (random_options(rng, side, 40) for side in sides)
        is_covered, common = covered(left, right), meet(left, right)
        for place in range(40):
            mine, its = held(left, place), held(right, place)
            assert not is_covered[place] or mine <= its, "what is said to be covered is"
            if len(right) == 1 and len(mine) <= 2:
                assert is_covered[place] == (mine <= its)
            assert common[place] == bool(mine & its)


def leaf(value, error=0.0):
    return Bounded(np.asarray([value]), float32(), np.asarray([error]))


def test_one_number_of_a_list_is_covered_by_the_list_and_not_the_other_way_round():
    third = leaf(1 / 3, 1e-9)
    one, either = (stored(third, [DTYPES[name] for name in names]) for names in (["bf16"], ["f32", "bf16"]))
    sides = [options_of(part, part.storage.bound) for part in (one, either)]
    assert covered(*sides).all() and not covered(*reversed(sides)).any() and meet(*sides).all()
    assert formats_of(one) == {"bf16"} and formats_of(either) == {"", "bf16"} and formats_of(third) == {""}
    assert told(sides[0], (0,)) == "0.333984375" and told(sides[1], (0,)).endswith(" to 0.333984375")
    assert width(sides[0])[0] == 0 and 0.0006 < width(sides[1])[0] < 0.0007


def test_what_both_formats_hold_exactly_is_the_same_in_either():
    three = leaf(3.0)
    sides = [options_of(part, part.storage.bound) for part in (stored(three, [DTYPES[n]]) for n in ("bf16", "f8_e5m2"))]
    assert covered(*sides).all() and covered(*reversed(sides)).all()


def test_overflow_of_one_format_is_no_number_of_another():
    sides = [around(np.asarray([70000.0]), np.zeros(1)).stored_in(DTYPES[name]) for name in ("f16", "bf16")]
    assert not meet([sides[0]], [sides[1]]).any() and not covered([sides[0]], [sides[1]]).any()
    assert unjudged([around(np.asarray([np.nan]), np.zeros(1))]).all()
