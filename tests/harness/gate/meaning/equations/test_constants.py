from harness.gate.meaning.equations.constants import (
    folded,
    real_constants,
    unseen,
    with_constant_replaced,
    with_real_constants,
)
from harness.language.syntax import names, parse, spell


def sides(old, new):
    return {"e": parse(old)}, {"e": parse(new)}


def test_real_constants_are_counted_without_sign():
    assert real_constants({"e": parse("0.5 * x - 0.5 + 3 * -1e-6")}) == {0.5: 2, 1e-6: 1}
    assert real_constants({"e": parse("where(x > 0.5, x, -inf)")}) == {0.5: 1}


def test_a_constant_is_exchanged_where_it_stands():
    texts = [spell(node) for node in with_constant_replaced(parse("0.5 * x + f(-0.5)"), 0.5, 2.0)]
    assert texts == ["(2.0 * x) + f(-0.5)", "(0.5 * x) + f(-2.0)"]


def test_nothing_is_asked_where_the_constants_are_the_same():
    assert unseen(*sides("0.5 * x", "x * 0.5"), lambda *_: False) == ""


def test_a_constant_that_is_seen_and_one_that_is_not():
    old, new = sides("x", "x + 1e-30")
    assert unseen(old, new, lambda *_: True) == ""
    assert "1e-30" in unseen(old, new, lambda *_: False)


def test_a_changed_constant_is_exchanged_for_what_it_became():
    asked = []
    unseen(*sides("0.25 * x", "0.75 * x"), lambda side, name, node: bool(asked.append((side, name, spell(node)))))
    assert asked == [(0, "e", "0.75 * x")]


def test_numbers_made_of_numbers_are_one():
    assert spell(folded(parse("x < 1000 * 1000 and k > -(3 + 1) // 2"))) == spell(parse("x < 1000000 and k > -2"))
    assert spell(folded(parse("x < 2.5 * 100"), reals=True)) == spell(parse("x < 250.0"))
    assert spell(folded(parse("x + 1 // 0"))) == spell(parse("x + 1 // 0"))


def test_integers_that_meet_real_numbers_are_constants_like_them():
    def real(node):
        return bool(names(node) & {"x"})

    def found(text):
        return real_constants({"e": with_real_constants(parse(text), real)})

    assert found("where(abs(x) > 1000 * 1000, 0, x)") == {1000000.0: 1}
    assert found("3 * x[0:2] + n * 4") == {3.0: 1}
    assert found("where(n > 5, 1, 0)") == {}
