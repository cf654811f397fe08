from harness.gate.meaning.combinations import ENUMERATED, compare_numbers
from harness.gate.meaning.domain_diff import DomainDiff
from harness.gate.meaning.space import Space
from harness.gate.meaning.view import view


def spaces(contract, *rules):
    made = [view(contract({"e": "x + z"}, {"F-1": {"claim": "close(run().e, e)", **rule}}), {}) for rule in rules]
    return tuple(Space(side, side.rules["FALSIFY-F-1"]) for side in made)


def test_only_the_numbers_that_matter_are_enumerated(contract):
    balance = DomainDiff()
    assert not compare_numbers(spaces(contract, {"given": {"k": 1}}, {"given": {"k": {"max": 2}}}), balance)
    assert balance.n == 6 + 5  # k beside rows: six of k = 1, five of k = 2; size takes no part
    assert len(balance.come) == 5 and not balance.gone and balance.n < ENUMERATED


def test_equal_texts_are_not_enumerated(contract):
    balance = DomainDiff()
    assert compare_numbers(spaces(contract, {"where": "k < rows"}, {"where": "k < rows"}), balance)
    assert balance.n == 0


def test_a_condition_without_a_value_is_said(contract):
    balance = DomainDiff()
    compare_numbers(spaces(contract, {}, {"where": "size << (k - 2) == 4"}), balance)
    assert balance.open_ and balance.evidence(False).relation == "undecidable"
