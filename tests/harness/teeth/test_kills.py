import pytest

from harness.subjects.reference import Reference
from harness.teeth.fault import faults_of
from harness.teeth.kills import FaultTrials, KillRow, only_faulty_function


def row_of(program, number=0, cases=30, patience=None, real=None, **more):
    faults = faults_of(program)
    return FaultTrials(program, program.falsifiers[number], faults, real or Reference(), patience).run(0, cases)


def test_kills_with_the_number_of_cases(rows):
    done = row_of(rows())
    assert done.cases == 30 and not done.refuted
    assert 1 <= done.kills["FAULT-ROWS-001"] <= 30
    for mutant in ("both:drop-factor@1", "both:drop-factor@2", "total:max-for-sum@1", "best:bottom-k-for-top-k@1"):
        assert mutant in done.kills
    assert "FAULT-ROWS-002" not in done.kills | done.checks


def test_a_refusal_is_killed_by_what_swallows_it(rows):
    done = row_of(rows(), 1)
    assert "FAULT-ROWS-002" in done.kills and "both:drop-factor@1" not in done.kills


def test_a_claim_that_compares_copies_finds_the_one_that_drifted(rows):
    done = row_of(rows(), 2)
    assert "both:drop-factor@1" in done.kills and "total:max-for-sum@1" not in done.changed


@pytest.mark.parametrize("claim", ["rows().total == rows().total", "accurate(rows().total, total, 1e300)",
                                   "identical(rows().both, rows().both)", "all(rows().best >= 0)"])  # fmt: skip
def test_an_empty_claim_kills_nothing(rows, claim):
    done = row_of(rows(claim))
    assert done.kills == {} and "both:drop-factor@1" in done.changed
    assert done.checks  # what every result is held to works all the same


def test_what_refutes_the_correct_subject_kills_nobody(rows):
    done = row_of(rows("rows().total < total"))
    assert done.kills == {} and done.refuted >= 30


def test_patience(rows):
    program = rows("identical(rows().best, best)")
    impatient = row_of(program, patience=1)
    assert set(impatient.kills) < set(row_of(program).kills)


def test_the_same_every_time(rows):
    assert row_of(rows()) == row_of(rows())


def test_later_cases_are_added():
    done = KillRow(40, {"a": 3}, {"b": 5}, {"a"}, 1)
    done.add(KillRow(200, {"b": 50, "a": 60}, {}, {"c"}, 2))
    assert done == KillRow(200, {"b": 50, "a": 3}, {"b": 5}, {"a", "c"}, 3)


def test_first_cases_are_left_out(rows):
    program = rows()
    late = FaultTrials(program, program.falsifiers[0], faults_of(program), Reference()).run(10, 30)
    assert min(late.kills.values()) == 11


@pytest.mark.parametrize(("claim", "alone"), [
    ("identical(again_rows().both, rows().both)", "again_rows"),
    ("identical(rows().both, again_rows().both) and all(rows().total == rows().total)", "rows"),
    ("identical(rows().both, again(rows()).both)", ""),
    ("close(rows().both, both) and identical(again_rows().both, rows().both)", ""),
    ("stagewise(rows())", ""),
])  # fmt: skip
def test_the_one_function_that_gets_the_faults(rows, claim, alone):
    program = rows(claim)
    assert only_faulty_function(program, program.falsifiers[0]) == alone
    assert only_faulty_function(program, program.falsifiers[1]) == ""
