import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.gate.meaning.equations.admitted import admitted, bounds, intervals
from harness.language.arithmetic import float32
from harness.language.exact.choice import top_k
from harness.language.exact.domain import Exact
from harness.language.exact.region import Bounded, multiply

DOMAIN = Exact(float32())


def test_bounds_are_equal_up_to_the_room_that_u_leaves():
    assert bounds([1.0], [1.0 + 2.0**-21]).more is None
    found = bounds([1.0], [1.0 + 2.0**-18])
    assert found.more is not None and not found.less
    assert bounds([1.0 + 2.0**-18], [1.0]).less


def test_an_infinite_bound_admits_everything():
    assert bounds([1.0], [np.inf]).more is not None
    assert bounds([np.inf], [1.0]).less
    assert bounds([np.inf], [np.inf]).judged == 0


def test_the_largest_finite_excess_is_shown():
    found = bounds([1.0, 0.0, 1.0], [2.0, 1.0, 5.0])
    assert found.factor == 5.0 and found.more.place == "[2]"
    assert bounds([0.0], [1.0]).factor == float("inf")


def test_middles_that_are_apart():
    inside = intervals(([1.0], [1.0]), ([1.5], [0.5]))
    assert inside.more is None and inside.less
    across = intervals(([1.0], [1.0]), ([2.5], [1.0]))
    assert across.more is not None and across.less and across.apart is None
    assert intervals(([1.0], [1.0]), ([4.0], [1.0])).apart is not None


def every_float32(low, high):
    """Every float32 number from low to high."""
    number, found = np.nextafter(np.float32(low), np.float32(-np.inf)), set()
    while float(number) <= high:
        found |= {float(number) + 0.0} if float(number) >= low else set()
        number = np.nextafter(number, np.float32(np.inf))
    return found


PLACES = [0.0, 1.0, -1.0, 2.0**-126, -(2.0**-126), 2.0**-149 * 5, -3 * 2.0**-130, 1 - 2.0**-24, 2.0**127]


@given(st.sampled_from(PLACES), st.floats(-3, 3), st.floats(0, 4), st.floats(-3, 3), st.floats(0, 4), st.booleans())
@settings(max_examples=300, derandomize=True, database=None)
def test_an_excess_counts_where_it_holds_float32_numbers(place, v, before, w, after, underflow):
    """Against every float32 number of both intervals, one by one."""
    unit = max(2.0**-149, abs(place) * 2.0**-23)
    v, w, before, after = place + v * unit, place + w * unit, before * unit, after * unit
    least = 0.0 if underflow else 2.0**-126
    found = intervals(([v], [before]), ([w], [after]), least=least)
    old, new = every_float32(v - before, v + before), every_float32(w - after, w + after)
    if found.apart is None:
        room = 2.0**-20 * (before + after)
        wider, narrower = after + abs(v - w) - before, before + abs(v - w) - after
        more, less = wider > room and bool(new - old), narrower > room and bool(old - new)
        assert (found.more is not None) == (more and wider >= least)
        if found.more is None:
            assert found.less == (less and narrower >= least)
        assert found.underflow == ((more and wider < least) or (less and narrower < least))


def test_a_region_that_ended_is_told_from_one_that_goes_on():
    rng = np.random.default_rng(1)
    x, z = (Bounded(rng.standard_normal(4), DOMAIN.ar) for _ in range(2))
    open_, closed = multiply(x, z), multiply(x, z).close()
    found = admitted(DOMAIN, open_, closed)
    assert found.more is None and not found.less and found.inner
    assert not admitted(DOMAIN, open_, multiply(z, x)).inner


def test_choices_by_what_surely_ranks_before_what():
    def choice(error):
        return top_k(Bounded(np.array([3.0, 2.0, 1.0]), DOMAIN.ar, np.full(3, error)), 2)

    found = admitted(DOMAIN, choice(0.1), choice(0.7))
    assert found.more is not None and "surely" in found.more.old
    assert admitted(DOMAIN, choice(0.7), choice(0.1)).less
    assert admitted(DOMAIN, choice(0.1), choice(0.2)).more is None


def test_an_infinity_or_nan_in_every_kernel_is_something_that_is_promised():
    odd, nothing = (np.asarray([np.nan, np.inf]), np.zeros(2)), (np.asarray([np.nan, np.inf]), np.full(2, np.inf))
    assert intervals(odd, nothing).more is not None and intervals(nothing, odd).less
    assert intervals(odd, odd).more is None and not intervals(odd, odd).less and intervals(odd, odd).judged == 2
