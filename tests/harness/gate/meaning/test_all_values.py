""""""

import pytest

from harness.gate.meaning.all_values import NotSymbolic, Stored, Symbolic, Term, array_of, exhaust, stored_array
from harness.language.evaluate import Bindings, evaluate
from harness.language.syntax import parse


def value(text, **given):
    return evaluate(parse(text), Bindings(Symbolic(), {}, {}, given))


def test_entries_are_expressions_of_what_is_stored():
    q = stored_array("q", (4,), "u8")
    assert value("(q[1:3] >> 4)[0]", q=q) == Term(">>", (Stored("q", (1,), "u8"), 4))
    assert value("reshape(q, 2, 2)[1, 0]", q=q) == Stored("q", (2,), "u8")
    assert value("2 + 3 * 4") == 14
    assert str(q[2]) == "q[2]" and str(Stored("k", (), "u8")) == "k"


@pytest.mark.parametrize("text", ["q * 0.5", "q / 2", "q > 3", "q[q]", "max(q)", "sum(q)"])
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
    assert both("q & 63", "q % 64", q="u8").n == 256
    assert both("q * 2", "q << 1", q="i16").n == 65536
    assert both("(q & 15) | (h & 240)", "(q & 15) + (h & 240)", q="u8", h="u8").n == 65536


def test_the_one_value_that_differs_is_found():
    found = both("q", "q - (q // 255)", q="u8")
    assert found.difference == ("[0]", "q[0] = 255", "255", "254")
    assert both("q // 2 * 2", "q & 254", q="u8").difference is None
    assert both("q >> 1", "q // 2", q="i8").difference is None


def test_too_many_values_are_left_to_cases_unless_the_text_is_alike():
    with pytest.raises(NotSymbolic):
        both("q + h", "h + q", q="i32", h="i32")
    assert both("q + h", "q + h", q="i32", h="i32").difference is None


def test_other_shapes_and_plain_numbers():
    assert "shape" in both("q[0:1]", "q", q="u8").difference[2]
    assert exhaust(3, 3, {}).difference is None
    assert exhaust(3, 4, {}).difference == ("", "", "3", "4")
