"""The inventory of a real file, and of copies of it with one descriptor changed."""

from pathlib import Path

import pytest

from harness.findings import HandledError
from harness.model_files.gguf import ModelFile
from harness.model_files.inventory import take_inventory
from harness.program.collection import load

ROOT = Path(__file__).resolve().parents[3]
PEER = ROOT / "tests/data/peers/tiny_qwen3moe.gguf"


@pytest.fixture(scope="module")
def programs():
    return load((str(ROOT / "contracts"),))


def copy_with(tmp_path, old: bytes, new: bytes) -> ModelFile:
    data = PEER.read_bytes()
    assert data.count(old) == 1 and len(old) == len(new)
    path = tmp_path / "changed.gguf"
    path.write_bytes(data.replace(old, new))
    return ModelFile(path)


def test_the_peers_model_is_complete(programs):
    inventory = take_inventory(ModelFile(PEER), programs)
    assert (inventory.architecture, inventory.layers, inventory.complete) == ("qwen3_moe", 2, True)
    gates = [line for line in inventory.lines if line.role == "ffn_gate_exps_weight"]
    assert [(line.layers, line.dtype, line.shape) for line in gates] == [
        ((0,), "q4_k", (8, 256, 256)), ((1,), "q6_k", (8, 256, 256)),
    ]  # fmt: skip


def test_a_missing_norm_of_queries_is_seen_and_what_took_its_name_is_left_over(programs, tmp_path):
    inventory = take_inventory(copy_with(tmp_path, b"blk.1.attn_q_norm.weight", b"blk.1.attn_q_nerm.weight"), programs)
    missing = [(line.role, line.layers) for line in inventory.lines if line.problem == "missing"]
    assert missing == [("attn_q_norm_weight", (1,))]
    assert inventory.unmapped == ["blk.1.attn_q_nerm.weight"]
    assert not inventory.complete


def test_a_shape_that_the_metadata_does_not_bear_out(programs, tmp_path):
    key = b"qwen3moe.expert_count" + (4).to_bytes(4, "little")
    inventory = take_inventory(
        copy_with(tmp_path, key + (8).to_bytes(4, "little"), key + (7).to_bytes(4, "little")), programs
    )
    wrong = {line.role: line.problem for line in inventory.lines if line.problem}
    assert set(wrong) == {f"ffn_{part}_weight" for part in ("gate_inp", "gate_exps", "up_exps", "down_exps")}
    assert wrong["ffn_gate_inp_weight"] == "shape [8, 256], expected [experts, hidden] = [7, 256]"


def test_without_the_contract_of_names_there_is_nothing_to_hold_it_against():
    with pytest.raises(HandledError, match="no contract 'tensor-names'"):
        take_inventory(ModelFile(PEER), load((str(ROOT / "contracts/moe-router-v2.yaml"),)))


@pytest.mark.parametrize("layers", [10_001, 2**31 - 1])
def test_a_damaged_number_of_layers_is_not_counted_up_to(programs, tmp_path, layers):
    key = b"qwen3moe.block_count" + (4).to_bytes(4, "little")
    file = copy_with(tmp_path, key + (2).to_bytes(4, "little"), key + layers.to_bytes(4, "little"))
    with pytest.raises(HandledError, match=f"block_count is {layers}, expected at most 10000"):
        take_inventory(file, programs)


def test_an_architecture_that_is_missing_or_unknown_is_told_so(programs, tmp_path):
    key = b"general.architecture"
    with pytest.raises(HandledError, match=r"no general\.architecture, expected one of the table"):
        take_inventory(copy_with(tmp_path, key, b"general.architectura"), programs)
    file = ModelFile(PEER)
    file.metadata["general.architecture"] = "\x1b[31m" + 60_000 * "x"
    with pytest.raises(HandledError, match=r"architecture '\\x1b\[31mx") as refused:
        take_inventory(file, programs)
    assert len(str(refused.value)) < 400
