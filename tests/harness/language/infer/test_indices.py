"""Indices and slices lie inside their axes; an accepted index has NumPy's shape."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.language import types as T
from harness.language.evaluate import Bindings, evaluate
from harness.language.infer import Scope, TypeRefused, infer
from harness.language.single import Single
from harness.language.sizes import Range, Size
from harness.language.syntax import parse, spell

INDICES = ["0", "-1", "1:", ":-1", "0:2", ":", "None", "...", "ids", "a - 1", "1:a", "ids[:, None]", "ids[None]"]


@given(st.lists(st.sampled_from(INDICES), min_size=1, max_size=4), st.integers(2, 5), st.integers(3, 4))
def test_an_index_that_is_accepted_has_numpys_shape(items, a, b):
    ids = T.Array("int", (Size.of(2),), low=Size.of(0), high=Size.of(1))
    names = {"x": T.Array("real", (Size.of("a"), Size.of("b"), Size.of("a"))), "ids": ids, "a": T.dimension("a")}
    ranges = {"a": Range(Size.of(2), Size.of(5)), "b": Range(Size.of(3), Size.of(4))}
    node = parse(f"x[{', '.join(items)}]")
    try:
        kind = infer(node, Scope(names, ranges))
    except TypeRefused:
        return
    given_ = {"x": np.zeros((a, b, a), np.float32), "ids": np.array([1, 0]), "a": a}
    value = evaluate(node, Bindings(Single(), {}, {}, given_))
    sizes = [eval(str(size), {"a": a, "b": b}) for size in kind.shape]
    assert list(value.shape) == sizes, spell(node)


@pytest.mark.parametrize(
    "text, part, said",
    [
        ("x[n]", "n", "may lie outside"),
        ("x[k]", "k", "may lie outside"),
        ("x[-2]", "-2", "may lie outside"),
        ("x[arange(k + 1)]", "arange(k + 1)", "not known to lie"),
        ("x[best]", "best", "where an index is needed"),
        ("x[:k + 1]", ":k + 1", "may leave its axis"),
        ("x[0, 0]", "x[0, 0]", "more indices than axes"),
        ("w[chosen, 0]", "w[chosen, 0]", "beside a single index"),
        ("w[arange(k), arange(n)]", "w[arange(k), arange(n)]", "the sides of the index arrays have different shapes"),
        ("w[arange(k), None, arange(k)]", "w[arange(k), None, arange(k)]", "do not stand side by side"),
        ("t[0, 0]", "0", "stored in blocks"),
        ("t[:, 1:]", "1:", "stored in blocks"),
        ("t[..., None]", "t[..., None]", "takes no new axes"),
        ("rank()[0]", "rank()[0]", "no entries to take"),
    ],
)
def test_what_leaves_its_axis(refused, text, part, said):
    blamed, message = refused(text)
    assert blamed == part
    assert said in message


def test_a_chained_index_is_the_way_out_of_a_mixed_one(typed):
    assert str(typed("w[0][chosen]")) == "real[k]"


def test_index_arrays_side_by_side_take_a_grid(typed):
    assert str(typed("w[arange(k)[:, None], arange(n)[None]]")) == "real[k, n]"


def test_the_entries_of_a_grid_are_numpys(typed):
    x, ids = np.arange(24).reshape(2, 3, 4), np.array([2, 0])
    given_ = {"x": x, "ids": ids}
    value = evaluate(parse("x[:, ids[:, None], ids[None]]"), Bindings(Single(), {}, {}, given_))
    assert value.tolist() == [[[x[i, a, b] for b in (2, 0)] for a in (2, 0)] for i in range(2)]
