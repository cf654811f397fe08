"""What is said of inputs of zeros: never that they do not matter where they are what the failure needs."""

import numpy as np
import pytest

from harness.judge.claims import Evidence
from harness.language.arithmetic import float32
from harness.search.arrays import Draw, packed_array
from harness.search.zeros import zeros_that_do_not_matter
from tests.harness.search.tiny_subject import rows

NONE = np.zeros(2, np.float32)


@pytest.fixture
def idle(tiny, rule, make_case, judge, subject):
    """The inputs of which it is said, for a kernel and a case on which it fails."""

    def said(product, x=(0, 0), number=1):
        zeros = packed_array("m", Draw("zeros", dtype="q8"), (2, 2), tiny.formats["q8"])
        case = make_case(list(x), [[0, 0], [0, 0]]).with_input("m", zeros)
        evidence = judge(number, case, product=product).evidence
        assert isinstance(evidence, Evidence)
        return zeros_that_do_not_matter(tiny, rule(number), case, evidence, subject(product=product), float32())

    return said


def test_zeros_that_cause_the_failure_matter(idle):
    """0/0, as in a kernel that normalises: with other numbers it is right."""

    def normalised(*, x, m, size):
        with np.errstate(invalid="ignore"):
            return {"out": rows(m) @ (x / x.sum()) * x.sum()}

    assert idle(normalised) == {"m"}


def test_zeros_beside_a_failure_do_not_matter(idle):
    """Infinite whatever is given."""
    assert idle(lambda **given: {"out": NONE + np.float32(np.inf)}) == {"x", "m"}


def test_of_two_zeros_that_suffice_each_one_matters(idle):
    """Everything is right but a product of nothing."""
    assert idle(lambda *, x, m, size: {"out": rows(m) @ x + (0 if (rows(m) @ x).any() else 1)}) == {"x"}


def test_where_the_rule_is_about_zeros_other_numbers_show_nothing(idle):
    """With both replaced the equations themselves would not hold: one is, the other matters."""
    assert idle(lambda **given: {"out": NONE + np.float32(1)}, number=5) == {"x"}


def test_what_is_not_zero_is_not_spoken_of(idle):
    assert idle(lambda **given: {"out": NONE + np.float32(np.inf)}, x=(1, 0)) == {"m"}
