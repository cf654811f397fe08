"""Which function an expression calls."""

import pytest

from harness.language.called import function_of
from harness.language.syntax import parse


@pytest.mark.parametrize("text, name", [("tanh(x)", "tanh"), ("tanh(x=y)", None), ("tanh", None), ("rank(x)", None)])
def test_only_a_call_with_arguments_by_place_calls_a_function(text, name):
    function = function_of(parse(text))
    assert (None if function is None else function.name) == name
