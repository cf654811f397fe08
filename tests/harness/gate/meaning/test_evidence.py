""""""

from harness.gate.meaning.evidence import Difference, counterexample_text, cut_lines


def test_each_line_is_cut():
    assert cut_lines("abc\n" + "d" * 100, 10) == "abc\nddddddd..."
    assert all(len(line) <= 80 for line in cut_lines("e" * 300 + "\n" + "f" * 300).split("\n"))


def test_three_short_lines():
    lines = counterexample_text("e", "k = 1\n" + "x: normal, " * 30, Difference("[1]", "1", "2")).split("\n")
    assert len(lines) == 3 and all(len(line) <= 80 for line in lines)
