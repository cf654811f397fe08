import pytest

from harness.report.headline import ACTIONS, MEANINGS, action, denominator, headline, tally
from harness.search.outcome import VERDICTS
from tests.harness.report import stored


def test_every_verdict_has_an_action_and_a_meaning():
    assert set(ACTIONS) == set(MEANINGS) == set(VERDICTS)


def test_the_first_line_has_verdict_subject_denominator_and_action():
    told = headline(stored.second("faulty"))
    assert told.startswith("ERROR: reference:FAULT-TINY-001 against 10 falsifiers of 1 contract, ")
    assert "1 error, 3 falsified, 1 vacuous, 1 undecided, 4 survived" in told
    assert told.endswith(ACTIONS["error"])


def test_verdicts_are_never_folded():
    record = stored.second("faulty")
    assert sum(int(part.split()[0]) for part in tally(record).split(", ")) == 10


def test_a_run_of_nothing_says_so():
    record = stored.second("faulty")
    record["contracts"][0]["falsifiers"], record["counts"] = [], {}
    assert (denominator(record), tally(record)) == ("nothing was run", "no verdicts")


@pytest.mark.parametrize("verdict", VERDICTS)
def test_an_interrupted_run_is_to_be_run_again(verdict):
    record = stored.second("faulty") | {"verdict": verdict, "interrupted": True}
    assert "run again" in action(record)
    assert action(record | {"interrupted": False}) == ACTIONS[verdict]
