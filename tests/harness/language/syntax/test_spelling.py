"""What is written reads the same."""

import ast

from hypothesis import example, given
from hypothesis import strategies as st

from harness.language.operators import BINARY, COMPARE
from harness.language.syntax import (
    Binary,
    Call,
    Compare,
    Index,
    Logic,
    Name,
    NewAxis,
    Number,
    OtherAxes,
    ResultField,
    Scan,
    Slice,
    Text,
    Threaded,
    Unary,
    parse,
    spell,
)

NAMES = st.sampled_from(["x", "y", "probs", "k2"]).map(Name)
NUMBERS = (st.integers(0, 2**62) | st.floats(0, allow_nan=False, allow_infinity=False)).map(Number)
LEAVES = NAMES | NUMBERS | NUMBERS.map(lambda number: Number(-number.value)) | st.text(max_size=5).map(Text)


def _negated(node):
    return Number(-node.value) if isinstance(node, Number) else Unary("-", node)


def _scan(nexts, length, first):
    return Scan(tuple(nexts), "t", length, tuple((state, first) for state in "hc"[: len(nexts)]))


def _larger(inner):
    items = inner | st.builds(Slice, st.none() | inner, st.none() | inner) | st.just(NewAxis())
    keywords = st.lists(st.tuples(st.sampled_from("abc"), inner), max_size=2, unique_by=lambda pair: pair[0])
    call = st.builds(Call, st.sampled_from("fg"), st.lists(inner, max_size=2).map(tuple), keywords.map(tuple))
    return st.one_of(
        inner.map(_negated),
        st.builds(Unary, st.sampled_from(["~", "not"]), inner),
        st.builds(Binary, st.sampled_from(sorted(BINARY)), inner, inner),
        st.builds(Compare, st.sampled_from(sorted(COMPARE)), inner, inner),
        st.builds(Logic, st.sampled_from(["and", "or"]), st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(Index, inner, st.lists(items, min_size=1, max_size=3).map(tuple)),
        st.builds(Index, inner, st.just((OtherAxes(), NewAxis()))),
        call,
        st.builds(_scan, st.lists(inner, min_size=1, max_size=2), inner, inner),
        st.builds(Threaded, call, st.just("t"), inner, st.sampled_from([(), (("s", "s"),), (("s", "r"), ("k", "k"))])),
        st.builds(ResultField, call, st.sampled_from("abc")),
    )


EXPRESSIONS = st.deferred(lambda: st.recursive(LEAVES, _larger, max_leaves=12))


@given(EXPRESSIONS)
@example(Index(Number(-5), (Number(0),)))
@example(Unary("-", Index(Number(5), (Number(0),))))
def test_what_is_written_reads_the_same(node):
    assert parse(spell(node)) == node


@given(EXPRESSIONS)
def test_python_reads_the_same_operators(node):
    """No precedence of our own: the text means what Python's parser says it means."""
    assert spell(parse(ast.unparse(ast.parse(spell(node), mode="eval")))) == spell(node)
