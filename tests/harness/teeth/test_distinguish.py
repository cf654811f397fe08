import numpy as np

from harness.language.arithmetic import float32
from harness.language.exact.choice import top_k
from harness.language.exact.region import Bounded
from harness.teeth.distinguish import differs, distinguish, unrestricted
from harness.teeth.fault import faults_of
from harness.teeth.record import MUTANT


def distinctions(program, *ids, count=60):
    mutants = [fault for fault in faults_of(program) if fault.kind == MUTANT and (not ids or fault.id in ids)]
    return distinguish(program, mutants, count)


def test_what_differs_beyond_the_bound(rows):
    found = distinctions(rows(), "both:drop-factor@1", "best:bottom-k-for-top-k@1", "total:mean-for-sum@1")
    assert [found[name].difference.split()[0] for name in sorted(found)] == ["best", "both", "total"]
    assert "as in size=" in found["both:drop-factor@1"].difference


def test_what_does_not(contracts):
    found = distinctions(contracts["moe-router"], "chosen:logits-for-probs@1")  # the softmax keeps the order
    assert found["chosen:logits-for-probs@1"].difference == ""
    assert found["chosen:logits-for-probs@1"].cases == 60


def test_all_cases_there_are(eight_cases):
    found = distinctions(eight_cases, "out:at-most-for-less@1", "out:8-for-9@1")
    assert found["out:at-most-for-less@1"].exhausted and found["out:at-most-for-less@1"].cases == 8
    assert found["out:at-most-for-less@1"].hidden is None and found["out:8-for-9@1"].difference


def test_formats(contracts):
    found = distinctions(contracts["ggml-blocks"], "q4_k.sc:plus-for-or@1", "q4_k.sc:and-for-or@1", count=20)
    assert not found["q4_k.sc:plus-for-or@1"].difference and found["q4_k.sc:and-for-or@1"].difference


def test_values_that_no_bound_admits():
    exact, ar = Bounded(np.array([1.0, 2.0]), float32()), float32()
    assert differs(Bounded(np.array([1.0, 2.5]), ar), exact) and not differs(Bounded(np.array([1.0, 2.0]), ar), exact)
    assert differs(Bounded(np.array([1.0, np.nan]), ar), exact)
    wide = Bounded(np.array([1.0, 2.0]), ar, np.array([0.5, 0.5]))
    assert not differs(np.array([1.2, 1.8]), wide) and differs(np.array([1.6, 2.0]), wide)
    assert differs(np.array([1]), top_k(exact, 1)) is False and differs(np.array([0]), top_k(exact, 1))
    assert differs(np.array([1, 2]), np.array([1, 3]))


def test_nothing_is_narrowed(contracts):
    falsifier = unrestricted(contracts["moe-router"], "route")
    assert falsifier.source.given == {} and falsifier.where is None
