from impl.tensor_names import ARCHITECTURE_ALIASES, MOE_TENSORS, moe_tensor_name


def test_the_four_names_in_the_order_of_the_lookup():
    assert [moe_tensor_name(role, 47) for role in MOE_TENSORS] == [
        "blk.47.ffn_gate_inp.weight",
        "blk.47.ffn_gate_exps.weight",
        "blk.47.ffn_up_exps.weight",
        "blk.47.ffn_down_exps.weight",
    ]


def test_both_spellings_of_the_architecture():
    assert ARCHITECTURE_ALIASES == {"qwen3moe": "qwen3_moe", "qwen3_moe": "qwen3_moe"}
