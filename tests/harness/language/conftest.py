"""Random well-typed expressions, for the tests that hold one part of the language against another."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import strategies as st

from harness.language import types as T
from harness.language.infer import Scope, infer
from harness.language.sizes import Range, Size
from harness.language.syntax import parse

DIMENSIONS = ("a", "b", "c")
SMOOTH = ("abs", "relu", "sigmoid", "silu", "stored", "1 / (1 + abs", "sqrt(abs")


@dataclass(frozen=True)
class Case:
    """An expression with the shape it was made for, and values for every name in it."""

    text: str
    shape: tuple[str, ...]
    dimensions: dict[str, int]
    given: dict[str, object] = field(repr=False)
    scope: Scope = field(repr=False)


def _inputs() -> dict[str, tuple[str, ...]]:
    vectors = {f"v{d}": (d,) for d in DIMENSIONS}
    matrices = {f"m{d}{e}": (d, e) for d in DIMENSIONS for e in DIMENSIONS}
    return {"s": (), **vectors, **matrices}


INPUTS = _inputs()
WHOLE = {f"i{d}": (d,) for d in DIMENSIONS}


def scope() -> Scope:
    names: dict[str, T.Type] = {d: T.dimension(d) for d in DIMENSIONS}
    for kind, arrays in (("real", INPUTS), ("int", WHOLE)):
        names |= {name: T.Array(kind, tuple(map(Size.of, shape))) for name, shape in arrays.items()}
    return Scope(names, {d: Range(Size.of(1), Size.of(4)) for d in DIMENSIONS})


@st.composite
def _expression(draw, shape: tuple[str, ...], depth: int) -> str:
    def sub(*new: str) -> str:
        return draw(_expression(new, depth - 1))

    leaf = next(name for name, of in INPUTS.items() if of == shape)
    if depth == 0 or draw(st.integers(0, 4)) == 0:
        return draw(st.sampled_from([leaf, f"({leaf} + 0.5)", "2" if not shape else leaf]))
    other = draw(st.sampled_from(DIMENSIONS))
    forms = [
        lambda: f"({sub(*shape)} {draw(st.sampled_from('+-*'))} {sub(*shape)})",
        lambda: f"({sub(*shape)} * {sub()})",
        lambda: f"-{sub(*shape)}",
        lambda: _applied(draw(st.sampled_from(SMOOTH)), sub(*shape)),
        lambda: f"where({sub(*shape)} > {sub()}, {sub(*shape)}, {sub(*shape)})",
        lambda: f"sum({sub(other, *shape)}, 0)" if len(shape) < 2 else leaf,
        lambda: f"max({sub(*shape, other)}, -1)" if len(shape) < 2 else leaf,
        lambda: (
            f"{sub(other, *shape)}[{draw(st.sampled_from(['0', '-1', f'{other} - 1']))}]" if len(shape) < 2 else leaf
        ),
    ]
    if not shape:
        forms += [lambda: f"({sub(other)} @ {sub(other)})", lambda: f"mean({sub(other)})"]
    if len(shape) == 1:
        forms += [
            lambda: f"({sub(*shape, other)} @ {sub(other)})",
            lambda: f"softmax({sub(*shape)})",
            lambda: f"({sub(*shape)} + i{shape[0]} * 2)",
            lambda: f"{sub(*shape)}[top_k({sub(*shape)}, {shape[0]})]",
            lambda: f"concat({sub(*shape)}, {sub(other)})[:{shape[0]}]",
            lambda: f"matvec({sub(*shape, other)}, {sub(other)})",
        ]
    if len(shape) == 2:
        forms += [
            lambda: f"transpose({sub(shape[1], shape[0])})",
            lambda: f"swapaxes({sub(shape[1], shape[0])}, 0, -1)",
            lambda: f"{draw(st.sampled_from(['tril', 'triu']))}({sub(*shape)}, {draw(st.integers(-2, 2))})",
            lambda: f"roll({sub(*shape)}, {draw(st.integers(-2, 2))}, 0)",
            lambda: f"flip({sub(*shape)}, {draw(st.integers(0, 1))})",
            lambda: f"repeat({sub(*shape)}, 2, -1)[:, {shape[1]}:]",
            lambda: f"pad({sub(*shape)}, 1, {other}, 0)[1 : {shape[0]} + 1]",
            lambda: f"outer({sub(shape[0])}, {sub(shape[1])})",
            lambda: f"einsum('xz,yz->xy', {sub(shape[0], other)}, {sub(shape[1], other)})",
            lambda: (
                f"({sub(shape[0], other)}[None] @ stack({sub(other, shape[1])}, {sub(other, shape[1])}, axis=0))[1]"
            ),
            lambda: f"({sub(shape[0])}[..., None] * {sub(shape[1])})",
            lambda: f"({sub(shape[0], other)} @ {sub(other, shape[1])})",
            lambda: f"reshape({sub(shape[1], shape[0])}, {shape[0]}, {shape[1]})",
            lambda: f"stack({sub(*shape)}, {sub(*shape)}, axis=1)[:, 1]",
            lambda: f"rms_norm({sub(*shape)}, {sub(shape[1])}, 0.1)",
        ]
    return draw(st.sampled_from(forms))()


def _applied(function: str, argument: str) -> str:
    return f"({function}({argument})))" if function.startswith("1 /") else _closed(f"{function}({argument}")


def _closed(text: str) -> str:
    return text + ")" * (text.count("(") - text.count(")"))


@st.composite
def _case(draw) -> Case:
    shape = draw(st.sampled_from([(), *((d,) for d in DIMENSIONS), ("a", "b"), ("b", "b"), ("c", "a")]))
    text = _closed(draw(_expression(shape, draw(st.integers(0, 3)))))
    dimensions = {d: draw(st.integers(1, 4)) for d in DIMENSIONS}
    rng = np.random.default_rng(draw(st.integers(0, 999)))
    given: dict[str, object] = dict(dimensions)
    for name, of in INPUTS.items():
        given[name] = rng.standard_normal([dimensions[d] for d in of]).astype(np.float32)
    for name, of in WHOLE.items():
        given[name] = rng.integers(-4, 5, [dimensions[d] for d in of])
    return Case(text, shape, dimensions, given, scope())


@pytest.fixture(scope="session")
def well_typed() -> st.SearchStrategy[Case]:
    return _case()


# --- vectors, a matrix, a tensor, texts --------------------------------------------------------------------------


def array(kind: str, *shape) -> T.Array:
    return T.Array(kind, tuple(map(Size.of, shape)))


VECTORS = Scope(
    {
        "n": T.dimension("n"),
        "k": T.dimension("k"),
        "x": array("real", "n"),
        "w": array("real", "k", "n"),
        "s": array("real"),
        "i": array("int", "n"),
        "b": array("int", "n"),
        "word": T.Word(),
        "words": T.Words(),
        "t": T.Blocks(("q4_k",), (Size.of("k"), Size.of("n"))),
    },
    {"n": Range(Size.of(2), Size.of(9)), "k": Range(Size.of(1), Size.of("n"))},
)


@pytest.fixture(scope="session")
def vectors() -> Scope:
    return VECTORS


@pytest.fixture(scope="session")
def shown() -> Callable[[str], str]:
    """The type of an expression, as messages show it."""
    return lambda text: str(infer(parse(text), VECTORS))
