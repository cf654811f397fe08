"""A tiny contract, and subjects for it that do one thing wrong each."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from harness.contract.collection import load
from harness.contract.program import FalsifierProgram, Program
from harness.language.arithmetic import float32
from harness.language.claims.judge import Judgement
from harness.language.packed import Packed
from harness.search.case import Case
from harness.search.engine import Search
from harness.search.outcome import Outcome
from harness.search.subject import ModuleSubject
from harness.search.trial import Trial

TINY = Path(__file__).with_name("tiny.yaml")


class WrongLength(Exception):
    pass


def rows(tensor: tuple[str, tuple[int, ...], bytes]) -> np.ndarray:
    """The weights of a q8 tensor, as a kernel would read them."""
    _, (count, size), data = tensor
    blocks = np.frombuffer(bytes(data), np.uint8).reshape(count, -1, 6)
    scales = np.ascontiguousarray(blocks[..., :2]).view("<f2").astype(np.float32)
    return (scales * blocks[..., 2:].astype(np.float32)).reshape(count, -1)[:, :size]


def product(*, x: np.ndarray, m: Any, size: int) -> dict[str, np.ndarray]:
    if len(x) != size:
        raise WrongLength(f"x has {len(x)} entries, expected {size}")
    return {"out": rows(m) @ x}


def staged(*, x: np.ndarray, m: Any, k: int) -> dict[str, np.ndarray]:
    out = rows(m) @ x
    return {"out": out, "squares": out * out, "best": np.argsort(-out, kind="stable")[:k]}


@pytest.fixture(scope="session")
def tiny() -> Program:
    (program,) = load((str(TINY),))
    return program


@pytest.fixture(scope="session")
def rule(tiny: Program) -> Callable[[int], FalsifierProgram]:
    """A falsifier of the tiny contract by its number."""
    return lambda number: tiny.falsifiers[number - 1]


@pytest.fixture(scope="session")
def subject() -> Callable[..., ModuleSubject]:
    """A correct implementation, with some functions replaced."""
    return lambda **replaced: ModuleSubject(
        "mine", SimpleNamespace(**{"product": product, "staged": staged} | replaced)
    )


@pytest.fixture(scope="session")
def search(
    tiny: Program, rule: Callable[[int], FalsifierProgram], subject: Callable[..., ModuleSubject]
) -> Callable[..., Outcome]:
    """The outcome of one falsifier against the implementation with some functions replaced."""

    def run(number: int, cases: int = 60, **replaced: Any) -> Outcome:
        return Search(tiny, rule(number), subject(**replaced), cases).run()

    return run


@pytest.fixture(scope="session")
def make_case(tiny: Program) -> Callable[..., Case]:
    """A case of the tiny contract from rows of whole weights, with scales of one."""

    def make(x: list[float], weights: list[list[int]], k: int = 1) -> Case:
        format_ = tiny.formats["q8"]
        blocks = -(-len(x) // 4)
        raw = np.zeros((len(weights), blocks, 6), np.uint8)
        raw[..., :2] = np.frombuffer(np.float16(1).tobytes(), np.uint8)
        padded = np.zeros((len(weights), blocks * 4), np.uint8)
        padded[:, : len(x)] = weights
        raw[..., 2:] = padded.reshape(len(weights), blocks, 4)
        tensor = Packed(format_, (len(weights), len(x)), raw)
        dimensions = {"rows": len(weights), "size": len(x), "k": k}
        return Case(
            dimensions, {"x": np.array(x, np.float32), "m": tensor}, {}, {"x": "given", "m": "given"}, "by hand"
        )

    return make


@pytest.fixture(scope="session")
def judge(
    tiny: Program, rule: Callable[[int], FalsifierProgram], subject: Callable[..., ModuleSubject]
) -> Callable[..., Judgement]:
    """One trial of a falsifier on a case."""

    def run(number: int, case: Case, disturb: bool = False, **replaced: Any) -> Judgement:
        return Trial(tiny, rule(number), case, subject(**replaced), float32(), disturb).judge()

    return run


@pytest.fixture(scope="session")
def layer() -> Program:
    """The contract of the feed-forward layer, which has a `model` section."""
    programs = {program.id: program for program in load((str(TINY.parents[3] / "contracts"),))}
    return programs["qwen3-moe-ffn"]
