from harness.gate.meaning.points import literals
from harness.language.syntax import parse


def test_the_numbers_that_expressions_mention():
    assert literals([parse("0.5 * x + 3"), parse("y > -7")]) == [0.5, 3.0, 7.0]
    assert literals([parse("x * 1e300")]) == []  # no float32 is that large
