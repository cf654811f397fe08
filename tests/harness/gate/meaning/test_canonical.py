import pytest

from harness.gate.meaning.canonical import canonical_form, conjuncts
from harness.language.syntax import parse, spell


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a == b", "b == a"),
        ("a > b", "b < a"),
        ("a + b", "b + a"),
        ("p and (q and r)", "(r and q) and p"),
        ("f(k=1, x=2)", "f(x=2, k=1)"),
        ("all(a >= 0)", "all(0 <= a)"),
    ],
)
def test_what_nobody_can_tell_apart_has_one_form(one, other):
    assert canonical_form(parse(one)) == canonical_form(parse(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [("a - b", "b - a"), ("a / b", "b / a"), ("a < b", "a > b"), ("f(a, b)", "f(b, a)"), ("a @ b", "b @ a")],
)
def test_what_means_something_else_has_another_form(one, other):
    assert canonical_form(parse(one)) != canonical_form(parse(other))


def test_parts_of_a_claim():
    assert [spell(part) for part in conjuncts(parse("c and (b and a)"))] == ["a", "b", "c"]
    assert [spell(part) for part in conjuncts(parse("a or b"))] == ["a or b"]


def test_finite_written_out_is_finite():
    (part,) = conjuncts(parse("all(is_finite(f().r))"))
    assert [part] == conjuncts(parse("finite(f().r)"))
    for other in ("all(is_finite(x))", "any(is_finite(f().r))", "not all(is_finite(f().r))"):
        assert "finite(f().r)" not in [spell(part) for part in conjuncts(parse(other))]
