"""Plain scalars: what is accepted means what YAML 1.2 says; of what readers differ on, most is refused."""

import math
import re

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from harness.contract.scalars import RefusedScalar, resolve
from harness.contract.spans import loads
from harness.findings import Refused

PIECES = ["0", "1", "59", "07", "_", ".", "-", "+", ":", "e", "E", "x", "0x", "0b", "0o", "f", "a", " ", "T"]
WORDS = ["on", "No", "y", "TRUE", "true", "null", "~", ".inf", ".NaN", "inf", "1-2", "none"]
SCALARS = st.one_of(st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join), st.sampled_from(WORDS))


@given(SCALARS)
@example("1e5")
@example("0.1")
@example(".0_")
@example("-0")
@example("2001-1-1")
@example("190:20:30.15")
def test_what_is_accepted_means_what_yaml_1_2_says(text):
    try:
        ours = loads(f"[{text}]", "c").plain()
    except Refused:
        return
    theirs = [core(value) for value in yaml.load(f"[{text}]", yaml.BaseLoader)]
    assert theirs == ours
    assert [type(value) for value in theirs] == [type(value) for value in ours]


def core(text: str) -> object:
    """YAML 1.2.2, 10.3.2: the core schema. PyYAML, which knows 1.1 only, splits the line into scalars."""
    if text in {"true", "True", "TRUE", "false", "False", "FALSE"}:
        return text.lower() == "true"
    if re.fullmatch("[-+]?[0-9]+", text):
        return int(text)
    if re.fullmatch("0x[0-9a-fA-F]+", text):
        return int(text, 16)
    if re.fullmatch(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", text):
        return float(text)
    return text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("-12", -12),
        ("+3", 3),
        ("0x1F", 31),
        ("-0x10", -16),
        ("9223372036854775807", 2**63 - 1),
        ("0.25", 0.25),
        ("-1.0e-5", -1e-5),
        ("1.5E+3", 1500.0),
        ("true", True),
        ("false", False),
        ("1.0.0", "1.0.0"),
        ("1-2", "1-2"),
        ("none", "none"),
        ("-x", "-x"),
        ("1 - 2", "1 - 2"),
        ("x[0:4]", "x[0:4]"),
        ("2 * forward()", "2 * forward()"),
        ("nan", "nan"),
        ("3d", "3d"),
    ],
)
def test_accepted(text, value):
    resolved = resolve(text)
    assert resolved == value
    assert type(resolved) is type(value)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_the_hint_for_an_exponent_is_taken(number):
    text = repr(number)
    resolved = resolve(text)
    if isinstance(resolved, RefusedScalar):
        resolved = resolve(resolved.hint.removeprefix("write "))
    assert isinstance(resolved, float)
    assert math.isclose(resolved, number, rel_tol=0, abs_tol=0)


@pytest.mark.parametrize("word", ["on", "off", "yes", "no", "y", "n"])
def test_words_of_yaml_1_1_are_text(word):
    for spelling in (word, word.upper(), word.title()):
        assert resolve(spelling) == spelling


@pytest.mark.parametrize("text, value", [("1e-6", 1e-6), ("1E5", 1e5), ("-2e+3", -2e3), ("1.5e5", 1.5e5)])
def test_a_number_with_an_exponent(text, value):
    assert resolve(text) == value
