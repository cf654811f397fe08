"""Hints for libyaml's complaints."""

import pytest

from harness.contract.spans import loads
from harness.contract.syntax_hints import hint_for
from harness.findings import Refused


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("a: b: c", "quote text that contains ': '"),
        ("a: x[lo : hi]", "quote text that contains ': '"),
        ("a: @x", "quote text that begins with one of"),
        ("a: %x", "quote text that begins with one of"),
        ("a: [1, 2", "close the list with ']'"),
        ("a: {b: 2", "close the mapping with '}'"),
        ("a: [1] + 2", "nothing may follow a closing quote or bracket"),
        ("- a\nb: c", "every item of a list begins with '- '"),
        ("a: 'b", "close the quotes"),
        ("a: b\nc\n", "a key needs ': ' after it"),
        ("a: &", "quote text that begins with & or *"),
        ("a: * 2", "quote text that begins with & or *"),
        ("a: !<", "quote text that begins with !"),
        ("a: |x\n  b", "the text starts on the next line"),
    ],
)
def test_what_people_get_wrong(text, hint):
    with pytest.raises(Refused, match="YAML syntax: ") as refused:
        loads(text, "c.yaml")
    assert hint in str(refused.value)


def test_no_hint_is_better_than_a_wrong_one():
    assert hint_for("something libyaml never said") == ""
