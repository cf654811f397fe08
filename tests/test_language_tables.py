"""The JSON Schema and the manual say what the tables of the language say; here they are held up to date."""

import subprocess
import sys
from dataclasses import replace
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from harness.language import dtypes

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = ROOT / "scripts" / "language_tables.py"


@pytest.fixture
def tables():
    """The script, loaded anew: it reads the tables of the language when it is."""
    spec = spec_from_file_location("language_tables", SCRIPT)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_files_are_up_to_date():
    done = subprocess.run([sys.executable, SCRIPT, "--check"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "up to date\n"), f"{done.stdout}{done.stderr}python {SCRIPT}"


def test_one_more_dtype_is_written_wherever_it_may_stand(monkeypatch, request):
    more = replace(dtypes.DTYPES["u16"], name="u24", bits=24)
    monkeypatch.setitem(dtypes.DTYPES, "u24", more)
    tables = request.getfixturevalue("tables")
    schema = tables.schema(tables.SCHEMA.read_text("utf-8"))
    assert schema.count('"u24"') == 2 and "i64, u24, the name of a format" in schema  # fields and columns, and inputs
    assert "| `u24` | integers, 0 to 2**24 - 1 | input, field, result, table column |" in tables.manual(
        tables.MANUAL.read_text("utf-8")
    )


def test_a_table_that_is_gone_is_told(tables):
    with pytest.raises(ValueError, match="no table, or several"):
        tables.manual("nothing")
    with pytest.raises(ValueError, match="not written once"):
        tables.schema(tables.SCHEMA.read_text("utf-8").replace('["zeros", ', '["zeros",  '))
