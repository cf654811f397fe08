"""The manual's contract in bfloat16 and its kernel, both as printed: the kernel survives, and wrong ones do not."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import ml_dtypes
import numpy as np
import pytest

from harness.program.collection import load
from harness.program.model import Program
from harness.search.engine import Search
from harness.search.outcome import FALSIFIED, SURVIVED
from harness.subjects.subject import ModuleSubject

MANUAL = Path(__file__).parent.parent / "docs/language.md"
CASES = 60
BF16, F32 = ml_dtypes.bfloat16, np.float32


def printed(language: str) -> str:
    """The one example of the section in this language."""
    _, section = MANUAL.read_text(encoding="utf-8").split("\n## Kernels in bfloat16, float16 and float8\n")
    found = re.search(rf"```{language}\n(.*?)```", section, re.DOTALL)
    assert found is not None
    return found[1]


def sums_in_bfloat16(x: np.ndarray, w: np.ndarray, bias: np.ndarray) -> np.ndarray:
    total = np.zeros((len(x), len(w)), BF16)
    for i in range(x.shape[1]):
        total = (total.astype(F32) + x[:, i : i + 1].astype(F32) * w[:, i].astype(F32)).astype(BF16)
    return silu(total.astype(F32) + bias.astype(F32)).astype(BF16)


def rounds_before_the_bias(x: np.ndarray, w: np.ndarray, bias: np.ndarray) -> np.ndarray:
    product = (x.astype(F32) @ w.astype(F32).T).astype(BF16)
    return silu(product.astype(F32) + bias.astype(F32)).astype(BF16)


def cuts_digits_off(x: np.ndarray, w: np.ndarray, bias: np.ndarray) -> np.ndarray:
    y = np.ascontiguousarray(silu(x.astype(F32) @ w.astype(F32).T + bias.astype(F32)))
    return (y.view(np.uint32) >> 16).astype(np.uint16).view(BF16)


def returns_float32(x: np.ndarray, w: np.ndarray, bias: np.ndarray) -> np.ndarray:
    return silu(x.astype(F32) @ w.astype(F32).T + bias.astype(F32))


def silu(z: np.ndarray) -> np.ndarray:
    return z / (1 + np.exp(-z))


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    path = tmp_path_factory.mktemp("contracts") / "linear-silu-v1.yaml"
    path.write_text(printed("yaml"), encoding="utf-8")
    (program,) = load((str(path),))
    return program


def verdict(program: Program, kernel: Any) -> str:
    subject = ModuleSubject("mine", SimpleNamespace(linear=kernel))
    (falsifier,) = program.falsifiers
    with np.errstate(all="ignore"):
        return Search(program, falsifier, subject, CASES).run().verdict


def test_the_kernel_that_the_manual_prints(program: Program) -> None:
    module: dict[str, Any] = {}
    exec(printed("python"), module)
    assert module["CLAIMS"] == [program.contract.metadata.id]
    assert verdict(program, module["linear"]) == SURVIVED


@pytest.mark.usefixtures("quick_shrink")
@pytest.mark.parametrize("wrong", [sums_in_bfloat16, rounds_before_the_bias, cuts_digits_off, returns_float32])
def test_a_kernel_that_rounds_elsewhere(program: Program, wrong: Any) -> None:
    assert verdict(program, lambda x, w, bias: {"y": wrong(x, w, bias)}) == FALSIFIED
