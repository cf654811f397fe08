import pytest

from harness.strict_json import MOST_PARTS, loads, parts


def test_what_is_json():
    assert loads('{"a": [1, -2.5e-3, 999999999999999999, -999999999999999999, null, "\\ud800"]}') == {
        "a": [1, -0.0025, 10**18 - 1, 1 - 10**18, None, "\ud800"]
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("NaN", "NaN is no JSON number"), ("[-Infinity]", "-Infinity is no JSON number"),
        ("1" * 400, "an integer of 400 digits"), ("-" + "1" * 19, "an integer of 20 digits"),
        ("1e999", "1e999 is larger"), ("{", "Expecting"),
    ],
)  # fmt: skip
def test_what_is_not(text, told):
    with pytest.raises(ValueError, match=told):
        loads(text)


def test_more_values_than_memory_is_given_for_are_counted_before_they_are_made():
    assert parts('{"a": [1, 2], "b": "x"}') == 4
    assert len(loads("[" + "0," * (MOST_PARTS - 2) + "0]")) == MOST_PARTS - 1
    with pytest.raises(ValueError, match="more than 400000 values"):
        loads("[" + "[]," * MOST_PARTS + "0]")
