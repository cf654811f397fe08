"""Hugging Face's block survives the contracts that it claims, and says what it does not take on.

It needs torch and transformers: `tox run -e peers`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from harness.program.collection import load
from harness.search.engine import Search
from harness.search.outcome import FALSIFIED, SURVIVED
from harness.subjects.declines import declined, declines_of
from harness.subjects.subject import load_subject

pytestmark = pytest.mark.peers

CONTRACTS = Path(__file__).parents[2] / "contracts"
CASES = 200
CLAIMED = ("moe-router", "expert-swiglu", "qwen3-moe-ffn")


@cache
def programs():
    return {program.id: program for program in load((str(CONTRACTS),))}


@pytest.fixture(scope="module")
def block():
    return load_subject("tests.peers.huggingface")


def rules():
    """Every falsifier of the claimed contracts."""
    return [
        pytest.param(contract, part.source.id, id=part.source.id)
        for contract in CLAIMED
        for part in programs()[contract].falsifiers
    ]


def outcome_of(block, contract, rule, cases=CASES):
    program = programs()[contract]
    (falsifier,) = (part for part in program.falsifiers if part.source.id == rule)
    return Search(program, falsifier, block, cases).run()


@pytest.mark.parametrize(("contract", "rule"), rules())
def test_every_rule_that_is_not_declined_survives(block, contract, rule):
    program = programs()[contract]
    (falsifier,) = (part for part in program.falsifiers if part.source.id == rule)
    reason = declined(declines_of(block, programs().values()), program, falsifier)
    if reason is None:
        outcome = outcome_of(block, contract, rule)
        assert (outcome.verdict, outcome.reason) == (SURVIVED, "")
    else:
        assert reason[0] in falsifier.source.discharges


def test_most_of_what_it_computes_is_claimed(block):
    declines = declines_of(block, programs().values())
    offered = [
        part.source.id for name in CLAIMED for part in programs()[name].falsifiers
        if declined(declines, programs()[name], part) is None
    ]  # fmt: skip
    assert len(offered) == 22


@pytest.mark.parametrize("rule", ["FALSIFY-MOE-ROUTER-004", "FALSIFY-MOE-ROUTER-005"])
def test_the_order_of_exact_ties_is_declined_for_a_reason(block, rule):
    assert outcome_of(block, "moe-router", rule).verdict == FALSIFIED


def test_a_block_with_a_lost_renormalisation_is_falsified(block, monkeypatch):
    whole = block.module.block.__wrapped__

    def unnormalised(*sizes):
        made = whole(*sizes)
        made.gate.norm_topk_prob = False
        return made

    monkeypatch.setattr(block.module, "block", unnormalised)
    assert outcome_of(block, "moe-router", "FALSIFY-MOE-ROUTER-001").verdict == FALSIFIED
    assert outcome_of(block, "qwen3-moe-ffn", "FALSIFY-QW3-MOE-003").verdict == FALSIFIED


def test_weights_are_decoded_as_gguf_does_and_cut_to_their_row(block):
    data = np.zeros((2, 2, 144), np.uint8)
    data[..., :2] = np.frombuffer(np.float16(1).tobytes(), np.uint8)
    data[..., 4] = 1  # the scale of the first sub-block
    data[..., 16] = 3  # its first value
    decoded = block.module.decoded(("q4_k", (2, 257), data.tobytes()))
    assert decoded.shape == (2, 257) and decoded[:, 0].tolist() == [3, 3] and decoded[:, 256].tolist() == [3, 3]
    assert decoded[:, 1:256].abs().sum() == 0
