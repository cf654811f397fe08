"""Rules that are about all cases of another one; where they are not, a case that only the other is about is named."""

import pytest

from harness.contract.spans import loads
from harness.gate.diff.covered_cases import covers, open_share
from harness.search.outcome import OPEN_SHARE

ROOT = loads("tables: {t: {columns: {raw: text}, rows: [[a]]}, u: {columns: {key: text}, rows: [[b]]}}", "c.yaml")


def rule(text):
    return loads(f"{{{text}}}", "c.yaml")


@pytest.mark.parametrize(
    ("wider", "narrower"),
    [
        ("", ""),
        ("", "where: n > 2"),
        ("where: n > 2", "where: m == 1 and 2 < n"),
        ("", "given: {n: {max: 4}}"),
        ("given: {n: {max: 8}}", "given: {n: {max: 4}, x: {values: normal}}"),
        ("given: {n: {min: 1, max: 4}}", "given: {n: {min: 2, max: 4}}"),
        ("for_each: {i: [1, 2, 3]}", "for_each: {i: [3, 1]}"),
        ("for_each: {j: [1]}", ""),
        ("over: [t, u]", "over: [t]"),
        ("over: [t]", "over: [u, t]"),
        ("", "undecided: {max: 0.5, reason: r}"),
    ],
)
def test_all_cases(wider, narrower):
    assert covers(ROOT, rule(wider), rule(narrower), {"i", "raw"} if "raw" in wider else {"i"})


@pytest.mark.parametrize(
    ("wider", "narrower", "left_out"),
    [
        ("where: n > 2", "", "n = 2"),
        ("where: n > 2", "where: n > 1", "n = 2"),
        ("where: '(('", "where: '(('", "what it says cannot be read"),
        ("given: {n: {max: 4}}", "", "n = 5"),
        ("given: {n: {max: 4}}", "given: {n: {max: 8}}", "n = 5"),
        ("given: {n: {max: 4}}", "given: {n: {min: 2}}", "n = 5"),
        ("given: {n: {min: 2}}", "given: {n: {min: 1}}", "n = 1"),
        ("given: {n: {max: k}}", "given: {n: {max: 8}}", "n = 8, k = 7"),
        ("given: {n: [1]}", "given: {n: {max: 8}}", "n = 8"),
        ("for_each: {i: [1, 2]}", "for_each: {i: [1, 2, 3]}", "i = 3"),
        ("for_each: {i: [1]}", "for_each: {i: [true]}", "i = true"),
        ("", "for_each: {i: [1]}", "i means something else"),
        ("over: [u]", "over: [t]", "raw means something else"),
        ("undecided: {max: 0.5, reason: r}", "", "half of them may stay open"),
    ],
)
def test_a_case_is_left_out(wider, narrower, left_out):
    assert not covers(ROOT, rule(wider), rule(narrower), {"i", "raw"}), left_out


def test_the_share_that_may_stay_open():
    assert open_share(rule("")) == OPEN_SHARE
    assert open_share(rule("undecided: {max: 0.25, reason: r}")) == 0.25
