"""Rows of blocks against the gguf package's dequantiser and float64."""

import numpy as np
import pytest

from impl.blocks import check_arithmetic, dequantise_rows, row_bytes, row_products
from impl.errors import InvalidShape, UnsupportedOperation
from impl.ggml_types import GGML_TYPES, Q4_K, Q6_K

HALVES = {Q4_K: (0, 2), Q6_K: (208,)}
COLS = [1, 255, 256, 257, 512, 700]


@pytest.mark.parametrize("qtype", [Q4_K, Q6_K])
@pytest.mark.parametrize("cols", COLS)
def test_rows_decode_bit_for_bit(truth, qtype, cols):
    data = truth.random_rows(np.random.default_rng(cols), qtype, 7, cols)
    got = dequantise_rows(qtype, data, 7, cols)
    expected = truth.dequantised(qtype, data, 7, cols)
    np.testing.assert_array_equal(got.view(np.uint32), expected.view(np.uint32))


@pytest.mark.parametrize("qtype", [Q4_K, Q6_K])
@pytest.mark.parametrize("cols", COLS)
def test_float32_products_meet_float64(truth, qtype, cols):
    rng = np.random.default_rng(cols)
    data = truth.random_rows(rng, qtype, 9, cols)
    x = rng.standard_normal(cols).astype(np.float32)
    out = np.empty(9, np.float32)
    row_products(qtype, data, x, out, "f32")
    weights = truth.dequantised(qtype, data, 9, cols).astype(np.float64)
    # What any order of summation may do (Higham, ch. 3): 2 n terms of three factors, minima being terms, too.
    terms = np.zeros(9)
    for at in HALVES[qtype]:
        part = data.reshape(-1, GGML_TYPES[qtype].block_bytes).copy()
        for other in HALVES[qtype]:
            if other != at:
                part[:, other : other + 2] = 0
        terms += np.abs(truth.dequantised(qtype, part, 9, cols).astype(np.float64)) @ np.abs(x)
    if qtype == Q6_K:  # a kernel may take the offset of 32 off as a sum of its own: q and 32 are two terms
        offset = data.reshape(-1, 210).copy()
        offset[:, :192] = 0
        offsets = truth.dequantised(qtype, offset.reshape(-1), 9, cols).astype(np.float64)
        terms = (np.abs(weights - offsets) + np.abs(offsets)) @ np.abs(x)
    assert np.all(np.abs(out - weights @ x) <= 2**-24 * (2 * cols + 2) * terms)
    assert truth.relative_l2(out, weights @ x) < 2e-6


@pytest.mark.parametrize("qtype", [Q4_K, Q6_K])
@pytest.mark.parametrize("cols", COLS)
def test_q8_k_products_are_those_of_the_rounded_activations(truth, qtype, cols):
    rng = np.random.default_rng(cols)
    data = truth.random_rows(rng, qtype, 9, cols)
    x = rng.standard_normal(cols).astype(np.float32)
    out = np.empty(9, np.float32)
    row_products(qtype, data, x, out, "q8_k")
    rounded = np.zeros(-(-cols // 256) * 256)
    rounded[:cols] = x
    for block in rounded.reshape(-1, 256):
        scale = np.float32(np.abs(block).max()) / np.float32(127)
        quotient = (block.astype(np.float32) / scale).astype(np.float64)
        block[:] = np.sign(quotient) * np.floor(np.abs(quotient) + 0.5) * np.float64(scale)
    weights = truth.dequantised(qtype, data, 9, cols).astype(np.float64)
    assert truth.relative_l2(out, weights @ rounded[:cols]) < 2e-6


@pytest.mark.parametrize("arithmetic", ["f32", "q8_k"])
@pytest.mark.parametrize("qtype", [Q4_K, Q6_K])
def test_what_pads_a_row_does_not_matter(truth, qtype, arithmetic):
    rng = np.random.default_rng(5)
    data = truth.random_rows(rng, qtype, 4, 257)
    x = rng.standard_normal(257).astype(np.float32)
    out, changed_out = np.empty((2, 4), np.float32)
    changed = data.copy().reshape(4, 2, -1)
    if qtype == Q4_K:
        changed[:, 1, 17:48] ^= 0xFF  # every value of the second block's first 64 but the first and the 33rd
        changed[:, 1, 48:] ^= 0xFF
    else:
        changed[:, 1, 1:32] ^= 0xFF
        changed[:, 1, 64:128] ^= 0xFF
        changed[:, 1, 129:192] ^= 0xFF
    row_products(qtype, data, x, out, arithmetic)
    row_products(qtype, changed.reshape(-1), x, changed_out, arithmetic)
    np.testing.assert_array_equal(out.view(np.uint32), changed_out.view(np.uint32))


@pytest.mark.parametrize("arithmetic", ["f32", "q8_k"])
@pytest.mark.parametrize("qtype", [Q4_K, Q6_K])
def test_no_thread_count_changes_a_bit(truth, qtype, arithmetic):
    rng = np.random.default_rng(6)
    rows, cols = 1031, 1024
    data = truth.random_rows(rng, qtype, rows, cols)
    x = rng.standard_normal(cols).astype(np.float32)
    results = []
    for threads in (1, 2, 3, 7):
        out = np.full(rows, np.nan, np.float32)
        row_products(qtype, data, x, out, arithmetic, threads=threads)
        results.append(out.tobytes())
    assert len(set(results)) == 1


@pytest.mark.parametrize("arithmetic", ["f32", "q8_k"])
@pytest.mark.parametrize("qtype", [Q4_K, Q6_K])
def test_a_row_does_not_depend_on_its_neighbours(truth, qtype, arithmetic):
    rng = np.random.default_rng(7)
    data = truth.random_rows(rng, qtype, 5, 300)
    x = rng.standard_normal(300).astype(np.float32)
    together = np.empty(5, np.float32)
    row_products(qtype, data, x, together, arithmetic)
    for row, part in enumerate(data.reshape(5, -1)):
        alone = np.empty(1, np.float32)
        row_products(qtype, part, x, alone, arithmetic)
        assert alone[0] == together[row]


def test_small_integers_are_exact(truth):
    # Scales that are powers of two and small integer activations leave nothing to round in any order.
    rng = np.random.default_rng(8)
    for qtype, halves in ((Q4_K, (0, 2)), (Q6_K, (208,))):
        blocks = truth.random_blocks(rng, qtype, 6)
        for at in halves:
            blocks[:, at : at + 2] = np.frombuffer(np.float16(0.5).tobytes(), np.uint8)
        if qtype == Q6_K:
            blocks[:, 192:208] = rng.integers(0, 8, (6, 16))
        x = rng.integers(-4, 5, 512).astype(np.float32)
        out = np.empty(3, np.float32)
        row_products(qtype, blocks.reshape(-1), x, out, "f32")
        weights = truth.dequantised(qtype, blocks, 3, 512).astype(np.float64)
        np.testing.assert_array_equal(out, weights @ x)


def test_zeros_give_zero_in_both_arithmetics(truth):
    data = truth.random_rows(np.random.default_rng(9), Q4_K, 3, 256)
    for arithmetic in ("f32", "q8_k"):
        out = np.full(3, np.nan, np.float32)
        row_products(Q4_K, data, np.zeros(256, np.float32), out, arithmetic)
        np.testing.assert_array_equal(out, 0)


def test_read_only_bytes_are_welcome(truth):
    data = truth.random_rows(np.random.default_rng(10), Q4_K, 2, 256)
    read_only = np.frombuffer(data.tobytes(), np.uint8)
    a, b = np.empty((2, 2), np.float32)
    x = np.ones(256, np.float32)
    row_products(Q4_K, data, x, a, "f32")
    row_products(Q4_K, read_only, x, b, "f32")
    np.testing.assert_array_equal(a, b)


def test_too_few_bytes_never_reach_a_kernel():
    with pytest.raises(InvalidShape, match="Weight data too small: need 288 bytes, have 287"):
        row_products(Q4_K, np.zeros(287, np.uint8), np.zeros(256, np.float32), np.empty(2, np.float32), "f32")


def test_decoding_wants_exactly_the_bytes():
    for size in (143, 145):
        with pytest.raises(InvalidShape, match=rf"{size} bytes, expected 144 for 1 x 256 values of 12 \(q4_k\)"):
            dequantise_rows(Q4_K, bytes(size), 1, 256)
    with pytest.raises(InvalidShape, match="at least 1 x 1"):
        dequantise_rows(Q4_K, b"", 0, 256)


def test_decoding_an_unsupported_type_is_refused():
    with pytest.raises(UnsupportedOperation, match=r"qtype 2 \(q4_0\) not supported"):
        dequantise_rows(2, bytes(18), 1, 32)


def test_an_unknown_arithmetic_is_refused():
    check_arithmetic("f32")
    with pytest.raises(UnsupportedOperation, match="'f64' is not one of 'f32', 'q8_k'"):
        check_arithmetic("f64")


def test_bytes_of_a_row():
    assert row_bytes(Q6_K, 257) == 420
