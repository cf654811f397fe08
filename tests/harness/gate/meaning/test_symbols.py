import pytest

from harness.gate.meaning.symbols import NotSymbolic, Stored, Symbolic, Term, array_of, stored_array
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
