import json

import numpy as np
import pytest

from harness.language.arithmetic import float32
from harness.search.counterexample import counterexample, finite


@pytest.fixture
def stored(tiny, rule, make_case, judge, subject):
    case = make_case([1, 2, 3], [[1, 2, 3], [4, 5, 6]])
    wrong = {"product": lambda **arguments: {"out": np.zeros(2, np.float32)}}
    judged = judge(1, case, **wrong)
    return counterexample(tiny, rule(1), case, judged.evidence, subject(**wrong), float32())


def test_a_counterexample_says_everything(stored):
    assert stored["claim"] == "close(product().out, out)"
    assert stored["place"].endswith("tiny.yaml:51:12")
    assert [(step["name"], step["shown"], step["at"], step["got"]) for step in stored["steps"]] == [
        ("out", "[14., 32.]", "14", "0")
    ]
    evidence = stored["evidence"]
    assert (evidence["index"], evidence["expected"], evidence["error"]) == ([0], "14", 14.0)
    assert (evidence["bound"], evidence["exceeds"], evidence["equation"]) == (0.0, None, "out")  # whole numbers: exact
    assert stored["subject"] == "mine"
    json.dumps(stored, allow_nan=False)


def test_what_json_cannot_hold_is_null():
    assert [finite(value) for value in (None, 0.5, float("inf"), float("nan"))] == [None, 0.5, None, None]
