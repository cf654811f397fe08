"""Bad options end in one line and exit code 2, before anything is measured."""

import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["layer.py", "--rounds", "one"], "expected a whole number from 2 on, got 'one'"),
        (["layer.py", "--tokens", "1,0"], "expected whole numbers from 1 on, separated by commas, got '1,0'"),
        (["layer.py", "--threads", "100000"], "--threads 100000: this machine has"),
        (["layer.py", "--layers", "100000"], "ask for fewer"),
        (["layer.py", "--json", "no/such/folder/x.json"], "there is no folder no/such/folder for"),
        (["layer.py", "--svg", "."], ". is a folder, expected a file"),
        (["drawing.py", "no-such.json", "x.svg"], "no-such.json: expected the results of benchmarks/layer.py, got"),
        (["criteria.py", "--cases", "0"], "expected a whole number from 1 on, got '0'"),
        (["conversions.py", "--float32", "many"], "expected a whole number from 1 on, got 'many'"),
        (["first_result.py", "--processes", "1"], "expected at least 2, got 1"),
        (["example_speed.py", "--cases", "0"], "expected a whole number from 1 on, got '0'"),
    ],
)
def test_bad_option(words: list[str], message: str) -> None:
    command = [sys.executable, BENCHMARKS / words[0], *words[1:]]
    ended = subprocess.run(command, check=False, capture_output=True, text=True)
    assert ended.returncode == 2
    assert message in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("script", ["layer.py", "first_result.py", "drawing.py", "example_speed.py"])
def test_help_fits_80_columns(script: str) -> None:
    command = [sys.executable, BENCHMARKS / script, "--help"]
    ended = subprocess.run(command, check=False, capture_output=True, text=True, env={"COLUMNS": "80"})
    assert ended.returncode == 0
    assert max(map(len, ended.stdout.splitlines())) <= 80, ended.stdout
