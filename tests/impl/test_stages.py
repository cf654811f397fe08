import pytest

from impl.errors import InvalidStage
from impl.layer import LayerStages
from impl.stages import (
    ALIASES,
    DECLARED,
    INTEGER_STAGES,
    MOE_BLOCK,
    MOE_FIELDS,
    PER_EXPERT,
    STAGES,
    check_name,
    is_per_layer,
    parse_names,
    parse_stage_list,
)

ORIGINAL = (
    "embedding, attn_norm, qkv_matmul, qkv_bias, q_post_rope, k_post_rope, attn_scores, attn_softmax, attention, "
    "attn_out, post_attn_residual, ffn_norm, ffn_gate, ffn_up, ffn_silu, ffn_swigl, ffn_out, post_ffn_residual, "
    "moe_router, moe_ffn_out, moe_router_indices, final_norm, lm_head"
)


def test_the_original_stages_in_their_order():
    assert list(DECLARED) == ORIGINAL.split(", ")
    assert len(DECLARED) == 23
    assert list(STAGES) == [*DECLARED, *PER_EXPERT]
    assert len(set(STAGES)) == 27


def test_all_but_two_are_per_layer():
    assert [stage for stage in DECLARED if not is_per_layer(stage)] == ["final_norm", "lm_head"]
    assert all(map(is_per_layer, PER_EXPERT))


def test_the_moe_block_is_in_computation_order():
    fields = list(LayerStages.__slots__)
    order = [fields.index(field) for field in MOE_FIELDS.values()]
    assert order == sorted(order)
    assert set(fields) - set(MOE_FIELDS.values()) == {"logits", "probs"}
    assert list(MOE_BLOCK) == [
        *("ffn_norm", "moe_router_indices", "moe_router"),
        *("moe_expert_gate", "moe_expert_up", "moe_expert_swigl", "moe_expert_out"),
        *("moe_ffn_out", "post_ffn_residual"),
    ]
    assert set(MOE_BLOCK) <= set(STAGES)
    assert set(INTEGER_STAGES) == {"moe_router_indices"}


@pytest.mark.parametrize("text", ["", "   ", "\t\n"])
def test_an_empty_list_is_no_mistake(text):
    assert parse_stage_list(text) == []


@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_parses_in_any_case_and_spacing(stage):
    assert parse_stage_list(stage) == [stage]
    assert parse_stage_list(f"  {stage.upper()}\t,{stage.title()} ") == [stage, stage]


def test_order_and_repetitions_are_kept():
    assert parse_stage_list("lm_head,embedding , lm_head") == ["lm_head", "embedding", "lm_head"]


def test_the_alias():
    assert ALIASES == {"layer_output": "post_ffn_residual"}
    assert parse_stage_list("Layer_Output") == ["post_ffn_residual"]


@pytest.mark.parametrize("text", [",", "embedding,", ",embedding", "embedding,,lm_head", "embedding, ,lm_head"])
def test_an_empty_token_is_a_mistake(text):
    with pytest.raises(InvalidStage, match=r"^save-tensor stage cannot be an empty string$"):
        parse_stage_list(text)


def test_an_unknown_token_is_quoted_as_it_was_typed():
    with pytest.raises(InvalidStage) as caught:
        parse_stage_list("embedding, FFN_Gates ,ffn_up")
    assert str(caught.value) == f'unknown save-tensor stage "FFN_Gates"; valid stages: {",".join(STAGES)}'
    assert ",".join(DECLARED) in str(caught.value)


def test_the_first_bad_token_is_the_one_named():
    with pytest.raises(InvalidStage, match='"one"'):
        parse_stage_list("embedding,one,,two")
    with pytest.raises(InvalidStage, match="empty string"):
        parse_stage_list("embedding,,one")


@pytest.mark.parametrize(
    ("typed", "quoted"),
    [('a"b', r'"a\"b"'), ("a\\b", r'"a\\b"'), ("a\nb", r'"a\nb"'), ("a\x01b", r'"a\u{1}b"'), ("é", '"é"')],
)
def test_quotes_are_those_of_the_original(typed, quoted):
    with pytest.raises(InvalidStage) as caught:
        parse_stage_list(typed)
    assert str(caught.value).startswith(f"unknown save-tensor stage {quoted}; valid stages: ")


def test_names_of_another_vocabulary():
    assert parse_names("B,a", ("a", "b"), {}) == ["b", "a"]
    with pytest.raises(InvalidStage, match=r'^unknown save-tensor stage "layer_output"; valid stages: a,b$'):
        parse_names("layer_output", ("a", "b"), {})


def test_a_name_is_checked_exactly():
    check_name("moe_router")
    for name in ("MOE_ROUTER", " moe_router", "layer_output", ""):
        with pytest.raises(InvalidStage):
            check_name(name)
