from harness.gate.meaning.admitted import Admitted
from harness.gate.meaning.compared import Difference, FunctionDiff
from harness.gate.meaning.tally import ExpressionTally

HERE = Difference("[1]", "1", "2")


def test_what_follows():
    tally = ExpressionTally()
    assert tally.evidence().relation == "undecidable"
    tally.case(3, [Admitted(3)])
    assert tally.evidence().relation == "respelled" and tally.evidence().n == 1
    tally.case(2, [Admitted(2, None, True)])
    assert tally.evidence().relation == "tightened"
    tally.admits("e", "k = 1", Admitted(2, HERE, False, 4.0))
    tally.case(2, [Admitted(2, HERE, False, 4.0), Admitted(2, HERE, False, 4.0)])
    found = tally.evidence()
    assert found.relation == "loosened" and "in 1 of 3, up to 4 times" in found.why and found.n == 3
    tally.differs("e", "k = 1", FunctionDiff(1, HERE))
    assert tally.evidence().relation == "different" and "e[1]: old 1, new 2" in tally.evidence().counterexample


def test_a_case_that_shows_nothing_is_not_counted():
    tally = ExpressionTally()
    tally.case(0)
    assert (tally.n, tally.tried) == (0, 1)


def test_too_few_decided_cases_show_too_little():
    tally = ExpressionTally(open_="a choice")
    for judged in (3, 0, 0, 0, 0):
        tally.case(judged, [Admitted(judged)])
    assert tally.evidence().relation == "respelled"  # one in five
    tally.case(0)
    assert tally.evidence().relation == "undecidable" and "1 of 6" in tally.evidence().why
