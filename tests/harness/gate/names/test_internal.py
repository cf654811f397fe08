"""Which names were exchanged: found by what shows it, and only where it explains the edit."""

import re

import pytest

from harness.contract.spans import loads
from harness.gate.names.internal import internal_names

OLD = """
dimensions:
  width: {min: 1, max: 6}
  height: {min: 1, max: 4}
  depth: {min: 1, max: 9}
inputs:
  x: {dtype: f32, shape: [width]}
  w: {dtype: f32, shape: [height, width]}
  v: {dtype: f32, shape: [depth, height]}
equations:
  first: w @ x
  second: silu(first)
  third: v @ second
subjects:
  run: {arguments: {x: x, w: w, v: v}, returns: {third: third}}
"""


def exchanged(**names):
    """The contract with its names exchanged wherever they stand: all but what callers write, left of a colon there."""
    declared, _, run = OLD.partition("subjects:")
    declared = re.sub(r"\w+", lambda word: names.get(word[0], word[0]), declared)
    return declared + "subjects:" + re.sub(r": (\w+)", lambda word: f": {names.get(word[1], word[1])}", run)


@pytest.mark.parametrize(
    "names",
    [
        {"width": "size"},
        {"width": "height", "height": "width"},
        {"width": "height", "height": "depth", "depth": "width"},
        {"width": "height", "height": "rows"},
        {"x": "w", "w": "x"},
        {"first": "second", "second": "third", "third": "first"},
        {"first": "second", "second": "third", "third": "last", "width": "depth", "depth": "width"},
    ],
    ids=lambda names: " ".join(f"{was}-{now}" for was, now in names.items()),
)
def test_names_that_were_exchanged_throughout(names):
    found = internal_names(loads(OLD, "c.yaml"), loads(exchanged(**names), "c.yaml"))
    assert found.of("dimension", "input", "equation") == names


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("third: v @ second", "third: v @ first"),
        ("[height, width]", "[width, height]"),
        ("width: {min: 1, max: 6}\n  height: {min: 1,", "height: {min: 1, max: 6}\n  width: {min: 1,"),
        ("{x: x, w: w, v: v}", "{x: x, w: v, v: w}"),
        ("second: silu(first)", "second: silu(third)"),
        ("  second: silu(first)\n  third: v @ second", "  third: silu(first)\n  second: v @ second"),
    ],
    ids=["one use", "one shape", "ranges alone", "arguments", "one name", "two definitions"],
)  # fmt: skip
def test_an_exchange_in_one_place_is_none(old, new):
    assert old in OLD
    found = internal_names(loads(OLD, "c.yaml"), loads(OLD.replace(old, new), "c.yaml"))
    assert not found.of("dimension", "input")


def test_an_exchange_beside_another_edit():
    new = exchanged(width="height", height="width").replace("max: 9", "max: 10").replace("silu(", "relu(")
    assert internal_names(loads(OLD, "c.yaml"), loads(new, "c.yaml")).of("dimension") == {
        "width": "height", "height": "width"}  # fmt: skip


def test_a_name_that_went_for_another_section_is_no_rename():
    old, new = loads("dimensions: {a: {min: 1, max: 2}}", "c.yaml"), loads("inputs: {b: {min: 1, max: 2}}", "c.yaml")
    assert not internal_names(old, new)


def test_a_dimension_of_one_number_says_nothing_about_what_it_measures():
    old, new = loads("dimensions: {a: {values: [4]}}", "c.yaml"), loads("dimensions: {b: {values: [4]}}", "c.yaml")
    assert not internal_names(old, new)
