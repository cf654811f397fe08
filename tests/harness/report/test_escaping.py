import pytest

from harness.report.escaping import clean, defused, defused_markup, encodable, one_line, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text, ünïcödé", "plain text, ünïcödé"),
        ("\x1b[31mred", r"\x1b[31mred"),
        ("a\x00b\x7f\x9b", r"a\x00b\x7f\x9b"),
        ("\ud800", r"\ud800"),
        ("\u202egpj.exe", r"\u202egpj.exe"),
        ("a\u2028b\x85c\rd", r"a\u2028b\x85c\rd"),
        ("\ufffe", r"\ufffe"),
        ("a\tb\nc", "a\tb\nc"),
        ("\U0001f469\u200d\U0001f52c", "\U0001f469\u200d\U0001f52c"),
        ("no\N{NO-BREAK SPACE}break", "no\N{NO-BREAK SPACE}break"),
    ],
)
def test_what_cannot_be_seen_is_written_out(text, shown):
    assert visible(text) == shown
    shown.encode()


def test_one_line_has_no_line_break():
    assert one_line(" a\n  b\t\x1bc ") == r"a b \x1bc"


def test_a_record_is_cleaned_keys_included():
    assert clean({"a\x1b": ["\x00", 1, None, {"b": ("\ud800",)}]}) == {r"a\x1b": [r"\x00", 1, None, {"b": [r"\ud800"]}]}


def test_only_surrogates_cannot_be_encoded():
    assert encodable({"a": "\ud800 \x1b"}) == {"a": "\\ud800 \x1b"}


@pytest.mark.parametrize(
    "line", ["::error::x", "a\n::error::x", "  ::error file=a::x", "see ##[error]x", "\t::add-mask::y"]
)
def test_a_line_that_is_a_command_is_broken_up(line):
    assert not any(part.lstrip().startswith("::") for part in defused(line).splitlines())
    assert "##[" not in defused(line)
    assert defused(line).replace(" ", "") == line.replace(" ", "")


@pytest.mark.parametrize("line", ["std::vector", "a ::b", "# [x]", "plain"])
def test_other_lines_stay(line):
    assert defused(line) == line


def test_markup_keeps_its_meaning():
    from html import unescape

    text = "<p>\n  ::error::x ##[error]</p>"
    assert "##[" not in defused_markup(text)
    assert not any(line.lstrip().startswith("::") for line in defused_markup(text).splitlines())
    assert unescape(defused_markup(text)) == text
