"""Values as findings quote them."""

import pytest

from harness.contract.quoting import in_words, quoted, shortened, suggestion
from harness.contract.spans import loads


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x", "'x'"),
        ("'1'", "'1'"),
        ("1", "1"),
        ("1.50", "1.5"),
        ("true", "true"),
        ("[]", "an empty list"),
        ("[1, 2]", "a list of 2"),
        ("{}", "an empty mapping"),
        ("{a: b}", "a mapping"),
        ('"a\\nb"', r"'a\nb'"),
    ],
)
def test_in_one_line(text, said):
    assert in_words(loads(text, "c")) == said


def test_short():
    assert len(shortened("x" * 1000)) < 70
    assert len(quoted("\n" * 1000)) < 130


def test_a_suggestion_is_made_where_it_takes_no_time():
    assert suggestion("rowz", ["rows", "columns"]) == "did you mean 'rows'?"
    assert suggestion("x" * 101, ["rows"]) == ""
    assert suggestion("rowz", [f"row{i}" for i in range(201)]) == ""
