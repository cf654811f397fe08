"""The examples as tests use them: the contract, the kernels beside it, and what a search says of one."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

from harness.program.collection import load
from harness.program.model import Program
from harness.search.engine import Search
from harness.search.outcome import Outcome
from harness.subjects.subject import ModuleSubject

EXAMPLES = Path(__file__).parent.parent / "examples"
NAMES = sorted(path.parent.name for path in EXAMPLES.glob("*/kernels.py"))
WITH_TORCH = sorted(path.parent.name for path in EXAMPLES.glob("*/torch_kernels.py"))
CASES = 200  # the ci profile


@cache
def kernels(name: str, file: str = "kernels") -> ModuleType:
    """The module beside the contract of an example."""
    spec = importlib.util.spec_from_file_location(f"example_{name}_{file}", EXAMPLES / name / f"{file}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def program(name: str) -> Program:
    """The checked contract of an example."""
    (found,) = load((str(EXAMPLES / name / f"{name}-v1.yaml"),))
    return found


def outcomes(name: str, kernel: type) -> Iterator[Outcome]:
    """Of a kernel, falsifier by falsifier."""
    subject = ModuleSubject(kernel.__name__, kernel())
    return (Search(program(name), part, subject, CASES).run() for part in program(name).falsifiers)
