"""One digest for one meaning, whatever the YAML looks like."""

from pathlib import Path

import pytest

from harness.contract.digest import canonical_json, digest
from harness.contract.read import contract_of
from harness.contract.spans import loads

TEXT = (Path(__file__).with_name("good") / "moe-router-v1.yaml").read_text(encoding="utf-8")


def of(old="", new=""):
    assert old in TEXT
    return digest(contract_of(loads(TEXT.replace(old, new, 1), "c.yaml")))


def test_form():
    assert len(of()) == 64
    assert canonical_json(contract_of(loads(TEXT, "c.yaml"))).startswith(
        '{"arithmetic":{"accumulator":"f32","adder":{"bits":24,'
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# real arithmetic", "# anything else"),
        ("{min: 1, max: 96}", "{max: 96, 'min': 1}"),
        ("max: 0x10", "max: 16"),
        ("max: 0.25", "max: 2.5e-1"),
        ("  id: moe-router\n  version: 1.2.0\n", "  version: '1.2.0'\n  id: moe-router\n"),
        ("references: [", "references:\n    ["),
        ("title: Routing of one token", 'title: "Routing of\n    one\\x20token'),
        ("reference.\n", "reference.\n\n"),
    ],
)
def test_spelling_does_not_matter(old, new):
    if new.startswith("title"):
        new = new + ' to the experts of a Qwen3-MoE layer"'
        old = old + " to the experts of a Qwen3-MoE layer"
    assert of(old, new) == of()


def test_block_scalars_do_not_matter():
    text = "Routing of one token to the experts of a Qwen3-MoE layer"
    assert of(f"title: {text}", f"title: >\n    {text}") == of()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("max: 96", "max: 97"),
        ("note: One token.", "note: One tokens."),
        (
            "  logits:  router @ x\n  probs:   softmax(logits)\n",
            "  probs:   softmax(logits)\n  logits:  router @ x\n",
        ),
        (
            "{experts: {equation: chosen, optional: true}, weights: {equation: weights, dtype: f32}}",
            "{weights: weights, experts: chosen}",
        ),
        ('mode: [plain, "2"]', "mode: [plain, 2]"),
        ("discharges: [ROUTER-TIES]", "discharges: [ROUTER-TIES, ROUTER-WEIGHTS]"),
    ],
)
def test_meaning_matters(old, new):
    assert of(old, new) != of()
