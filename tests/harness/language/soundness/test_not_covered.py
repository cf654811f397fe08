"""Forms that are other arithmetic, and what an equation must say for them to be inside."""

import dataclasses

import numpy as np
import pytest

from harness.language.arithmetic import float32, float64
from harness.language.evaluate import Bindings, decode, evaluate
from harness.language.exact.domain import Exact
from harness.language.exact.region import Bounded, matvec
from harness.language.packed import Packed
from harness.language.syntax import parse
from tests.harness.language.soundness import row_kernels as R
from tests.harness.language.soundness.block_formats import Q6_K, taken_apart, write_half
from tests.harness.language.soundness.emulate import ORDERS, F, Machine

WRITTEN_OUT = {
    **Q6_K.equations,
    "q": parse("reshape(lo | (hi << 4), 16, 16)"),
    "w": parse("d * sc[..., None] * q - 32 * d * sc[..., None]"),
}
Q6_K_OFFSET = dataclasses.replace(Q6_K, equations=WRITTEN_OUT)
"""Q6_K with the offset of 32 as a term of its own."""


def flat_blocks(value: int) -> np.ndarray:
    """One row of one block: every scale 1, every stored value the same."""
    raw = np.zeros((1, 1, 210), np.uint8)
    raw[..., 0:128] = (value & 15) * 17
    raw[..., 128:192] = (value >> 4) * 85
    raw[..., 192:208] = 1
    write_half("q6_k", raw, "d", np.ones((1, 1)))
    return raw


def bound(format_, raw, x):
    weights = decode(Packed.of(format_, (1, 256), raw.reshape(-1)), Exact(float32()))
    return matvec(weights, Bounded(x, float32())).bound()


def test_the_offset_of_q6_k_folded_out_in_float32_is_outside():
    """A row of zeros, stored as 32: its bound is zero, yet sum(32 * x) - 32 * sum(x) is not."""
    raw = flat_blocks(32)
    x = np.random.default_rng(0).standard_normal(256).astype(F)
    got = R.offset_folded(Machine(np.random.default_rng(0), "8 lanes"), taken_apart("q6_k", raw), x)
    assert bound(Q6_K, raw, x) == 0
    assert got != 0


def test_it_is_inside_where_the_equation_writes_the_offset_out():
    rng = np.random.default_rng(0)
    for case in range(200):
        raw = rng.integers(0, 256, (1, 1, 210), dtype=np.uint8) if case % 2 else flat_blocks(case // 2 % 64)
        write_half("q6_k", raw, "d", rng.uniform(0.001, 0.02, (1, 1)))
        x = rng.standard_normal(256).astype(F)
        machine = Machine(rng, str(rng.choice(ORDERS)), bool(rng.integers(2)))
        value = decode(Packed.of(Q6_K, (1, 256), raw.reshape(-1)), Exact(float32())).v @ x.astype(np.float64)
        got = R.offset_folded(machine, taken_apart("q6_k", raw), x)
        assert abs(got - value) <= bound(Q6_K_OFFSET, raw, x)


def gelu_by_polynomial(m: Machine, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """GELU, and erf in it by formula 7.1.26 of Abramowitz and Stegun: 1 - t (a1 + t (...)) exp(-z z)."""
    root = m.mul(x, F(0.70710678))
    z = np.abs(root)
    t = m.div(F(1), m.multiply_add(z, F(0.3275911), F(1)))
    total = np.full_like(t, F(1.061405429))
    for a in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        total = m.multiply_add(total, t, F(a))
    f = np.copysign(m.sub(F(1), m.mul(m.mul(total, t), m.exp(-m.mul(z, z)))), x)
    return m.mul(m.mul(F(0.5), x), m.add(F(1), f)), f


def worst(text: str, x: np.ndarray, got: np.ndarray, exp_ulps: int) -> float:
    value = evaluate(parse(text), Bindings(Exact(float32(exp_ulps=exp_ulps)), {}, {}, {"x": x}))
    with np.errstate(invalid="ignore"):
        return float(np.nanmax(np.abs(got - value.v) / value.bound()))  # 0 / 0 where both are exact


def test_erf_by_a_polynomial_is_outside_near_zero_and_no_further_off_in_gelu_than_two_ulps():
    rng = np.random.default_rng(0)
    x = np.concatenate([rng.uniform(-8, 8, 40000), np.linspace(0.01, 0.03, 60000)]).astype(F)
    for fused in (False, True):
        gelu, f = gelu_by_polynomial(Machine(rng, fused=fused, exp_ulps=1), x)
        assert worst("erf(x)", (x * F(0.70710678)).astype(F), f, exp_ulps=16) > 1
        assert worst("gelu(x)", x, gelu, exp_ulps=1) > 1
        assert worst("gelu(x)", x, gelu, exp_ulps=2) < 1


def test_a_sigmoid_made_of_tanh_is_outside_where_it_is_not_declared():
    x = np.linspace(-20, 20, 401).astype(F)
    half = F(0.5) + F(0.5) * np.tanh(F(0.5) * x)
    assert worst("sigmoid(x)", x, half, exp_ulps=16) > 1e4
    assert worst("silu(x)", x, x * half, exp_ulps=16) > 1e4


def test_turns_taken_away_in_float32_are_outside_where_they_are_not_declared():
    x = np.random.default_rng(0).uniform(-1e5, 1e5, 20000).astype(F)
    assert worst("sin(x)", x, np.sin(np.fmod(x, F(2 * np.pi))), exp_ulps=16) > 1e3


def test_the_softplus_of_large_numbers_is_not_themselves_in_float64():
    x = np.linspace(20.5, 28, 50)
    value = evaluate(parse("softplus(x)"), Bindings(Exact(float64()), {}, {}, {"x": x}))
    assert (np.abs(x - value.v) > value.bound()).all()


def numbers(rng, n):
    """Numbers of any size near 1, those that creep among them: what a compensated sum may lose most of."""
    x = rng.uniform(1, 2, (5_000, n)) * 2.0 ** rng.integers(-25, 2, (5_000, n)) * rng.choice([-1, 1], (5_000, n))
    return x.astype(F)


def off_by(terms, got):
    """In units of u times the absolute sum, the largest."""
    wide = terms.astype(np.float64)
    return float(np.max(np.abs(got - wide.sum(1)) / np.abs(wide).sum(1)) * 2**24)


@pytest.mark.parametrize("zeros", [1, 2, 9])
def test_the_compensated_sum_of_two_numbers_is_outside_where_zeros_follow(zeros):
    """Kahan's third step adds what it takes for the loss of the second; that is itself rounded."""
    rng = np.random.default_rng(0)
    two = numbers(rng, 2)
    compensated = Machine(rng).compensated(np.pad(two, [(0, 0), (0, zeros)]))
    assert 1.4 < off_by(two, compensated) <= 1.5
    assert off_by(two, two.sum(1)) <= 1


@pytest.mark.parametrize("n", [3, 4, 40])
def test_a_compensated_sum_is_inside_from_three_numbers_on(n):
    rng = np.random.default_rng(0)
    terms = numbers(rng, n)
    assert off_by(terms, Machine(rng).compensated(terms)) <= 2 * (1 + n * 2.0**-22)
    assert off_by(terms, Machine(rng, "neumaier").total(terms)) <= 1
