"""Forms that are other arithmetic, and what an equation must say for them to be inside."""

import dataclasses

import numpy as np

from harness.language.arithmetic import float32
from harness.language.evaluate import decode
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
