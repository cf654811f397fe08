"""Rows that an index takes, against two twins: evaluated whole and taken then; and from inputs that have those rows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.language import types as T
from harness.language.arithmetic import float32
from harness.language.evaluate import Bindings, decode, evaluate
from harness.language.exact.domain import Exact
from harness.language.formats import BlockFormat
from harness.language.infer import Scope, infer
from harness.language.packed import Packed
from harness.language.sizes import Range, Size
from harness.language.syntax import Index, Name, TakenRows, parse, walk
from harness.language.taken_rows import RowPlan, by_rows, rows_taken

FORMAT = BlockFormat("bytes", 2, 2, {"q": ("i8", 0, 2)}, {"w": parse("q * 1.0")}, "w", ())
K, N, FIRST = Size.of("k"), Size.of("n"), Size.of(0)
TYPES = {
    "k": T.dimension("k"), "n": T.dimension("n"),
    "w": T.Array("real", (K, N)), "y": T.Array("real", (K, N)), "v": T.Array("real", (K,)),
    "x": T.Array("real", (N,)), "m": T.Array("real", (N, N)), "one_row": T.Array("real", (Size.of(1), N)),
    "i": T.Array("int", (K, N), low=FIRST, high=K - 1), "order": T.Array("int", (K,), low=FIRST, high=K - 1),
    "t": T.Blocks(("bytes",), (K, N)), "u": T.Blocks(("bytes",), (K,)),
    "ids": T.Array("int", (Size.of(5),), low=FIRST, high=K - 1),
    "pairs": T.Array("int", (Size.of(2), Size.of(3)), low=FIRST, high=K - 1),
}  # fmt: skip
RANGES = {"k": Range(Size.of(3), Size.of(9)), "n": Range(Size.of(2), Size.of(8))}
ROWS = ("w", "y", "v", "i", "order", "t")  # inputs whose rows are those of the results

# Polynomials of whole numbers, which float64 sums exactly in any order, and what works row by row on them.
MATRICES = ("w", "y", "w * y", "w - y * x", "(w + i) * x", "-w", "t * 1", "t * w", "w @ m", "w[:, :]", "w * one_row",
            "w[order]", "y[order % k, :]")  # fmt: skip
COLUMNS = ("w @ x", "sum(w * y, 1)", "v", "t @ x", "max(w, -1)", "order + v", "(w * y) @ x - v", "y[..., 0]",
           "w[:, 1] * v")  # fmt: skip
BY_ROWS = (
    "silu(a)", "softmax(a)", "where(a > b, a, b)", "a * a", "exp(a / 64)", "a + c[:, None]", "stored(a) * b",
    "a / sqrt(b * b + 1)", "rms_norm(a, x, 1)", "a", "where(a > 1 and b < 2, a, 0)", "softmax(a)[:, :-1] * b[:, 1:]",
    "abs(a - mean(a, 1)[:, None])", "c", "c * sigmoid(c)", "sum(a * b, 1)", "relu(c) + max(a, 1)",
    "log(sum(exp(a / 64), -1))", "is_finite(a)", "a == b", "order // 2",
    "cumsum(a, 1)", "clip(a, -c[:, None], 3) + sign(b)", "pow(a, 3) - floor(b / 4)", "maximum(c, 1)", "ldexp(a, 2)",
    "prod(a / 64, -1)",
)  # fmt: skip
IN_PART = ("c - sum(c, 0)", "c / (1 + max(abs(c)))", "transpose(transpose(a) * v)", "concat(a, b) * 2", "u * c",
           "reshape(a, k, n) * b", "where(c > max(c, 0), c, v)", "cumsum(c, 0)", "cumsum(a) * prod(c)")  # fmt: skip
INDICES = ("ids", "pairs", "0", "-1", "1:3", ":-1", "ids, ...", "pairs, :1", "1, -1", "1:3, 1:", "2, None")


def noted(text, more=None):
    """The parts of an expression with their types."""
    parts = []
    infer(parse(text), Scope({**TYPES, **(more or {})}, RANGES, noted=parts))
    return parts


def checked(equations, out):
    """What the check of a contract keeps of its equations, and of an index of the last one."""
    plan, types = RowPlan(), {}
    for name, text in {**equations, "": out}.items():
        parts = noted(text, types)
        node, types[name] = parts[-1]
        found = by_rows(node, parts)
        kinds = {id(part): kind for part, kind in parts}
        indices = [part for part, _ in parts if isinstance(part, Index)]
        plan.indices.update((part, rows) for part in indices if (rows := rows_taken(part, kinds)) is not None)
        if found is not None:
            plan.expressions[node] = found.made
            plan.indices.update((cut, plan.indices[index]) for cut, index in found.indices)
    return plan


def drawn(seed, k, n):
    random = np.random.default_rng(seed)

    def whole(*shape):
        return random.integers(-4, 5, shape).astype(np.float32)

    return {
        "k": k, "n": n, "w": whole(k, n), "y": whole(k, n), "v": whole(k), "x": whole(n), "m": whole(n, n),
        "one_row": whole(1, n), "i": random.integers(0, k, (k, n)), "order": random.permutation(k),
        "t": Packed(FORMAT, (k, n), random.integers(0, 256, (k, -(-n // 2), 2)).astype(np.uint8)),
        "u": Packed(FORMAT, (k,), random.integers(0, 256, (-(-k // 2), 2)).astype(np.uint8)),
        "ids": random.integers(0, k, 5), "pairs": random.integers(0, k, (2, 3)),
    }  # fmt: skip


def valued(text, equations, values, plan=None):
    """The value and the bound of an expression; of truths whether they are in doubt."""
    nodes = {name: parse(part) for name, part in equations.items()}
    depends = dict.fromkeys(nodes, frozenset())
    bindings = Bindings(Exact(float32()), nodes, depends, values, *([] if plan is None else [plan]))
    value = evaluate(parse(text), bindings)
    if hasattr(value, "bound"):
        return value.v, np.broadcast_to(value.bound(), value.shape), bindings
    return getattr(value, "v", value), np.asarray(getattr(value, "doubt", 0.0)), bindings


def bits(array):
    return np.asarray(array).shape, np.asarray(array).tobytes()


def equations_of(data, forms):
    parts = {"a": MATRICES, "b": MATRICES, "c": COLUMNS}
    return {name: data.draw(st.sampled_from(texts)) for name, texts in parts.items()} | {
        "out": data.draw(st.sampled_from(forms))
    }


def index_of(data, equations):
    types = {}
    for name, text in equations.items():
        types[name] = noted(text, types)[-1][1]
    of_two = len(types["out"].shape) == 2
    return data.draw(st.sampled_from([text for text in INDICES if of_two or "," not in text or "None" in text]))


SEEDS, ROW_COUNTS, WIDTHS = st.integers(0, 1 << 20), st.integers(3, 9), st.integers(2, 8)


@given(st.data(), SEEDS, ROW_COUNTS, WIDTHS)
def test_rows_are_those_of_the_whole(data, seed, k, n):
    equations = equations_of(data, BY_ROWS + IN_PART)
    text = f"out[{index_of(data, equations)}]"
    values = drawn(seed, k, n)
    whole, widest, _ = valued(text, equations, values)
    taken, bound, _ = valued(text, equations, values, checked(equations, text))
    assert bits(taken) == bits(whole), (equations, text)
    assert (np.isfinite(bound) | ~np.isfinite(widest)).all(), (equations, text)
    if equations["out"] in ("a", "c"):  # the counts of a polynomial are the largest among its entries
        assert (bound <= widest).all(), (equations, text)


@given(st.data(), SEEDS, ROW_COUNTS, WIDTHS)
def test_every_row_taken_has_the_bits_and_bounds_of_the_whole(data, seed, k, n):
    equations = equations_of(data, BY_ROWS)
    values = {**drawn(seed, k, n), "order": np.arange(k)}
    taken = valued("out[order]", equations, values, checked(equations, "out[order]"))
    assert [bits(part) for part in taken[:2]] == [bits(part) for part in valued("out", equations, values)[:2]]


@given(st.data(), SEEDS, ROW_COUNTS, WIDTHS)
def test_rows_are_computed_as_from_inputs_that_have_those_rows_alone(data, seed, k, n):
    """The twin indexes no value: NumPy takes the rows of the inputs, and all is evaluated."""
    forms = {name: [text for text in texts if "order" not in text] for name, texts in
             {"a": MATRICES, "b": MATRICES, "c": COLUMNS, "out": BY_ROWS}.items()}  # fmt: skip
    equations = {name: data.draw(st.sampled_from(texts)) for name, texts in forms.items()}
    values = drawn(seed, k, n)
    ids = values["ids"]
    cut = {name: value[ids] for name, value in values.items() if name in ROWS and isinstance(value, np.ndarray)}
    cut["t"] = Packed(FORMAT, (5, n), values["t"].raw[ids])
    taken = valued("out[ids]", equations, values, checked(equations, "out[ids]"))
    twin = valued("out", equations, {**values, **cut, "k": 5})
    assert [bits(part) for part in taken[:2]] == [bits(part) for part in twin[:2]], equations


@given(st.data(), SEEDS, ROW_COUNTS, WIDTHS)
def test_products_of_any_numbers_are_within_the_roundings_of_float64(data, seed, k, n):
    """A product of rows may be summed in another order: 2 gamma(n) of the absolute values."""
    values = drawn(seed, k, n)
    random = np.random.default_rng(seed)
    values |= {name: random.standard_normal(values[name].shape).astype(np.float32) for name in ("w", "x", "y")}
    equations = {"out": "w @ x"}
    taken, _, _ = valued("out[ids]", equations, values, checked(equations, "out[ids]"))
    whole, _, _ = valued("out[ids]", equations, values)
    size = (np.abs(values["w"]).astype(np.float64) @ np.abs(values["x"]))[values["ids"]]
    unit = n * 2.0**-53 / (1 - n * 2.0**-53)
    assert (np.abs(taken - whole) <= 2 * unit * size).all()


def test_nothing_else_is_evaluated():
    equations = {"a": "t @ m", "b": "silu(a) * w", "out": "b @ x + v"}
    values = drawn(1, 9, 4)
    *_, bindings = valued("out[ids]", equations, values, checked(equations, "out[ids]"))
    assert set(bindings.known) == {"ids", "m", "t", "x"}  # t as it was drawn, in blocks
    assert values["t"].cache["taken"].shape == (5, 4) and "asked" in values["t"].cache
    assert not [key for key in values["t"].cache if isinstance(key, tuple)]  # what `decode` keeps of the whole


def test_rows_of_a_gather_are_gathered_alone():
    equations = {"a": "silu(w) * v[:, None]", "out": "a[order] * 2"}
    values = drawn(5, 9, 4)
    taken, _, bindings = valued("out[ids]", equations, values, checked(equations, "out[ids]"))
    assert "a" not in bindings.known
    assert bits(taken) == bits(valued("out[ids]", equations, values)[0])


def test_one_row_of_blocks_is_decoded_whole():
    values = drawn(2, 7, 4)
    taken, _, _ = valued("out[ids]", {"out": "u * 2"}, values, checked({"out": "u * 2"}, "out[ids]"))
    assert (taken == 2 * decode(values["u"], Exact(float32())).v[values["ids"]]).all()


def test_a_value_that_is_given_instead_is_taken():
    equations = {"a": "w @ x", "out": "a * 2"}
    nodes = {name: parse(text) for name, text in equations.items()}
    depends = {"a": frozenset({"w", "x"}), "out": frozenset({"a", "w", "x"})}
    values = drawn(3, 6, 4)
    for index, factor in (("out[ids]", 2), ("a[ids]", 1)):
        case = Bindings(Exact(float32()), nodes, depends, values, checked(equations, index))
        instead = np.arange(6, dtype=np.float32)
        value = evaluate(parse(index), case.replaced({"a": instead}))
        assert (value.v == factor * instead[values["ids"]]).all()


def test_another_equation_in_its_place_is_evaluated_whole():
    plan = checked({"out": "w @ x"}, "out[ids]")
    values = drawn(4, 6, 4)
    *_, bindings = valued("out[ids]", {"out": "sum(w) * v"}, values, plan)
    assert "out" in bindings.known


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("silu(w @ x) * v", {"w", "v"}), ("where(w > x, y, 0)", {"w", "y"}), ("softmax(t * w)", {"t", "w"}),
        ("w * one_row", {"w"}), ("sum(w, -1)", {"w"}), ("w[:, 0] + v", {"w", "v"}), ("w[..., None]", {"w"}),
        ("w[order]", {"order"}), ("w @ m", {"w"}), ("w[:, None] @ w[:, :, None]", {"w"}),
        ("w @ w[:, :, None]", {"w"}), ("not (v > 0)", {"v"}), ("v", {"v"}),
    ],
)  # fmt: skip
def test_the_parts_of_which_rows_are_taken(text, rows):
    parts = noted(text)
    made = by_rows(parts[-1][0], parts).made
    taken = [part.value for part in walk(made) if isinstance(part, TakenRows)]
    assert {part.id for part in taken if isinstance(part, Name)} == rows and all(
        isinstance(part, Name) for part in taken
    )


@pytest.mark.parametrize(
    "text",
    ["sum(w, 0)", "sum(w)", "transpose(m)", "x @ m", "m @ m", "x @ m[None]", "softmax(v)", "top_k(v, 2)",
     "reshape(w, n, k)", "w[1:]", "w[0]", "w[None]", "t", "concat(v, v)", "3", "sum(v, 0)", "v @ v"],
)  # fmt: skip
def test_what_is_evaluated_whole(text):
    parts = noted(text)
    assert by_rows(parts[-1][0], parts) is None


@pytest.mark.parametrize(
    ("text", "count"),
    [("w[ids]", Size.of(5)), ("w[pairs, 1:]", Size.of(6)), ("w[0]", Size.of(1)), ("w[0, 1]", Size.of(1)),
     ("w[1:]", K - 1), ("w[:]", None), ("w[:, 0]", None), ("w[...]", None), ("w[None]", None)],
)  # fmt: skip
def test_how_many_rows_an_index_takes(text, count):
    parts = noted(text)
    assert rows_taken(parts[-1][0], {id(part): kind for part, kind in parts}) == count
