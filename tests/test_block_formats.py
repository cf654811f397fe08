"""The block formats of examples/ against decoders that share nothing with them, bit for bit.

Most are the gguf package's. It has none for Q8_1 and Q8_K, and takes a block of Q8_1 for 40 bytes, as it was while its
two scales were float32; ggml has had 36 since. Those two are read here with `struct`, as ggml-common.h declares them.
gguf gives NVFP4 blocks whose scale is NaN the value 0 (code 0x7F) or 480 (0xFF); here they have none.
"""

from __future__ import annotations

import struct
from functools import cache
from itertools import product
from pathlib import Path

import gguf
import ml_dtypes
import numpy as np
import pytest
from gguf.quants import dequantize

from harness.language.arithmetic import float32
from harness.language.evaluate import Bindings, decode, evaluate
from harness.language.exact.domain import Exact
from harness.language.formats import BlockFormat
from harness.language.packed import Packed, field, set_field
from harness.language.single import Single
from harness.language.syntax import parse
from harness.program.collection import load

EXAMPLES = Path(__file__).parent.parent / "examples"
FAMILIES = ("blocks-of-32", "blocks-of-256", "fp4-blocks")
BY_STRUCT = {"q8_1": "<ee32b", "q8_k": "<f256b16h"}
UNREAD = {"q8_1": range(2, 4), "q8_k": range(260, 292)}  # sums of the weights, for products


@cache
def formats() -> dict[str, BlockFormat]:
    programs = [load((str(EXAMPLES / name / f"{name}-v1.yaml"),))[0] for name in FAMILIES]
    return {name: format_ for program in programs for name, format_ in program.formats.items()}


NAMES = sorted(formats())


def by_another(name: str, raw: np.ndarray) -> np.ndarray:
    """The weights of blocks raw[n, bytes], decoded by code that is not ours."""
    with np.errstate(all="ignore"):
        if name not in BY_STRUCT:
            return dequantize(raw, gguf.GGMLQuantizationType[name.upper()])
        rows = [struct.unpack(BY_STRUCT[name], block.tobytes()) for block in raw]
        first, last = (2, 34) if name == "q8_1" else (1, 257)
        return np.array([[np.float32(row[0]) * np.float32(q) for q in row[first:last]] for row in rows], np.float32)


def blocks(name: str, count: int, seed: int = 0) -> np.ndarray:
    """Random bytes. Scales are finite numbers of every exponent, subnormal ones among them, and of both signs."""
    format_, rng = formats()[name], np.random.default_rng(seed)
    raw = rng.integers(0, 256, (count, format_.size), np.uint8)
    for scale in format_.scales:
        while not (finite := np.isfinite(field(format_, raw, scale)).reshape(count, -1).all(1)).all():
            _, first, last = format_.fields[scale]
            raw[~finite, first:last] = rng.integers(0, 256, (int((~finite).sum()), last - first), np.uint8)
    return raw


def packed(name: str, raw: np.ndarray) -> Packed:
    format_ = formats()[name]
    return Packed(format_, (len(raw), format_.values), raw[:, None])


def bits(weights: np.ndarray) -> np.ndarray:
    """The bits; zero is added, so that every zero is +0: which factor of a zero was negative is in no contract."""
    return (weights.astype(np.float32) + np.float32(0)).view(np.uint32)


def test_sizes_are_those_of_gguf():
    assert len(NAMES) == 16
    for name, format_ in formats().items():
        values, size = gguf.GGML_QUANT_SIZES[gguf.GGMLQuantizationType[name.upper()]]
        assert (format_.values, format_.size) == (values, 36 if name == "q8_1" else size)
    assert all(struct.calcsize(layout) == formats()[name].size for name, layout in BY_STRUCT.items())


@pytest.mark.parametrize("name", NAMES)
def test_both_domains_decode_the_bits_of_another_decoder(name):
    raw = blocks(name, 1000)
    theirs = bits(by_another(name, raw))
    np.testing.assert_array_equal(bits(decode(packed(name, raw), Single())), theirs)
    value = decode(packed(name, raw), Exact(float32()))
    with np.errstate(over="ignore"):  # what lies beyond float32, of scales of eight bits or of float32 itself
        np.testing.assert_array_equal(bits(value.v), theirs)
    assert value.exact


@pytest.mark.parametrize("name", ["q4_0", "q4_1", "q8_0", "iq4_nl"])
def test_every_finite_float16_is_a_scale(name):
    halves = np.arange(65536, dtype=np.uint16).view(np.float16)
    halves = halves[np.isfinite(halves)]
    raw = np.random.default_rng(1).integers(0, 256, (len(halves), formats()[name].size), np.uint8)
    for scale in formats()[name].scales:
        set_field(formats()[name], raw, scale, np.roll(halves, len(scale) * 1234))
    np.testing.assert_array_equal(bits(decode(packed(name, raw), Single())), bits(by_another(name, raw)))


@pytest.mark.parametrize("name, scale, numbers", [
    ("mxfp4", ml_dtypes.float8_e8m0fnu, 1), ("nvfp4", ml_dtypes.float8_e4m3fn, 4),
])  # fmt: skip
def test_four_bit_numbers_with_every_scale(name, scale, numbers):
    """Against ml_dtypes: all scales, all nibbles, each in the low and in the high half of a byte."""
    format_ = formats()[name]
    codes = np.arange(256, dtype=np.uint8)
    scales = codes.view(scale).astype(np.float64)
    raw = np.random.default_rng(2).integers(0, 256, (256, format_.size), np.uint8)
    raw[:, :numbers] = codes[:, None]
    raw[:, numbers : numbers + 16] = np.random.default_rng(3).permuted(np.tile(codes[:16] * 17, (256, 1)), axis=1)
    nibbles = raw[:, numbers:].reshape(256, numbers, -1)
    halves = np.concatenate([nibbles & 15, nibbles >> 4], -1).reshape(256, -1)
    expected = np.abs(scales)[:, None] * halves.view(ml_dtypes.float4_e2m1fn).astype(np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        np.testing.assert_array_equal(decode(packed(name, raw), Exact(float32())).v, expected)


@pytest.mark.parametrize("name", NAMES)
def test_a_weight_depends_on_every_byte_that_is_its_own(name):
    raw = blocks(name, 20, 4)
    first = by_another(name, raw)
    for at in set(range(raw.shape[1])) - set(UNREAD.get(name, ())):
        changed = raw.copy()
        changed[:, at] ^= 0x01
        ours = decode(packed(name, changed), Single())
        finite = np.isfinite(ours).all(1)
        np.testing.assert_array_equal(bits(ours)[finite], bits(by_another(name, changed))[finite])
        assert (first[finite] != ours[finite]).any()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_scale_that_is_not_finite_is_the_matter_of_its_weights_alone(name, value):
    format_ = formats()[name]
    for scale in set(format_.scales) - {"s"}:
        raw = blocks(name, 6, 5).reshape(3, 2, -1)
        good = Packed(format_, (3, 2 * format_.values), raw)
        bad = Packed(format_, good.shape, raw.copy())
        spoiled = field(format_, bad.raw, scale).copy()
        spoiled[1, 1] = value
        set_field(format_, bad.raw, scale, spoiled)
        for domain in (Single(), Exact(float32())):
            weights, expected = (getattr(part, "v", part) for part in (decode(bad, domain), decode(good, domain)))
            assert np.isnan(weights[1, format_.values :]).all()
            weights, expected = weights.reshape(-1, format_.values), expected.reshape(-1, format_.values)
            np.testing.assert_array_equal(np.delete(weights, 3, 0), np.delete(expected, 3, 0))


@pytest.mark.parametrize("name", NAMES)
def test_other_rows_of_a_product_keep_their_bounds(name):
    """A row with NaN has no product. Those of others are bounded as before, but that its NaN all count as terms."""
    format_, rng = formats()[name], np.random.default_rng(6)
    raw = rng.integers(0, 256, (3, 2, format_.size), np.uint8)
    for scale in format_.scales:
        set_field(format_, raw, scale, np.full(field(format_, raw, scale).shape, 0.5))
    good, bad = (Packed(format_, (3, 2 * format_.values), part) for part in (raw, raw.copy()))
    spoiled = field(format_, bad.raw, format_.scales[0]).copy()
    spoiled[1, 0] = np.nan
    set_field(format_, bad.raw, format_.scales[0], spoiled)
    x = rng.standard_normal(2 * format_.values).astype(np.float32)
    given = [{"t": tensor, "x": x} for tensor in (good, bad)]
    first, second = (evaluate(parse("t @ x"), Bindings(Exact(float32()), {}, {}, names)) for names in given)
    np.testing.assert_array_equal(first.v[[0, 2]], second.v[[0, 2]])
    assert np.isfinite(second.bound()).tolist() == [True, False, True]
    terms = np.count_nonzero(decode(good, Single()), axis=1).max()
    assert (second.bound()[[0, 2]] <= first.bound()[[0, 2]] * len(x) / (terms - 1)).all()


def test_other_contracts_use_the_formats(tmp_path):
    text = (EXAMPLES / "fp4-blocks" / "fp4-blocks-v1.yaml").read_text(encoding="utf-8")
    (tmp_path / "fp4-blocks-v1.yaml").write_text(text, encoding="utf-8")
    start, stop = text.index("formats:"), text.index("inputs:")
    other = (text[:start] + text[stop:]).replace(
        "lifecycle: active", 'lifecycle: active\n  depends_on: {fp4-blocks: ">=1,<2"}'
    )
    (tmp_path / "user-v1.yaml").write_text(other.replace("id: fp4-blocks", "id: user"), encoding="utf-8")
    user = next(program for program in load((str(tmp_path),)) if program.contract.metadata.id == "user")
    raw = blocks("nvfp4", 3)
    ours = decode(Packed(user.formats["nvfp4"], (3, 64), raw[:, None]), Single())
    np.testing.assert_array_equal(bits(ours), bits(by_another("nvfp4", raw)))


def test_the_codes_of_four_bits_are_those_of_ocp():
    """From the table of the specification: sign, two bits of exponent with a bias of 1, one bit of mantissa."""
    for sign, exponent, mantissa in product(range(2), range(4), range(2)):
        size = mantissa * 0.5 if exponent == 0 else (1 + mantissa * 0.5) * 2.0 ** (exponent - 1)
        code = np.uint8(sign << 3 | exponent << 1 | mantissa)
        raw = np.full((1, 17), code | code << 4, np.uint8)
        raw[0, 0] = 127
        assert (decode(packed("mxfp4", raw), Single()) == (-1) ** sign * size).all()
