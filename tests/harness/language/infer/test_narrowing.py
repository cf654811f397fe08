"""What the condition of a `where` says of its integer sides, tried on every number that they may be."""

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.language import types as T
from harness.language.evaluate import Bindings, evaluate
from harness.language.infer import Scope, TypeRefused, infer
from harness.language.single import Single
from harness.language.sizes import Range, Size
from harness.language.syntax import parse

N = Size.of("n")
NAMES = {
    "n": T.dimension("n"),
    "ids": T.Array("int", (N,), low=Size.of(-1), high=N),
    "raw": T.Array("int", (N,)),
    "x": T.Array("real", (N,)),
    "table": T.Array("real", (N,)),
}
SCOPE = Scope(NAMES, {"n": Range(Size.of(2), Size.of(6))})


def ends(text: str) -> list[str | None]:
    kind = infer(parse(text), SCOPE)
    assert isinstance(kind, T.Array)
    return [None if end is None else str(end) for end in (kind.low, kind.high)]


@pytest.mark.parametrize(
    "text, low, high",
    [
        ("where(ids >= 0, ids, 0)", "0", "n"),
        ("where(ids > -1, ids, 0)", "0", "n"),
        ("where(0 <= ids, ids, 0)", "0", "n"),
        ("where(ids < 0, 0, ids)", "0", "n"),
        ("where(ids >= 0, 0, ids)", "-1", "0"),
        ("where(not ids < 0, ids, 0)", "0", "n"),
        ("where(ids >= 0 and x > 0, ids, 0)", "0", "n"),
        ("where(ids < 0 or x > 0, 0, ids)", "0", "n"),
        ("where(0 <= ids < n, ids, 0)", "0", "n - 1"),
        ("where(0 <= raw < n, raw, 0)", "0", "n - 1"),
        ("where(raw == arange(n), raw, 0)", "0", "n - 1"),
        ("where(raw != arange(n), 0, raw)", "0", "n - 1"),
        ("where(0 <= raw - 1 < n, raw - 1, 0)", "0", "n - 1"),
        ("where(raw >= ids, raw, -1)", "-1", None),
        ("where(0 <= raw, where(raw < n, raw, 0), 0)", None, "n - 1"),  # each condition is about its own sides
        # it says nothing of what is taken
        ("where(ids >= 0 or x > 0, ids, 0)", "-1", "n"),
        ("where(ids != -1, ids, 0)", "-1", "n"),
        ("where(ids > 0.5, ids, 0)", "-1", "n"),
        ("where(raw >= 0, ids, 0)", "-1", "n"),
        ("where(ids >= where(x > 0, 0, 1), ids, 0)", "-1", "n"),
    ],
)
def test_what_is_taken_lies_inside(text, low, high):
    assert ends(text) == [low, high]
    for n in range(2, 7):
        for start in range(-9, 10 - n):
            numbers = {"raw": np.arange(start, start + n), "x": np.linspace(-1, 1, n, dtype=np.float32)}
            for ids in (np.arange(n) - 1, np.arange(n) + 1):
                value = evaluate(parse(text), Bindings(Single(), {}, {}, {**numbers, "ids": ids, "n": n}))
                assert low is None or value.min() >= eval(low, {"n": n})
                assert high is None or value.max() <= eval(high, {"n": n})


PARTS = [f"{left} {op} {right}" for left, right in (("i", "j"), ("j", "i"), ("i", "1"), ("j", "k"))
         for op in ("<", "<=", ">", ">=", "==", "!=")]  # fmt: skip
CONDITIONS = st.recursive(
    st.sampled_from(PARTS),
    lambda inner: st.one_of(
        st.builds("not ({})".format, inner),
        st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or"]), inner),
    ),
    max_leaves=4,
)


@given(CONDITIONS, st.tuples(*[st.tuples(st.integers(-3, 3), st.integers(0, 3)) for _ in range(3)]))
def test_no_condition_leaves_out_a_number_that_is_taken(condition, drawn):
    declared = {name: range(low, low + length + 1) for name, (low, length) in zip("ijk", drawn, strict=True)}
    every = np.meshgrid(*(np.array(values) for values in declared.values()), indexing="ij")
    flat = {name: values.reshape(-1) for name, values in zip(declared, every, strict=True)}
    names = {
        name: T.Array("int", (Size.of(flat[name].size),), low=Size.of(values[0]), high=Size.of(values[-1]))
        for name, values in declared.items()
    }
    text = f"where({condition}, i, j)"
    kind = infer(parse(text), Scope(names, {}))
    value = evaluate(parse(text), Bindings(Single(), {}, {}, flat))
    assert kind.low is None or kind.low.constant <= value.min()
    assert kind.high is None or value.max() <= kind.high.constant


def test_a_table_is_read_where_an_id_is_there():
    assert str(infer(parse("table[where(0 <= ids < n, ids, 0)]"), SCOPE)) == "real[n]"
    with pytest.raises(TypeRefused, match="not known to lie"):
        infer(parse("table[where(0 <= ids, ids, 0)]"), SCOPE)


def test_conditions_inside_conditions_take_no_longer():
    text = "raw"
    for _ in range(18):
        text = f"where(raw >= {text}, raw, 0)"
    start = time.process_time()
    infer(parse(text), SCOPE)
    assert time.process_time() - start < 1


def test_parts_are_noted_once():
    noted = []
    infer(parse("where(0 <= ids, ids, 0)"), Scope(NAMES, SCOPE.ranges, noted=noted))
    assert len(noted) == 6  # 0, ids, their comparison, ids, 0, where
