"""What is proved of the entries of `refuses`, without making a call."""

import pytest

from harness.contract.access import items
from harness.contract.spans import loads
from harness.gate.diff.refusal_lists import RefusalEntry, RefusalLists
from tests.harness.gate.pairs import BASES

WRITTEN = 'when: "len(x) != len(scale)"'


@pytest.mark.parametrize(
    ("old", "new", "proved"),
    [
        ("len(x) > 100000", "len(x) >= 100001", True),  # longer than any call that is made
        ("len(x) > 100000", "len(x) >= 100002", False),
        ("len(x) != len(scale)", "len(x) - len(scale) < 0 or len(scale) < len(x)", True),
        ("len(x) != len(scale)", "len(x) < len(scale)", False),
        ("len(x) < len(scale)", "len(x) != len(scale)", False),
        ("k < 1 or k > 40", "k > 40 or not k > 0", True),
        ("any(x > 1)", "not all(x <= 1)", False),  # the same, but for numbers that are not compared here
    ],
)
def test_conditions_that_refuse_the_same_calls(old, new, proved):
    texts = (BASES["guarded"].replace(WRITTEN, f'when: "{condition}"') for condition in (old, new))
    trees = tuple(loads(text, "guarded.yaml") for text in texts)
    sides = [[RefusalEntry(node, index) for index, node in enumerate(items(tree, "refuses"))] for tree in trees]
    assert RefusalLists(trees, *sides, []).same_calls(sides[0][1], sides[1][1]) == proved
