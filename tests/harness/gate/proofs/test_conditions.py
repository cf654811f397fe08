"""Whether conditions can hold together: against every call with small numbers."""

import itertools
import random

import pytest

from harness.gate.proofs.conditions import Facts, possible
from harness.language.scalar_evaluation import evaluate_scalar
from harness.language.syntax import parse

MEASURED = {"rows": (parse("rows == len(w, 0)"), parse("rows >= 0"))}
FACTS = Facts(frozenset({"k", "n", "rows"}), MEASURED, frozenset({"total"}))


def can(*together, unless=()):
    return possible([parse(text) for text in together], FACTS, [parse(text) for text in unless])


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("k < 1", "k > rows", False),  # a length is never negative
        ("k < 1", "k > n", True),  # an argument may be
        ("len(x) < len(w, 1)", "len(x, 0) > len(w, 1)", False),
        ("k > 1024", "k > rows", True),
        ("k % 2 == 0", "k % 2 == 1", False),
        ("k // 4 > 3", "k < 16", False),
        ("2 * k == 7", "k > 0", False),
        ("3 * k == 9", "k != 3", False),
        ("rows * n > 12", "1 <= n <= 3 and rows < 5", False),
        ("rows * n > 11", "1 <= n <= 3 and rows < 5", True),
        ('has_type(t, "a")', 'has_type(t, "b")', False),
        ('has_type(t, "a")', 'has_type(s, "b")', True),
        ('kind == "a"', '"b" == kind', False),
        ('kind == "a"', 'kind != "a"', False),
        ("any(x < 0)", "not any(x < 0)", False),
        ("any(x < 0)", "all(x < 0)", True),
        ("total > 3", "total < 3", True),  # no integers: nothing is proved
    ],
)
def test_two_conditions(one, other, expected):
    assert can(one, other) is expected
    assert can(other, one) is expected


def test_a_condition_without_a_value_does_not_hold_and_excludes_nothing():
    assert not can("len(x) < 3", unless=["len(x) < 4"])
    assert can("len(x) < 0 or k < 3", unless=["len(x, 1) < 4 or len(x, 1) > 3"])
    assert can("k < 3", unless=["total == total"])
    assert not can("k < 3 and total > 2", unless=["total > 2"])


def test_what_is_too_much_counts_as_possible():
    wide = " and ".join(f"(k == {i} or n == {i})" for i in range(12))
    assert can(wide, "k < 0", "n < 0")
    assert not can("k < 0", "k > 0 and (n == 1 or n == 2)")
    assert can(" * ".join(["(k + n + rows + 1)"] * 30) + " > 0", "k < 0")


def test_against_every_small_call():
    """No call fulfils what is said to be impossible; and of these conditions, whatever no call fulfils is found."""
    rng = random.Random(13)
    points = [
        {"k": k, "n": n, "x": "x" * length} for k, n, length in itertools.product(range(-7, 8), range(-7, 8), range(9))
    ]
    atoms = [f"{left} {op} {right}" for left, right in (("k", "1"), ("k", "n"), ("n", "len(x)"), ("k + n", "3"),
                                                        ("2 * k", "n"), ("k % 3", "1"), ("len(x) // 2", "k"))
             for op in ("<", "<=", ">", ">=", "==", "!=")]  # fmt: skip
    found = {True: 0, False: 0}
    for _ in range(250):
        together = [f"({' or '.join(rng.sample(atoms, rng.choice([1, 1, 2])))})" for _ in range(rng.choice([2, 3]))]
        together = [f"not {text}" if rng.random() < 0.3 else text for text in together]
        unless = rng.sample(atoms, rng.choice([0, 0, 1]))
        held, out = ([parse(text) for text in side] for side in (together, unless))
        some = any(all(evaluate_scalar(node, point) for node in held)
                   and not any(evaluate_scalar(node, point) for node in out) for point in points)  # fmt: skip
        shown = can(*together, unless=unless)
        assert shown or not some, (together, unless)
        found[shown == some] += 1
    assert found[True] > 0.85 * 250, "a third answer is that nothing is proved"


def test_what_follows_from_equal_numbers():
    assert can("k == n", "n == rows", "rows == 3", "k == 3")
    assert not can("k == n", "n == rows", "rows == 3", "k == 4")
