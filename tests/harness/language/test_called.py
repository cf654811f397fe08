"""What an expression calls."""

import pytest

from harness.language.called import function_of, subject_call, threaded
from harness.language.syntax import parse


@pytest.mark.parametrize("text, name", [("tanh(x)", "tanh"), ("tanh(x=y)", None), ("tanh", None), ("rank(x)", None)])
def test_only_a_call_with_arguments_by_place_calls_a_function(text, name):
    function = function_of(parse(text))
    assert (None if function is None else function.name) == name


@pytest.mark.parametrize(
    "text", ["rank(x=y)", "again(rank(x=y))", "threaded(rank(x=y), t=n, s=s)", "again(threaded(rank(x=y), t=n, s=s))"]
)
def test_the_call_of_the_subject_itself(text):
    assert subject_call(parse(text)) == parse("rank(x=y)")
    sequence = threaded(parse(text))
    assert (sequence == parse("threaded(rank(x=y), t=n, s=s)")) if "threaded" in text else sequence is None
