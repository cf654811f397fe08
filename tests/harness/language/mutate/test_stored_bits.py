"""Fields of blocks read wrongly: what the mutants give against blocks that are taken apart by hand."""

import ml_dtypes
import numpy as np
import pytest

from harness.language.arithmetic import float32
from harness.language.evaluate import decode
from harness.language.formats import BlockFormat
from harness.language.mutate.domains import FaultyExact, FaultySingle
from harness.language.mutate.number_formats import NumberFormats
from harness.language.mutate.plan import mutants_of_format
from harness.language.packed import Packed
from harness.language.syntax import parse

FIELDS = {"e": ("f8_e8m0fnu", 0, 1), "q": ("f4_e2m1fn", 1, 3)}
FORMAT = BlockFormat("mx4", 4, 3, FIELDS, {"w": parse("e * q")}, "w", ("e",))
FORMATS = NumberFormats(fields={"e": "f8_e8m0fnu", "q": "f4_e2m1fn"}, scales=("e",))
RAW = bytes([127, 0x21, 0x43, 130, 0x65, 0x87])  # scales 1 and 8; the low nibble of a byte is the first weight
TABLE = np.array([0, 0.5, 1, 1.5, 2, 3, 4, 6, -0.0])


@pytest.fixture(scope="module")
def mutants():
    return {mutant.id.removeprefix("mx4.w:"): mutant for mutant in mutants_of_format(FORMAT, FORMATS)}


@pytest.mark.parametrize(("edit", "nibbles", "scales"), [
    ("swapped-nibbles@1", [2, 1, 4, 3, 6, 5, 8, 7], (1, 8)),
    ("low-nibbles-first@1", [1, 3, 2, 4, 5, 7, 6, 8], (1, 8)),
    ("bias-one-less@1", [1, 2, 3, 4, 5, 6, 7, 8], (2, 16)),
    ("bias-one-more@1", [1, 2, 3, 4, 5, 6, 7, 8], (0.5, 4)),
    ("next-block@1", [1, 2, 3, 4, 5, 6, 7, 8], (8, 1)),
])  # fmt: skip
def test_decoded_by_hand(mutants, edit, nibbles, scales):
    made = BlockFormat("mx4", 4, 3, FORMAT.fields, {"w": mutants[edit].node}, "w", ("e",))
    expected = (TABLE[nibbles].reshape(2, 4) * np.array(scales)[:, None]).reshape(1, 8)
    for domain in (FaultySingle(), FaultyExact(float32())):
        weights = decode(Packed.of(made, (1, 8), RAW), domain)
        assert np.array_equal(getattr(weights, "v", weights), expected)
    right = decode(Packed.of(FORMAT, (1, 8), RAW), FaultySingle())
    assert not np.array_equal(right, expected)


def test_fields_of_other_types_are_left_alone():
    format_ = BlockFormat("q8", 4, 6, {"d": ("f16", 0, 2), "q": ("i8", 2, 6)}, {"w": parse("d * q")}, "w", ("d",))
    fields = {"d": "f16", "q": "i8"}
    edits = {mutant.id.split(":")[1] for mutant in mutants_of_format(format_, NumberFormats(fields=fields))}
    assert not [edit for edit in edits if edit.startswith(("bias", "swapped", "low", "next"))]
    edits = {mutant.id for mutant in mutants_of_format(format_, NumberFormats(fields=fields, scales=("d",)))}
    assert "q8.w:next-block@1" in edits  # in a contract with narrow formats


def test_inputs_in_eight_bits(edits):
    formats = NumberFormats(mixed=True, inputs={"x": ("f8_e4m3fn",), "y": ("bf16",)})
    found = edits("x * y", formats)
    assert found["bias-one-less"] == ["(x * 2) * y"] and found["bias-one-more"] == ["(x / 2) * y"]
    e4m3, other = (np.arange(1, 127, dtype=np.uint8).view(kind).astype(np.float64)
                   for kind in (ml_dtypes.float8_e4m3fn, ml_dtypes.float8_e4m3fnuz))  # fmt: skip
    assert np.array_equal(other, e4m3 / 2)  # which is what reading the bits of the one as the other gives


def test_an_entry_for_each_block(edits):
    formats = NumberFormats(mixed=True)
    assert edits("m * m[:, 0][:, None]", formats)["next-block"] == ["m * faulty.rolled(m[:, 0], axis=-1)[:, None]"]
    first, _ = edits("m[..., None] * m[..., None]", formats)["next-block"]
    assert first == "faulty.rolled(m, axis=-1)[..., None] * m[..., None]"
    assert "next-block" not in edits("sum(x)[..., None] * x", formats)  # a single number has no next one
    assert "next-block" not in edits("m * m[:, 0][:, None]")
