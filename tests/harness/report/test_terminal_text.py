from harness.report.terminal_text import counted, quoted_value, shorten, wrap


def test_wrap():
    assert wrap("one two three", 9, 2, 4) == ["  one two", "    three"]
    assert wrap("", 9, 2) == ["  "]


def test_shorten_cuts_between_words():
    assert shorten("one two three", 11) == "one two ..."
    assert shorten("a feed-forward layer", 10) == "a ..."


def test_counted():
    assert [counted(count, "case") for count in (0, 1, 2)] == ["0 cases", "1 case", "2 cases"]


def test_texts_are_quoted_and_nothing_else():
    assert [quoted_value(value) for value in ("qwen3moe ", 'a "b"\n', "\u00e9", "", 3, ["a"])] == [
        '"qwen3moe "', '"a \\"b\\"\\n"', '"\u00e9"', '""', "3", "['a']",
    ]  # fmt: skip
