"""Edits of one expression, by name."""

from collections import defaultdict

import pytest

from harness.language import types as T
from harness.language.infer import Scope
from harness.language.mutate.number_formats import FLOAT32_ALONE
from harness.language.mutate.plan import mutants_of_equations
from harness.language.sizes import Range, Size
from harness.language.syntax import parse, spell

N, K = Size.of("n"), Size.of("k")
NAMES = {
    "n": T.dimension("n"), "k": T.dimension("k"),
    "x": T.Array("real", (N,)), "y": T.Array("real", (N,)), "m": T.Array("real", (K, N)), "b": T.Array("int", (N,)),
    "w": T.Blocks(("q8",), (K, N, N)), "v": T.Blocks(("q8",), (K, N, N)),
}  # fmt: skip
RANGES = {"n": Range(Size.of(2), Size.of(9)), "k": Range(Size.of(1), N)}


@pytest.fixture
def scope():
    return Scope(NAMES, RANGES)


@pytest.fixture
def edits(scope):
    """The mutants of an expression of n, k, x[n], y[n], m[k, n], b[n], w[k, n, n] and v[k, n, n], by their edits."""
    from harness.language.infer import infer

    def made(text, formats=FLOAT32_ALONE):
        whole = Scope({**scope.names, "e": infer(parse(text), scope)}, RANGES)
        found = defaultdict(list)
        for mutant in mutants_of_equations({"e": parse(text)}, whole, {"e"}, formats):
            name, _, number = mutant.id.removeprefix("e:").rpartition("@")
            found[name].append(spell(mutant.node))
            assert int(number) == len(found[name])
        return dict(found)

    return made
