import pytest

from harness.gate.meaning.cases import cases
from harness.gate.meaning.expression_diff import (
    ExpressionPair,
    clear_decoded,
    common_arithmetic,
    diff_expressions,
    distinguished,
)
from harness.gate.meaning.points import Wanted
from harness.gate.meaning.space import Space
from harness.gate.meaning.view import view
from harness.language.packed import Packed
from harness.language.syntax import Name, parse


def pair_of(contract, old, new, ways=((),)):
    side = view(contract({"e": old}), {})
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
    old = view(contract({"e": "exp(x)"}, arithmetic={"exp_ulps": 4}), {})
    new = view(contract({"e": "exp(x)"}), {})
    assert common_arithmetic(old, new).exp_ulps == 4 and common_arithmetic(new, old).exp_ulps == 2
    assert not common_arithmetic(old, new).condition
    accurate = view(contract({"e": "exp(x)"}, {"F-1": "accurate(run().e, e, 8)"}), {})
    assert common_arithmetic(old, accurate).condition


def test_decoded_tensors_are_forgotten(real):
    made = view(real("ggml-blocks"), {})
    (case, *_) = cases(Space(made), Space(made), Wanted(frozenset({"tensor", "rows", "columns"}), (), "seed"))
    tensor = case.arrays["tensor"]
    assert isinstance(tensor, Packed)
    tensor.cache["decoded"] = 1
    clear_decoded(case)
    assert not tensor.cache
