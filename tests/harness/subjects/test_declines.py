"""What a subject does not take on of a contract that it claims."""

from types import SimpleNamespace

import pytest

from harness.findings import HandledError
from harness.run.plan import Offer, Order, make_plan
from harness.subjects.declines import declined, declines_of, lacked
from harness.subjects.reference import Reference
from harness.subjects.subject import ModuleSubject

REFUSAL = {"tiny": {"TINY-REFUSAL": "it raises whatever its library raises"}}


def declining(declines, claims=("tiny",)):
    return ModuleSubject("peer", SimpleNamespace(CLAIMS=claims, DECLINES=declines))


def test_most_subjects_decline_nothing(tiny):
    assert declines_of(Reference(), [tiny]) == declines_of(ModuleSubject("peer", SimpleNamespace()), [tiny]) == {}


def test_what_is_declined_is_kept_with_its_reason(tiny):
    assert declines_of(declining(REFUSAL), [tiny]) == REFUSAL
    assert declines_of(declining(REFUSAL, None), [tiny]) == REFUSAL
    elsewhere = {"moe-router": {"ROUTER-TIES": "none promised"}}
    assert declines_of(declining(elsewhere, ("tiny", "moe-router")), [tiny]) == elsewhere  # not among those at hand


@pytest.mark.parametrize(
    ("declines", "told"),
    [
        (["TINY-REFUSAL"], "DECLINES is ['TINY-REFUSAL'], expected {contract: {obligation: reason}}"),
        ({"tiny": ["TINY-REFUSAL"]}, "expected {contract: {obligation: reason}}"),
        ({"tiny": {"TINY-REFUSAL": ""}}, "DECLINES 'TINY-REFUSAL' of tiny, without a reason; give one in a sentence"),
        ({"tiny": {"TINY-REFUSAL": None}}, "without a reason"),
        ({"tiny": {"TINY-REFUSALS": "no"}}, "which is no obligation of tiny; did you mean 'TINY-REFUSAL'?"),
        ({"tinny": {"TINY-REFUSAL": "no"}}, "DECLINES names 'tinny', which it does not claim; did you mean 'tiny'?"),
    ],
)
def test_a_mistake_in_it_is_refused(tiny, declines, told):
    with pytest.raises(HandledError) as refused:
        declines_of(declining(declines), [tiny])
    assert str(refused.value).startswith("subject 'peer': ") and told in str(refused.value)


def test_a_falsifier_is_declined_with_any_of_its_obligations(tiny, rule):
    assert declined(REFUSAL, tiny, rule(4)) == ("TINY-REFUSAL", REFUSAL["tiny"]["TINY-REFUSAL"])
    assert declined(REFUSAL, tiny, rule(1)) is None
    assert declined({}, tiny, rule(4)) is None


def test_functions_that_only_declined_rules_call_are_not_missed(tiny, rule):
    assert lacked({}, tiny, rule(1), ("staged",)) == ("staged",)
    assert lacked(REFUSAL, tiny, rule(1), ("staged",)) == ()
    assert lacked(REFUSAL, tiny, rule(3), ("staged",)) == ("staged",)


def test_what_is_declined_is_listed_and_not_run(tiny):
    plan = make_plan(Order((), "my.engine"), [tiny], Offer(("tiny",), {"tiny": ("staged",)}, REFUSAL))
    assert [part[1:3] for part in plan.declined] == [
        ("FALSIFY-TINY-004", "TINY-REFUSAL"), ("FALSIFY-TINY-009", "TINY-REFUSAL"),
    ]  # fmt: skip
    assert len(plan.tasks) == 8 and sorted(key[1] for key in plan.decided) == ["FALSIFY-TINY-003", "FALSIFY-TINY-007"]


def test_a_star_stands_for_any_text_and_for_every_contract_that_is_claimed(tiny, rule):
    own = "its messages are its own"
    for said in ({"*": {"*-REFUSAL": own}}, {"tiny": {"TINY-REF*": own}}, {"*": {"TINY-REFUSAL": own}}):
        assert declines_of(declining(said), [tiny]) == {"tiny": {"TINY-REFUSAL": own}}
    assert declines_of(declining({"*": {"*-SENTENCES": own}}), [tiny]) == {}  # of no contract at hand
    assert declines_of(declining({"*": {"*-REFUSAL": own}}, ("other",)), [tiny]) == {}
    with pytest.raises(HandledError, match="is no obligation of tiny"):
        declines_of(declining({"tiny": {"*-SENTENCES": own}}), [tiny])


def test_a_mistake_in_a_reason_of_rows_is_refused(tiny):
    with pytest.raises(HandledError, match="without a reason"):
        declines_of(declining({"tiny": {"TINY-REFUSAL": {"rows == 1": " "}}}), [tiny])
    with pytest.raises(HandledError, match="without a reason"):
        declines_of(declining({"tiny": {"TINY-REFUSAL": {}}}), [tiny])
    with pytest.raises(HandledError, match="no rule has all of its names"):  # a dimension is no column
        declines_of(declining({"tiny": {"TINY-REFUSAL": {"rows == 1": "one row"}}}), [tiny])
