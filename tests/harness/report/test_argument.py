import pytest

from harness.report.argument import argument, difference

EVIDENCE = {"reason": "beyond the derived bound", "expected": "1", "got": "2", "bound": 0.25, "index": [3], "wrong": 1,
            "of": 4, "stage": "", "ulps": 8388608.0}  # fmt: skip
EXAMPLE = {
    "dimensions": {"hidden": 256, "experts": 8},
    "table": {"layer": 0},
    "inputs": {"x": {"dtype": "f32", "shown": "[1.]"}, "gate": {"dtype": "q4_k", "format": "q4_k", "shown": "1 block"}},
    "steps": {"logits": "[0.5]"},
    "evidence": EVIDENCE,
}


def test_a_counterexample_is_an_argument():
    assert list(argument(EXAMPLE)) == [
        "  Let hidden = 256, experts = 8, layer = 0",
        "      x = [1.]",
        "      gate (q4_k) = 1 block",
        "  By the equations",
        "      logits = [0.5]",
        "  Then beyond the derived bound at [3]",
        "      expected 1",
        "      got      2 (8.39e+06 ulps away)",
        "      bound    0.25; elements beyond theirs: 1 of 4",
    ]


@pytest.mark.parametrize("width", [24, 30, 40])
def test_a_number_stays_with_its_name(width):
    text = " ".join(line.strip() for line in argument(EXAMPLE, width))
    assert text.startswith("Let hidden = 256, experts = 8, layer = 0 x")
    assert not any(line.endswith((" =", "hidden", "experts")) for line in argument(EXAMPLE, width))


def test_without_steps_nothing_is_said_of_equations():
    assert "  By the equations" not in list(argument(EXAMPLE | {"steps": {}}))


def test_a_stage_is_named_and_bits_are_counted():
    evidence = EVIDENCE | {"stage": "gate", "reason": "not identical", "bound": None, "ulps": None, "index": None}
    assert list(difference(evidence)) == [
        "  Then stage gate: not identical",
        "      expected 1",
        "      got      2",
        "      elements that differ: 1 of 4",
    ]
