"""Fields of one weight, against the layouts as ggml's own sources read them, written out here by hand."""

import ml_dtypes
import numpy as np
import pytest

from harness.language.formats import BlockFormat
from harness.language.packed import Packed
from harness.language.syntax import parse
from harness.program.collection import load
from harness.search.block_parts import block_parts, dependence


@pytest.fixture(scope="module")
def formats():
    (program,) = load(("contracts/ggml-blocks-v2.yaml",))
    return program.formats


def block_of(format_, seed=3):
    raw = np.random.default_rng(seed).integers(0, 256, (2, 2, format_.size), np.uint8)
    for start in {"q4_k": (0, 2), "q6_k": (208,)}[format_.name]:  # a scale that is finite
        raw[..., start : start + 2] = np.frombuffer(np.float16(0.5).tobytes(), np.uint8)
    return Packed(format_, (2, 2 * format_.values), raw), raw[1, 1]


def told(packed, element):
    return {part["name"]: float(part["value"]) for part in block_parts(packed, element)}


@pytest.mark.parametrize("place", [0, 31, 32, 63, 64, 127, 128, 200, 255])
def test_q4_k(formats, place):
    packed, raw = block_of(formats["q4_k"])
    parts = told(packed, (1, 256 + place))
    j, scales = place // 32, raw[4:16].astype(int)
    if j < 4:  # get_scale_min_k4
        scale, least = scales[j] & 63, scales[j + 4] & 63
    else:
        scale = scales[j + 4] & 15 | scales[j - 4] >> 6 << 4
        least = scales[j + 4] >> 4 | scales[j] >> 6 << 4
    byte = 32 * (place // 64) + place % 32
    nibble = raw[16 + byte] >> 4 if place % 64 >= 32 else raw[16 + byte] & 15
    assert (parts["d"], parts["dmin"]) == (0.5, 0.5)
    assert (parts[f"sc[{j}]"], parts[f"mn[{j}]"]) == (scale, least)
    assert (parts[f"qs[{byte}]"], parts[f"q[{j}, {place % 32}]"]) == (raw[16 + byte], nibble)
    assert parts[f"w[{place}]"] == 0.5 * scale * nibble - 0.5 * least
    touched = {name for name in parts if name.startswith("s[")}
    assert touched == ({f"s[{j}]", f"s[{j + 4}]"} if j < 4 else {f"s[{j - 4}]", f"s[{j}]", f"s[{j + 4}]"})


def test_numbers_of_eight_and_four_bits():
    """A NaN, which half of the random blocks would have, differs from itself: every entry would seem to matter."""
    float8 = BlockFormat("float8", 64, 65, {"d": ("f8_e8m0fnu", 0, 1), "q": ("f8_e4m3fn", 1, 65)},
                         {"w": parse("d * q")}, "w", ("d",))  # fmt: skip
    assert all(dependence(float8, place) == {"d": [()], "q": [(place,)]} for place in range(64))
    raw = np.zeros((1, 1, 65), np.uint8)
    raw[0, 0, :2] = 128, np.array(0.15625, ml_dtypes.float8_e4m3fn).view(np.uint8)
    assert told(Packed(float8, (1, 64), raw), (0, 0)) == {"d": 2, "q[0]": 0.15625, "w[0]": 0.3125}
    halves = BlockFormat("halves", 8, 6, {"d": ("f16", 0, 2), "q": ("i4", 2, 6)}, {"w": parse("d * q")}, "w", ("d",))
    raw = np.frombuffer(np.float16(0.5).tobytes() + bytes([0x1F, 0, 0, 0x80]), np.uint8).reshape(1, 1, 6)
    assert told(Packed(halves, (1, 8), raw), (0, 0)) == {"d": 0.5, "q[0]": -1, "w[0]": -0.5}
    assert told(Packed(halves, (1, 8), raw), (0, 7)) == {"d": 0.5, "q[7]": -8, "w[7]": -4}


@pytest.mark.parametrize("place", [0, 33, 64, 100, 128, 161, 255])
def test_q6_k(formats, place):
    packed, raw = block_of(formats["q6_k"])
    parts = told(packed, (1, 256 + place))
    half, within = divmod(place, 128)
    quarter, lane = divmod(within, 32)
    low = raw[64 * half + 32 * (quarter % 2) + lane] >> (4 if quarter >= 2 else 0) & 15
    high = raw[128 + 32 * half + lane] >> 2 * quarter & 3
    scale = int(raw[192 + place // 16].astype(np.int8))
    q = int(low) | int(high) << 4
    assert parts["d"] == 0.5 and parts[f"sc[{place // 16}]"] == scale
    assert parts[f"w[{place}]"] == 0.5 * scale * (q - 32)
    assert f"ql[{64 * half + 32 * (quarter % 2) + lane}]" in parts and f"qh[{32 * half + lane}]" in parts


def test_a_format_of_a_contract_that_nobody_foresaw(tiny, make_case):
    packed = make_case([1] * 6, [[1, 2, 3, 4, 5, 6]]).inputs["m"]
    assert block_parts(packed, (0, 5)) == [
        {"name": "d", "value": "1"}, {"name": "q[1]", "value": "6"}, {"name": "w[1]", "value": "6"},
    ]  # fmt: skip
    assert dependence(tiny.formats["q8"], 2) == {"d": [()], "q": [(2,)]}


def test_what_every_block_has_is_no_part_of_a_weight():
    """A codebook: the entry that was taken follows from the code that is shown."""
    equations = {"codebook": parse("stack(5, 6, 7, 8)"), "code": parse("q & 3"), "w": parse("d * codebook[code]")}
    format_ = BlockFormat("codes", 4, 6, {"d": ("f16", 0, 2), "q": ("u8", 2, 6)}, equations, "w", ("d",))
    packed = Packed(format_, (1, 4), np.array([[[0, 0x40, 1, 2, 7, 0]]], np.uint8))
    parts = [(part["name"], part["value"]) for part in block_parts(packed, (0, 2))]
    assert parts == [("d", "2"), ("q[2]", "7"), ("code[2]", "3"), ("w[2]", "16")]
