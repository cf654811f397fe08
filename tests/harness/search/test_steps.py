"""The argument behind a counterexample: what the subject shows, and where it parts first."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from harness.language.arithmetic import float32
from harness.language.syntax import parse
from harness.program.case import Case
from harness.program.collection import load
from harness.search.steps import number, plain, steps
from tests.harness import calls_in_turn as turn
from tests.harness.program.large_result import with_claim

TINY = Path(__file__).with_name("tiny.yaml")
X, ROWS = [1, 2, 3], [[1, 2, 3], [4, 5, 6]]  # products 14 and 32, squares 196 and 1024


@pytest.fixture
def told(tiny, rule, make_case, subject):
    """The steps of a falsifier on a case, with some functions of the subject replaced."""

    def tell(which, index=None, x=X, **replaced):
        case = make_case(x, ROWS)
        return steps(tiny, rule(which), case, subject(**replaced), float32(), index)

    return tell


def staged(out, squares, best):
    def function(*, x, m, k):
        return {"out": np.float32(out), "squares": np.float32(squares), "best": np.array(best)}

    return function


def by_name(parts):
    return {part["name"]: part for part in parts}


def test_the_first_stage_that_parts_is_named_and_later_ones_are_judged_by_what_was_captured(told):
    # the second product is wrong; its square is the square of the wrong one
    parts = told(3, (1,), staged=staged([14, 33], [196, 1089], [1]))
    assert [(stage["name"], stage["verdict"]) for stage in parts.stages] == [
        ("out", "parts"), ("squares", "agrees"), ("best", "agrees"),
    ]  # fmt: skip
    out = by_name(parts.steps)["out"]
    assert (out["verdict"], out["at"], out["got"], out["text"]) == ("parts", "32", "33", "m @ x")
    assert (parts.stages[0]["index"], parts.stages[0]["expected"], parts.stages[0]["got"]) == ([1], "32", "33")


def test_a_later_stage_alone(told):
    parts = told(3, (0,), staged=staged([14, 32], [197, 1024], [1]))
    assert [stage["verdict"] for stage in parts.stages] == ["agrees", "parts", "agrees"]
    assert by_name(parts.steps)["squares"]["got"] == "197"


def test_another_choice_among_values_that_rounding_cannot_tell_apart_is_no_agreement(tmp_path, make_case, subject):
    path = tmp_path / "c.yaml"
    path.write_text(
        TINY.read_text().replace("{out: out, squares: squares, best: best}", "{best: best, squares: squares}")
    )
    (program,) = load((str(path),))
    case = make_case(
        [0.1, 0.2, 0.4], [[4, 2, 1], [2, 1, 2]]
    )  # 1.2 twice, of other terms: float32 may sum them otherwise
    for chosen, verdict in ((0, "agrees"), (1, "tied")):
        parts = steps(program, program.falsifiers[2], case, subject(staged=best_first(chosen)), float32(), (0,))
        best = by_name(parts.steps)["best"]
        assert (best["shown"], best["got"], best["verdict"]) == ("[0]", str(chosen), verdict)
        assert parts.stages[0]["verdict"] == verdict


def best_first(chosen):
    return lambda *, x, m, k: {"best": np.array([chosen]), "squares": np.float32([1.44, 1.44])}


def test_a_function_that_shows_more_tells_where_another_one_parts(told):
    wrong = staged([14, 33], [196, 1089], [1])
    parts = told(1, (1,), product=lambda *, x, m, size: {"out": np.float32([14, 33])}, staged=wrong)
    assert [stage["function"] for stage in parts.stages] == ["staged"] * 3
    assert parts.equation == "out"
    assert by_name(parts.steps)["out"]["verdict"] == "parts"


def test_a_function_that_breaks_is_no_explanation_and_no_harm(told):
    parts = told(1, (1,), product=lambda *, x, m, size: {"out": np.float32([14, 33])}, staged=lambda **arguments: 1 / 0)
    assert parts.stages == []
    assert (parts.steps[0]["verdict"], parts.steps[0]["at"], parts.steps[0]["got"]) == ("parts", "32", "33")


def test_production_alone_is_wrong_and_its_trace_is_right(told):
    parts = told(1, (1,), product=lambda *, x, m, size: {"out": np.float32([14, 33])})
    assert [stage["verdict"] for stage in parts.stages] == ["agrees"] * 3
    assert (parts.steps[0]["verdict"], parts.steps[0]["got"]) == ("parts", "33")


def test_where_a_refusal_was_due_no_equation_matters(told):
    assert told(4, None, product=lambda *, x, m, size: {"out": np.zeros(2, np.float32)}).steps == []


def test_of_a_claim_of_two_parts_the_one_that_fails_is_told(tiny, make_case, subject):
    """FALSIFY-TINY-010 is finite(...) and close(...), both of out; here the first part is about squares."""
    claim = parse("finite(staged().squares) and identical(staged().best, best)")
    falsifier = replace(tiny.falsifiers[2], claim=claim)
    wrong = subject(staged=staged([14, 32], [196, 1024], [0]))
    assert steps(tiny, falsifier, make_case(X, ROWS), wrong, float32(), (0,)).equation == "best"
    broken = subject(staged=staged([14, 32], [np.inf, 1024], [0]))
    assert steps(tiny, falsifier, make_case(X, ROWS), broken, float32(), (0,)).equation == "squares"


def test_weights_of_the_worst_row_in_parts(told):
    parts = told(1, (1,), x=[0, 2, 0], product=lambda *, x, m, size: {"out": np.float32([4, 11])})
    assert [(part["input"], part["element"]) for part in parts.blocks] == [("m", [1, 1])]
    assert parts.blocks[0]["fields"][-1] == {"name": "w[1]", "value": "5"}


def test_what_has_no_value_is_left_out(tiny, rule, make_case, subject):
    case = make_case([1, 2], [[1, 2]]).with_input("x", np.zeros(5, np.float32))
    assert steps(tiny, rule(1), case, subject(), float32(), None).steps == []


def test_a_defect_here_costs_the_explanation_and_not_the_falsification(told, monkeypatch):
    monkeypatch.setattr("harness.search.steps.judge_stage", lambda *arguments: {}["defect"])
    monkeypatch.setattr("harness.search.steps.plain", lambda value: 1 // 0)
    assert told(1, (0,)).steps == []


def test_numbers_are_told_apart():
    assert [number(value) for value in (np.float32(0.1), np.int64(-3), np.float64(1e-40))] == [
        "0.100000001", "-3", "1e-40",
    ]  # fmt: skip
    assert plain(3).tolist() == 3


def test_of_a_result_that_is_too_large_the_rows_that_are_judged_are_told(subject, monkeypatch):
    monkeypatch.setattr("harness.program.footprint.LARGEST_WHOLE", 0)
    program = with_claim()
    ones = np.ones((3, 2), np.float32)
    case = Case({"tokens": 3, "width": 2, "seen": 2},
                {"w": ones, "b": 2 * ones, "x": ones[0], "raw": np.array([1, 5], np.int32)})  # fmt: skip

    def head(*, w, b, x):
        return {"hidden": w * b, "out": np.float32([4, 4, 5]), "total": np.float32(13)}

    told = steps(program, program.falsifiers[0], case, subject(head=head), float32(), (1,))
    parts = by_name(told.steps)
    assert list(parts) == ["sample", "out[sample]"] and told.stages == []
    assert (parts["out[sample]"]["text"], parts["out[sample]"]["at"], parts["out[sample]"]["shape"]) == (
        "hidden @ x", "4", [2]
    )  # fmt: skip


def test_the_blocks_of_a_row_that_is_taken_are_those_of_its_place_in_the_tensor(tiny, rule, make_case, subject):
    falsifier = replace(rule(1), claim=parse("close(product().out[1], out[1])"))
    wrong = subject(product=lambda *, x, m: {"out": np.float32([14, 33])})
    told = steps(tiny, falsifier, make_case(X, ROWS), wrong, float32(), ())
    assert {tuple(block["element"]) for block in told.blocks} == {(1, 0), (1, 1)}


def _wrong_from_the_second(*, x, s, place):
    right = turn.step(x=x, s=s, place=place)
    return {**right, "y": right["y"] + np.float32(place == 1)}


def test_of_calls_in_turn_the_first_that_parts_is_told_with_what_it_was_given():
    trial = turn.trial(f"close({turn.CALLS}.y, ys)", _wrong_from_the_second)
    told = steps(trial.program, trial.falsifier, turn.CASE, trial.subject, float32(), (1, 0)).steps
    found = by_name(told)
    assert [name for name in found if "(t = " in name] == [
        "x (t = 1)", "place (t = 1)", "s (t = 1)", "after (t = 1)", "y (t = 1)",
    ]  # fmt: skip
    assert (found["x (t = 1)"]["text"], found["x (t = 1)"]["shown"]) == ("xs[t]", "[2., 3.]")
    assert (found["s (t = 1)"]["text"], found["s (t = 1)"]["shown"]) == ("what the call before returned", "[4., 9.]")
    assert [found[f"{name} (t = 1)"]["verdict"] for name in ("after", "y")] == ["agrees", "parts"]
    assert "after" not in found  # of the function that is called in turn no other call is told


def test_calls_that_are_right_one_by_one_are_not_told():
    trial = turn.trial(f"close({turn.CALLS}.y, ys)")
    told = steps(trial.program, trial.falsifier, turn.CASE, trial.subject, float32(), (1, 0)).steps
    assert not [part["name"] for part in told if "(t = " in part["name"]]


def test_of_a_recurrence_whose_states_are_returned_the_first_wrong_one_is_told():
    trial = turn.trial("close(run().states, states)")
    told = by_name(steps(trial.program, trial.falsifier, turn.CASE, trial.subject, float32(), (3, 1)).steps)
    first = told["states (t = 2)"]
    assert (first["shown"], first["got"], first["verdict"]) == ("[6.  , 8.75]", "[4., 5.]", "parts")
