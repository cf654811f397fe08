"""Edits of real block formats: what decodes alike, and what does not."""
# ruff: noqa: E501  (one pair is one line)

from dataclasses import replace

import pytest

from harness.gate.meaning.equations.equation import compare_equation
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


@pytest.fixture
def edited(real):
    """The contract of block formats with some equations of one format replaced."""

    def of(name, **equations):
        whole = real("ggml-blocks")
        format_ = whole.formats[name]
        parsed = {step: parse(text) for step, text in equations.items()}
        changed = replace(format_, equations={**format_.equations, **parsed})
        return replace(whole, formats={**whole.formats, name: changed})

    return of


@pytest.mark.parametrize("name", EDITS)
def test_relation_is_that_of_the_bytes(edited, name):
    format_, step, text, relation = EDITS[name]
    found = compare_equation(edited(format_), edited(format_, **{step: text}), f"{format_}.{step}")
    assert found.relation == relation, found
    assert (found.n > 0) == (relation != "same")
    if relation == "respelled" and step != "w":
        assert "all" in found.why  # on all values, not on some


FOLDED = "d * sc[..., None] * (q - 32)"


def test_offset_folded_out_again_admits_more(edited):
    assert compare_equation(edited("q6_k", w=FOLDED), edited("q6_k"), "q6_k.w").relation == "loosened"


def test_products_may_have_a_larger_bound_although_no_weight_has(edited):
    old, new = edited("q6_k", w="d * (q - 32)"), edited("q6_k", w="d * q - 32 * d")
    found = compare_equation(old, new, "q6_k.w")
    assert found.relation == "loosened" and "the product with a vector" in found.why


def test_two_changes_that_make_up_for_each_other(edited):
    old = edited("q4_k")
    both = {"nibbles": "reshape(qs, 4, 32) ^ 0",
            "q": "reshape(stack(nibbles & 15, nibbles >> 4, axis=-2), 8, 32)"}  # fmt: skip
    assert compare_equation(old, edited("q4_k", **both), "q4_k.nibbles").relation == "respelled"
    turned = {"nibbles": "~reshape(qs, 4, 32)",
              "q": "reshape(stack(~nibbles & 15, ~nibbles >> 4, axis=-2), 8, 32)"}  # fmt: skip
    for step in turned:
        assert compare_equation(old, edited("q4_k", **turned), f"q4_k.{step}").relation == "respelled", step
