"""The parts of an expression."""

from harness.language.syntax import children, names, parse


def test_names_are_those_read_and_those_called():
    assert names(parse("f(x, k=y).z + x[a:b]")) == {"f", "x", "y", "a", "b"}


def test_children_are_in_source_order():
    node = parse("f(a, b, c=d)")
    assert [child.id for child in children(node)] == ["a", "b", "d"]
