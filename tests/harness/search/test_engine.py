import errno
import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis.errors import HypothesisException, UnsatisfiedAssumption

from harness.language.syntax import parse
from harness.program.model import CoverProgram
from harness.search.engine import FLUSHES, NOT_REPRODUCIBLE, Search, broken_by
from harness.search.outcome import ERROR, FALSIFIED, SURVIVED, UNDECIDED, VACUOUS
from harness.search.trial import ContractMistake
from harness.subjects.interrupt import Interrupted


def zeros(**arguments):
    return {"out": np.zeros(arguments["m"][1][0], np.float32)}


def test_a_correct_subject_survives_with_exact_counts(search):
    outcome = search(1, cases=60)
    tally = outcome.tally
    assert (outcome.verdict, outcome.reason, outcome.exhausted) == (SURVIVED, "", False)
    assert tally.cases == tally.executions == outcome.wanted == 60
    assert tally.discarded == tally.undecided == 0
    assert tally.judged == tally.entries == sum(rows * count for rows, count in tally.dimensions["rows"].items())
    assert sum(count for (name, _), count in tally.kinds.items() if name == "x") == 60
    assert 0 < tally.margin <= 1 and "m: q8" in tally.margin_case


def test_the_subject_is_called_once_per_counted_case_and_disturbed_in_every_eighth(tiny, rule, subject, search):
    calls = []

    def counting(*, x, m, size):
        calls.append(size)
        return {"out": subject().module.product(x=x, m=m, size=size)["out"]}

    assert search(1, cases=60, product=counting).verdict == SURVIVED
    # Cases 1, 9, 17, ..., 57: once with zeros and once with the values in the same arrays (but not those of zeros), and
    # once after a call that the contract refuses, with that call.
    assert 60 + 8 < len(calls) <= 60 + 4 * 8


def test_a_wrong_subject_is_falsified_with_a_minimal_case(search):
    outcome = search(1, product=zeros)
    example = outcome.counterexample
    assert (outcome.verdict, outcome.reason) == (FALSIFIED, "beyond the derived bound")
    assert example["dimensions"] == {"rows": 1, "size": 1, "k": 1}
    assert example["inputs"]["x"]["shown"] == "[1.]"
    assert outcome.tally.cases >= 1 and outcome.tally.executions > outcome.tally.cases


def test_the_count_of_a_falsified_search_is_that_of_the_first_failure(search):
    calls = []

    def fails_from_the_fifth_case_on(**arguments):
        calls.append(1)
        return zeros(**arguments) if len(calls) > 4 else {"out": np.full(arguments["m"][1][0], np.nan, np.float32)}

    assert search(1, product=fails_from_the_fifth_case_on).tally.cases == 1  # NaN fails in the first case
    assert search(2, product=zeros).verdict == SURVIVED


def test_nothing_to_try_is_vacuous(search):
    outcome = search(8)
    assert outcome.verdict == VACUOUS
    assert outcome.tally.cases == 0 and outcome.tally.discarded > 0
    assert outcome.reason == f"no case: all {outcome.tally.discarded} draws were discarded"


def test_too_many_open_cases_are_undecided(search):
    outcome = search(7, cases=100)
    assert outcome.verdict == UNDECIDED
    assert "are undecided (at most 20%); entries" in outcome.reason
    assert outcome.tally.undecided > 20


def test_a_mistake_of_the_contract_is_an_error_that_names_its_place(search):
    outcome = search(9)
    assert outcome.verdict == ERROR
    assert "tiny.yaml:97:19: nothing under `refuses` applies" in outcome.reason
    assert "Error" not in outcome.reason  # no class of ours is named to the user


@pytest.mark.parametrize("cases", [200, 1000])
def test_an_exhausted_space_is_said(search, cases):
    """Zeros only: 3 + 2 + 1 pairs of rows and k, times 8 lengths, is all there is."""
    outcome = search(5, cases=cases)
    assert (outcome.verdict, outcome.exhausted) == (SURVIVED, True)
    assert outcome.tally.cases == (3 + 2 + 1) * 8


def test_fewer_cases_than_there_are_exhaust_nothing(search):
    outcome = search(5, cases=20)
    assert (outcome.tally.cases, outcome.exhausted) == (20, False)


def test_a_table_is_enumerated_whole_even_with_one_case(search):
    factors = []

    def product(*, x, m, size):
        factors.append(len(x))
        return zeros(x=x, m=m)

    outcome = search(6, cases=1, product=product)
    assert outcome.tally.cases == 3
    assert outcome.verdict == SURVIVED


def test_discards_are_counted_beside_the_cases(search):
    outcome = search(10, cases=60)
    assert outcome.tally.cases == 60 and outcome.tally.discarded > 0
    assert set(outcome.tally.dimensions["size"]) == {5, 7}


def test_a_flaky_subject_is_falsified_and_said_to_be_flaky(search):
    calls = itertools.count()

    def flaky(*, x, m, size):
        return {"out": np.full(m[1][0], next(calls) == 12, np.float32)}

    outcome = search(5, product=flaky)
    assert outcome.verdict == FALSIFIED
    assert outcome.reason.startswith(NOT_REPRODUCIBLE)
    assert outcome.counterexample is not None


@pytest.mark.parametrize(
    "error",
    [KeyboardInterrupt(), SystemExit(0), RecursionError(), UnsatisfiedAssumption(), AssertionError()],
)
def test_a_subject_that_raises_anything_is_falsified(search, error):
    def product(**arguments):
        raise error

    outcome = search(1, product=product)
    assert (outcome.verdict, outcome.reason) == (FALSIFIED, "product() raised an error")
    assert outcome.counterexample["evidence"]["got"].startswith(type(error).__name__)


def wrapped():
    try:
        raise MemoryError("Unable to allocate 9 TiB")
    except MemoryError as error:
        raise RuntimeError("the kernel failed") from error


def refused_by_the_system():
    raise OSError(errno.ENOMEM, "Cannot allocate memory")


def out_of_memory():
    raise MemoryError("Unable to allocate 9 TiB")


@pytest.mark.parametrize("failing", [out_of_memory, wrapped, refused_by_the_system])
@pytest.mark.parametrize("only_first", [True, False])
def test_a_subject_that_runs_out_of_memory_is_no_verdict(search, subject, failing, only_first):
    calls = []

    def product(**arguments):
        calls.append(1)
        if len(calls) == 3 or (len(calls) > 3 and not only_first):
            failing()
        return subject().module.product(**arguments)

    outcome = search(1, product=product)
    assert (outcome.verdict, outcome.counterexample) == (ERROR, None)
    assert outcome.reason.startswith("product() ran out of memory: ")


def test_a_judge_that_runs_out_of_memory_is_no_verdict(search, monkeypatch):
    def full(*_):
        raise MemoryError("Unable to allocate 9 TiB for an array")

    monkeypatch.setattr("harness.search.trial.J.close", full)
    outcome = search(1)
    assert (outcome.verdict, outcome.reason) == (ERROR, "out of memory: Unable to allocate 9 TiB for an array")


def test_a_case_beyond_the_limit_is_not_drawn(search, monkeypatch):
    monkeypatch.setattr("harness.program.footprint.LARGEST_CASE", 10)
    calls = []
    outcome = search(1, product=lambda **arguments: calls.append(1))
    assert outcome.verdict == ERROR and not calls
    assert outcome.reason.startswith("a case would take ") and "most of it" in outcome.reason


def test_infinite_recursion_of_a_subject_is_falsified(search):
    def product(**arguments):
        return product(**arguments)

    assert search(1, product=product).counterexample["evidence"]["got"].startswith("RecursionError")


def test_the_users_interrupt_passes_through(search):
    def product(**arguments):
        raise Interrupted

    with pytest.raises(Interrupted):
        search(1, product=product)


def test_a_defect_of_the_harness_is_an_error(tiny, rule, subject, monkeypatch):
    searched = Search(tiny, rule(1), subject(), 20)
    monkeypatch.setattr(searched, "judge", lambda *_: 1 // 0)
    outcome = searched.run()
    assert (outcome.verdict, outcome.reason) == (ERROR, "ZeroDivisionError: integer division or modulo by zero")


def test_two_searches_are_alike_to_the_last_count(search):
    for number in (1, 5, 6, 7, 10):
        first, second = search(number), search(number)
        assert (first.verdict, first.tally, first.counterexample) == (
            second.verdict,
            second.tally,
            second.counterexample,
        )


def test_two_falsified_searches_end_in_the_same_case(search):
    first, second = (search(1, product=zeros) for _ in range(2))
    assert first.counterexample == second.counterexample and first.tally == second.tally


def test_broken_by():
    assert broken_by(ContractMistake("x.yaml:1:1: no")) == "x.yaml:1:1: no"
    assert broken_by(KeyError("a")) == "KeyError: 'a'"
    assert broken_by(HypothesisException("two\nlines")) == "HypothesisException: two lines"


@pytest.fixture
def covering(tiny, rule, subject):
    """The outcome of a falsifier that has to cover something."""

    def run(number, when, least, cases=200, fixed=None, **replaced):
        falsifier = replace(rule(number), cover=(CoverProgram("it", parse(when), least),))
        return Search(tiny, falsifier, subject(**replaced), cases, fixed).run()

    return run


def test_a_situation_that_occurs_often_enough_is_counted(covering):
    outcome = covering(1, "size == 8", 0.05)
    assert outcome.verdict == SURVIVED
    assert outcome.tally.situations["it"] == outcome.tally.dimensions["size"][8] >= 10


def test_a_situation_that_is_promised_more_often_is_vacuous(covering):
    outcome = covering(1, "size == 8", 0.9)
    share = outcome.tally.dimensions["size"][8] / 200
    assert (outcome.verdict, outcome.reason) == (VACUOUS, f"covers `it` in {share:.1%} of the cases, 90.0% promised")


def test_a_situation_that_never_occurs_is_vacuous(covering):
    outcome = covering(1, "all(x == 7)", 0.01)
    assert (outcome.verdict, outcome.reason) == (VACUOUS, "covers `it` in 0.0% of the cases, 1.0% promised")


def test_a_falsified_claim_is_falsified_whatever_it_covers(covering):
    assert covering(1, "all(x == 7)", 0.01, product=zeros).verdict == FALSIFIED


def test_what_is_not_decided_covers_nothing(covering):
    outcome = covering(7, "rows > 1", 0.5)
    assert outcome.tally.cases > outcome.tally.situations["it"] == outcome.tally.cases - outcome.tally.undecided


def test_where_everything_was_tried_a_situation_has_to_occur_once(covering):
    outcome = covering(5, "size == 8 and rows == 3 and k == 3", 0.9)  # 8 sizes, 6 choices of rows and k
    assert (outcome.exhausted, outcome.verdict, outcome.tally.situations["it"]) == (True, SURVIVED, 1)
    outcome = covering(5, "size == 8 and any(x > 0)", 0.9)
    assert (outcome.verdict, outcome.reason) == (VACUOUS, "covers `it` in none of the 48 cases there are")


def test_what_a_model_fixes_need_not_be_covered(covering):
    outcome = covering(1, "size == 8", 0.05, fixed={"size": 5})
    assert (outcome.verdict, outcome.tally.situations["it"]) == (SURVIVED, 0)


def test_a_condition_that_cannot_be_evaluated_is_an_error(covering):
    outcome = covering(1, "out[5] > 0", 0.05)
    assert outcome.verdict == ERROR and "IndexError" in outcome.reason


def test_a_falsified_subject_that_flushes_is_told(search, monkeypatch):
    monkeypatch.setattr("harness.subjects.surroundings.Surroundings.flushes", lambda self: True)
    outcome = search(1, product=zeros)
    assert outcome.verdict == FALSIFIED and outcome.reason.endswith(FLUSHES)
