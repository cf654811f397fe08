"""The kinds of values, and that each is made where arrays are."""

from harness.language.value_kinds import BLOCKS, INTEGERS, RANGED, REAL, VALUE_KINDS
from harness.search import arrays, ranged_integers


def test_every_kind_has_what_makes_it_and_nothing_else_is_made():
    assert set(arrays.REAL) == set(REAL)
    assert set(arrays.INTEGERS) == set(INTEGERS)
    assert set(ranged_integers.KINDS) == set(RANGED)
    assert set(arrays.SCALES) == set(BLOCKS) - {"zeros"}  # a block of zeros has no scales


def test_every_kind_is_drawn_somewhere():
    assert set(VALUE_KINDS) == {*REAL, *BLOCKS, *INTEGERS, *RANGED}


def test_simplest_first_because_cases_shrink_in_this_order():
    for kinds in (REAL, BLOCKS, INTEGERS):
        assert kinds[0] == "zeros"
        assert len(set(kinds)) == len(kinds)
    assert RANGED[0] == "lowest"


def test_what_breaks_most_subjects_or_is_new_to_contracts_is_drawn_only_where_asked_for():
    assert {kind.name for kind in VALUE_KINDS.values() if kind.on_request} == {
        "positive", "probabilities", "sorted", "unit_pairs", "extreme", "nonfinite", "small", "distinct", "permutation",
        "offsets",
    }  # fmt: skip


def test_of_a_kind_with_a_single_array_nothing_can_be_left_out():
    assert [kind.name for kind in VALUE_KINDS.values() if kind.single] == ["zeros", "lowest"]
    assert not any(kind.single and kind.thinned for kind in VALUE_KINDS.values())
