import pytest

from harness.report.strict_json import loads


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
