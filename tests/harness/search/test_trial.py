from types import SimpleNamespace

import numpy as np
import pytest

from harness.language.arithmetic import float32
from harness.language.syntax import parse
from harness.program.case import Case
from harness.program.collection import load
from harness.search.trial import ContractMistake, Trial, numbers
from harness.subjects.subject import ModuleSubject
from tests.harness import calls_in_turn as turn


@pytest.fixture
def case(make_case):
    return make_case([1, 2, 3, 4, 5], [[1, 2, 3, 4, 5], [5, 4, 3, 2, 1]], k=2)


def stages(**changed):
    def staged(**arguments):
        out = np.array([55, 35], np.float32)
        return {"out": out, "squares": out * out, "best": np.array([0, 1])} | changed

    return staged


@pytest.mark.parametrize("number", [1, 2, 3, 4, 10])
def test_a_correct_subject_holds(judge, case, number):
    assert judge(number, case).holds is True


def test_a_wrong_value_is_told_with_its_place_and_bound(judge, case):
    judged = judge(1, case, product=lambda **arguments: {"out": np.array([55, 36], np.float32)})
    evidence = judged.evidence
    assert (evidence.reason, evidence.index, evidence.wrong, evidence.of) == ("beyond the derived bound", (1,), 1, 2)
    assert (evidence.expected, evidence.got, evidence.bound) == ("35", "36", 0.0)


@pytest.mark.parametrize(
    ("changed", "stage"),
    [
        ({"out": np.array([55, 36], np.float32)}, "out"),
        ({"squares": np.array([0, 0], np.float32)}, "squares"),
        ({"best": np.array([1, 0])}, "best"),
        ({"out": np.array([54, 35], np.float32), "squares": np.array([0, 0], np.float32)}, "out"),
    ],
)
def test_stagewise_names_the_first_stage_that_diverges(judge, case, changed, stage):
    judged = judge(3, case, staged=stages(**changed))
    assert judged.holds is False and judged.evidence.stage == stage


def test_stages_come_in_the_order_of_the_contract(judge, case):
    judged = judge(3, case, staged=lambda **arguments: dict(reversed(stages()().items())))
    assert judged.evidence.reason == "staged returned its stages in another order"
    assert (judged.evidence.expected, judged.evidence.got) == ("out, squares, best", "best, squares, out")
    assert judge(2, case, product=lambda **arguments: {"out": stages()()["out"]}).holds is True


def test_a_stage_is_judged_from_the_captured_stage_before(make_case, judge):
    case = make_case([0.1, 0.3], [[7, 9]])
    out = np.array([0.1 * 7 + 0.3 * 9], np.float32)
    wrong = np.nextafter(out, np.float32(10))  # within the bound of `out`, and squares follow from it

    def staged(**arguments):
        return {"out": wrong, "squares": wrong * wrong, "best": np.array([0])}

    assert judge(3, case, staged=staged).holds is True


def test_identical_tells_nan_bits_and_signs_of_zero_apart(judge, case):
    payload = np.array([0x7FC00001, 0x7FC00002], np.uint32).view(np.float32)
    zeros = np.array([0.0, -0.0], np.float32)
    for values in (payload, zeros):
        results = iter([{"out": values[[0, 0]]}, {"out": values[[0, 1]]}])
        judged = judge(2, case, product=lambda results=results, **arguments: next(results))
        assert judged.holds is False and judged.evidence.index == (1,)
        same = judge(2, case, product=lambda values=values, **arguments: {"out": values.copy()})
        assert same.holds is True


def refusing(error):
    def product(**arguments):
        raise error

    return product


class WrongLength(Exception):
    pass


class OtherLength(WrongLength):
    pass


MESSAGE = "x has 4 entries, expected 5"


def test_numbers_in_other_words_hold_and_the_sentence_is_a_claim_of_its_own(judge, case):
    assert judge(4, case, product=refusing(WrongLength("5 are needed, 4 are given"))).holds is True
    swapped = refusing(WrongLength("x has 5 entries, expected 4"))
    assert judge(4, case, product=swapped).holds is True  # which of them was expected, only words say
    said = judge(4, case, claim="says(product(x=x[:-1]))", product=swapped)
    assert (said.evidence.reason, said.evidence.expected) == ("another message", f"...{MESSAGE}...")
    assert judge(4, case, claim="says(product(x=x[:-1]))", product=refusing(WrongLength(f"k: {MESSAGE}"))).holds is True
    assert judge(4, case, claim='says(product(x=x[:-1]), "5")', product=swapped).holds is True
    nothing = judge(4, case, claim='says(product(x=x[:-1]), "5")', product=lambda **_: {"out": np.ones(2, np.float32)})
    assert (nothing.evidence.reason, nothing.evidence.got) == ("no error", "a result: out = [1., 1.]")


def test_a_class_may_stand_for_that_of_the_contract(judge, case):
    class Mine(Exception):
        pass

    assert judge(4, case, product=refusing(Mine(MESSAGE)), ERRORS={"Mine": "WrongLength"}).holds is True
    other = judge(4, case, product=refusing(Mine(MESSAGE)), ERRORS={"Mine": "InvalidShape"}).evidence
    assert (other.reason, other.got) == ("another error", f"Mine (InvalidShape): {MESSAGE}")


def test_the_declared_refusal_holds_also_from_a_subclass(judge, case):
    assert judge(4, case, product=refusing(WrongLength(f"kernel: {MESSAGE}!"))).holds is True
    assert judge(4, case, product=refusing(OtherLength(MESSAGE))).holds is True


@pytest.mark.parametrize(
    ("product", "reason", "got"),
    [
        (refusing(ValueError(MESSAGE)), "another error", f"ValueError: {MESSAGE}"),
        (refusing(SystemExit(MESSAGE)), "another error", f"SystemExit: {MESSAGE}"),
        (refusing(WrongLength("x is short")), "other numbers in the message", "WrongLength: x is short"),
        (lambda **arguments: {"out": np.zeros(2, np.float32)}, "no error", "a result: out = [0., 0.]"),
        (
            lambda **arguments: {"out": np.zeros(7, np.float32)},
            "no error",
            "a result; product().out has another shape: (7,)",
        ),
        (lambda **arguments: {}, "no error", "a result; product returned no 'out': an empty mapping"),
    ],
)
def test_raises(judge, case, product, reason, got):
    evidence = judge(4, case, product=product).evidence
    assert (evidence.reason, evidence.got) == (reason, got)


def test_a_refusal_that_the_contract_does_not_foresee_is_its_mistake(judge, case):
    with pytest.raises(
        ContractMistake, match=r"tiny\.yaml:97:19: nothing under `refuses` applies to product\(size=size\)"
    ):
        judge(9, case)


def test_a_false_claim_shows_what_it_compared(make_case, judge):
    judged = judge(5, make_case([0], [[0]]), product=lambda **arguments: {"out": np.array([3], np.float32)})
    assert judged.evidence.reason == "the claim is false"
    assert judged.evidence.got == "false; product().out = [3.], 0 = 0"


def test_an_open_comparison_is_undecided(make_case, judge):
    judged = judge(7, make_case([0.1, 0.3], [[7, 9], [7, 9]]))
    assert judged.holds is None and "closer than the bound" in judged.doubt


def test_numbers_name_dimensions_and_table(case):
    assert numbers(case) == "rows = 2, size = 5, k = 2"


@pytest.fixture
def raises_or(tmp_path, small_contract):
    """The verdict on a claim that any error, or a result with a total of zero, fulfils."""

    def verdict(rows):
        path = tmp_path / "rows-v1.yaml"
        path.write_text(small_contract(claim="raises_or(rows(), rows().total == 0)"))
        (program,) = load((str(path),))
        case = Case({"size": 1, "k": 1, "threads": 1}, {name: np.ones(1, np.float32) for name in "xv"})
        subject = ModuleSubject("mine", SimpleNamespace(rows=rows))
        return Trial(program, program.falsifiers[0], case, subject, float32()).judge()

    return verdict


def total_of(value):
    one = np.ones(1, np.float32)
    return lambda **arguments: {"both": one, "best": np.array([0]), "total": np.float32(value)}


def failing(**arguments):
    raise ZeroDivisionError("of any class")


@pytest.mark.parametrize(("rows", "holds"), [(failing, True), (total_of(0), True), (total_of(1), False)])
def test_any_error_will_do_or_the_result_is_as_claimed(raises_or, rows, holds):
    assert raises_or(rows).holds is holds


def test_a_malformed_result_is_no_error(raises_or):
    assert raises_or(lambda **arguments: {}).evidence.reason == "rows returned no 'both'"


def _narrow(*, x, s, place):
    """The state is held in float16 between the calls."""
    after = turn.step(x=x, s=s, place=place)["s"].astype(np.float16).astype(np.float32)
    return {"s": after, "y": 2 * after + np.float32(place)}


def _third_wrong(*, x, s, place):
    return turn.step(x=x, s=s + 1 if place == 2 else s, place=place)


@pytest.mark.parametrize("claim", [f"close({turn.CALLS}.y, ys)", f"close({turn.CALLS}.s, states[-1])",
                                   f"stagewise({turn.CALLS})", f"stagewise_rounded({turn.CALLS})",
                                   f"stagewise(again({turn.CALLS}))"])  # fmt: skip
def test_calls_in_turn_by_all_of_them_and_by_each(claim):
    assert turn.trial(claim).judge().holds is True
    judged = turn.trial(claim, _third_wrong).judge()
    assert judged.holds is False
    assert ("in step t = 2: " in judged.evidence.reason) == ("stagewise" in claim)


def test_each_call_is_judged_from_the_state_that_was_returned():
    """After the third, which is wrong, the fourth is right: its state is the wrong one, and it is fed with that."""
    trial = turn.trial(f"stagewise({turn.CALLS})", _third_wrong)
    trial.judge()
    assert [trial.judge_step(parse(turn.CALLS), number).holds for number in range(4)] == [True, True, False, True]


def test_a_state_that_is_held_too_narrow_between_the_calls_is_wrong_in_sum_and_in_a_step():
    odd = {**turn.CASE.inputs, "s": np.float32([8.001, 16.0003])}
    for claim in (f"close({turn.CALLS}.y, ys)", f"stagewise({turn.CALLS})"):
        trial = turn.trial(claim, _narrow)
        trial = Trial(trial.program, trial.falsifier, Case(turn.CASE.dimensions, odd), trial.subject, float32())
        assert trial.judge().holds is False
