"""The parts of an expression."""

from harness.language.syntax import children, in_recurrences, names, parse, spell, walk


def test_names_are_those_read_and_those_called():
    assert names(parse("f(x, k=y).z + x[a:b]")) == {"f", "x", "y", "a", "b"}


def test_children_are_in_source_order():
    node = parse("f(a, b, c=d)")
    assert [child.id for child in children(node)] == ["a", "b", "d"]


def test_the_names_of_a_step_are_none_of_the_expression():
    assert names(parse("scan(a[t] * h + f(h), t=n, h=h0) + b")) == {"a", "f", "n", "h0", "b"}
    assert names(parse("scan(h + t, t=t, h=h)")) == {"t", "h"}  # outside of a step they are other names
    assert names(parse("scan(h, t=n, h=0)[t]")) == {"n", "t"}
    assert names(parse("threaded(step(x=xs[t]), t=n, s=s).y + close(z)")) == {"step", "xs", "n", "close", "z"}


def test_what_is_evaluated_in_every_step():
    root = parse("scan(a[t] * h, t=n, h=h0[0]) + threaded(step(x=xs[i]), i=n).y")
    inside = in_recurrences(root)
    assert {spell(part) for part in walk(root) if id(part) in inside} == {
        "a[t] * h", "a[t]", "a", "t", "h", "step(x=xs[i])", "xs[i]", "xs", "i",
    }  # fmt: skip
