"""Online softmax and flash attention: blocks of keys, running maxima and sums, parts that are merged.

Each rule is attacked with the kernels that it covers by proof (docs/bound.md, "Online softmax"): without anything
declared those that divide at the end, in blocks of `proved` keys and more; with `softmax: online` any blocks; with
`exp: exp2` those that fold the scale into the constant of exp2; with `merge: lse` parts that are merged by the
logarithms of their sums. In half of the cases exp misses by all that it may and always the same way, so that what is
rescaled again and again adds up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np

from harness.language.dtypes import DTYPES
from tests.harness.language.soundness.emulate import F, Machine
from tests.harness.language.soundness.rules import rule

LOG2E = F(1.4426950408889634)
ROWS, COLUMNS = 4, 2
BLOCKS = (1, 2, 3, 6, 16, 64)
LAG = F(8)  # how far the maximum may grow before a lazy kernel rescales


class Leaning(Machine):
    """Functions miss by all that they may, and always the same way."""

    def within_ulps(self, function: Callable[[np.ndarray], np.ndarray], x: np.ndarray) -> np.ndarray:
        (x,) = self.read(x)
        exact = function(x.astype(np.float64))
        near = exact.astype(F)
        unit = np.where(np.isfinite(near), np.spacing(np.abs(near)), 0).astype(np.float64)
        lean = -1 if self.order == "reversed" else 1
        y = (exact + lean * 0.98 * self.exp_ulps * unit).astype(F)
        y = np.where(np.sign(y) == np.sign(near), y, F(0))
        return self.kept(np.where((near == 0) | ~np.isfinite(near), near, y))


def finite(top: np.ndarray) -> np.ndarray:
    """The maximum of a part of which every entry is excluded is taken for 0."""
    return np.where(np.isneginf(top), F(0), top).astype(F)


# --- how exp(x - top) is computed -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Powers:
    """By exp, of x already scaled."""

    m: Machine
    scale: np.ndarray
    narrow: str = ""  # what powers are rounded to before they are multiplied by values
    narrow_sum: bool = False  # and before they are summed

    def multiplied(self, p: np.ndarray) -> np.ndarray:
        return p.astype(DTYPES[self.narrow].numpy).astype(F) if self.narrow else p

    def summed(self, p: np.ndarray) -> np.ndarray:
        return self.multiplied(p) if self.narrow_sum else p

    def scores(self, raw: np.ndarray) -> np.ndarray:
        return self.m.mul(raw, self.scale)

    def of(self, x: np.ndarray, top: np.ndarray) -> np.ndarray:
        return self.m.exp(self.m.sub(x, finite(top)))

    def between(self, old: np.ndarray, new: np.ndarray) -> np.ndarray:
        """What a sum is rescaled by when its maximum grows."""
        return self.of(old, new)

    def logit(self, top: np.ndarray) -> np.ndarray:
        """A score as an exponent of e."""
        return top

    def exp2(self, x: np.ndarray) -> np.ndarray:
        return np.where(x == 0, F(1), self.m.within_ulps(np.exp2, x)).astype(F)


class ByExp2(Powers):
    """exp2((x - top) log2(e))."""

    def of(self, x: np.ndarray, top: np.ndarray) -> np.ndarray:
        return self.exp2(self.m.mul(self.m.sub(x, finite(top)), LOG2E))


class ScaledAfter(Powers):
    """exp((x - top) scale)."""

    def scores(self, raw: np.ndarray) -> np.ndarray:
        return raw

    def logit(self, top: np.ndarray) -> np.ndarray:
        return self.m.mul(top, self.scale)

    def of(self, x: np.ndarray, top: np.ndarray) -> np.ndarray:
        return self.m.exp(self.m.mul(self.m.sub(x, finite(top)), self.scale))


class Folded(ScaledAfter):
    """exp2(x c - top c) with one constant c = scale log2(e), a fused multiply-add where the machine has it."""

    def of(self, x: np.ndarray, top: np.ndarray) -> np.ndarray:
        c = self.m.mul(self.scale, LOG2E)
        away = np.broadcast_to(-self.m.mul(finite(top), c), x.shape)
        return self.exp2(self.m.multiply_add(x, np.broadcast_to(c, x.shape), away))

    def between(self, old: np.ndarray, new: np.ndarray) -> np.ndarray:
        return self.exp2(self.m.mul(self.m.sub(old, finite(new)), self.m.mul(self.scale, LOG2E)))


POWERS: dict[str, type[Powers]] = {"exp": Powers, "exp2": ByExp2, "scaled after": ScaledAfter, "folded": Folded}


# --- parts and how they are joined ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """Some keys: their largest score, and sums of powers from there, of the powers and of the values times them."""

    top: np.ndarray  # [rows]
    total: np.ndarray
    out: np.ndarray  # [rows, columns]


def weighted(m: Machine, powers: np.ndarray, v: np.ndarray) -> np.ndarray:
    return np.stack([m.dot(powers, column[None]) for column in v.T], -1)


def part(m: Machine, powers: Powers, x: np.ndarray, v: np.ndarray, top: np.ndarray | None = None) -> Part:
    top = x.max(-1) if top is None else top
    p = powers.of(x, top[:, None])
    return Part(top, m.total(powers.summed(p)), weighted(m, powers.multiplied(p), v))


def merged(m: Machine, powers: Powers, one: Part, two: Part) -> Part:
    """By the larger maximum: the sums of the other part, or of neither, become smaller."""
    top = np.maximum(one.top, two.top)
    first, second = powers.between(one.top, top), powers.between(two.top, top)
    total = m.add(m.mul(first, one.total), m.mul(second, two.total))
    out = m.add(m.mul(first[:, None], one.out), m.mul(second[:, None], two.out))
    return Part(top, total, out)


def something(total: np.ndarray) -> np.ndarray:
    """A sum to divide by, of parts without a key left too."""
    return np.where(total == 0, F(1), total).astype(F)


def running(m: Machine, powers: Powers, parts: list[Part]) -> np.ndarray:
    """One part after the other, divided at the end."""
    whole = reduce(lambda one, two: merged(m, powers, one, two), parts)
    return m.div(whole.out, whole.total[:, None])


def tree(m: Machine, powers: Powers, parts: list[Part]) -> np.ndarray:
    """Parts joined in pairs, and these in turn."""
    while len(parts) > 1:
        pairs = [parts[i : i + 2] for i in range(0, len(parts), 2)]
        parts = [merged(m, powers, *pair) if len(pair) == 2 else pair[0] for pair in pairs]
    return m.div(parts[0].out, parts[0].total[:, None])


def divided(m: Machine, powers: Powers, parts: list[Part]) -> np.ndarray:
    """The mean is kept divided, and multiplied by its sum again at every part."""
    top, total = parts[0].top, parts[0].total
    out = m.div(parts[0].out, something(total)[:, None])
    for new in parts[1:]:
        grown = np.maximum(top, new.top)
        old, weight = m.mul(powers.between(top, grown), total), powers.between(new.top, grown)
        total = m.add(old, m.mul(weight, new.total))
        out = m.add(m.mul(old[:, None], out), m.mul(weight[:, None], new.out))
        out, top = m.div(out, something(total)[:, None]), grown
    return out


def lse(m: Machine, powers: Powers, parts: list[Part]) -> np.ndarray:
    """The logarithm of the sum of the powers themselves, of each part."""
    top, total = (np.stack(numbers, -1) for numbers in ([one.top for one in parts], [one.total for one in parts]))
    log = m.add(powers.logit(finite(top)), m.within_ulps(np.log, total))
    return np.where(total == 0, F(-np.inf), log).astype(F)


def sum_of_lse(m: Machine, of_parts: np.ndarray) -> np.ndarray:
    """The logarithm of the whole sum from those of its parts."""
    top = finite(of_parts.max(-1))
    return m.add(top, m.within_ulps(np.log, m.total(m.exp(m.sub(of_parts, top[:, None])))))


def by_lse(m: Machine, powers: Powers, parts: list[Part]) -> np.ndarray:
    """Parts divided by their own sums, weighted by exp(lse of the part - lse of all)."""
    of_parts = lse(m, powers, parts)
    outs = np.stack([m.div(one.out, something(one.total)[:, None]) for one in parts], -1)
    weights = m.exp(m.sub(of_parts, finite(sum_of_lse(m, of_parts))[:, None]))
    return m.dot(weights[:, None], outs)


def by_weights(m: Machine, powers: Powers, parts: list[Part]) -> np.ndarray:
    """The same, with weights that are divided by their sum."""
    of_parts = lse(m, powers, parts)
    outs = np.stack([m.div(one.out, something(one.total)[:, None]) for one in parts], -1)
    weights = m.exp(m.sub(of_parts, finite(of_parts.max(-1))[:, None]))
    return m.div(m.dot(weights[:, None], outs), m.total(weights)[:, None])


def lazy(m: Machine, powers: Powers, x: np.ndarray, v: np.ndarray, block: int) -> Part:
    """The sums are rescaled only where the maximum has grown by more than LAG."""
    whole = part(m, powers, x[:, :block], v[:block])
    for i in range(block, x.shape[1], block):
        top = x[:, i : i + block].max(-1)
        frame = np.where(top > whole.top + LAG, top, whole.top)
        again = powers.between(whole.top, frame)
        new = part(m, powers, x[:, i : i + block], v[i : i + block], frame)
        total = m.add(m.mul(again, whole.total), new.total)
        whole = Part(frame, total, m.add(m.mul(again[:, None], whole.out), new.out))
    return whole


JOINS = {"running": running, "tree": tree, "divided": divided, "lse": by_lse, "lse weights": by_weights}


# --- kernels ----------------------------------------------------------------------------------------------------


def drawn_machine(m: Machine) -> Machine:
    kind = Leaning if m.rng.random() < 0.5 else Machine
    return kind(m.rng, m.order, m.fused, m.flush, m.flush_inputs, m.exp_ulps)


def proved(m: Machine, form: str) -> int:
    """The least block that is inside without `softmax: online`; more where every block is divided."""
    return 2 * m.exp_ulps + (5 if form.startswith("divided") else 2)


def key_order(m: Machine, n: int) -> np.ndarray:
    orders = (np.arange(n), np.arange(n), np.arange(n)[::-1], m.rng.permutation(n))
    return orders[m.rng.integers(len(orders))]


def block_of(m: Machine, form: str, declared: bool) -> int:
    least = 1 if declared else proved(m, form)
    return int(m.rng.choice([size for size in (*BLOCKS, proved(m, form)) if size >= least]))


def parts_of(m: Machine, powers: Powers, x: np.ndarray, v: np.ndarray, block: int) -> list[Part]:
    return [part(m, powers, x[:, i : i + block], v[i : i + block]) for i in range(0, len(v), block)]


def masked(m: Machine, o: dict[str, Any], powers: Powers) -> np.ndarray:
    raw = np.stack([m.dot(row[None], o["k"]) for row in o["q"]])
    return np.where(o["mask"] == 1, powers.scores(raw), F(-np.inf)).astype(F)


def attention(any_blocks: bool, narrow: str = "") -> Callable[[Machine, dict[str, Any], str], np.ndarray]:
    def kernel(m: Machine, o: dict[str, Any], form: str) -> np.ndarray:
        m, block = drawn_machine(m), block_of(m, form, any_blocks)
        join, _, way = form.partition(", ")
        powers = POWERS[way](m, o["scale"], narrow, narrow != "" and m.rng.random() < 0.5)
        x, order = masked(m, o, powers), key_order(m, len(o["k"]))
        x, v = x[:, order], o["v"][order]
        if join == "lazy":
            whole = lazy(m, powers, x, v, block)
            return m.div(whole.out, whole.total[:, None])
        return JOINS[join](m, powers, parts_of(m, powers, x, v, block))

    return kernel


def rounded(narrow: str) -> Callable[[Machine, dict[str, Any], str], np.ndarray]:
    """A softmax as it stands, whose probabilities are rounded before they are multiplied."""

    def kernel(m: Machine, o: dict[str, Any], _form: str) -> np.ndarray:
        m = drawn_machine(m)
        powers = Powers(m, o["scale"], narrow)
        x = masked(m, o, powers)
        p = powers.of(x, x.max(-1)[:, None])
        return weighted(m, powers.multiplied(m.div(p, m.total(p)[:, None])), o["v"])

    return kernel


def probabilities(m: Machine, o: dict[str, Any], form: str) -> np.ndarray:
    """A softmax of which maximum and sum are taken online, in blocks of any size."""
    m, block = drawn_machine(m), int(m.rng.choice(BLOCKS))
    powers = POWERS[form](m, o["scale"])
    x, order = masked(m, o, powers), key_order(m, len(o["k"]))
    parts = parts_of(m, powers, x[:, order], o["v"][order], block)
    whole = reduce(lambda one, two: merged(m, powers, one, two), parts)
    return m.div(powers.of(x, whole.top[:, None]), whole.total[:, None])


def log_sums(m: Machine, o: dict[str, Any], form: str) -> np.ndarray:
    """log(sum(exp)) online, or of parts that are merged by their own."""
    m, block = drawn_machine(m), int(m.rng.choice(BLOCKS))
    join, _, way = form.partition(", ")
    powers = POWERS[way](m, o["scale"])
    x, order = masked(m, o, powers), key_order(m, len(o["k"]))
    parts = parts_of(m, powers, x[:, order], o["v"][order], block)
    if join == "lazy":
        parts = [lazy(m, powers, x[:, order], o["v"][order], block)]
    elif join == "running":
        parts = [reduce(lambda one, two: merged(m, powers, one, two), parts)]
    of_parts = lse(m, powers, parts)
    return of_parts[:, 0] if len(parts) == 1 else sum_of_lse(m, of_parts)


# --- operands ---------------------------------------------------------------------------------------------------

KINDS = ("normal", "creeping up", "far", "flat", "peaked", "wild values", "far and exact", "levelled")


def operands(rng: np.random.Generator, kind: str, length: int | None) -> dict[str, Any]:
    """Queries, keys and values; logits that grow in tiny steps, lie far from zero, or have no error of their own."""
    n, d = length or int(rng.choice([1, 2, 5, 16, 64, 256])), int(rng.choice([1, 4, 64]))
    if kind in ("far and exact", "levelled"):
        d = 1
    q, k, v = rng.standard_normal((ROWS, d)), rng.standard_normal((n, d)), rng.standard_normal((n, COLUMNS))
    match kind:
        case "creeping up":
            q = np.ones((ROWS, d)) / d
            k = np.linspace(0, 10.0 ** rng.integers(-4, 2), n)[:, None] + np.zeros((n, d))
            if rng.random() < 0.7:
                v = np.where(np.arange(n)[:, None] < n / 2, 1.0, -1.0) + np.zeros((n, COLUMNS))
        case "far":
            q, k = q + 10, k + 30
        case "flat":
            k = np.full((n, d), 0.3)
        case "peaked":
            q = q * 8
        case "wild values":
            v = v * 10.0 ** rng.integers(-8, 9, v.shape)
        case "far and exact":
            q, k = np.ones((ROWS, 1)), rng.choice([100, 1000, 1e4]) + rng.integers(0, 64 * 4, (n, 1)) / 64
        case "levelled":  # what is improbable weighs as much as what is probable
            q, k = np.ones((ROWS, 1)), -rng.integers(0, 80, (n, 1)) / 2
            v = np.exp(-k) * rng.choice([-1, 1], v.shape)
    mask = np.ones((ROWS, n), np.int64)
    if rng.random() < 0.4:
        mask = (np.arange(n) <= np.arange(ROWS)[:, None] + rng.integers(n)).astype(np.int64)
    numbers = {"q": q, "k": k, "v": v, "scale": 1 / np.sqrt(d)}
    return {**{name: np.asarray(part, F) for name, part in numbers.items()}, "mask": mask}


SCORES = {"s": "q @ transpose(k) * scale", "x": "where(mask == 1, s, -inf)"}
ATTENTION = {**SCORES, "p": "softmax(x)", "y": "p @ v"}
PLAIN = ("exp", "exp2", "scaled after")
ONLINE, FOLDED, MERGED = ("online",), ("folded",), ("merged",)


def forms(joins: tuple[str, ...], ways: tuple[str, ...]) -> list[str]:
    return [f"{join}, {way}" for join in joins for way in ways]


RESCALED = ("running", "tree", "divided")
by_proof, in_blocks = attention(any_blocks=False), attention(any_blocks=True)
rule("flash attention", ATTENTION, KINDS, operands, forms(RESCALED, PLAIN), by_proof)
rule("flash attention, online", ATTENTION, KINDS, operands, forms((*RESCALED, "lazy"), PLAIN), in_blocks,
     declared=ONLINE)  # fmt: skip
rule("flash attention, online, exp2", ATTENTION, KINDS, operands, forms((*RESCALED, "lazy"), ("folded",)), in_blocks,
     declared=ONLINE + FOLDED)  # fmt: skip
rule("flash attention, exp2", ATTENTION, KINDS, operands, forms(("running", "tree"), ("folded",)), by_proof,
     declared=FOLDED)  # fmt: skip
rule("flash attention, lse", ATTENTION, KINDS, operands, forms(("lse", "lse weights"), PLAIN), in_blocks,
     declared=MERGED)  # fmt: skip
rule("flash attention, exp2, lse", ATTENTION, KINDS, operands, forms(("lse", "lse weights"), ("folded",)), in_blocks,
     declared=FOLDED + MERGED)  # fmt: skip
for _narrow in ("bf16", "f16"):
    rule(f"flash attention, online, {_narrow}", ATTENTION, KINDS, operands, forms((*RESCALED, "lazy"), PLAIN),
         attention(any_blocks=True, narrow=_narrow), declared=(*ONLINE, f"probabilities={_narrow}"))  # fmt: skip
    rule(f"attention, {_narrow}", ATTENTION, KINDS, operands, ("rounded",), rounded(_narrow),
         declared=(f"probabilities={_narrow}",))  # fmt: skip
rule("online softmax", {**SCORES, "y": "softmax(x)"}, KINDS, operands, PLAIN, probabilities, declared=ONLINE)
rule("online softmax, exp2", {**SCORES, "y": "softmax(x)"}, KINDS, operands, ("folded",), probabilities,
     declared=ONLINE + FOLDED)  # fmt: skip
LOG_SUM = {**SCORES, "y": "logsumexp(x, 1)"}
rule("online logsumexp", LOG_SUM, KINDS, operands, forms(("running", "lazy"), PLAIN), log_sums, declared=ONLINE)
rule("online logsumexp, exp2", LOG_SUM, KINDS, operands, forms(("running", "lazy"), ("folded",)), log_sums,
     declared=ONLINE + FOLDED)  # fmt: skip
rule("merged logsumexp", LOG_SUM, KINDS, operands, forms(("merged",), PLAIN), log_sums, declared=MERGED)
