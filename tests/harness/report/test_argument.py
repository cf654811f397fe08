import pytest

from harness.report.argument import argument, blocks, difference, let, stage_row, steps

EVIDENCE = {"reason": "beyond the derived bound", "expected": "1", "got": "2", "error": 1.0, "bound": 0.25,
            "exceeds": 4.0, "index": [3], "wrong": 1, "of": 4, "stage": "", "equation": "probs",
            "ulps": 8388608.0}  # fmt: skip


def step(name, text, shown, at=None, got=None, verdict="unseen"):
    return {"name": name, "text": text, "shape": [4], "shown": shown, "at": at, "bound": None, "got": got,
            "verdict": verdict}  # fmt: skip


def stage(name, verdict):
    return {"function": "trace", "name": name, "verdict": verdict}


EXAMPLE = {
    "dimensions": {"hidden": 256, "experts": 8},
    "table": {"layer": 0},
    "inputs": {
        "x": {"dtype": "f32", "shape": [1], "shown": "[1.]", "zero": False},
        "gate": {"dtype": "q4_k", "format": "q4_k", "shape": [1, 256], "shown": "1 block", "zero": False},
        "bias": {"dtype": "f32", "shape": [8], "shown": "8 zeros", "zero": True},
    },
    "steps": [
        step("logits", "router @ x", "[0.5]", "0.5", "0.5", "agrees"),
        step("probs", "softmax(logits)", "[0.25]", "1", "2", "parts"),
        step("chosen", "top_k(probs, k)", "[0]", None, "[1]", "parts"),
        step("mass", "sum(probs)", "1"),
    ],
    "stages": [stage("logits", "agrees"), stage("probs", "parts"), stage("chosen", "parts"), stage("rest", "open")],
    "blocks": [{"input": "gate", "format": "q4_k", "element": [0, 3],
                "fields": [{"name": "d", "value": "0.5"}, {"name": "q[0, 3]", "value": "7"}]}],
    "evidence": EVIDENCE,
}  # fmt: skip


def test_a_counterexample_is_an_argument():
    assert list(argument(EXAMPLE)) == [
        "  Let hidden = 256, experts = 8, layer = 0",
        "      x = [1.]",
        "      gate (q4_k) = 1 block",
        "      all zeros: bias [8]",
        "  By the equations",
        "      logits = router @ x",
        "        = [0.5]; at the worst element 0.5",
        "        the subject agrees within its bound",
        "      probs = softmax(logits)",
        "        = [0.25]; at the worst element 1",
        "        the subject DIFFERS HERE FIRST: 2",
        "      chosen = top_k(probs, k)",
        "        = [0]",
        "        the subject differs here too: [1]",
        "      mass = sum(probs)",
        "        = 1",
        "  Stages of trace(): logits ok > probs DIFFERS FIRST > chosen differs > rest open",
        "  Then beyond the derived bound at [3]",
        "      expected 1",
        "      got      2 (8.39e+06 ulps away)",
        "      error    1, 4 times the bound",
        "      bound    0.25; elements beyond their bounds: 1 of 4",
        "      where gate[0, 3] (q4_k) is d = 0.5, q[0,3] = 7",
    ]


@pytest.mark.parametrize("width", [24, 30, 40])
def test_a_number_stays_with_its_name(width):
    text = " ".join(line.strip() for line in argument(EXAMPLE, width))
    assert text.startswith("Let hidden = 256, experts = 8, layer = 0 x")
    assert not any(line.endswith((" =", "hidden", "experts")) for line in let(EXAMPLE, width))


def test_without_steps_nothing_is_said_of_equations():
    assert "  By the equations" not in list(argument(EXAMPLE | {"steps": []}))


def test_a_stage_is_named_and_bits_are_counted():
    evidence = EVIDENCE | {"stage": "gate", "reason": "not identical", "error": None, "bound": None, "ulps": None,
                           "index": None}  # fmt: skip
    assert list(difference(evidence)) == [
        "  Then stage gate: not identical",
        "      expected 1",
        "      got      2",
        "      elements that differ: 1 of 4",
    ]


def test_a_bound_of_zero_is_exceeded_by_no_number_of_times():
    told = list(difference(EVIDENCE | {"bound": 0.0, "exceeds": None}))
    assert "      error    1" in told and "      bound    0; elements beyond their bounds: 1 of 4" in told


def test_parts_that_are_empty_say_nothing():
    assert [*steps({"steps": []}), *stage_row([]), *blocks([])] == []
    assert list(let({"dimensions": {"n": 1}, "table": {}, "inputs": {}})) == ["  Let n = 1"]
