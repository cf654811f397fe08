"""The grammar: what is read, how it is written again, and that nothing else gets in."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.language.syntax import (
    MAX_DEPTH,
    MAX_LENGTH,
    Binary,
    Call,
    Compare,
    Index,
    Logic,
    Name,
    NewAxis,
    Number,
    OtherAxes,
    ResultField,
    Slice,
    SyntaxRefused,
    Text,
    Unary,
    parse,
    spell,
    walk,
)
from tests.hanging import no_hang

X, Y = Name("x"), Name("y")


@pytest.mark.parametrize(
    "text, node",
    [
        ("x", X),
        ("-3", Number(-3)),
        ("1e-6", Number(1e-6)),
        ("-inf", Number(-math.inf)),
        ("x[0] - inf", Binary("-", Index(X, (Number(0),)), Number(math.inf))),
        ("'a'", Text("a")),
        ("-x", Unary("-", X)),
        ("not x", Unary("not", X)),
        ("x @ y", Binary("@", X, Y)),
        ("x + y * 2", Binary("+", X, Binary("*", Y, Number(2)))),
        ("x >> 4 & 3", Binary("&", Binary(">>", X, Number(4)), Number(3))),
        ("x <= y", Compare("<=", X, Y)),
        ("0 <= x < y", Logic("and", (Compare("<=", Number(0), X), Compare("<", X, Y)))),
        ("x and y and x", Logic("and", (X, Y, X))),
        ("f()", Call("f", (), ())),
        ("f(x, axis=-1)", Call("f", (X,), (("axis", Number(-1)),))),
        ("f(x=y).z", ResultField(Call("f", (), (("x", Y),)), "z")),
        ("x[..., None]", Index(X, (OtherAxes(), NewAxis()))),
        ("x[:-1]", Index(X, (Slice(None, Number(-1)),))),
        ("x[1:, y]", Index(X, (Slice(Number(1), None), Y))),
        (" x\n  + y ", Binary("+", X, Y)),
        ("(((x)))", X),
    ],
)
def test_read(text, node):
    assert parse(text) == node


@pytest.mark.parametrize(
    "text, offset, said",
    [
        ("", 0, "empty"),
        ("  \n", 0, "empty"),
        ("x +", 0, "not an expression"),
        ("x; y", 1, "not an expression"),
        ("1 + \u017fum(x)", 4, "U+017F"),  # Python reads this as sum
        ("t\u043etal", 1, "U+043E"),  # a Cyrillic letter
        ("f(x).\uff43ol", 5, "U+FF43"),
        ("'\u017f' == t\u043e", 8, "U+043E"),  # in a text it stands for itself
        ("x = 1", 2, "not an expression"),
        ("x + lambda: 1", 4, "not an expression"),
        ("f(lambda: 1)", 2, "a lambda"),
        ("x + [1]", 4, "a list"),
        ("x + (1, 2)", 4, "a tuple"),
        ("{}", 0, "a dictionary"),
        ("{x}", 0, "a set"),
        ("f([a for a in x])", 2, "a comprehension"),
        ("x.y", 0, "an attribute"),
        ("f(x)(y)", 0, "a call of something that is no name"),
        ("x.f()", 0, "a call of something that is no name"),
        ("x ** 2", 0, "this operator"),
        ("+x", 0, "unary +"),
        ("x if y else 1", 0, "a conditional"),
        ("(x := 1)", 1, ":="),
        ("f'{x}'", 0, "an f-string"),
        ("b'x'", 0, "this constant"),
        ("1j", 0, "this constant"),
        ("...", 0, "this constant"),
        ("True", 0, "True has no meaning"),
        ("None", 0, "None has no meaning"),
        ("x in y", 0, "a comparison with in or is"),
        ("x is y < 1", 0, "a comparison with in or is"),
        ("f(*x)", 2, "* before an argument"),
        ("f(**x)", 2, "** has no meaning"),
        ("f(a=1, a=2)", 0, "named twice"),
        ("x[()]", 0, "an index with nothing in it"),
        ("x[::2]", 2, "a slice with a step"),
        ("x + 9999999999999999999", 4, "beyond 2**62"),
        ("1e999", 0, "beyond float64"),
        ("'é' + x ** 2", 6, "this operator"),
        ("x + y  # why", 7, "a comment"),
        ("x +\n  y ** 2", 6, "this operator"),
    ],
)
def test_refused_where_it_is_wrong(text, offset, said):
    with pytest.raises(SyntaxRefused) as refused:
        parse(text)
    assert said in refused.value.message
    assert refused.value.offset == offset or "not an expression" in said


@pytest.mark.parametrize(
    "text, said",
    [
        ("scan(h)", "scan of 1 expressions with 0 states"),
        ("scan(h, t=n)", "scan of 1 expressions with 0 states"),
        ("scan(h, c, t=n, h=0)", "scan of 2 expressions with 1 states"),
        ("scan(h, t=n, h=0, c=0)", "scan of 1 expressions with 2 states"),
        ("scan(h, n, h=0)", "scan of 2 expressions with 0 states"),
        ("scan(h, t=n, t=0)", "an argument is named twice"),
        ("threaded(step())", "threaded needs one call of a subject and the number of steps"),
        ("threaded(step(), 3, s=s)", "threaded needs one call of a subject and the number of steps"),
        ("threaded(step(), t=n, s=2 * s)", "threaded: the argument s is fed with a result of the call before"),
    ],
)
def test_steps_that_lack_something(text, said):
    with pytest.raises(SyntaxRefused) as refused:
        parse(text)
    assert refused.value.message == said


@pytest.mark.parametrize("name", ["scan", "threaded"])
def test_a_contract_may_have_an_equation_or_a_subject_of_that_name(name):
    """Those are called with named arguments alone."""
    assert parse(f"{name}(t=n, h=x).y") == ResultField(Call(name, (), (("t", Name("n")), ("h", X))), "y")
    assert parse(name) == Name(name)


def test_a_text_may_hold_what_would_be_a_comment():
    assert parse("f('# no comment')") == Call("f", (Text("# no comment"),), ())


@pytest.mark.parametrize(
    "text",
    [
        "x" * (MAX_LENGTH + 1),
        "(" * 900 + "x" + ")" * 900,
        "-" * 1900 + "x",
        "not " * 450 + "x",
        "x" + "[0]" * 600,
        "+".join("x" * 900),
        "f(" * 60 + ")" * 60,
        "9" * 1900,
        "x" + " < x" * 450,
        "x\x00y",
        "\ud800",
        "'\\N{'",
    ],
)
def test_hostile_text_is_refused_fast(text):
    with no_hang(), pytest.raises(SyntaxRefused):
        parse(text)


def test_the_limit_of_depth():
    parse("-" * MAX_DEPTH + "x")
    with pytest.raises(SyntaxRefused, match="nested deeper"):
        parse("-" * (MAX_DEPTH + 1) + "x")


def test_spans_are_characters_of_the_text():
    text = " f('é', x[1 + y]).z"
    shown = {text[node.start : node.stop] for node in walk(parse(text))}
    assert {"f('é', x[1 + y]).z", "f('é', x[1 + y])", "'é'", "x[1 + y]", "1 + y", "y"} <= shown


@given(st.text(alphabet="xyf019.,:()[]+-*/%&|^~<>=@!'\"# \n\\{}eNotandifrl", max_size=40) | st.text(max_size=20))
def test_any_text_is_read_or_refused(text):
    try:
        node = parse(text)
    except SyntaxRefused as refused:
        assert refused.message
        assert 0 <= refused.offset <= max(len(text), 1)
    else:
        assert parse(spell(node)) == node
