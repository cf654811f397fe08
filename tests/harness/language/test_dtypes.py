"""The table of number formats, against NumPy's own types."""

import ast
import subprocess
import sys
from pathlib import Path

import ml_dtypes
import numpy as np
import pytest

import harness
from harness.language.dtypes import (
    BYTE,
    COLUMN,
    DTYPES,
    FIELD,
    FLOAT32,
    INFINITY,
    INPUT,
    LARGEST,
    RESULT,
    WHOLE,
    allowed_kinds,
    default_kinds,
    drawn_kinds,
    is_real,
    is_whole,
    name_of,
    of_array,
    of_place,
    result_type,
)
from harness.language.value_kinds import VALUE_KINDS
from harness.model_files.tensor_types import TYPES
from tests.harness.numpy_types import INTEGERS, REALS, TRUTH, ends, every_number

HARNESS = Path(harness.__file__).parent


def test_the_truth_is_about_the_whole_table():
    assert set(TRUTH) == set(DTYPES)


@pytest.mark.parametrize("name", DTYPES)
def test_a_dtype_is_what_numpy_has_under_that_name(name):
    dtype, truth = DTYPES[name], np.dtype(TRUTH[name])
    assert dtype.name == name and dtype.numpy == truth.newbyteorder("<")
    assert dtype.bytes == truth.itemsize and dtype.bits == (
        4 if "4_" in name or name[1:] == "4" else 8 * truth.itemsize
    )
    assert dtype.is_real == (name in REALS) and dtype.kind == ("real" if name in REALS else "int")


@pytest.mark.parametrize("name", INTEGERS)
def test_integers_reach_from_the_least_to_the_greatest(name):
    integers = DTYPES[name].integers
    assert (integers.start, integers.stop - 1) == ends(name)


@pytest.mark.parametrize("name", REALS)
def test_the_numbers_of_a_real_format_are_those_of_ml_dtypes(name):
    limits, numbers = ml_dtypes.finfo(TRUTH[name]), DTYPES[name].numbers
    assert (numbers.digits, numbers.emin) == (limits.nmant + 1, limits.minexp)
    assert numbers.largest == float(limits.max) and numbers.smallest == float(limits.smallest_subnormal)
    assert numbers.unit == 2.0 ** -(limits.nmant + 1)


@pytest.mark.parametrize("name", [name for name in REALS if DTYPES[name].bits <= 16])
def test_what_a_format_writes_beyond_its_largest_number(name):
    with np.errstate(invalid="ignore"):
        values = every_number(name).astype(np.float64)
    overflow = DTYPES[name].numbers.overflow
    assert np.isinf(values).any() == (overflow == INFINITY)
    assert np.isnan(values).any() == (overflow != LARGEST)
    assert (values <= 0).any() == DTYPES[name].numbers.zero


def test_the_kind_of_an_array_is_not_that_of_numpy():
    """NumPy calls float8_e5m2 a float like its own, and every other type of ml_dtypes, reals and integers, void."""
    assert np.dtype(ml_dtypes.float8_e5m2).kind == "f" and np.dtype(ml_dtypes.bfloat16).kind == "V"
    assert np.dtype(ml_dtypes.int4).kind == "V"
    for name, truth in TRUTH.items():
        assert is_real(np.dtype(truth)) == (name in REALS) and is_whole(np.dtype(truth)) == (name in INTEGERS)
        assert of_array(np.dtype(truth)) is DTYPES[name]
    for other in (np.bool_, np.complex64, "V2", "S2", "U2", object, "M8[s]", [("a", "f4")], ml_dtypes.float8_e3m4):
        stored = np.dtype(other)
        assert of_array(stored) is None and not is_real(stored) and not is_whole(stored)


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
    assert allowed_kinds("u8") == ("zeros", "small", "bytes") and default_kinds("u8") == ("zeros", "bytes")
    assert "extreme" in allowed_kinds("f32") and "extreme" not in default_kinds("f32")
    assert "extreme" not in allowed_kinds("q4_k") and "nonfinite" in allowed_kinds("q4_k")


def test_a_falsifier_chooses_kinds_or_leaves_some_out():
    assert drawn_kinds("f32", ()) == default_kinds("f32")
    assert drawn_kinds("f32", ("zeros", "normal")) == ("zeros", "normal")
    assert drawn_kinds("f32", ("zeros", "normal"), chosen=("nonfinite",)) == ("nonfinite",)
    assert drawn_kinds("f32", ("zeros", "normal"), excluded=("zeros",)) == ("normal",)


# Who may write out a dtype's name: the table, GGUF's own names, functions of mutants named for what they round to, and
# features of processors.
NAMED_IN = {"language/dtypes.py", "report/provenance.py", "model_files/tensor_types.py", "language/mutate/precision.py",
            "language/mutate/faulty.py", "language/mutate/domains.py", "language/mutate/number_formats.py"}  # fmt: skip


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
    assert {"f32", "f16", "bf16", "f64"} <= set(stored)
    assert all(kept == (1, DTYPES[name].bytes) for name, kept in stored.items())


@pytest.mark.parametrize("module", ["dtypes", "value_kinds", "operators", "integer_domain"])
def test_reading_the_table_loads_no_numpy(module):
    code = f"import sys, harness.language.{module}; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_run_without_narrow_formats_does_not_load_ml_dtypes():
    code = (
        "import sys, harness.session, harness.search.engine, harness.language.exact.domain, harness.subjects.calls\n"
        "from harness.language.dtypes import DTYPES, is_real, of_array\n"
        "import numpy\n"
        "assert is_real(DTYPES['f32'].numpy) and of_array(numpy.dtype('V2')) is None\n"
        "sys.exit('ml_dtypes' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
