import pytest

from harness.gate.meaning.containment import contained
from harness.gate.meaning.domain_diff import DomainDiff
from harness.gate.meaning.space import Space
from harness.gate.meaning.view import view


def between(contract, least, most):
    dimensions = {"size": {"min": 1, "max": 24}, "rows": {"min": 1, "max": 10**6}, "k": {"min": least, "max": most}}
    return Space(view(contract({"e": "x + z"}, dimensions=dimensions), {}))


@pytest.mark.parametrize(
    ("old", "new", "gone", "come"),
    [
        ((1, "rows"), (1, "rows + 1"), False, True),
        ((1, "rows + 1"), (1, "rows"), True, False),
        ((1, "rows"), (0, "rows + 2"), False, True),
        ((1, "2 * rows"), (1, "rows + rows"), False, False),
        ((1, "rows"), (2, "rows + 1"), True, True),
    ],
)
def test_ranges_with_ends_in_other_dimensions(contract, old, new, gone, come):
    balance = DomainDiff()
    pair = between(contract, *old), between(contract, *new)
    contained(pair, [("rows", "k")] * 2, [[{}], [{}]], set(), True, balance)
    assert (bool(balance.gone), bool(balance.come)) == (gone, come)
    assert not balance.open_ and balance.n > 1000


def test_what_is_only_sampled_stays_open(contract):
    balance = DomainDiff()
    pair = between(contract, 1, "rows"), between(contract, 1, "rows")
    contained(pair, [("rows", "k")] * 2, [[{}], [{}]], set(), False, balance)
    assert balance.open_ and balance.evidence(False).relation == "undecidable"
