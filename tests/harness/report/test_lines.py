from collections import Counter

import pytest

from harness.report.lines import BINS, bins, case_file, described, found, not_run, number, tried
from harness.search.outcome import Outcome, Tally


def test_few_values_stand_alone():
    assert bins(Counter({3: 5, 1: 2})) == [{"low": 1, "high": 1, "cases": 2}, {"low": 3, "high": 3, "cases": 5}]


@pytest.mark.parametrize("count", [16, 17, 33, 256])
def test_many_values_are_binned_and_none_is_lost(count):
    counts = Counter({value * 3: value + 1 for value in range(count)})
    made = bins(counts)
    assert len(made) <= BINS
    assert sum(part["cases"] for part in made) == sum(counts.values())
    assert [part["low"] for part in made[1:]] > [part["high"] for part in made[:-1]]
    assert (made[0]["low"], made[-1]["high"]) == (0, 3 * (count - 1))


def test_what_was_tried():
    tally = Tally(kinds=Counter({("x", "zeros"): 3, ("x", "large"): 1}), dimensions={"n": Counter({2: 4})})
    assert tried(tally) == {
        "kinds": {"x": {"large": 1, "zeros": 3}}, "dimensions": {"n": [{"low": 2, "high": 2, "cases": 4}]},
    }  # fmt: skip


def test_infinite_numbers_have_no_place_in_json():
    assert [number(value) for value in (1.5, float("inf"), float("nan"), None)] == [1.5, None, None, None]


def test_what_is_known_before_a_run(tiny_program):
    line = described(tiny_program, tiny_program.falsifiers[2], 200)
    assert (line["id"], line["functions"], line["wanted"]) == ("FALSIFY-TINY-003", ["staged"], 200)
    assert line["place"].endswith("tiny.yaml:61:12") and len(line["seed"]) == 16


def test_what_a_run_finds_and_what_it_does_not():
    line = found(Outcome("tiny", "FALSIFY-TINY-001", "survived", tally=Tally(cases=3, margin=0.5), wanted=5))
    assert (line["verdict"], line["cases"], line["wanted"], line["margin"]) == ("survived", 3, 5, 0.5)
    assert line["case"] is line["counterexample"] is line["diverges"] is None
    lost = not_run("tiny", "FALSIFY-TINY-001", 5, "interrupted")
    assert (lost["verdict"], lost["reason"], lost["cases"]) == ("not run", "interrupted", 0)
    assert case_file("tiny", "FALSIFY-TINY-001") == "cases/tiny/FALSIFY-TINY-001.json"


def test_a_sample_is_told_where_there_is_one():
    assert "sampled" not in found(Outcome("c", "FALSIFY-A-001", "survived"))
    line = found(Outcome("c", "FALSIFY-A-001", "survived", tally=Tally(sampled={"logits": (6, 151936)})))
    assert line["sampled"] == [{"of": "logits", "rows": 6, "all": 151936}]
