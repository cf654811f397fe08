import copy

import pytest

from harness.report.fingerprint import diverges, fingerprint
from harness.report.record import lines_of

EVIDENCE = {"reason": "beyond the promised 8 units of u * condition", "got": "0.5", "stage": "", "equation": "weights"}


def example(stages=(), steps=(), **evidence):
    return {
        "evidence": EVIDENCE | evidence,
        "stages": [{"equation": name, "verdict": verdict} for name, verdict in stages],
        "steps": [{"name": name, "verdict": verdict} for name, verdict in steps],
    }


@pytest.mark.parametrize(
    ("made", "at"),
    [
        (example(), "weights"),
        (example(steps=[("logits", "agrees"), ("probs", "parts"), ("weights", "parts")]), "probs"),
        (example(stages=[("logits", "parts"), ("probs", "parts")], steps=[("weights", "parts")]), "logits"),
        (example(stage="chosen", stages=[("logits", "agrees")]), "chosen"),
        (example(equation=""), ""),
    ],
)
def test_the_first_divergence_is_named(made, at):
    assert diverges("falsified", "so", made) == {"at": at, "how": "beyond the promised # units of u * condition"}


def test_numbers_take_no_part_and_the_class_of_an_error_does():
    first = example(reason="route() raised an error", got="ValueError: 7 rows, expected 8", equation="")
    other = example(reason="route() raised an error", got="ValueError: 1 row, expected 2", equation="")
    another = example(reason="route() raised an error", got="KeyError: 'x'", equation="")
    assert diverges("falsified", "so", first) == diverges("falsified", "so", other) == {
        "at": "", "how": "route() raised an error: ValueError",
    }  # fmt: skip
    assert diverges("falsified", "so", another)["how"] == "route() raised an error: KeyError"


@pytest.mark.parametrize(
    ("verdict", "reason", "how"),
    [("error", "TypeError: no", "error: TypeError"), ("undecided", "21% of the cases", "undecided"),
     ("error", "the subject ended the process (exit code 3)", "error"), ("vacuous", "no case", "vacuous")],
)  # fmt: skip
def test_verdicts_without_a_counterexample(verdict, reason, how):
    assert diverges(verdict, reason, None) == {"at": "", "how": how}


def test_a_survivor_diverges_nowhere_and_has_an_identity():
    assert diverges("survived", "", None) is None
    # $ printf 'tiny\\0FALSIFY-TINY-001\\0\\0' | sha256sum
    assert fingerprint("tiny", "FALSIFY-TINY-001", None) == "c4da45d5af558eac"


def test_identities_tell_contracts_falsifiers_and_divergences_apart():
    at = {"at": "weights", "how": "beyond the derived bound"}
    prints = {
        fingerprint("tiny", "F-1", None), fingerprint("tiny", "F-1", at), fingerprint("tiny", "F-2", at),
        fingerprint("tinyF", "-1", at), fingerprint("tiny", "F-1", at | {"at": "probs"}),
    }  # fmt: skip
    assert len(prints) == 5 and all(len(name) == 16 for name in prints)


def test_another_case_of_the_same_bug_is_the_same(record):
    """With other numbers of cases a search ends in other cases; what fails stays what it is."""
    few, many = record("reference:FAULT-TINY-001", cases=20), record("reference:FAULT-TINY-001", cases=60)
    falsified = [{line["id"]: line["fingerprint"] for _, line in lines_of(made) if line["verdict"] == "falsified"}
                 for made in (few, many)]  # fmt: skip
    assert falsified[0] == falsified[1] and len(falsified[0]) >= 2
    copied = copy.deepcopy(few)
    assert copied["worst_first"] == few["worst_first"]
