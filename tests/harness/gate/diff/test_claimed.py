"""What a claim says part by part, and which rules claim a part."""

import pytest

from harness.contract.spans import loads
from harness.gate.comparison import entries_by_id
from harness.gate.diff.claimed import claim_of, claimed, rules_that_claim, single_parts
from harness.language.syntax import parse, spell

STRICT, LOOSE = "accurate(f().r, v, 4)", "accurate(f().r, v, 16)"


def said(text):
    return claimed(parse(text))


@pytest.mark.parametrize("text", [f"{STRICT} and {LOOSE}", f"{LOOSE} and {STRICT}", STRICT])
def test_of_two_accuracies_of_one_result_the_stricter_counts(text):
    assert dict(said(text).units) == {("f().r", "v"): 4}


@pytest.mark.parametrize(
    ("one", "other", "implies"),
    [
        (STRICT, LOOSE, True),
        (LOOSE, STRICT, False),
        (LOOSE, "accurate(f().r, w, 16)", False),
        ("a == b and c", "b == a", True),
        ("a == b", "a == b and c", False),
        ("all(is_finite(f().r))", "finite(f().r)", True),
        ("accurate(f().r, v, n)", "accurate(f().r, v, n)", True),
        ("a or b", "a", False),
    ],
)
def test_what_implies_what(one, other, implies):
    assert said(one).implies(said(other)) is implies


def test_what_one_says_and_the_other_does_not():
    rest = said(f"a and b and {STRICT} and accurate(f().r, w, 1)").without(said(f"b and {LOOSE}"))
    assert (sorted(rest.parts), list(rest.units)) == (["a"], [("f().r", "w")])
    assert said(LOOSE).mentions(parse(STRICT)) and not said("a").mentions(parse("b"))
    assert not claimed(None) and not said("a").without(said("a"))


def test_parts_as_they_are_written():
    assert [spell(part) for part in single_parts(parse("b and (a > 1 and c)"))] == ["b", "a > 1", "c"]


RULES = """
falsification_tests:
  - {id: ONE, claim: 'finite(f().r)', where: n > 2}
  - {id: TWO, claim: 'a == b and finite(f().r)'}
  - {id: BAD, claim: 'finite(('}
"""


def test_who_claims_a_part_of_all_cases_of_a_rule():
    root = loads(RULES, "c.yaml")
    rules = entries_by_id(root, "falsification_tests")
    part = parse("finite(f().r)")
    assert list(rules_that_claim(root, part, rules["ONE"])) == ["ONE", "TWO"]
    assert list(rules_that_claim(root, part, rules["ONE"], but="ONE")) == ["TWO"]
    assert list(rules_that_claim(root, part, rules["TWO"], but="TWO")) == []
    assert claim_of(rules["BAD"]) is None
