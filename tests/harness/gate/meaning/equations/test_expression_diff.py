""""""

import pytest

from harness.gate.meaning.cases import cases
from harness.gate.meaning.equations.admitted import Admitted
from harness.gate.meaning.equations.expression_diff import (
    ExpressionPair,
    ExpressionTally,
    clear_decoded,
    common_arithmetic,
    diff_expressions,
    distinguished,
)
from harness.gate.meaning.equations.functions import Difference, FunctionDiff
from harness.gate.meaning.points import Wanted
from harness.gate.meaning.space import Space
from harness.gate.meaning.view import view
from harness.language.packed import Packed
from harness.language.syntax import Name, parse

HERE = Difference("[1]", "1", "2")


def test_what_follows():
    tally = ExpressionTally()
    assert tally.evidence().relation == "undecidable"
    tally.case(3, [Admitted(3)])
    assert tally.evidence().relation == "respelled" and tally.evidence().n == 1
    tally.case(2, [Admitted(2, None, True)])
    assert tally.evidence().relation == "tightened"
    tally.admits("e", "k = 1", Admitted(2, HERE, False, 4.0))
    tally.case(2, [Admitted(2, HERE, False, 4.0), Admitted(2, HERE, False, 4.0)])
    found = tally.evidence()
    assert found.relation == "loosened" and "in 1 of 3, up to 4 times" in found.why and found.n == 3
    tally.differs("e", "k = 1", FunctionDiff(1, HERE))
    assert tally.evidence().relation == "different" and "e[1]: old 1, new 2" in tally.evidence().counterexample


def test_a_case_that_shows_nothing_is_not_counted():
    tally = ExpressionTally()
    tally.case(0)
    assert (tally.n, tally.tried) == (0, 1)


def test_too_few_decided_cases_show_too_little():
    tally = ExpressionTally(open_="a choice")
    for judged in (3, 0, 0, 0, 0):
        tally.case(judged, [Admitted(judged)])
    assert tally.evidence().relation == "respelled"  # one in five
    tally.case(0)
    assert tally.evidence().relation == "undecidable" and "1 of 6" in tally.evidence().why


def pair_of(contract, old, new, ways=((),)):
    side = view(contract({"e": old}))
    other = side.with_equations({**side.equations, "e": parse(new)})
    pair = ExpressionPair("e", side, other, Name("e"), Name("e"), list(ways), common_arithmetic(side, other))
    wanted = Wanted(side.depends["e"] | other.depends["e"], (), "seed")
    return pair, cases(Space(side), Space(other), wanted)


@pytest.mark.parametrize(("new", "told"), [("z + x", False), ("x - z", True)])
def test_whether_cases_tell_two_functions_apart(contract, new, told):
    pair, drawn = pair_of(contract, "x + z", new)
    assert distinguished(pair, drawn) == told
    tally = diff_expressions(pair, drawn)
    assert bool(tally.different) == told and (tally.tried < len(drawn)) == told


def test_the_arithmetic_is_that_of_the_old_version(contract):
    old = view(contract({"e": "exp(x)"}, arithmetic={"exp_ulps": 4}))
    new = view(contract({"e": "exp(x)"}))
    assert common_arithmetic(old, new).exp_ulps == 4 and common_arithmetic(new, old).exp_ulps == 2
    assert not common_arithmetic(old, new).condition
    accurate = view(contract({"e": "exp(x)"}, {"F-1": "accurate(run().e, e, 8)"}))
    assert common_arithmetic(old, accurate).condition


def test_decoded_tensors_are_forgotten(real):
    made = view(real("ggml-blocks"))
    (case, *_) = cases(Space(made), Space(made), Wanted(frozenset({"tensor", "rows", "columns"}), (), "seed"))
    tensor = case.arrays["tensor"]
    assert isinstance(tensor, Packed)
    tensor.cache["decoded"] = 1
    clear_decoded(case)
    assert not tensor.cache


NARROW = {
    "x": {"dtype": "bf16", "shape": ["size"]},
    "w": {"dtype": "f32", "shape": ["rows", "size"]},
    "d": {"dtype": "f64", "shape": ["size"]},
}


# A value that is stored is what it is rounded to; of a list a kernel chooses one. f32 rounds nothing in float32.
@pytest.mark.parametrize(
    ("old", "new", "relation"),
    [
        ("stored(w @ x, bf16)", "w @ x", "different"),
        ("stored(w @ x, bf16)", "stored(w @ x, f16)", "different"),
        ("stored(w @ x, bf16)", "stored(w @ stored(x, bf16), bf16)", "respelled"),
        ("stored(w)", "stored(w, f32)", "respelled"),
        ("stored(w, f64)", "w", "respelled"),
        ("stored(x, bf16) + 0", "x + 0", "respelled"),
        ("stored(w, [f32, bf16])", "stored(w, [bf16, f64])", "respelled"),
        ("stored(w, [f32, bf16])", "stored(w, bf16)", "tightened"),
        ("stored(w, [f32, bf16])", "w", "tightened"),
        ("stored(w, bf16)", "stored(w, [f32, bf16])", "loosened"),
        ("stored(w, [f32, bf16])", "stored(1.0001 * w, [f32, bf16])", "different"),
        ("stored(w, [bf16, f16])", "stored(w, f8_e5m2)", "different"),
        ("sum(stored(w, [f32, bf16]), 1)", "sum(w, 1)", "tightened"),
        ("sum(stored(w, bf16), 1)", "sum(stored(w, [f32, bf16]), 1)", "loosened"),
        ("sum(stored(w, bf16), 1)", "sum(w, 1)", "different"),
        ("stored(w, [i8, i16])", "stored(w, i8)", "tightened"),
        ("stored(127 * w, i8)", "stored(128 * w, i8)", "different"),
        ("where(d > 1e300, d, 0.0)", "where(d > 2e300, d, 0.0)", "different"),
    ],
)
def test_what_is_stored_in_formats(compared, old, new, relation):
    assert compared(old, new, claims={"F-1": "close(run().e, e)"}, inputs=NARROW).relation == relation


def test_other_formats_admit_more_here_and_less_there(compared):
    sides = "stored(w, [bf16, f16])", "stored(w, [f16, f8_e5m2])"
    found = compared(*sides, claims={"F-1": "close(run().e, e)"}, inputs=NARROW)
    assert found.relation == "loosened" and found.less
