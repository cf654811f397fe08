"""Edits of real block formats: what decodes alike, and what does not."""
# ruff: noqa: E501  (one pair is one line)

from dataclasses import replace

import pytest

from harness.gate.meaning.block import block_diff
from harness.language.arithmetic import float32
from harness.language.syntax import parse

# fmt: off
EDITS = {
    "bits by plus": ("q4_k", "sc", "concat(s[0:4] & 63, (s[8:12] & 15) + ((s[0:4] >> 6) << 4))", "respelled"),
    "bits by product": ("q4_k", "mn", "concat(s[4:8] & 63, (s[8:12] >> 4) + (s[4:8] >> 6) * 16)", "respelled"),
    "six bits, five": ("q4_k", "sc", "concat(s[0:4] & 31, (s[8:12] & 15) | ((s[0:4] >> 6) << 4))", "different"),
    "a shift dropped": ("q4_k", "sc", "concat(s[0:4] & 63, (s[8:12] & 15) | (s[0:4] >> 6))", "different"),
    "scales for minima": ("q4_k", "sc", "concat(s[4:8] & 63, (s[8:12] >> 4) | ((s[4:8] >> 6) << 4))", "different"),
    "the last sub-blocks alone": ("q4_k", "mn", "concat(s[4:8] & 63, (s[8:11] >> 4) | ((s[4:7] >> 6) << 4), s[11:12] >> 4)", "different"),
    "nibbles by remainder": ("q4_k", "q", "reshape(stack(nibbles % 16, nibbles // 16, axis=-2), 8, 32)", "respelled"),
    "nibbles swapped": ("q4_k", "q", "reshape(stack(nibbles >> 4, nibbles & 15, axis=-2), 8, 32)", "different"),
    "both halves of six bits": ("q6_k", "q", "reshape(nibbles + pairs * 16, 16, 16)", "respelled"),
    "pairs out of order": ("q6_k", "pairs", "concat(high & 3, (high >> 4) & 3, (high >> 2) & 3, high >> 6, axis=-2)", "different"),
    "minimum added": ("q4_k", "w", "d * sc[..., None] * q + dmin * mn[..., None]", "different"),
    "minimum forgotten": ("q4_k", "w", "d * sc[..., None] * q", "different"),
    "terms in another order": ("q4_k", "w", "-(dmin * mn[..., None]) + d * sc[..., None] * q", "respelled"),
    # q - 32 is an exact integer: one term instead of two
    "the offset folded in": ("q6_k", "w", "d * sc[..., None] * (q - 32)", "tightened"),
    "the offset of four bits": ("q6_k", "w", "d * sc[..., None] * q - d * sc[..., None] * 8", "different"),
    "the same": ("q6_k", "w", "d * sc[..., None] * q - d * sc[..., None] * 32", "same"),
}
# fmt: on


@pytest.mark.parametrize("name", EDITS)
def test_relation_is_that_of_the_bytes(real, name):
    format_, step, text, relation = EDITS[name]
    old = real("ggml-blocks").formats[format_]
    new = replace(old, equations={**old.equations, step: parse(text)})
    found = block_diff(old, new, step, float32())
    assert found.relation == relation, found
    assert (found.n > 0) == (relation != "same")
    if relation in ("respelled", "different") and step != "w":
        assert "bytes" in found.why  # on all values, not on some


def test_offset_folded_out_again_admits_more(real):
    old = real("ggml-blocks").formats["q6_k"]
    folded = replace(old, equations={**old.equations, "w": parse("d * sc[..., None] * (q - 32)")})
    assert block_diff(folded, old, "w", float32()).relation == "loosened"


def test_two_changes_that_make_up_for_each_other(real):
    old = real("ggml-blocks").formats["q4_k"]
    both = {
        "nibbles": parse("reshape(qs, 4, 32) ^ 0"),
        "q": parse("reshape(stack(nibbles & 15, nibbles >> 4, axis=-2), 8, 32)"),
    }
    new = replace(old, equations={**old.equations, **both})
    assert block_diff(old, new, "nibbles", float32()).relation == "respelled"
    turned = {"nibbles": parse("~reshape(qs, 4, 32)"),
              "q": parse("reshape(stack(~nibbles & 15, ~nibbles >> 4, axis=-2), 8, 32)")}  # fmt: skip
    new = replace(old, equations={**old.equations, **turned})
    for step in turned:
        assert block_diff(old, new, step, float32()).relation == "respelled", step
