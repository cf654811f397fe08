"""What is known of arrays that are moved, repeated and padded, and of products of matrices in a batch."""

import pytest

from harness.language.infer import Scope, TypeRefused, infer
from harness.language.sizes import Range, Size
from harness.language.syntax import parse
from harness.language.types import Array, dimension


def _array(kind: str, *shape: str, **more) -> Array:
    return Array(kind, tuple(map(Size.of, shape)), **more)


SCOPE = Scope(
    {
        **{name: dimension(name) for name in "abc"},
        "x": _array("real", "a", "b", "c", dtype="bf16"), "y": _array("real", "a", "c", "b"), "v": _array("real", "c"),
        "ids": _array("int", "a", "b", low=Size.of(2), high=Size.of(7), dtype="u8"),
    },
    {name: Range(Size.of(1), Size.of(9)) for name in "abc"},
)  # fmt: skip


def told(text: str) -> Array:
    return infer(parse(text), SCOPE)


@pytest.mark.parametrize("text, shape", [
    ("x @ y", "real[a, b, b]"), ("x[0] @ y", "real[a, b, b]"), ("v @ y", "real[a, b]"),
    ("x[:, None] @ y", "real[a, a, b, b]"),
    ("x[:1] @ y", "real[a, b, b]"), ("pad(x, a, 1, -1)", "real[a, b, a + c + 1]"),
    ("repeat(ids, a + 1, 0)", "integer[a + a*a, b]"), ("swapaxes(x, 0, 2)", "real[c, b, a]"),
    ("tril(x > 0, -a)", "truth[a, b, c]"), ("outer(v, ids[0])", "real[c, b]"),
])  # fmt: skip
def test_kind_and_shape(text, shape):
    assert str(told(text)) == shape


def test_entries_that_are_moved_keep_their_format_and_their_ends():
    for call in (
        "roll({}, 1, 0)",
        "flip({}, 0)",
        "repeat({}, 2, 0)",
        "swapaxes({}, 0, 1)",
        "tril({})",
        "pad({}, 1, 1, 0)",
    ):
        assert told(call.format("x")).dtype == "bf16"
        moved = told(call.format("ids"))
        zeros = call.startswith(("tril", "pad"))
        assert (moved.low, moved.high, moved.dtype) == (Size.of(0 if zeros else 2), Size.of(7), "u8")


@pytest.mark.parametrize("text, said", [
    ("x @ x", "the sides of @ do not fit"),
    ("x @ (y[0][None] * stack(v, v, v, axis=-1)[:, :1])[:0]", "different shapes"),
    ("roll(a, 1, 0)", "roll needs an array"), ("roll(x, 1.5, 0)", "must follow from the dimensions"),
    ("flip(x, 3)", "no such axis"), ("flip(x, a)", "no such axis"),
    ("repeat(x, a - b, 0)", "the number of times to repeat may be negative"),
    ("pad(x, a - b, 0, 0)", "the padding before the entries may be negative"),
    ("pad(x, 0, -1, 0)", "the padding behind the entries may be negative"),
    ("tril(v)", "an array of two axes or more"), ("triu(x, v)", "the diagonal must follow from the dimensions"),
    ("outer(x, v)", "outer needs two vectors"),
])  # fmt: skip
def test_what_does_not_fit(text, said):
    with pytest.raises(TypeRefused) as refused:
        told(text)
    assert said in refused.value.mismatch.message
