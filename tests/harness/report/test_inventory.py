"""The table of an inventory."""

import pytest

from harness.model_files.inventory import Inventory, Line
from harness.report.inventory import SHOWN, ranges, render


@pytest.mark.parametrize(
    ("layers", "text"),
    [((), ""), ((3,), "layer 3"), ((0, 1, 2), "layers 0-2"), ((0, 1, 5, 7, 8), "layers 0-1, 5, 7-8")],
)
def test_ranges(layers, text):
    assert ranges(layers) == text


def test_complete_and_not():
    line = Line("embedding", "token_embd.weight", (), "f32", (64, 256))
    *_, last = render(Inventory("qwen3", 1, [line]))
    assert last.startswith("COMPLETE")
    missing = Line("ffn_norm_weight", "blk.{n}.ffn_norm.weight", (0,), "", (), "missing")
    shown = list(render(Inventory("qwen3", 1, [line, missing], ["blk.0.other.weight"])))
    assert shown[-1] == "INCOMPLETE: 1 roles with problems, 1 tensors that no role stands for."
    assert any("ffn_norm_weight" in text and text.endswith("layer 0  missing") for text in shown)
    assert "  unmapped: blk.0.other.weight" in shown


def test_names_of_a_file_are_one_harmless_line_each():
    names = [
        "blk.0.\x1b[31mRED\x1b]0;title\x07",
        "blk.0.x\n::error file=a::pwned",
        "blk.0.\u202egnp.exe",
        "a\n##[error]b",
    ]
    lines = list(render(Inventory("qwen3", 1, [], names)))
    assert lines[1:5] == [
        r"  unmapped: blk.0.\x1b[31mRED\x1b]0;title\x07",
        "  unmapped: blk.0.x ::error file=a::pwned",
        r"  unmapped: blk.0.\u202egnp.exe",
        "  unmapped: a ## [error]b",
    ]
    assert len(lines) == 6


def test_of_many_names_the_first_are_shown():
    lines = list(render(Inventory("qwen3", 1, [], [f"blk.0.{n}" for n in range(SHOWN + 7)])))
    assert len(lines) == SHOWN + 3 and lines[-2] == "  unmapped: 7 more"
