"""The old version in the names of the new one."""

from harness.gate.names import in_new_names
from tests.harness.gate.pairs import PAIRS


def test_nothing_renamed_is_the_same_tree():
    old, new = PAIRS["fixtures/accuracy-loosened"].trees
    assert in_new_names(old, new)[0] is old and not in_new_names(old, new)[1]


def test_public_and_internal_names_at_once_leave_nothing():
    old, new = PAIRS["pairs/equation-and-result-renamed"].trees
    before, renames = in_new_names(old, new)
    assert before.plain() == new.plain()
    assert {(part.what, part.now) for part in renames} == {("equation", "whole"), ("result", "whole")}
