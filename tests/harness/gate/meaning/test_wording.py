from harness.gate.meaning.wording import short


def test_each_line_is_cut():
    assert short("abc\n" + "d" * 100, 10) == "abc\nddddddd..."
    assert all(len(line) <= 80 for line in short("e" * 300 + "\n" + "f" * 300).split("\n"))
