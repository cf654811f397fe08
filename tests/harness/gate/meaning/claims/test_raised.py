import numpy as np
import pytest

from harness.gate.meaning.cases import ComparisonCase
from harness.gate.meaning.claims.raised import Said, raises_diff, refused, says_diff, split
from harness.gate.meaning.claims.results import Execution
from harness.gate.meaning.view import view
from harness.language.syntax import parse

SAID = [Said("Refused", "k 0 is not in 1 to 3", (0, 3)), Said("Refused", "k 0 is not in 1 to 5", (0, 5))]


@pytest.mark.parametrize(
    ("old", "new", "relation"),
    [
        ("raises(c)", "raises(c)", "same"),
        ("raises(c)", 'raises(c, "Refused")', "loosened"),
        ('raises(c, "Refused")', "raises(c)", "tightened"),
        ("raises(c)", 'raises(c, "Other")', "different"),
        ("raises(c)", "raises(c, error)", "undecidable"),
        ("says(c)", "says(c)", "same"),
        ("says(c)", 'says(c, "not in 1")', "loosened"),
        ('says(c, "not in 1")', "says(c)", "tightened"),
        ("says(c)", 'says(c, "to 3")', "different"),
        ('says(c, "not in")', 'says(c, "in")', "loosened"),
        ('says(c, "in")', 'says(c, "not in")', "tightened"),
        ('says(c, "in")', 'says(c, "out")', "different"),
        ('says(c, "in")', "says(c, sentence)", "undecidable"),
    ],
)
def test_which_claim_asks_for_more(old, new, relation):
    diff = raises_diff if old.startswith("raises") else says_diff
    assert diff(parse(old), parse(new), lambda call: SAID).relation == relation


def test_where_the_message_has_no_numbers_the_class_is_all_that_is_asked_for():
    said = [Said("Refused", "is not finite")]
    assert raises_diff(parse("raises(c)"), parse('raises(c, "Refused")'), lambda call: said).relation == "respelled"


def test_a_class_with_a_text_is_two_claims():
    assert split(parse('raises(c, "Refused", "in")')) == (parse('raises(c, "Refused")'), parse('says(c, "in")'))
    assert split(parse("raises(c)")) == (parse("raises(c)"),)


def test_where_nothing_is_known_of_the_call_nothing_is_said():
    assert raises_diff(parse("raises(c)"), parse('raises(c, "Refused")'), lambda call: []).relation == "undecidable"
    assert says_diff(parse("says(c)"), parse('says(c, "in")'), lambda call: []).relation == "undecidable"


def test_what_refuses_says_of_a_call(contract):
    refuses = [{"subject": "run", "when": "k < 1", "error": "Refused", "message": "k {k} is not in 1 to {rows}"}]
    made = view(contract({"e": "x + z"}, {"F-1": "raises(run(k=0))", "F-2": "close(run().e, e)"}, refuses=refuses))
    ones = np.ones(2, np.float32)
    arrays = {
        "x": ones,
        "z": ones,
        "w": np.ones((3, 2), np.float32),
        "q": np.ones(2, np.uint8),
        "h": np.ones(2, np.uint8),
    }
    case = ComparisonCase({"size": 2, "rows": 3, "k": 1}, arrays, {}, {})
    assert refused(made, Execution("run", {"k": parse("0")}, False), case) == Said(
        "Refused", "k 0 is not in 1 to 3", (0, 3)
    )
    assert refused(made, Execution("run", {}, False), case) is None
