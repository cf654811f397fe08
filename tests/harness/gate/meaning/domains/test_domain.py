"""Which cases are admitted, before and after: decided by containment."""

import sys
from subprocess import run

import pytest

from harness.gate.meaning.domains.containment import DomainDiff
from harness.gate.meaning.domains.domain import ENUMERATED, compare_dimension, compare_domain, compare_numbers
from harness.gate.meaning.space import Space
from harness.gate.meaning.view import view


def spaces(contract, *rules):
    made = [view(contract({"e": "x + z"}, {"F-1": {"claim": "close(run().e, e)", **rule}})) for rule in rules]
    return tuple(Space(side, side.rules["FALSIFY-F-1"]) for side in made)


def test_only_the_numbers_that_matter_are_enumerated(contract):
    balance = DomainDiff()
    assert not compare_numbers(spaces(contract, {"given": {"k": 1}}, {"given": {"k": {"max": 2}}}), balance)
    assert balance.n == 6 + 5  # k beside rows: six of k = 1, five of k = 2; size takes no part
    assert balance.come == 5 and not balance.gone and balance.n < ENUMERATED


def test_equal_texts_are_not_enumerated(contract):
    balance = DomainDiff()
    assert compare_numbers(spaces(contract, {"where": "k < rows"}, {"where": "k < rows"}), balance)
    assert balance.n == 0


def test_a_condition_without_a_value_is_said(contract):
    balance = DomainDiff()
    compare_numbers(spaces(contract, {}, {"where": "size << (k - 2) == 4"}), balance)
    assert balance.open_ and balance.evidence(False).relation == "undecidable"


# ruff: noqa: E501  (one pair is one line)


SAME, LESS, MORE, BOTH, OPEN = "respelled", "narrowed", "widened", "incomparable", "undecidable"
TABLE = {"pairs": {"columns": {"a": "integer", "word": "text", "note": "text"},
                   "rows": [[1, "x", "one"], [2, "v", "two"], [3, "z", "three"]]}}  # fmt: skip


@pytest.fixture
def falsifier(contract):
    def make(given=None, where=None, rows=None, claim="close(run().e, e)", table="pairs", **sections):
        rule = {"claim": claim}
        if given is not None:
            rule["given"] = given
        if where is not None:
            rule["where"] = where
        if rows is not None:
            tables = {table: {**TABLE["pairs"], "rows": rows}}
            rule["over"] = [table]
            rule["claim"] = "close(run().e, e) and all(run().e == run().e + 0 * a)"
            sections = {"tables": tables, **sections}
        return contract({"e": "x + z"}, {"F-1": rule}, **sections)

    return make


# fmt: off
GIVEN = {
    "one number, then a range of one": ({"k": 1}, {"k": {"min": 1, "max": 1}}, SAME),
    "one number, then the end that is that": ({"k": 1}, {"k": {"max": 1}}, SAME),
    "the declared end written out": ({"k": {"min": 1}}, {"k": {"min": 1, "max": "rows"}}, SAME),
    "nothing given, then the declared range": (None, {"k": {"min": 1, "max": "rows"}}, SAME),
    "a range, then its values": ({"rows": {"min": 2, "max": 4}}, {"rows": {"values": [2, 3, 4]}}, SAME),
    "values in another order": ({"rows": {"values": [2, 3]}}, {"rows": {"values": [3, 2]}}, SAME),
    "a larger end": ({"k": 1}, {"k": {"max": 2}}, MORE),
    "a smaller end": ({"rows": {"min": 2}}, {"rows": {"min": 3}}, LESS),
    "an end at another dimension": ({"k": {"min": 1}}, {"k": {"min": "rows"}}, LESS),
    "another range": ({"rows": {"max": 3}}, {"rows": {"min": 2, "max": 4}}, BOTH),
    "one value for another": ({"rows": 2}, {"rows": 3}, BOTH),
    "an end that is never reached": ({"k": {"max": "rows"}}, {"k": {"max": "rows + 5 - 5"}}, SAME),
    "kinds left out, then the others named": ({"x": {"not": ["large"]}}, {"x": {"values": ["zeros", "one_hot", "integers", "normal", "heavy", "repeated", "offset", "saturating", "tiny", "subnormal"]}}, SAME),
    "a kind more": ({"x": {"values": ["normal"]}}, {"x": {"values": ["normal", "zeros"]}}, MORE),
    "a kind less": ({"x": {"values": ["normal", "zeros"]}}, {"x": {"values": ["normal"]}}, LESS),
    "another kind": ({"x": {"values": ["normal"]}}, {"x": {"values": ["zeros"]}}, BOTH),
    "a kind that is only drawn on request": (None, {"x": {"values": ["zeros", "one_hot", "integers", "normal", "heavy", "repeated", "offset", "saturating", "large", "tiny", "subnormal", "nonfinite"]}}, MORE),
    "numbers fewer and kinds more": ({"rows": {"max": 3}, "x": {"not": ["large"]}}, {"rows": {"max": 2}}, BOTH),
}
WHERE = {
    "strictly more than one, at least two": ("rows > 1", "rows >= 2", SAME),
    "turned round": ("rows > k", "k < rows", SAME),
    "by remainder, by bits": ("rows % 2 == 0", "rows & 1 == 0", SAME),
    "negated": ("not rows == k", "rows != k", SAME),
    "what is always so": (None, "k <= rows", SAME),
    "what is never so elsewhere": ("rows > 2 and k == rows", "k == rows and rows >= 3 and size >= 1", SAME),
    "one more condition": ("rows > 1", "rows > 1 and k > 1", LESS),
    "one condition less": ("rows > 1 and k > 1", "rows > 1", MORE),
    "or for and": ("rows > 2 and k > 2", "rows > 2 or k > 2", MORE),
    "another condition": ("rows % 2 == 0", "rows % 3 == 0", BOTH),
    "a condition dropped": ("size > 3", None, MORE),
}
# fmt: on


@pytest.mark.parametrize("name", GIVEN)
def test_given(falsifier, name):
    old, new, relation = GIVEN[name]
    found = compare_domain(falsifier(old), falsifier(new), "FALSIFY-F-1")
    assert found.relation == relation, found
    assert ("no longer" in found.counterexample) == (relation in (LESS, BOTH))
    assert ("new:" in found.counterexample) == (relation in (MORE, BOTH))


@pytest.mark.parametrize("name", WHERE)
def test_where(falsifier, name):
    old, new, relation = WHERE[name]
    found = compare_domain(falsifier(where=old), falsifier(where=new), "FALSIFY-F-1")
    assert found.relation == relation, found
    assert found.n > 0 and "enumerated" in found.why


def test_given_and_where_may_say_the_same(falsifier):
    old, new = falsifier(given={"rows": {"min": 2}}), falsifier(where="rows > 1")
    assert compare_domain(old, new, "FALSIFY-F-1").relation == SAME


@pytest.mark.parametrize(
    ("rows", "relation"),
    [
        ([[3, "z", "three"], [1, "x", "one"], [2, "v", "two"]], SAME),
        ([[1, "x", "a word that no claim reads"], [2, "v", "two"], [3, "z", "three"]], SAME),
        ([[1, "x", "one"], [2, "v", "two"]], LESS),
        ([*TABLE["pairs"]["rows"], [4, "w", "four"]], MORE),
        ([[1, "x", "one"], [2, "v", "two"], [4, "z", "three"]], BOTH),
    ],
)
def test_rows_of_tables(falsifier, rows, relation):
    old = falsifier(rows=TABLE["pairs"]["rows"])
    found = compare_domain(old, falsifier(rows=rows, table="others"), "FALSIFY-F-1")
    assert found.relation in ((SAME, "same") if relation == SAME else (relation,)), found
    # Of one table, rows that went or came are reported where they stand.
    assert compare_domain(old, falsifier(rows=rows), "FALSIFY-F-1").relation == "same"


# fmt: off
DECLARED = {
    "a larger end": ({"max": 24}, {"max": 32}, MORE),
    "a larger beginning": ({"min": 1}, {"min": 2}, LESS),
    "moved": ({"min": 1, "max": 8}, {"min": 2, "max": 9}, BOTH),
    "far beyond what can be enumerated": ({"max": 1_000_000}, {"max": 2_000_000}, MORE),
    "less, far beyond what can be enumerated": ({"max": 2_000_000}, {"max": 1_000_000}, LESS),
    "an end that is a sum": ({"max": 12}, {"max": "6 + 6"}, SAME),
    "a range of a million, written as a sum": ({"max": 1_000_000}, {"max": "500000 + 500000"}, SAME),
}
# fmt: on


@pytest.mark.parametrize("name", DECLARED)
def test_dimensions_of_the_contract(contract, name):
    old, new, relation = DECLARED[name]

    def made(part):
        dimensions = {
            "size": {"min": 1, "max": 24, **part},
            "rows": {"min": 1, "max": 6},
            "k": {"min": 1, "max": "rows"},
        }
        return contract({"e": "x + z"}, {"F-1": "close(run().e, e)"}, dimensions=dimensions)

    found = compare_dimension(made(old), made(new), "size")
    assert found.relation == relation, found
    # It is said once: the cases of a falsifier are compared above the dimensions of the old version.
    assert compare_domain(made(old), made(new), "FALSIFY-F-1").relation == "same"
    assert compare_dimension(made(old), made(new), "rows").relation == "same"


def test_what_cannot_be_enumerated_or_shown_stays_open(contract):
    def made(where):
        dimensions = {
            "size": {"min": 1, "max": 1_000_000},
            "rows": {"min": 1, "max": 6},
            "k": {"min": 1, "max": "rows"},
        }
        return contract({"e": "x + z"}, {"F-1": {"claim": "close(run().e, e)", "where": where}}, dimensions=dimensions)

    assert compare_domain(made("size > 1"), made("size >= 2"), "FALSIFY-F-1").relation == OPEN
    # That cases went is shown by one of them.
    assert compare_domain(made("size > 1"), made("size > 500000"), "FALSIFY-F-1").relation == LESS


def test_kinds_and_types_of_inputs(contract):
    inputs = {"x": {"dtype": "f32", "shape": ["size"]}, "z": {"dtype": "f32", "shape": ["size"]}}
    narrow = {**inputs, "x": {**inputs["x"], "values": ["normal", "zeros"]}}
    old, new = (contract({"e": "x + z"}, {"F-1": "close(run().e, e)"}, inputs=part) for part in (inputs, narrow))
    assert compare_domain(old, new, "FALSIFY-F-1").relation == "same", "the input is compared where it is declared"
    assert Space(view(new)).kinds("x") == ("normal", "zeros")
    assert Space(view(new)).types("x") == ("f32",)


def test_numpy_is_not_needed():
    code = (
        "import sys; from harness.program.collection import load; from harness.gate.meaning.domains.domain import compare_dimension, compare_domain\n"
        "(made,) = load(('contracts/moe-router-v2.yaml',))\n"
        "assert compare_dimension(made, made, 'k').relation == 'same'\n"
        "assert compare_domain(made, made, 'FALSIFY-MOE-ROUTER-006').relation == 'same'\n"
        "assert not {'numpy', 'hypothesis', 'numba'} & set(sys.modules)"
    )
    run([sys.executable, "-c", code], check=True)
