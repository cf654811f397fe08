from dataclasses import replace

from harness.gate.meaning.view import below, same_format, same_text, view
from harness.language.syntax import parse


def test_two_and_two_point_zero_are_not_the_same_text():
    assert same_text(parse("2 * x"), parse("(2 * x)"))
    assert not same_text(parse("2 * x"), parse("2.0 * x"))
    assert same_text(None, None) and not same_text(None, parse("x"))


def test_everything_below(contract):
    made = below({"a": parse("x + 1"), "b": parse("a * k"), "c": parse("f(b, a=2)")})
    assert made["a"] == {"x"} and made["b"] == {"a", "k", "x"} and made["c"] == {"f", "b", "a", "k", "x"}
    assert view(contract({"e": "w @ x"})).depends["e"] == {"w", "x"}


def test_what_somebody_relies_on(contract):
    equations = {"hidden": "x * 1", "step": "hidden * 2", "read": "sum(x)", "e": "step + z"}
    claims = {"F-1": "close(run().e, e) and close(sum(run().e), read)"}
    assert view(contract(equations, claims, returns={"e": "e"})).promised == {"e", "read"}
    assert view(contract(equations, claims, returns={"e": "e", "step": "step"})).promised == {"e", "read", "step"}


def test_what_is_computed_alike(contract):
    first = view(contract({"a": "x", "b": "a + z", "c": "z * 2"}))
    other = first.with_equations({**first.equations, "a": parse("x * 1")})
    assert other.alike(first) == {"c"} and first.alike(first) == {"a", "b", "c"}


def test_formats_that_decode_alike(real):
    program = real("ggml-blocks")
    q4, q6 = program.formats["q4_k"], program.formats["q6_k"]
    assert same_format(q4, replace(q4, name="other")) and not same_format(q4, q6) and not same_format(q4, None)
    assert not same_format(q4, replace(q4, equations={**q4.equations, "w": parse("d * q")}))
