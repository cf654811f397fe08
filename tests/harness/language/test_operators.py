"""The operators: what each does is what Python does, and what is said of one names others that exist."""

import ast

import numpy as np
import pytest

from harness.language.infer import Scope, infer
from harness.language.operators import (
    BETWEEN,
    BINARY,
    COMPARE,
    INTEGER,
    INTEGERS,
    LOGIC,
    OPERATIONS,
    REAL,
    SIDES,
    TRUTH,
    UNARY,
    rows,
)
from harness.language.single import Single
from harness.language.sizes import Size
from harness.language.syntax import parse, spell
from harness.language.types import Array

VECTOR = np.array([13, 5, 7])


@pytest.mark.parametrize("symbol", INTEGER)
def test_an_operator_on_integers_does_what_python_does(symbol):
    assert INTEGER[symbol](13, 3) == eval(f"13 {symbol} 3")
    assert INTEGER[symbol](VECTOR, 3).tolist() == [eval(f"{number} {symbol} 3") for number in VECTOR.tolist()]


@pytest.mark.parametrize("symbol", COMPARE)
def test_a_comparison_does_what_python_does(symbol):
    assert COMPARE[symbol].apply(2, 3) == eval(f"2 {symbol} 3")
    assert COMPARE[symbol].apply(VECTOR, 7).tolist() == [eval(f"{number} {symbol} 7") for number in VECTOR.tolist()]


@pytest.mark.parametrize("symbol", UNARY)
def test_an_operator_before_one_side_does_what_python_does(symbol):
    assert UNARY[symbol].apply(5) == eval(f"{symbol} 5")


@pytest.mark.parametrize("symbol", LOGIC)
@pytest.mark.parametrize("sides", [(True, True), (True, False), (False, False)])
def test_joining_does_what_python_does(symbol, sides):
    assert LOGIC[symbol].apply(sides) == eval(f"{sides[0]} {symbol} {sides[1]}")


@pytest.mark.parametrize("part", OPERATIONS, ids=lambda part: part.written)
def test_an_operator_is_the_node_that_python_reads(part):
    tree = ast.parse(part.written, mode="eval").body
    read = tree.ops[0] if isinstance(tree, ast.Compare) else tree.op
    assert type(read) is part.syntax
    node = parse(part.written)
    assert node.op == part.symbol and spell(node).replace(" ", "") == part.written.replace(" ", "")


@pytest.mark.parametrize("part", [*BINARY.values(), *COMPARE.values()], ids=lambda part: part.symbol)
def test_what_an_operator_gives_is_what_it_is_typed_as(part):
    names = {name: Array("int", (Size.of(3),)) for name in ("a", "b")}
    given = infer(parse(f"a {part.symbol} b"), Scope(names, {})).kind
    assert given == {SIDES: "int", INTEGERS: "int", REAL: "real", TRUTH: "bool"}[part.gives]


@pytest.mark.parametrize("part", BETWEEN.values(), ids=lambda part: part.symbol)
def test_only_operators_that_commute_may_have_their_sides_exchanged(part):
    single = Single()
    evaluate = single.compare if part.symbol in COMPARE else single.binary
    pairs = [(np.array([[13, 5], [7, 9]]), np.array([[2, 5], [8, 3]]))]
    if part.gives != INTEGERS:
        pairs.append((np.array([[1.5, 2.0], [-4.0, 0.5]]), np.array([[2.0, 2.0], [3.0, 1.0]])))
    same = all(np.array_equal(evaluate(part.symbol, a, b), evaluate(part.symbol, b, a)) for a, b in pairs)
    assert same == part.commutes


def test_a_mirrored_comparison_says_the_same():
    for part in COMPARE.values():
        if part.mirrored:
            other = COMPARE[part.mirrored]
            assert not other.mirrored
            assert all(part.apply(a, b) == other.apply(b, a) for a in range(3) for b in range(3))


def test_neighbours_are_other_operators_that_have_a_name():
    for part in BETWEEN.values():
        for other in part.neighbours:
            assert other != part.symbol and BETWEEN[other].spoken and part.spoken


def test_no_two_operators_share_a_name_or_a_symbol_between_two_sides():
    spoken = [part.spoken for part in BETWEEN.values() if part.spoken]
    assert len(set(spoken)) == len(spoken)
    assert len(BETWEEN) == len(BINARY) + len(COMPARE)


def test_every_operator_has_a_place_in_the_manual():
    assert ", ".join(written for written, _ in rows()).count("`") == 2 * len(OPERATIONS)
