"""The teeth of the examples are complete: `harness teeth` finds no fault that lives unnoticed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.example_kernels import EXAMPLES

pytestmark = pytest.mark.series


@pytest.mark.parametrize("name", sorted(path.parent.name for path in EXAMPLES.glob("*/*.yaml")))
def test_every_falsifier_of_an_example_kills_and_enough_is_killed(name: str, tmp_path: Path) -> None:
    for contract in EXAMPLES.glob("*/*.yaml"):  # those that it depends on lie beside it
        shutil.copy(contract, tmp_path)
    command = [sys.executable, "-m", "harness", "teeth", f"{name}-v1.yaml", "--jobs", "1"]
    ended = subprocess.run(command, check=False, cwd=tmp_path, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stdout + ended.stderr
