"""Messages with expressions in braces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.language.syntax import Name, parse
from harness.program.check.template import Hole, TemplateRefused, holes, split_message


@pytest.mark.parametrize(
    "text, parts",
    [
        ("plain", ("plain",)),
        ("{k}", (Name("k"),)),
        ("k is {k}!", ("k is ", Name("k"), "!")),
        ("{k}{k}", (Name("k"), Name("k"))),
        ("{{k}} and {{", ("{k} and {",)),
        ("[{a + 1}, {len(x, 1)})", ("[", parse("a + 1"), ", ", parse("len(x, 1)"), ")")),
        ("{a != b}", (parse("a != b"),)),
        ("{x[:-1]}", (parse("x[:-1]"),)),
        ("", ()),
    ],
)
def test_parts(text, parts):
    assert split_message(text) == parts


@pytest.mark.parametrize(
    "text, offset, said",
    [
        ("open {k", 5, "unbalanced '{'"),
        ("shut k}", 6, "unbalanced '}'"),
        ("nothing {}", 9, "{}: empty expression"),
        ("a format {k:d}", 11, "{k:d}: not an expression"),
        ("power {a ** 2}", 7, "{a ** 2}: this operator"),
    ],
)
def test_refused_where_it_is_wrong(text, offset, said):
    with pytest.raises(TemplateRefused) as refused:
        split_message(text)
    assert str(refused.value).startswith(said)
    assert refused.value.offset == offset


def test_a_hole_knows_where_its_expression_begins():
    assert holes("k is { k }") == ("k is ", Hole(Name("k"), 6))


@given(st.text(alphabet="{}ak +:!", max_size=12))
def test_any_text_is_split_or_refused(text):
    try:
        parts = split_message(text)
    except TemplateRefused as refused:
        assert 0 <= refused.offset <= len(text)
    else:
        literal = "".join(part for part in parts if isinstance(part, str))
        assert len(literal) <= len(text)
