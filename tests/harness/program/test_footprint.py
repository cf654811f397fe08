"""How much a case takes, counted by hand."""

import pytest

from harness.language.sizes import Range, Size, largest, smallest
from harness.program.case import Case
from harness.program.footprint import CaseTooLarge, Footprint, mebibytes, never_whole, numbers_of
from tests.harness.program.large_result import with_claim


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


def test_of_what_a_claim_reads_by_rows_those_are_counted():
    """w and b as they are drawn; of hidden and out `seen` rows; the result of the subject whole."""
    program = with_claim()
    made = Footprint(program, program.falsifiers[0])
    numbers = {"tokens": 1000, "width": 4, "seen": 3}
    inputs = 2 * 4 * 1000 * 4 + 4 * 4 + 4 * 3
    assert made.at(numbers).total == inputs + 8 * 3 + 16 * 3 + 16 * 3 * 4 + 16 * 1000
    whole = Footprint(with_claim("close(head().out, out)"), with_claim("close(head().out, out)").falsifiers[0])
    assert whole.at(numbers).total == inputs - 4 * 3 + 16 * 1000 + 16 * 1000 * 4 + 16 * 1000


def test_what_a_value_is_a_sum_of_takes_as_much_again():
    """`accurate` without units keeps it for out, and for what is between: the result of the subject has no sums."""
    one, other = (with_claim(f"{claim}(head().out, out)") for claim in ("close", "accurate"))
    sound, promised = (Footprint(part, part.falsifiers[0]) for part in (one, other))
    numbers = {"tokens": 1000, "width": 4, "seen": 3}
    inputs = 2 * 4 * 1000 * 4 + 4 * 4
    assert promised.at(numbers).total - inputs == 2 * (sound.at(numbers).total - inputs)


def test_what_is_never_evaluated_whole(monkeypatch):
    program = with_claim()
    case = Case({"tokens": 1000, "width": 4, "seen": 3}, {})
    assert never_whole(program, program.falsifiers[0], case) == set()
    monkeypatch.setattr("harness.program.footprint.LARGEST_WHOLE", 1 << 16)
    assert never_whole(program, program.falsifiers[0], case) == {"out", "hidden", "some", "total"}
    assert never_whole(program, program.falsifiers[1], case) == set()  # it reads them whole anyway
