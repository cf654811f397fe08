"""What the typing rules have in common."""

import pytest

from harness.language import types as T
from harness.language.rules.fitting import broadcast, ints, literal_axis, real, scalar_size, seen
from harness.language.sizes import Size

N, ONE = Size.of("n"), Size.of(1)
TENSOR = T.Blocks(("q4_k",), (N, N))


def test_seen():
    assert seen(T.Array("real"), T.Word(observed=True))
    assert not seen(T.Array("real"), T.Word())


def test_real_values_are_numbers_and_decoded_tensors():
    assert real(TENSOR) == T.Array("real", (N, N))
    assert real(T.Array("int", (N,), low=N, high=N)) == T.Array("real", (N,))
    for part in (T.Array("bool"), T.Word(), T.Words(), T.Claim(), T.Record("f", {})):
        with pytest.raises(T.Mismatch, match="where a real array is needed"):
            real(part)


def test_integers_are_not_made_of_reals():
    assert ints(T.integer(3)) == T.integer(3)
    for part in (T.Array("real"), TENSOR, T.Word("3")):
        with pytest.raises(T.Mismatch, match="where an integer array is needed"):
            ints(part)


def test_a_size_follows_from_dimensions():
    assert scalar_size(T.dimension("n"), "it") == N
    for part in (T.Array("int"), T.Array("real"), TENSOR):
        with pytest.raises(T.Mismatch, match="it must follow from the dimensions"):
            scalar_size(part, "it")


def test_axes_count_from_either_end():
    assert [literal_axis(axis, 3) for axis in (None, T.integer(-1), T.integer(-3), T.integer(2))] == [-1, 2, 0, 2]
    for axis, rank in ((3, 3), (-4, 3), (0, 0)):
        with pytest.raises(T.Mismatch, match="no such axis"):
            literal_axis(T.integer(axis), rank)


def test_shapes_are_broadcast_as_by_numpy():
    assert broadcast((N,), (), "+") == (N,)
    assert broadcast((N, ONE), (N,), "+") == (N, N)
    assert broadcast((ONE,), (ONE,), "+") == (ONE,)
    with pytest.raises(T.Mismatch, match="different shapes") as refused:
        broadcast((N,), (N + 1,), "+")
    assert (refused.value.expected, refused.value.got, refused.value.hint) == ("[n]", "[n + 1]", "n is not n + 1")
