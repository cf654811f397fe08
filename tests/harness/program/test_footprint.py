"""How much a case takes, counted by hand."""

import pytest

from harness.language.sizes import Range, Size, largest, smallest
from harness.program.footprint import CaseTooLarge, Footprint, mebibytes, numbers_of


def footprint(tiny, number, given=frozenset()):
    return Footprint(tiny, tiny.falsifiers[number], given)


def test_inputs_values_and_the_largest_in_between(tiny):
    """out = m @ x: x has four bytes an entry, a row of m blocks of six bytes for four values; m is decoded at once."""
    taken = footprint(tiny, 0).at({"size": 5, "rows": 3, "k": 1})
    x, m, out, decoded = 4 * 5, 6 * 2 * 3, 16 * 3, 16 * 3 * 5
    assert taken.total == x + m + out + decoded
    assert taken.most == "equation out"
    assert footprint(tiny, 0, frozenset({"m"})).at({"size": 5, "rows": 3, "k": 1}).total == x + out + decoded


def test_from_the_least_to_the_most(tiny):
    made = footprint(tiny, 0)
    assert made.least.total <= made.at({"size": 5, "rows": 3, "k": 1}).total <= made.most.total


def test_a_case_that_is_too_large_is_told_with_its_numbers(tiny, monkeypatch):
    monkeypatch.setattr("harness.program.footprint.LARGEST_CASE", 300)
    made = footprint(tiny, 0)
    with pytest.raises(CaseTooLarge, match=r"a case would take .* MiB, most of it equation out, .*size = 5, rows = 3"):
        made.check({"size": 5, "rows": 3, "k": 1})
    made.check({"size": 1, "rows": 1, "k": 1})


def test_numbers_of_a_row():
    assert numbers_of({"a": 3, "b": "x", "c": True}) == {"a": 3}


@pytest.mark.parametrize(
    ("size", "told"), [(0, "0 MiB"), (3 << 19, "1.5 MiB"), (1 << 30, "1 GiB"), (9 << 29, "4.5 GiB")]
)
def test_sizes_for_readers(size, told):
    assert mebibytes(size) == told


def test_ends_of_a_size():
    ranges = {"n": Range(Size.of(2), Size.of(7)), "k": Range(Size.of(1), Size.of("n"))}
    size = Size.of("n") * 3 - Size.of("k")
    assert (smallest(size, ranges), largest(size, ranges)) == (4, 20)
    assert largest(Size.of("(n // 2)"), ranges) is None
