import numpy as np
import pytest

from harness.gate.meaning.cases import ComparisonCase
from harness.gate.meaning.raised import raises_diff, refused
from harness.gate.meaning.results import Execution
from harness.gate.meaning.view import view
from harness.language.syntax import parse

SAID = [("Refused", "k 0 is not in 1 to 3"), ("Refused", "k 0 is not in 1 to 5")]


@pytest.mark.parametrize(
    ("old", "new", "relation"),
    [
        ("raises(c)", "raises(c)", "same"),
        ("raises(c)", 'raises(c, "Refused")', "loosened"),
        ('raises(c, "Refused", "not in 1")', "raises(c)", "tightened"),
        ("raises(c)", 'raises(c, "Other")', "different"),
        ("raises(c)", 'raises(c, "Refused", "to 3")', "different"),
        ('raises(c, "Refused", "not in")', 'raises(c, "Refused")', "loosened"),
        ('raises(c, "Refused")', 'raises(c, "Refused", "not in")', "tightened"),
        ('raises(c, "Refused", "in")', 'raises(c, "Refused", "out")', "different"),
        ('raises(c, "Refused", "in")', 'raises(c, "Refused", says)', "undecidable"),
        ("raises(c)", "raises(c, error)", "undecidable"),
    ],
)
def test_which_claim_asks_for_more(old, new, relation):
    assert raises_diff(parse(old), parse(new), lambda call: SAID).relation == relation


def test_where_nothing_is_known_of_the_call_nothing_is_said():
    assert raises_diff(parse("raises(c)"), parse('raises(c, "Refused")'), lambda call: []).relation == "undecidable"


def test_what_refuses_says_of_a_call(contract):
    refuses = [{"subject": "run", "when": "k < 1", "error": "Refused", "message": "k {k} is not in 1 to {rows}"}]
    made = view(contract({"e": "x + z"}, {"F-1": "raises(run(k=0))", "F-2": "close(run().e, e)"}, refuses=refuses), {})
    ones = np.ones(2, np.float32)
    arrays = {
        "x": ones,
        "z": ones,
        "w": np.ones((3, 2), np.float32),
        "q": np.ones(2, np.uint8),
        "h": np.ones(2, np.uint8),
    }
    case = ComparisonCase({"size": 2, "rows": 3, "k": 1}, arrays, {}, {})
    assert refused(made, Execution("run", {"k": parse("0")}, False), case) == ("Refused", "k 0 is not in 1 to 3")
    assert refused(made, Execution("run", {}, False), case) is None
