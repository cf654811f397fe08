"""A scope with a bit of everything: inputs, tensors, equations, and two subjects."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from harness.language import types as T
from harness.language.infer import TYPED, Scope, SubjectType, TypeRefused, infer
from harness.language.sizes import Range, Size
from harness.language.syntax import parse, spell


def array(kind: str, *shape, **more) -> T.Array:
    return T.Array(kind, tuple(map(Size.of, shape)), **more)


INDICES = {"low": Size.of(0), "high": Size.of("n") - 1}
SCOPE = Scope(
    names={
        "n": T.dimension("n"), "k": T.dimension("k"), "threads": T.dimension("threads"),
        "x": array("real", "n"), "w": array("real", "n", "n"),
        "t": T.Blocks(("q4_k",), (Size.of("n"), Size.of("n"))), "u": T.Blocks(("q6_k",), (Size.of("n"), Size.of("n"))),
        "scores": array("real", "n"), "chosen": array("int", "k", **INDICES, choice=True),
        "best": array("real", "k"),
    },
    ranges={
        "n": Range(Size.of(1), Size.of(8)), "k": Range(Size.of(1), Size.of("n")),
        "threads": Range(Size.of(1), Size.of(2)),
    },
    depends={
        "scores": frozenset({"w", "x"}), "chosen": frozenset({"w", "x", "k", "scores"}),
        "best": frozenset({"w", "x", "k", "scores", "chosen"}),
    },
    subjects={
        "rank": SubjectType(
            {"x": "x", "w": "w", "t": "t", "k": "k", "threads": "threads"},
            {"best": array("real", "k", observed=True), "chosen": array("int", "k", **INDICES, observed=True)},
        ),
        "find": SubjectType(
            {"name": "text", "names": "texts", "layer": "integer", "x": "x", "scores": "scores"},
            {"key": replace(TYPED["text"], observed=True), "names": replace(TYPED["texts"], observed=True),
             "count": replace(TYPED["integer"], observed=True), "found": replace(TYPED["truth"], observed=True)},
        ),
    },
    shaping=frozenset({"n", "k"}),
    judging=True,
)  # fmt: skip


@pytest.fixture(scope="session")
def typed() -> Callable[[str], T.Type]:
    """The type of an expression."""
    return lambda text: infer(parse(text), SCOPE)


@pytest.fixture(scope="session")
def refused() -> Callable[[str], tuple[str, str]]:
    """The part that does not fit, and what is said of it."""

    def what(text: str) -> tuple[str, str]:
        with pytest.raises(TypeRefused) as caught:
            infer(parse(text), SCOPE)
        return spell(caught.value.node), str(caught.value)

    return what
