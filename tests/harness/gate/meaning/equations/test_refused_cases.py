"""When an equation promises nothing in a case."""

import pytest

from harness.gate.meaning.cases import cases
from harness.gate.meaning.equations.refused_cases import RefusedCases
from harness.gate.meaning.points import Wanted
from harness.gate.meaning.space import Space
from harness.gate.meaning.view import view

REFUSED = {"subject": "run", "when": "rows > 5", "error": "TooMany", "message": "too many"}
CLAIMS = {"F-1": "close(run().e, e)", "F-2": {"claim": "raises(run())", "where": "rows > 5"}}


def made(contract, claims=None, refuses=None, equations=None, **sections):
    equations = equations or {"a": "sum(x)", "e": "a * rows"}
    return view(contract(equations, {**CLAIMS, **(claims or {})}, refuses=refuses or [REFUSED], **sections))


def drawn(side):
    return cases(Space(side), Space(side), Wanted(frozenset({"x", "size", "rows"}), (), "a seed"))


def test_exactly_where_the_condition_holds(contract):
    side = made(contract, returns={"e": "e"})
    for name in ("a", "e"):
        refused = RefusedCases(side, name)
        assert refused.possible
        assert {(case.numbers["rows"], refused.has(case)) for case in drawn(side)} == {
            (rows, rows > 5) for rows in range(1, 7)
        }


def test_conditions_on_what_is_stored(contract):
    side = made(contract, refuses=[{**REFUSED, "when": "any(x < 0)"}], returns={"e": "e"})
    refused = RefusedCases(side, "e")
    assert all(refused.has(case) == bool((case.arrays["x"] < 0).any()) for case in drawn(side))


@pytest.mark.parametrize(
    "more",
    [
        {"claims": {"F-3": "close(run(k=1).e, e)"}},  # a call with other arguments
        {"claims": {"F-3": "finite(run().e) and close(run(x=2 * x).e, 2 * e)"}},
        {"refuses": [{**REFUSED, "when": "any(z > 1)"}]},  # of an input that this equation does not read
    ],
)
def test_where_it_is_not_known_the_case_counts(contract, more):
    side = made(contract, returns={"e": "e"}, **more)
    assert not any(RefusedCases(side, "e").has(case) for case in drawn(side))
