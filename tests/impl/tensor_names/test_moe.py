from dataclasses import fields

from impl.descriptors import Qwen3MoeQuantizedLayer
from impl.tensor_names import MOE_ROLES, moe_tensor_name


def test_the_four_names_in_the_order_of_the_lookup():
    assert [moe_tensor_name(field, 47) for field in MOE_ROLES] == [
        "blk.47.ffn_gate_inp.weight",
        "blk.47.ffn_gate_exps.weight",
        "blk.47.ffn_up_exps.weight",
        "blk.47.ffn_down_exps.weight",
    ]


def test_they_are_the_fields_of_a_layer():
    assert list(MOE_ROLES) == [field.name for field in fields(Qwen3MoeQuantizedLayer)]
