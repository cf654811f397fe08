"""Float32 as hardware computes it, one elementary step after the other, in every order a kernel may choose.

A `Machine` is one way of computing: an order of summation, fused multiply-adds or not, subnormal numbers kept or
flushed, and an exp() that misses by as much as it may.

A fused multiply-add rounds once. float64 holds the product of two float32 exactly, but the sum with the addend is
rounded to 53 bits and then again to 24, which can differ where the first rounding lands on a tie. So the first
rounding is made to odd (Boldo and Melquiond 2008): the exact remainder of the float64 sum tells whether it was
inexact, and in that case the last bit is set. With 53 >= 24 + 2 bits the second rounding is then the only one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

F = np.float32
SMALLEST_NORMAL = F(2.0**-126)
LANES = {"4 lanes": 4, "8 lanes": 8, "16 lanes": 16}
ORDERS = (
    "sequential",
    "reversed",
    "permuted",
    *LANES,
    "4 accumulators",
    "pairwise",
    "blocked",
    "float64",
    "kahan",
    "neumaier",
)


@dataclass(frozen=True)
class Machine:
    """Elementary operations on float32 arrays; each result is rounded once."""

    rng: np.random.Generator
    order: str = "sequential"
    fused: bool = False
    flush: bool = False  # subnormal results become zero
    flush_inputs: bool = False  # and so do subnormal operands
    exp_ulps: int = 2

    def kept(self, z: np.ndarray) -> np.ndarray:
        """A result as the machine stores it."""
        z = np.asarray(z, F)
        return np.where(np.abs(z) < SMALLEST_NORMAL, F(0) * z, z) if self.flush else z

    def read(self, *operands: np.ndarray) -> list[np.ndarray]:
        """Operands as the machine reads them."""
        parts = [np.asarray(part, F) for part in operands]
        if not self.flush_inputs:
            return parts
        return [np.where(np.abs(part) < SMALLEST_NORMAL, F(0) * part, part) for part in parts]

    def add(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        a, b = self.read(a, b)
        return self.kept(a + b)

    def sub(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        a, b = self.read(a, b)
        return self.kept(a - b)

    def mul(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        a, b = self.read(a, b)
        return self.kept(a * b)

    def div(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        a, b = self.read(a, b)
        return self.kept(a / b)

    def sqrt(self, a: np.ndarray) -> np.ndarray:
        (a,) = self.read(a)
        return self.kept(np.sqrt(a))

    def multiply_add(self, a: np.ndarray, b: np.ndarray, c: np.ndarray) -> np.ndarray:
        """a * b + c, rounded once where the machine fuses, else twice."""
        if not self.fused:
            return self.add(self.mul(a, b), c)
        return self.kept(fused_multiply_add(*self.read(a, b, c)))

    def exp(self, x: np.ndarray) -> np.ndarray:
        """Off by up to `exp_ulps` units in the last place; exp(0) = 1 stays."""
        y = self.within_ulps(np.exp, x)
        return np.where(np.exp(self.read(x)[0].astype(np.float64)) == 1, F(1), y)

    def within_ulps(self, function: Callable[[np.ndarray], np.ndarray], x: np.ndarray) -> np.ndarray:
        """A function off by up to `exp_ulps` units, by a hash of the argument: equal ones stay equal.

        What rounds to zero is zero, what rounds to infinity is infinite, and no error changes the sign.
        """
        (x,) = self.read(x)
        exact = function(x.astype(np.float64))
        near = exact.astype(F)
        unit = np.where(np.isfinite(near), np.spacing(np.abs(near)), 0).astype(np.float64)
        salt = self.rng.integers(2**31, dtype=np.int64)
        hashed = ((x.view(np.int32).astype(np.int64) * 2654435761 + salt) >> 8) % 65537 / 32768 - 1
        miss = self.exp_ulps * self.rng.choice([hashed, np.sign(hashed), np.ones_like(hashed), -np.ones_like(hashed)])
        y = (exact + miss * unit).astype(F)
        beyond = np.abs(y.astype(np.float64) - exact) > self.exp_ulps * unit
        y = np.where(beyond & np.isfinite(near), np.nextafter(y, near), y)
        y = np.where(np.sign(y) == np.sign(near), y, F(0))
        return self.kept(np.where((near == 0) | ~np.isfinite(near), near, y))

    # --- sums over the last axis ---------------------------------------------------------------------------

    def total(self, terms: np.ndarray) -> np.ndarray:
        """The terms summed in this machine's order."""
        return self.dot(terms, np.ones_like(terms))

    def dot(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """The products a * b summed in this machine's order."""
        a, b = np.broadcast_arrays(*self.read(a, b))
        match self.order:
            case "reversed":
                return self._along(a[..., ::-1], b[..., ::-1])
            case "permuted":
                order = self.rng.permutation(a.shape[-1])
                return self._along(a[..., order], b[..., order])
            case "4 accumulators":
                return self._along(self._lanes(a, b, 4, tree=False), np.ones(4, F))
            case "pairwise":
                return self._tree(self.mul(a, b))
            case "blocked":
                parts = [self._along(a[..., i : i + 32], b[..., i : i + 32]) for i in range(0, a.shape[-1], 32)]
                blocks = np.stack(parts, -1)
                return self._along(blocks, np.ones(blocks.shape[-1], F))
            case "float64":
                return self.kept((a.astype(np.float64) * b.astype(np.float64)).sum(-1).astype(F))
            case "kahan":
                return self._kahan(self.mul(a, b))
            case "neumaier":
                return self._neumaier(self.mul(a, b))
            case order if order in LANES:
                return self._lanes(a, b, LANES[order], tree=True)
        return self._along(a, b)

    def _along(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """One accumulator from the first to the last."""
        a, b = np.broadcast_arrays(a, b)
        if not self.fused and not self.flush:
            return np.add.accumulate(self.mul(a, b), -1, dtype=F)[..., -1]
        sum_ = np.zeros(a.shape[:-1], F)
        for i in range(a.shape[-1]):
            sum_ = self.multiply_add(a[..., i], b[..., i], sum_)
        return sum_

    def _lanes(self, a: np.ndarray, b: np.ndarray, lanes: int, tree: bool) -> np.ndarray:
        """`lanes` accumulators side by side, as vector registers do it; the rest is padded with zeros."""
        missing = -a.shape[-1] % lanes
        pad = [(0, 0)] * (a.ndim - 1) + [(0, missing)]
        a, b = (np.pad(part, pad).reshape(*part.shape[:-1], -1, lanes) for part in (a, b))
        sums = self._along(np.swapaxes(a, -1, -2), np.swapaxes(b, -1, -2))
        return self._tree(sums) if tree else sums

    def _tree(self, parts: np.ndarray) -> np.ndarray:
        while parts.shape[-1] > 1:
            if parts.shape[-1] % 2:
                parts = np.concatenate([parts, np.zeros_like(parts[..., :1])], -1)
            parts = self.add(parts[..., ::2], parts[..., 1::2])
        return parts[..., 0]

    def _kahan(self, terms: np.ndarray) -> np.ndarray:
        """What each addition lost is taken from the next term. Two numbers among zeros are merely added.

        Their compensated sum is 1.5 u off, one addition 1 u: other arithmetic, see docs/bound.md, "Not covered".
        """
        few = np.count_nonzero(terms, -1) < 3
        return np.where(few, self._along(terms, np.ones_like(terms)), self.compensated(terms))

    def compensated(self, terms: np.ndarray) -> np.ndarray:
        """Kahan's sum as it stands."""
        sum_ = np.zeros(terms.shape[:-1], F)
        lost = np.zeros_like(sum_)
        for i in range(terms.shape[-1]):
            term = self.sub(terms[..., i], lost)
            new = self.add(sum_, term)
            lost = self.sub(self.sub(new, sum_), term)
            sum_ = new
        return sum_

    def _neumaier(self, terms: np.ndarray) -> np.ndarray:
        """What each addition lost is summed beside, and added at the end."""
        sum_ = self.kept(terms[..., 0])
        lost = np.zeros_like(sum_)
        for i in range(1, terms.shape[-1]):
            term = terms[..., i]
            new = self.add(sum_, term)
            larger = np.abs(sum_) >= np.abs(term)
            high, low = np.where(larger, sum_, term), np.where(larger, term, sum_)
            lost = self.add(lost, self.add(self.sub(high, new), low))
            sum_ = new
        return self.add(sum_, lost)


def fused_multiply_add(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> np.ndarray:
    """a * b + c rounded once to float32."""
    product = np.asarray(a, np.float64) * np.asarray(b, np.float64)  # exact: 24 + 24 bits
    addend = np.asarray(c, np.float64)
    sum_ = product + addend
    # Knuth's two-sum: `lost` is exactly what the sum's rounding dropped.
    part = sum_ - product
    lost = (product - (sum_ - part)) + (addend - part)
    even = (np.asarray(sum_).view(np.int64) & 1) == 0
    toward = np.where(lost > 0, np.inf, -np.inf)
    odd = np.where((lost != 0) & even & np.isfinite(sum_), np.nextafter(sum_, toward), sum_)
    return odd.astype(F)
