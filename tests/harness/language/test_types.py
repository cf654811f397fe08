"""Types as messages show them."""

import pytest

from harness.language import types as T
from harness.language.sizes import Size

N = Size.of("n")


@pytest.mark.parametrize(
    "kind, text",
    [
        (T.Array("real"), "real number"),
        (T.Array("int", (N, Size.of(2))), "integer[n, 2]"),
        (T.Array("bool"), "truth value"),
        (T.Array("bool", (N,)), "truth[n]"),
        (T.Blocks(("q4_k", "q6_k"), (N, N * 2)), "q4_k/q6_k tensor[n, 2*n]"),
        (T.Record("route", {}), "result of route()"),
        (T.Word(), "text"),
        (T.Word("a"), "text 'a'"),
        (T.Words(), "list of texts"),
        (T.Claim(), "claim"),
    ],
)
def test_shown(kind, text):
    assert str(kind) == text


def test_a_dimension_and_a_number_are_integers_of_known_size():
    assert T.dimension("n") == T.Array("int", size=N)
    assert T.integer(3).size.constant == 3


def test_a_shape():
    assert T.show(()) == "[]"
    assert T.show((N, N * 2 + 1)) == "[n, 2*n + 1]"
