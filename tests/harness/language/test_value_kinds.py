"""The kinds of values are the same everywhere: here, in the schema, and where arrays are made."""

import json
from pathlib import Path

import harness.contract
from harness.contract.kinds import ON_REQUEST, PACKED, REAL, WHOLE, allowed_kinds, default_kinds

SCHEMA = json.loads(Path(harness.contract.__file__).with_name("contract.schema.json").read_text("utf-8"))


def test_the_schema_knows_exactly_these():
    assert set(SCHEMA["$defs"]["kind"]["enum"]) == {*REAL, *PACKED, *WHOLE}


def test_by_type():
    assert allowed_kinds("f32", packed=False) == REAL
    assert allowed_kinds("q4_k", packed=True) == PACKED
    assert allowed_kinds("u8", packed=False) == WHOLE


def test_simplest_first_because_cases_shrink_in_this_order():
    for kinds in (REAL, PACKED, WHOLE):
        assert kinds[0] == "zeros"
        assert len(set(kinds)) == len(kinds)


def test_some_are_drawn_only_where_asked_for():
    for dtype, packed in (("f32", False), ("q4_k", True), ("u8", False)):
        assert set(allowed_kinds(dtype, packed)) - set(default_kinds(dtype, packed)) <= set(ON_REQUEST)
    assert "nonfinite" not in default_kinds("f32", packed=False)
