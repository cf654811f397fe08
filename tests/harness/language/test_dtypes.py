"""The table of number formats, against NumPy's own types."""

import ast
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import harness
from harness.language.dtypes import (
    BYTE,
    COLUMN,
    DTYPES,
    FIELD,
    FLOAT32,
    INPUT,
    RESULT,
    WHOLE,
    allowed_kinds,
    default_kinds,
    drawn_kinds,
    name_of,
    of_place,
    result_type,
)
from harness.language.value_kinds import VALUE_KINDS
from harness.model_files.tensor_types import TYPES
from tests.harness.numpy_types import TRUTH

HARNESS = Path(harness.__file__).parent


def test_the_truth_is_about_the_whole_table():
    assert set(TRUTH) == set(DTYPES)


@pytest.mark.parametrize("name", DTYPES)
def test_a_dtype_is_what_numpy_has_under_that_name(name):
    dtype, truth = DTYPES[name], np.dtype(TRUTH[name])
    assert dtype.name == name and dtype.numpy == truth.newbyteorder("<")
    assert dtype.bits == 8 * truth.itemsize and dtype.bytes == truth.itemsize
    assert dtype.is_real == (truth.kind == "f") and dtype.kind == ("real" if truth.kind == "f" else "int")


@pytest.mark.parametrize("name", [name for name, dtype in DTYPES.items() if not dtype.is_real])
def test_integers_reach_from_the_least_to_the_greatest(name):
    limits, integers = np.iinfo(TRUTH[name]), DTYPES[name].integers
    assert (integers.start, integers.stop - 1) == (limits.min, limits.max)


def test_real_types_have_no_list_of_integers():
    assert not FLOAT32.integers


def test_a_stored_type_is_found_by_its_numbers_whatever_their_order_of_bytes():
    for name, truth in TRUTH.items():
        assert name_of(np.dtype(truth)) == name_of(np.dtype(truth).newbyteorder(">")) == name
    with pytest.raises(LookupError, match="complex128"):
        name_of(np.dtype(complex))


def test_results_are_float32_truths_or_integers():
    assert result_type("real") == np.float32 and result_type("bool") == np.bool_ and result_type("int") == np.int64
    assert result_type("int", "u16") == np.uint16


def test_what_is_drawn_is_said_of_every_input_and_of_nothing_else():
    for name, dtype in DTYPES.items():
        assert not (INPUT in dtype.places and not dtype.draws), name
        assert set(dtype.draws) <= set(VALUE_KINDS)


def test_the_types_that_others_go_by_may_stand_where_they_are_used():
    assert {RESULT, INPUT} <= set(FLOAT32.places)
    assert RESULT in WHOLE.places and not WHOLE.is_real
    assert RESULT in BYTE.places and BYTE.bits == 8 and not BYTE.signed


def test_integers_stand_in_tables_and_both_stand_in_blocks():
    assert all(not dtype.is_real for dtype in of_place(COLUMN).values())
    assert {dtype.is_real for dtype in of_place(FIELD).values()} == {True, False}


def test_kinds_by_type():
    assert allowed_kinds("u8") == ("zeros", "bytes") and default_kinds("u8") == ("zeros", "bytes")
    assert "extreme" in allowed_kinds("f32") and "extreme" not in default_kinds("f32")
    assert "extreme" not in allowed_kinds("q4_k") and "nonfinite" in allowed_kinds("q4_k")


def test_a_falsifier_chooses_kinds_or_leaves_some_out():
    assert drawn_kinds("f32", ()) == default_kinds("f32")
    assert drawn_kinds("f32", ("zeros", "normal")) == ("zeros", "normal")
    assert drawn_kinds("f32", ("zeros", "normal"), chosen=("nonfinite",)) == ("nonfinite",)
    assert drawn_kinds("f32", ("zeros", "normal"), excluded=("zeros",)) == ("normal",)


# Who may write out a dtype's name: the table, GGUF's own names, functions of mutants named for what they round to.
NAMED_IN = {"language/dtypes.py", "model_files/tensor_types.py", "language/mutate/precision.py",
            "language/mutate/faulty.py", "language/mutate/domains.py"}  # fmt: skip


def test_nobody_else_names_a_dtype():
    found = [
        f"{path.relative_to(HARNESS).as_posix()}:{node.lineno} {node.value!r}"
        for path in sorted(HARNESS.rglob("*.py"))
        if path.relative_to(HARNESS).as_posix() not in NAMED_IN
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and node.value in DTYPES
    ]
    assert not found, "ask DTYPES, or FLOAT32, WHOLE or BYTE"


def test_gguf_stores_the_types_that_it_shares_with_contracts_in_as_many_bytes():
    stored = {entry.name: (entry.values, entry.size) for entry in TYPES.values() if entry.name in DTYPES}
    assert {"f32", "f16"} <= set(stored)
    assert all(kept == (1, DTYPES[name].bytes) for name, kept in stored.items())


@pytest.mark.parametrize("module", ["dtypes", "value_kinds", "operators", "integer_domain"])
def test_reading_the_table_loads_no_numpy(module):
    code = f"import sys, harness.language.{module}; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
