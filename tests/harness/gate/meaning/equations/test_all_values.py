""""""

import numpy as np
import pytest

from harness.gate.meaning.equations.all_values import (
    NotSymbolic,
    Stored,
    Symbolic,
    Term,
    array_of,
    exhaust,
    reached,
    stored_array,
)
from harness.language.dtypes import DTYPES
from harness.language.evaluate import Bindings, evaluate
from harness.language.single import Single
from harness.language.syntax import parse


def value(text, **given):
    return evaluate(parse(text), Bindings(Symbolic(), {}, {}, given))


def test_entries_are_expressions_of_what_is_stored():
    q = stored_array("q", (4,), "u8")
    assert value("(q[1:3] >> 4)[0]", q=q) == Term(">>", (Stored("q", (1,), "u8"), 4))
    assert value("reshape(q, 2, 2)[1, 0]", q=q) == Stored("q", (2,), "u8")
    assert value("2 + 3 * 4") == 14
    assert str(q[2]) == "q[2]" and str(Stored("k", (), "u8")) == "k"


@pytest.mark.parametrize("text", ["q * 0.5", "q / 2", "round(q)", "q[q]", "max(q)", "sum(q)"])
def test_what_is_no_integer_expression_is_said(text):
    with pytest.raises(NotSymbolic):
        value(text, q=stored_array("q", (4,), "u8"))


def test_only_integers_of_moderate_number_are_stored():
    for shape, dtype in (((4,), "f32"), ((4,), "q4_k"), ((10_000,), "u8")):
        with pytest.raises(NotSymbolic):
            stored_array("q", shape, dtype)


def test_a_single_entry_is_an_array_without_axes():
    assert array_of(3).shape == () and array_of(stored_array("q", (2,), "u8")).shape == (2,)


def stored_value(text, **types):
    bindings = Bindings(Symbolic(), {}, {}, {name: stored_array(name, (2,), dtype) for name, dtype in types.items()})
    return evaluate(parse(text), bindings)


def both(old, new, **types):
    return exhaust(stored_value(old, **types), stored_value(new, **types), {})


def test_every_value_of_a_byte_once_for_entries_that_are_alike():
    assert both("q - q % 64", "q & 192", q="u8").n == 256
    assert both("q * 2", "q << 1", q="i16").n == 65536
    assert both("q * h", "h * q", q="u8", h="u8").n == 65536


BITS = ["q & 15", "(q >> 3) & 7", "(q << 2) & 60", "q % 16", "(q + 3) % 32", "(q * 5) & 12", "(q // 8) & 3", "~q & 6",
        "(q & 5) * 200", "((q ^ 9) & 12) | 1", "-q & 7", "where((q & 3) == 2, q >> 6, 1)"]  # fmt: skip


@pytest.mark.parametrize("dtype", ["u8", "i8"])
@pytest.mark.parametrize("text", BITS)
def test_bits_that_do_not_reach_an_entry_change_nothing(text, dtype):
    every = np.array(DTYPES[dtype].integers, np.int64)
    entry = stored_value(text, q=dtype)[0]
    bits = {Stored("q", (0,), dtype): 0}
    reached(entry, -1, bits)
    mask = bits[Stored("q", (0,), dtype)]
    told = {value: set() for value in every & mask}
    for value in every:  # a twin that knows nothing of bits: the value of the text for each number
        told[value & mask].add(int(evaluate(parse(text), Bindings(Single(), {}, {}, {"q": int(value)}))))
    assert mask < 255 and all(len(results) == 1 for results in told.values()), bin(mask)


def test_only_bits_that_reach_are_tried():
    assert both("q & 1048575", "q % 1048576", q="i32").n == 1 << 20
    assert both("(q & 15) | (h & 240)", "(q & 15) + (h & 240)", q="u8", h="u8").n == 256
    assert both("(q & 1048575) // 3549", "((q & 1048575) * 75637) >> 28", q="i32").difference[1] == "q[0] = 1046954"


def test_the_one_value_that_differs_is_found():
    found = both("q", "q - (q // 255)", q="u8")
    assert found.difference == ("[0]", "q[0] = 255", "255", "254")
    assert both("q // 2 * 2", "q & 254", q="u8").difference is None
    assert both("q >> 1", "q // 2", q="i8").difference is None


def test_comparisons_choices_and_logic_are_compared_on_all_values():
    assert both("where(q == 50256, 0, q)", "where(q == 50257, 0, q)", q="u16").difference[1] == "q[0] = 50256"
    assert both("q > 3 and q < 9", "not (q <= 3 or q >= 9)", q="u8").n == 256
    assert both("abs(q)", "where(q < 0, -q, q)", q="i8").difference is None
    with pytest.raises(NotSymbolic):
        both("q == 1", "where(q == 1, 1, 0)", q="u8")


@pytest.mark.parametrize(("old", "new"), [
    ("q // 1000003", "(q + 1) // 1000003"), ("q % 7919 == 7918", "q % 7919 == 7917"),
    ("where(q == 123456789, 0, q)", "where(q == 123456788, 0, q)"), ("q", "q - (q // 2147483647)"),
    ("where(q == h, 1, 0)", "where(q == h and q != 4096, 1, 0)"),
])  # fmt: skip
def test_of_too_many_values_those_at_which_integers_turn_are_tried(old, new):
    found = both(old, new, q="i32", h="i32")
    assert found.difference is not None and not found.all


def test_it_is_known_whether_all_values_were_tried():
    assert not both("q + h", "h + q", q="i32", h="i32").all
    assert both("q + h", "q + h", q="i32", h="i32").all  # the text is alike
    assert both("q + h", "h + q", q="u8", h="u8").all


def test_other_shapes_and_plain_numbers():
    assert "shape" in both("q[0:1]", "q", q="u8").difference[2]
    assert exhaust(3, 3, {}).difference is None
    assert exhaust(3, 4, {}).difference == ("", "", "3", "4")


@pytest.mark.parametrize(
    ("dtype", "old", "new", "same"),
    [
        ("u4", "q & 3", "q % 4", True),
        ("u4", "q >> 3", "q // 9", False),
        ("i4", "q & 7", "q % 8", True),
        ("i4", "abs(q)", "q", False),
        ("u64", "q >> 60", "q // 1152921504606846976", True),
        ("u64", "q // 3", "q // 4", False),
    ],
)
def test_integers_of_four_bits_and_of_64(dtype, old, new, same):
    q = stored_array("q", (2,), dtype)
    found = exhaust(value(old, q=q), value(new, q=q), {})
    assert (found.difference is None) == same
    assert found.all == (dtype != "u64") or same
