"""Plain scalars: what is accepted means the same to PyYAML; what readers differ on is refused."""

import math

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
def test_what_is_accepted_means_the_same_to_pyyaml(text):
    try:
        ours = loads(f"[{text}]", "c").plain()
    except Refused:
        return
    theirs = yaml.safe_load(f"[{text}]")
    assert theirs == ours
    assert [type(value) for value in theirs] == [type(value) for value in ours]


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
def test_words_in_every_case(word):
    for spelling in {word, word.upper(), word.title()}:
        assert isinstance(resolve(spelling), RefusedScalar)
