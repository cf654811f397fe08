"""Ranges of versions, held against every version of a small closed set."""

from itertools import product

import pytest

from harness.gate.ranges import admits, relation

VERSIONS = [".".join(map(str, parts)) for parts in product(range(4), range(4), range(3))]
RANGES = [">=1.0,<2", ">=1,<2", ">=1.2,<2", ">=1.0,<3", ">=2", "<2", "==1.2.0", "!=1.2.0", "~=1.2", ">1.2.1", "<=1.2"]


@pytest.mark.parametrize(("old", "new"), list(product(RANGES, RANGES)))
def test_relation(old, new):
    before = {version for version in VERSIONS if admits(old, version)}
    after = {version for version in VERSIONS if admits(new, version)}
    gone, come = before - after, after - before
    truth = ("moved" if come else "narrowed") if gone else "widened" if come else "respelled"
    assert relation(old, new) == truth


def test_what_is_no_range_admits_nothing():
    assert not admits("about 1", "1.0.0")
