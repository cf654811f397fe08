import sys

import numpy as np
import pytest

from benchmarks import criteria
from benchmarks.criteria import OTHERS, OURS, case_of, contract, settings, smallest
from harness.language.dtypes import DTYPES


@pytest.fixture(scope="module")
def cases():
    """A product in each format, of 64 terms."""
    draw = criteria.LENGTHWISE["unit values"]
    return {name: case_of(contract(DTYPES[name]), np.random.default_rng(3), 64, draw, 16) for name in criteria.FORMATS}


@pytest.mark.parametrize("name", criteria.FORMATS)
def test_value_is_that_of_the_stored_operands(cases, name):
    case = cases[name]
    assert case.w.dtype == case.x.dtype == DTYPES[name].numpy
    np.testing.assert_allclose(case.exact, (case.w.astype(float) * case.x.astype(float)).sum(1), rtol=1e-12)


@pytest.mark.parametrize("name", criteria.FORMATS)
def test_right_kernels_differ_and_ours_refuses_none(cases, name):
    case = cases[name]
    results = dict(case.results())
    assert len(results) >= 12
    assert len({result.tobytes() for result in results.values()}) >= 8
    for result in results.values():
        assert not any(ours(case.stored(result), case) for ours in OURS.values())


@pytest.mark.parametrize(
    ("name", "criterion", "error", "refused"),
    [
        ("f32", "torch.testing.assert_close", 1.2e-6, False),
        ("f32", "torch.testing.assert_close", 1e-4, True),
        ("bf16", "torch.testing.assert_close", 1e-2, False),
        ("bf16", "torch.testing.assert_close", 3e-2, True),
        ("f32", "llama.cpp: NMSE 5e-4", 0.0223, False),  # squared, 4.97e-4
        ("f32", "llama.cpp: NMSE 5e-4", 0.0225, True),
        ("f32", "cosine 0.99", 100, False),
        ("f32", "cosine 0.99", -2, True),  # the opposite of the result
        ("f32", "KernelBench: atol = rtol = 1e-2", 0.0099, False),
        ("f32", "KernelBench: atol = rtol = 1e-2", 0.05, True),
        ("f32", "FlashInfer: atol 0.1, rtol 0.85, 80 %", 0.84, False),
        ("f32", "FlashInfer: atol 0.1, rtol 0.85, 80 %", 2, True),
        ("f32", "aiter: atol 100, rtol 1e-2", -1, False),  # zeros
        ("f32", "Composable Kernel: u times depth", 64 * 2**-24 * 0.9, False),
        ("f32", "Composable Kernel: u times depth", 64 * 2**-24 * 2.1, True),  # at the largest element
        ("bf16", "Composable Kernel: u times depth", 2**-6, True),
        ("f32", "vLLM: atol 2e-2", 1e-4, False),
        ("f32", "vLLM: atol 2e-2", 1e-2, True),
    ],
)
def test_criteria_in_use(cases, name, criterion, error, refused):
    case = cases[name]
    assert OTHERS[criterion](case.stored(case.exact * (1 + error)), case) == refused


def test_smallest_error_refused(cases):
    case = cases["f32"]
    result = dict(case.results())["16 lanes"]
    assert smallest(lambda y, _: bool(abs(y[0] / case.exact[0] - 1) > 1e-3), case, result) == 2.0**-9.5
    assert smallest(lambda *_: False, case, result) == np.inf


def test_cells():
    (setting,) = settings(contract(DTYPES["f32"]), {"rms 1": criteria.LENGTHWISE["rms 1"]}, [64], 16, 1, 0)
    assert setting.unjudged == 0 and setting.elements == 16
    assert setting.cells["`accurate`"].median < setting.cells["`close`"].median < 1e-4
    assert setting.cells["cosine 0.99"].text == "never"


def test_ends_with_1_where_ours_refuses_a_right_kernel(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["criteria.py", "--lengths", "64", "--rows", "8", "--cases", "1"])
    monkeypatch.setattr(criteria, "STEPS", np.array([2.0**-20, 2.0**-10]))
    assert criteria.main() == 0
    half = {"in half precision": lambda p: p.astype(np.float16).sum(1, dtype=np.float16).astype(np.float32)}
    monkeypatch.setattr(criteria, "ORDERS", {**criteria.ORDERS, **half})
    assert criteria.main() == 1
    assert "| `accurate` | " in capsys.readouterr().out
