import pytest

from harness.language.scalar_evaluation import NotScalar, evaluate_scalar
from harness.language.syntax import parse


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2 * n + 1", 7), ("-7 // 2", -4), ("-7 % 4", 1), ("n & 1 | 4", 5), ("~n", -4), ("1 << n", 8),
        ("0 <= n < 4", True), ("n == 3 and not n > 3", True), ("n == 2 or word != \"x\"", False),
        ('contains(words, "b")', True), ("first(words)", "a"), ("len(words)", 2), ("distinct(words)", True),
        ('texts("c", words, word)', ["c", "a", "b", "x"]),
    ],
)  # fmt: skip
def test_as_python_has_it(text, value):
    assert evaluate_scalar(parse(text), {"n": 3, "word": "x", "words": ["a", "b"]}) == value


def test_what_needs_arrays_or_a_name_is_said():
    with pytest.raises(NotScalar):
        evaluate_scalar(parse("sum(x)"), {"x": 3})
    with pytest.raises(KeyError):
        evaluate_scalar(parse("m + 1"), {"n": 3})
