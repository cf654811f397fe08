"""The record of a function."""

from dataclasses import fields, replace

import pytest

from harness.language.function import Function, by_name
from harness.language.functions import FUNCTIONS

TANH = FUNCTIONS["tanh"]


def test_the_manual_s_row():
    assert FUNCTIONS["exp"].row == "| `exp(x)` | e to the x | slope over the interval, plus `exp_ulps` |"
    assert FUNCTIONS["zero_bytes"].row == "| `zero_bytes(n)` | padding |"


def test_what_a_call_may_give():
    assert [parameter.name for parameter in FUNCTIONS["top_k"].parameters] == ["p", "k"]
    asked = ("abs", "arange", "matvec", "max", "sum", "top_k", "where")
    assert [name for name in asked if FUNCTIONS[name].needs_ranges] == ["arange", "max", "top_k", "where"]


def test_two_records_of_one_name_are_a_mistake():
    assert by_name([TANH, TANH]) == {"tanh": TANH}
    with pytest.raises(ValueError, match="two records of a function tanh"):
        by_name([TANH, replace(TANH, meaning="another")])


NEEDED = ["name", "form", "meaning", "bound", "example", "type_rule", "exact", "single"]


@pytest.mark.parametrize("part", NEEDED)
def test_a_record_without_a_part_names_it(part):
    """Nothing of the language can be imported then, so every test fails with this message."""
    parts = {found.name: getattr(TANH, found.name) for found in fields(TANH) if found.name != part}
    with pytest.raises(TypeError, match=f"missing 1 required keyword-only argument: '{part}'"):
        Function(**parts)
