"""How far the values that round to an array may be from it, against Fractions and every neighbour."""

from fractions import Fraction

import numpy as np
import pytest

from harness.judge.shown import as_shown, rounded_from
from harness.language.arithmetic import float32

EDGES = np.array([0, 1, -1, 2**-126, 3 * 2**-149, 2**-149, 1.5, 2**24 - 1, 2**100, 3.4028235e38, -0.1], np.float32)


@pytest.mark.parametrize("value", EDGES.tolist())
def test_every_number_that_rounds_to_it_is_within(value):
    shown = np.float32(value)
    leaf = rounded_from(np.array([shown]), float32())
    away = [np.float32(np.inf), np.float32(-np.inf)] if abs(shown) < 3e38 else [np.float32(0)]
    for neighbour in (np.nextafter(shown, end) for end in away):
        midpoint = (Fraction(float(shown)) + Fraction(float(neighbour))) / 2
        assert abs(midpoint - Fraction(float(shown))) <= Fraction(float(leaf.e[0]))


def test_the_distance_is_no_larger_than_it_need_be():
    sizes = np.abs(EDGES[np.abs(EDGES) >= 2.0**-126])
    assert (rounded_from(sizes, float32()).e <= 2.0**-24 * sizes.astype(np.float64)).all()


def test_what_is_flushed_is_shown_as_zero():
    assert rounded_from(np.zeros(1, np.float32), float32(flush_to_zero=True)).e[0] >= 2.0**-126


def test_infinite_values_are_not_judged_and_integers_are_as_shown():
    assert np.isinf(rounded_from(np.array([np.inf, np.nan], np.float32), float32()).e).all()
    ids = np.array([3, 1])
    assert rounded_from(ids, float32()) is ids and as_shown(ids, float32()) is ids
