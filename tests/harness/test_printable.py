import pytest

from harness.printable import message_of, printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("as it is", "as it is"),
        ("two\n  lines\tand a tab", "two lines and a tab"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("\ud800", "\\ud800"),
        ("grün", "grün"),
        ("<object at 0x7f12ab34cd56>", "<object at 0x...>"),
        ("0x1f", "0x1f"),
    ],
)
def test_printable(text, shown):
    assert printable(text) == shown


def test_long_text_says_how_long_it_was():
    assert printable("a" * 1000, 10) == "a" * 10 + "... (1000 characters)"


def test_an_error_without_a_message_is_no_error_of_ours():
    class Silent(Exception):
        def __str__(self):
            raise ValueError

    assert message_of(ValueError("plain")) == "plain"
    assert message_of(Silent()) == "(an error without a readable message)"
