"""Block formats of contracts/ against the `gguf` package's own dequantiser, bit for bit."""

from pathlib import Path

import gguf
import numpy as np
import pytest
from gguf.quants import dequantize

from harness.contract.read import read_contract
from harness.language.arithmetic import float32
from harness.language.evaluate import Bindings, decode, evaluate
from harness.language.exact.domain import Exact
from harness.language.formats import BlockFormat
from harness.language.packed import Packed, field, set_field
from harness.language.single import Single
from harness.language.syntax import parse
from harness.program.check import check

CONTRACT = Path(__file__).parents[3] / "contracts" / "ggml-blocks-v2.yaml"
FORMATS = check(read_contract(CONTRACT), {}).formats
TYPES = {"q4_k": gguf.GGMLQuantizationType.Q4_K, "q6_k": gguf.GGMLQuantizationType.Q6_K}
SCALES = {"q4_k": (0, 2), "q6_k": (208,)}  # where ggml keeps its f16 scales


def blocks(name: str, rows: int, columns: int, seed: int = 0) -> np.ndarray:
    """Random bytes; block scales are finite, of every sign and exponent that leaves float32 normal."""
    rng = np.random.default_rng(seed)
    per_row = -(-columns // 256)
    raw = rng.integers(0, 256, (rows, per_row, gguf.GGML_QUANT_SIZES[TYPES[name]][1]), np.uint8)
    for at in SCALES[name]:
        scales = rng.standard_normal((rows, per_row, 1)) * 2.0 ** rng.integers(-20, 12, (rows, per_row, 1))
        raw[..., at : at + 2] = scales.astype("<f2").view(np.uint8)
    return raw


def packed(name: str, rows: int, columns: int, seed: int = 0) -> Packed:
    raw = blocks(name, rows, columns, seed)
    return Packed.of(FORMATS[name], (rows, columns), raw.tobytes())


def by_gguf(name: str, tensor: Packed) -> np.ndarray:
    rows = tensor.raw.reshape(tensor.raw.shape[0], -1)
    return dequantize(rows, TYPES[name])[:, : tensor.shape[-1]]


def test_the_formats_are_those_tested_here():
    assert set(FORMATS) == set(TYPES)
    for name, format_ in FORMATS.items():
        assert (format_.values, format_.size) == gguf.GGML_QUANT_SIZES[TYPES[name]]


@pytest.mark.parametrize("name", TYPES)
@pytest.mark.parametrize("columns", [1, 255, 256, 257, 512])
def test_single_decodes_the_bits_of_gguf(name, columns):
    tensor = packed(name, 40, columns, columns)
    ours, theirs = decode(tensor, Single()), by_gguf(name, tensor)
    assert ours.dtype == np.float32
    zero = np.float32(0)  # added, it makes every zero +0: which factor of a zero was negative is not in the contract
    np.testing.assert_array_equal((ours + zero).view(np.uint32), (theirs + zero).view(np.uint32))


@pytest.mark.parametrize("name", TYPES)
def test_exact_is_what_gguf_rounds(name):
    tensor = packed(name, 40, 257, 5)
    value, theirs = decode(tensor, Exact(float32())), by_gguf(name, tensor)
    assert value.exact
    assert (np.abs(value.v - theirs) <= value.bound()).all()
    # d * sc * q and dmin * m are exact in float32, so one rounding, of their difference, is all there is.
    np.testing.assert_array_equal(value.v.astype(np.float32), theirs)


@pytest.mark.parametrize("name", TYPES)
def test_every_byte_matters(name):
    """A format that left out a byte of its block would decode two different blocks alike."""
    raw = blocks(name, 1, 256)
    first = by_gguf(name, Packed.of(FORMATS[name], (1, 256), raw.tobytes()))
    for at in range(raw.shape[-1]):
        changed = raw.copy()
        changed[..., at] ^= 0x11 if at not in {edge + 1 for edge in SCALES[name]} else 0x01
        tensor = Packed.of(FORMATS[name], (1, 256), changed.tobytes())
        ours = decode(tensor, Single())
        assert (ours != first).any(), at
        np.testing.assert_array_equal(ours, by_gguf(name, tensor))


@pytest.mark.parametrize("index, shape", [("[0]", (2, 300)), ("[i]", (2, 2, 300)), ("[-1, 1]", (300,))])
def test_leading_axes_are_indexed_before_decoding(index, shape):
    raw = blocks("q4_k", 6, 300).tobytes()
    tensor = Packed.of(FORMATS["q4_k"], (3, 2, 300), raw)
    bindings = Bindings(Single(), {}, {}, {"t": tensor, "i": np.array([2, 0])})
    taken = evaluate(parse(f"t{index}"), bindings)
    assert taken.shape == shape
    whole = decode(tensor, Single())
    expected = eval(f"whole{index}", {"whole": whole, "i": np.array([2, 0])})
    np.testing.assert_array_equal(decode(taken, Single()), expected)


@pytest.mark.parametrize("domain", [Single(), Exact(float32())], ids=["single", "exact"])
def test_a_product_reads_the_decoded_rows(domain):
    tensor, x = packed("q6_k", 4, 257), np.random.default_rng(2).standard_normal(257).astype(np.float32)
    value = evaluate(parse("t @ x"), Bindings(domain, {}, {}, {"t": tensor, "x": x}))
    expected = by_gguf("q6_k", tensor).astype(np.float64) @ x
    error = 1e-9 if isinstance(domain, Exact) else 1e-4
    np.testing.assert_allclose(getattr(value, "v", value), expected, rtol=error, atol=error * np.abs(expected).max())


@pytest.mark.parametrize("name", TYPES)
def test_scaled_by_a_power_of_two_scales_the_weights(name):
    tensor = packed(name, 3, 256)
    np.testing.assert_array_equal(decode(tensor.scaled(4), Single()), 4 * decode(tensor, Single()))
    assert tensor.scaled(4).raw is not tensor.raw


@pytest.mark.parametrize("name, at", [(name, at) for name in TYPES for at in SCALES[name]])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_scale_that_is_not_finite_touches_its_own_block_alone(name, at, value):
    raw = blocks(name, 1, 512)
    raw[..., 0, at : at + 2] = np.array([value], "<f2").view(np.uint8)
    weights = decode(Packed.of(FORMATS[name], (1, 512), raw.tobytes()), Exact(float32()))
    assert not np.isfinite(weights.v[0, :256]).all() and np.isfinite(weights.v[0, 256:]).all()
    assert np.isinf(weights.bound()[0, :256]).all() and np.isfinite(weights.bound()[0, 256:]).all()


@pytest.mark.parametrize("name, at", [(name, at) for name in TYPES for at in SCALES[name]])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_block_whose_scale_is_not_finite_has_no_value(name, at, value):
    raw = blocks(name, 1, 256)
    raw[..., at : at + 2] = np.array([value], "<f2").view(np.uint8)
    assert np.isnan(decode(Packed.of(FORMATS[name], (1, 256), raw.tobytes()), Single())).all()


EIGHT = BlockFormat("eight", 4, 8, {"d": ("f8_e8m0fnu", 0, 2), "m": ("f16", 2, 6), "q": ("i4", 6, 8)}, {}, "w", ("d",))


def test_one_number_for_a_block_stands_for_all_of_a_field():
    raw = np.zeros((3, EIGHT.size), np.uint8)
    set_field(EIGHT, raw, "m", np.array([1.0, 0.5, -2.0]))
    assert field(EIGHT, raw, "m").tolist() == [[1.0, 1.0], [0.5, 0.5], [-2.0, -2.0]]
    set_field(EIGHT, raw, "q", np.array([[1, -8, 7, 0]] * 3))
    assert raw[0].tolist() == [0, 0, 0, 0x3C, 0, 0x3C, 0x81, 0x07]


def test_scales_that_are_powers_of_two_are_scaled():
    raw = np.full((1, 1, EIGHT.size), 127, np.uint8)
    assert field(EIGHT, Packed(EIGHT, (1, 4), raw).scaled(4).raw, "d").astype(float).tolist() == [[[4.0, 4.0]]]


def test_what_a_subject_gets():
    tensor = packed("q4_k", 2, 256)
    assert tensor.for_subject() == ("q4_k", (2, 256), tensor.raw.tobytes())
    assert tensor.relabelled("q5_k").for_subject()[0] == "q5_k"
    assert tensor.nbytes == 2 * 144


@pytest.mark.parametrize("name", TYPES)
def test_a_part_is_decoded_as_part_of_the_whole_and_once(name):
    flat = packed(name, 12, 257)
    tensor = Packed(flat.format, (4, 3, 257), flat.raw.reshape(4, 3, *flat.raw.shape[1:]))
    whole = by_gguf(name, flat).reshape(4, 3, 257)
    for index in ((np.array([3, 1]),), (np.array([1, 3]),), (2,), (slice(1, 3),), (0, slice(0, 2)), (None, 1)):
        taken = tensor.take(index)
        assert tensor.take(index) is taken
        np.testing.assert_array_equal(decode(taken, Single()), whole[index])
        assert decode(tensor.take(index), Exact(float32())) is decode(taken, Exact(float32()))


def test_a_part_that_is_large_is_not_kept(monkeypatch):
    tensor = packed("q4_k", 12, 257)
    monkeypatch.setattr("harness.language.packed.KEPT", tensor.nbytes // 2)
    assert tensor.take((slice(0, 12),)) is not tensor.take((slice(0, 12),))
    small = tensor.take((slice(0, 6),))
    assert tensor.take((slice(0, 6),)) is small
    tensor.forget()
    assert tensor.take((slice(0, 6),)) is not small


@pytest.mark.parametrize("shape", [(0, 256), (2, 0)])
def test_a_tensor_without_blocks_has_no_weights(shape):
    empty = Packed.of(FORMATS["q4_k"], shape, b"")
    assert decode(empty, Exact(float32())).shape == decode(empty, Single()).shape == shape
