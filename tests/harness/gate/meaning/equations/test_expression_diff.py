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
