from harness.gate.meaning.constants import real_constants, unseen, with_constant_replaced
from harness.language.syntax import parse, spell


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
