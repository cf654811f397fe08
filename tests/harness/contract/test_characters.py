"""Characters and places."""

import pytest

from harness.contract.characters import hidden_character, place_of_index, refuse_characters
from harness.findings import Place, Refused


def test_place_counts_lines_and_columns_from_one():
    assert place_of_index("", 0, "c") == Place("c", 1, 1)
    assert place_of_index("ab\ncd", 2, "c") == Place("c", 1, 3)
    assert place_of_index("ab\ncd", 3, "c") == Place("c", 2, 1)
    assert place_of_index("a\r\nbc", 4, "c") == Place("c", 2, 2)


@pytest.mark.parametrize("text", ["", "a: b\r\nc: d\n", "é λ \U0001f600 \u00a0\n"])
def test_text_of_every_language_may_pass(text):
    refuse_characters(text, "c")


@pytest.mark.parametrize("character", "\t\r\0\x0b\x1b\x7f\x85\u2028\u2029\ufeff\ufffe\ud800\u202e\u2066")
def test_refused(character):
    with pytest.raises(Refused) as refused:
        refuse_characters(f"a: b\nc{character}", "c")
    assert refused.value.findings[0].place == Place("c", 2, 2)
    assert str(refused.value).isprintable()
    assert hidden_character(f"a{character}")


def test_a_line_break_hides_nothing():
    assert hidden_character("a\nb") is None
