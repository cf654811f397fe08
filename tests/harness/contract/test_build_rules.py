"""Rules as dataclasses."""

from harness.contract.build_rules import cover, falsifier, fault, given, obligation, refusal, undecided, waiver
from harness.contract.spans import loads


def node(text):
    return loads(text, "c.yaml")


def test_given_of_a_dimension():
    exact = given("rows", node("3"))
    assert (exact.integers, exact.minimum, exact.kinds) == ((3,), None, ())
    least = given("rows", node("{min: 2 * top}"))
    assert least.minimum is not None
    assert (least.minimum.text, least.maximum, least.integers) == ("2 * top", None, ())
    assert given("rows", node("{values: [1, 2]}")).integers == (1, 2)


def test_given_of_an_input():
    one = given("x", node("{values: zeros, dtype: [a, b]}"))
    assert (one.kinds, one.dtypes, one.excluded) == (("zeros",), ("a", "b"), ())
    assert given("x", node("{not: [large]}")).excluded == ("large",)


def test_falsifier_without_options():
    built = falsifier(node("{id: F, discharges: [A], rule: r, claim: x == 1, if_fails: f}"))
    assert (built.given, built.where, built.for_each, built.undecided) == ({}, None, {}, None)
    assert built.claim.place_at(2).column == 44


def test_situations():
    text = (
        "{id: F, discharges: [A], rule: r, claim: x == 1, if_fails: f, cover: [{situation: s, when: x > 1, least: 1}]}"
    )
    (part,) = falsifier(node(text)).cover
    assert part == cover(node("{situation: s, when: x > 1, least: 1.0}"))
    assert (part.situation, part.when.text, part.least) == ("s", "x > 1", 1.0)
    assert falsifier(node("{id: F, discharges: [A], rule: r, claim: x == 1, if_fails: f}")).cover == ()


def test_the_others():
    assert undecided(node("{max: 1, reason: ties}")).max == 1.0
    assert obligation(node("{id: A, type: bound, property: p}")).type == "bound"
    assert fault(node("{id: F, story: s, replace: {total: x}}")).replace["total"].text == "x"
    assert refusal(node("{subject: s, when: w, error: E, message: m}")).when.text == "w"


def test_a_waiver():
    built = waiver(node('{mutant: "a:drop-factor@1", reason: why}'))
    assert (built.mutant, built.reason) == ("a:drop-factor@1", "why")
