"""The adversary: for every rule an equation, hostile operands, and the float32 kernels that the bound must cover.

A `Recipe` is all there is to a case: tests draw recipes with Hypothesis, `benchmarks/bound_slack.py` draws them at
scale. The same recipe always gives the same numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any
from zlib import crc32

import numpy as np

from harness.language.arithmetic import float32
from harness.language.evaluate import Bindings
from harness.language.exact.domain import Exact
from harness.language.exact.probable import judged_within
from harness.language.packed import Packed
from harness.language.syntax import parse
from tests.harness.language.soundness import functions
from tests.harness.language.soundness import operands as O
from tests.harness.language.soundness import primitive_kernels as P
from tests.harness.language.soundness import row_kernels as R
from tests.harness.language.soundness.block_formats import FORMATS, Fields, blocks, taken_apart
from tests.harness.language.soundness.emulate import ORDERS, F, Machine
from tests.harness.language.soundness.layer_kernels import Weights, layer
from tests.harness.language.soundness.rules import LENGTHS, RULES, Operands, allowed, arguments, products, rule, unary


@dataclass(frozen=True)
class Recipe:
    """One case: which rule, on which operands, computed how."""

    rule: str
    kind: str
    seed: int
    form: str
    order: str = "sequential"
    fused: bool = False
    flush: bool = False  # the arithmetic declares flush-to-zero, and the machine does it
    length: int | None = None  # None: drawn from the seed
    probable: bool = False  # held against what the model of rounding promises, instead of against the bound
    exp_ulps: int = 2  # what the arithmetic grants to exp and its kin, and the machine takes


@dataclass(frozen=True)
class Case:
    """Operands and the evaluator's answer for them."""

    operands: dict[str, Any]
    value: np.ndarray
    bound: np.ndarray


@dataclass(frozen=True)
class Outcome:
    """What a kernel returned beside the answer; all of one shape."""

    value: np.ndarray
    bound: np.ndarray
    got: np.ndarray

    @property
    def judged(self) -> np.ndarray:
        return np.isfinite(self.bound)

    @property
    def error(self) -> np.ndarray:
        with np.errstate(invalid="ignore", over="ignore"):
            apart = np.abs(self.got.astype(np.float64) - self.value)
        return np.where(self.got == self.value, 0.0, apart)  # of an infinity, too

    @property
    def outside(self) -> np.ndarray:
        """Where the bound is broken; a bound of zero asks for equality, a bound that is not a number is broken."""
        with np.errstate(invalid="ignore"):
            return np.isnan(self.bound) | (self.judged & ~(self.error <= self.bound))

    @property
    def ratio(self) -> float:
        """The largest error / bound where there is a bound that is not zero; NaN where there is none."""
        where = self.judged & (self.bound > 0)
        return float(np.max(self.error[where] / self.bound[where])) if where.any() else float("nan")


@lru_cache(maxsize=8)
def case_of(
    name: str, kind: str, seed: int, flush: bool, length: int | None, probable: bool, exp_ulps: int = 2
) -> Case:
    """Operands and exact answer; cached, since many forms are tried on one case."""
    chosen = RULES[name]
    rng = np.random.default_rng([seed, crc32(name.encode())])
    drawn = chosen.operands(rng, kind, length)
    given = {key: value for key, value in drawn.items() if not key.startswith("_")}
    arithmetic = float32(flush_to_zero=flush, exact_division=chosen.exact_division, exp_ulps=exp_ulps)
    domain = Exact(replace(arithmetic, probable=probable, **allowed(chosen.declared)))
    equations = {key: parse(text) for key, text in chosen.equations.items()}
    with np.errstate(all="ignore"):
        answer = Bindings(domain, equations, {}, given).value(list(equations)[-1])
        answer = domain.real(answer)
        return Case(drawn, answer.v, np.asarray(judged_within(answer) if probable else answer.bound()))


def attack(recipe: Recipe) -> Outcome:
    """Run the recipe's kernel and set it beside the bound."""
    given = (recipe.kind, recipe.seed, recipe.flush, recipe.length, recipe.probable, recipe.exp_ulps)
    case = case_of(recipe.rule, *given)
    rng = np.random.default_rng([recipe.seed, ORDERS.index(recipe.order)])
    flush_inputs = recipe.flush and bool(rng.integers(2))  # hardware has two switches; one contract covers both
    machine = Machine(rng, recipe.order, recipe.fused, recipe.flush, flush_inputs, recipe.exp_ulps)
    with np.errstate(all="ignore"):
        got = np.asarray(RULES[recipe.rule].kernel(machine, case.operands, recipe.form))
    assert got.shape == case.value.shape, recipe
    return Outcome(case.value, case.bound, got)


# --- polynomial regions -----------------------------------------------------------------------------------------


def _weights_and_x(rng: np.random.Generator, kind: str, length: int | None) -> dict[str, Any]:
    n = length or int(rng.choice(O.LENGTHS))
    w = O.draw(O.WEIGHTS, "normal" if length else str(rng.choice(list(O.WEIGHTS))), rng, (8, n))
    x = O.draw(O.ANY, kind, rng, (n,))
    return {"w": w, "x": O.cancel(x, w[0]) if kind == "cancelling" else x}


rule("dot product", "w @ x", O.ANY, _weights_and_x, ["dot"], lambda m, o, _: m.dot(o["w"], o["x"][None]), LENGTHS)


def _summed(rng: np.random.Generator, kind: str, length: int | None) -> dict[str, Any]:
    x = O.draw(O.ANY, kind, rng, (8, length or int(rng.choice(O.LENGTHS))))
    return {"x": np.stack([O.cancel(row, np.ones_like(row)) for row in x]) if kind == "cancelling" else x}


rule("sum", "sum(x, 1)", O.ANY, _summed, ["sum"], lambda m, o, _: m.total(o["x"]), LENGTHS)


def _factors(rng: np.random.Generator, kind: str, _length: int | None) -> dict[str, Any]:
    n = int(rng.choice((1, 2, 3, 8, 40)))
    names = {"s": (8,), "z": (8,), "a": (8,), "b": (8,), "x": (8, n)}
    drawn = {key: O.draw(O.ANY, str(rng.choice([kind, "normal"])), rng, shape) for key, shape in names.items()}
    if kind == "cancelling":
        drawn["b"] = -drawn["a"] * F(1 + 2.0**-20)
        drawn["z"] = (drawn["x"].sum(1) / F(3)).astype(F)
    return drawn


def _factored(m: Machine, o: dict[str, Any], form: str) -> np.ndarray:
    """Distributing over the sums must stay inside, and so must factoring them out again."""
    s, z, a, b, x = (o[key] for key in "szabx")
    if form == "as written":
        return m.mul(m.mul(s, m.sub(m.total(x), m.mul(F(3), z))), m.add(a, b))
    if form == "halfway":
        inner = m.multiply_add(F(-3) * np.ones_like(z), z, m.total(x))
        return m.multiply_add(m.mul(s, a), inner, m.mul(m.mul(s, b), inner))
    if form == "scale first":
        scaled = m.sub(m.total(m.mul(s[:, None], x)), m.mul(m.mul(F(3), s), z))
        return m.multiply_add(scaled, a, m.mul(scaled, b))
    terms = [m.mul(m.mul(s[:, None], x), part[:, None]) for part in (a, b)]
    terms += [m.mul(m.mul(F(-3), m.mul(z, s)), part)[:, None] for part in (a, b)]
    return m.total(np.concatenate(terms, 1))


FACTORINGS = ("as written", "expanded", "halfway", "scale first")
rule("factored polynomial", "s * (sum(x, 1) - 3 * z) * (a + b)", O.ANY, _factors, FACTORINGS, _factored)


def _expert_outputs(rng: np.random.Generator, kind: str, _length: int | None) -> dict[str, Any]:
    experts, rows, n = int(rng.integers(1, 6)), 4, int(rng.choice((1, 2, 5, 32)))
    return {
        "weights": O.draw(O.WEIGHTS, "uniform", rng, (experts,)),
        "w": O.draw(O.WEIGHTS, str(rng.choice(list(O.WEIGHTS))), rng, (experts, rows, n)),
        "h": O.draw(O.ANY, kind, rng, (experts, n)),
    }


def _weighted(m: Machine, o: dict[str, Any], form: str) -> np.ndarray:
    if form == "outputs":
        return m.dot(m.dot(o["w"], o["h"][:, None]).T, o["weights"])
    return m.total(m.dot(o["w"], m.mul(o["weights"][:, None], o["h"])[:, None]).T)


rule(
    "weighted sum of experts",
    "sum(weights[..., None] * matvec(w, h), 0)",
    O.ANY,
    _expert_outputs,
    ("outputs", "activations"),
    _weighted,
)


# --- quantised rows ---------------------------------------------------------------------------------------------


def _quantised(name: str) -> Operands:
    def draw(rng: np.random.Generator, kind: str, length: int | None) -> dict[str, Any]:
        n = length or 256 * int(rng.choice((1, 1, 1, 2, 3)))
        raw = blocks(name, rng, (4, n // 256))
        x = O.draw(O.ANY, kind, rng, (n,))
        fields = taken_apart(name, raw)
        if kind == "cancelling":
            exact = R.decoded(Machine(rng), fields).reshape(4, -1)
            x = O.cancel(x, exact[0])
        return {"w": Packed.of(FORMATS[name], (4, n), raw.reshape(-1)), "x": x, "_fields": fields}

    return draw


def _rows(m: Machine, o: dict[str, Any], form: str) -> np.ndarray:
    return R.FORMS[form](m, o["_fields"], o["x"])


for _name in FORMATS:
    rule(f"{_name} rows", "matvec(w, x)", O.ANY, _quantised(_name), R.FORMS, _rows, LENGTHS)

Q8_K = {
    "xb": "reshape(x, blocks, 256)",
    "peak": "max(abs(xb), 1)",
    "s": "peak / 127",
    "xq": "where(peak[..., None] > 0, round(xb / s[..., None]), 0)",
    "y": "matvec(w, reshape(s[..., None] * xq, blocks * 256))",
}
INT8_KINDS = tuple(kind for kind in O.ANY if kind != "cancelling")


def _int8(name: str) -> Operands:
    def draw(rng: np.random.Generator, kind: str, length: int | None) -> dict[str, Any]:
        drawn = _quantised(name)(rng, kind, length)
        return {**drawn, "blocks": len(drawn["x"]) // 256}

    return draw


def _int8_rows(m: Machine, o: dict[str, Any], form: str) -> np.ndarray:
    return R.int8_rows(m, o["_fields"], o["x"], form)


for _name in FORMATS:
    rule(f"{_name} rows, int8 activations", Q8_K, INT8_KINDS, _int8(_name), R.ROUNDINGS, _int8_rows, LENGTHS)


# --- functions --------------------------------------------------------------------------------------------------
# Each is attacked on stored numbers ("of x") and on the result of a product, which carries a bound ("of w @ x").


unary("exp", "exp({})", O.ARGUMENTS, {"exp": lambda machine, x: machine.exp(x)})
unary("sigmoid", "sigmoid({})", O.ARGUMENTS, P.SIGMOID)
unary("silu", "silu({})", O.ARGUMENTS, P.SILU)
unary("softmax", "softmax({})", O.ARGUMENTS, P.SOFTMAX)
unary("sqrt", "sqrt({})", O.POSITIVE, {"sqrt": lambda machine, x: machine.sqrt(x)}, positive=True)
unary("mean", "mean({})", O.ANY, P.MEAN)


def _fraction(rng: np.random.Generator, kind: str, length: int | None) -> dict[str, Any]:
    n = length or int(rng.choice((1, 1, 2, 3, 16, 100)))
    other = str(rng.choice([kind, "normal", "mixed"]))
    return {
        "v": O.draw(O.WEIGHTS, "near ties", rng, (16, n)),
        "w": np.abs(O.draw(O.WEIGHTS, "near ties", rng, (16, n))),
        "x": O.draw(O.ANY, kind, rng, (n,)),
        "z": np.abs(O.draw(O.ANY, other, rng, (n,))),
    }


def _divided(m: Machine, o: dict[str, Any], form: str) -> np.ndarray:
    return P.DIVISION[form](m, m.dot(o["v"], o["x"][None]), m.dot(o["w"], o["z"][None]))


rule("division", "(v @ x) / (w @ z)", O.ANY, _fraction, P.DIVISION, _divided, LENGTHS)


def _normalised(rng: np.random.Generator, kind: str, length: int | None) -> dict[str, Any]:
    n = length or int(rng.choice(O.LENGTHS))
    return {
        "x": O.draw(O.ANY, kind, rng, (4, n)),
        "weight": O.draw(O.WEIGHTS, str(rng.choice(["normal", "uniform"])), rng, (n,)),
        "epsilon": np.asarray(rng.choice([1e-6, 1e-5, 1.0]), F),
    }


def _norm(m: Machine, o: dict[str, Any], form: str) -> np.ndarray:
    return P.RMS_NORM[form](m, o["x"], o["weight"], o["epsilon"])


rule("rms_norm", "rms_norm(x, weight, epsilon)", O.ANY, _normalised, P.RMS_NORM, _norm, LENGTHS)


def _rounded(machine: Machine, o: dict[str, Any], form: str) -> np.ndarray:
    z = P.DIVISION[form.partition(", ")[0]](machine, o["x"], np.abs(o["x"]).max() / F(127))
    return np.rint(z) if form.endswith("even") else R.half_away(z)


ROUNDED = "round(x / (max(abs(x)) / 127))"
HALVES = [f"{division}, half {way}" for division in P.DIVISION for way in ("away", "even")]
rule("round", ROUNDED, O.ANY, arguments(O.ANY), HALVES, _rounded)


def _where(machine: Machine, o: dict[str, Any], _form: str) -> np.ndarray:
    z = machine.dot(o["w"], o["x"][None])
    return np.where(z > F(0.1), z, machine.sub(F(1), z))


def _compared(rng: np.random.Generator, kind: str, length: int | None) -> dict[str, Any]:
    """Products a few units around the threshold, beside those that are clear of it."""
    drawn = products(O.ANY)(rng, kind, length)
    if rng.random() < 0.7:
        step = 1 + rng.integers(-3, 4, (16, 1)) * 2.0**-24
        total = (drawn["w"].astype(np.float64) * drawn["x"]).sum(-1, keepdims=True)
        with np.errstate(all="ignore"):
            w = (drawn["w"] * (0.1 * step / total)).astype(F)
        drawn["w"] = np.where(np.isfinite(w), w, drawn["w"])
    return drawn


rule("where", {"z": "w @ x", "y": "where(z > 0.1, z, 1 - z)"}, O.ANY, _compared, ["compare"], _where)


def _exact_operands(rng: np.random.Generator, kind: str, _length: int | None) -> dict[str, Any]:
    """Integers times a power of two; their products sum to about 2**24 at most."""
    n, top = int(rng.choice((1, 3, 16, 100))), {"small": 3, "int8": 127, "to the limit": 0}[kind]
    top = top or int((2**24 / n) ** 0.5)
    power = 2.0 ** rng.integers(-60, 50)
    w = rng.integers(-top, top + 1, (8, n)).astype(F)
    x = (rng.integers(-top, top + 1, n) * power).astype(F)
    return {"w": w, "x": x, "s": F(2.0 ** rng.integers(-8, 9))}


def _integers(m: Machine, o: dict[str, Any], form: str) -> np.ndarray:
    w, x, s = o["w"], o["x"], o["s"]
    if form == "scale last":
        return m.mul(s, m.dot(w, x[None]))
    return m.dot(w, m.mul(s, x)[None]) if form == "scale x" else m.dot(m.mul(s, w), x[None])


SIZES = ("small", "int8", "to the limit")
rule("exact integers", "s * (w @ x)", SIZES, _exact_operands, ("scale last", "scale x", "scale w"), _integers)


# --- the layer --------------------------------------------------------------------------------------------------

LAYER = {
    "probs": "softmax(router @ x)",
    "weights": "probs[chosen] / sum(probs[chosen])",
    "h": "stored(silu(matvec(gate[chosen], x)) * matvec(up[chosen], x))",
    "y": "sum(weights[..., None] * matvec(down[chosen], h), 0)",
}


def _layer_operands(rng: np.random.Generator, kind: str, length: int | None) -> dict[str, Any]:
    hidden, inner, experts, k = length or int(rng.choice((32, 64, 256))), 12, 4, int(rng.integers(1, 4))
    names = {"gate": (inner, hidden), "up": (inner, hidden), "down": (hidden, inner)}
    x = O.draw(O.ANY, kind, rng, (hidden,))
    chosen = rng.permutation(experts)[:k]
    drawn: dict[str, Any] = {"x": x, "chosen": chosen}
    drawn["router"] = O.draw(O.WEIGHTS, "normal", rng, (experts, hidden)) / F(np.sqrt(hidden))
    parts: dict[str, Fields] = {}
    for name, (rows, columns) in names.items():
        format_ = str(rng.choice(list(FORMATS)))
        raw = blocks(format_, rng, (experts, rows, -(-columns // 256)))
        drawn[name] = Packed.of(FORMATS[format_], (experts, rows, columns), raw.reshape(-1))
        parts[name] = taken_apart(format_, raw[chosen])
    return {**drawn, "_weights": Weights(drawn["router"], parts["gate"], parts["up"], parts["down"])}


def _layer(m: Machine, o: dict[str, Any], form: str) -> np.ndarray:
    rows, _, weighting = form.partition("; ")
    return layer(m, o["_weights"], o["x"], o["chosen"], rows, weighting)


LAYER_FORMS = [f"{rows}; {where}" for rows in R.FORMS for where in ("outputs", "activations")]
rule("layer", LAYER, O.ANY, _layer_operands, LAYER_FORMS, _layer, (256,))

# --- rules with a file of their own -----------------------------------------------------------------------------

for _file in ("masks", "powers_of_two", "recurrences", "flash", "by_exp2"):
    import_module(f"{__package__}.{_file}")
for _file in sorted(found.name for found in iter_modules(functions.__path__)):
    import_module(f"{functions.__name__}.{_file}")  # registers its rules
