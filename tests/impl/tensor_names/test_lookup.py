import pytest

from impl.errors import InvalidShape, UnknownRole, UnknownTensor
from impl.tensor_names import (
    ARCHITECTURES,
    ROLES,
    candidates,
    expected_shape,
    is_required,
    is_stacked,
    is_transposed,
    resolve,
    templates,
)

EXPERT_2 = "model.layers.3.mlp.experts.2.up_proj.weight"
STACK = "blk.3.ffn_up_exps.weight"


def test_templates_come_in_the_order_of_trial():
    assert templates("gpt2", "embedding").names == ("wte.weight", "transformer.wte.weight")
    assert templates("falcon", "o_proj_weight").names == (
        "model.layers.{n}.self_attn.dense.weight",
        "transformer.h.{n}.self_attention.dense.weight",
    )
    assert templates("gpt2", "q_proj_weight").names == ()
    assert templates("gpt2", "q_proj_weight").gguf == "blk.{n}.attn_q.weight"
    assert templates("bert", "position_embedding").gguf == ""


def test_any_spelling_of_the_architecture_will_do():
    for spelling in ("qwen3moe", "Qwen3MoeForCausalLM"):
        assert templates(spelling, "ffn_gate_inp_weight") == templates("qwen3_moe", "ffn_gate_inp_weight")
        assert is_required(spelling, "ffn_gate_inp_weight")
    assert templates("FutureArch2027", "embedding") == templates("llama", "embedding")


def test_shapes_are_row_major():
    assert expected_shape("ffn_gate_inp_weight") == ("experts", "hidden")
    assert expected_shape("ffn_down_exps_weight") == ("experts", "hidden", "intermediate")
    assert expected_shape("q_proj_weight") == ("heads * head_dim", "hidden")
    assert expected_shape("embedding") == ("vocab", "hidden")


def test_the_stacked_roles():
    assert [role for role in ROLES if is_stacked(role)] == [
        "ffn_gate_exps_weight",
        "ffn_up_exps_weight",
        "ffn_down_exps_weight",
    ]


def test_only_gpt2_stores_transposes():
    # llama.cpp's converter transposes exactly c_attn, c_proj (twice) and c_fc.
    transposed = {(key, role) for key in ARCHITECTURES for role in ROLES if is_transposed(key, role)}
    assert {templates(key, role).names[0] for key, role in transposed} == {
        "h.{n}.attn.c_attn.weight",
        "h.{n}.attn.c_proj.weight",
        "h.{n}.mlp.c_fc.weight",
        "h.{n}.mlp.c_proj.weight",
    }


def test_names_are_tried_in_three_rounds():
    assert candidates("openelm", "embedding") == (
        "model.embed_tokens.weight",
        "transformer.token_embeddings.weight",
        "token_embd.weight",
        "embed_tokens.weight",
    )
    assert candidates("qwen3_moe", "ffn_up_exps_weight", 3, 2) == (EXPERT_2, STACK, EXPERT_2.removeprefix("model."))
    assert candidates("gpt2", "position_embedding") == ("wpe.weight", "transformer.wpe.weight")


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize("role", ROLES)
def test_the_first_name_that_is_there_wins(architecture, role):
    names = candidates(architecture, role, 7, 5)
    assert len(set(names)) == len(names)
    for at, name in enumerate(names):
        assert "{" not in name
        assert resolve(architecture, role, 7, 5, set(names[at:])) == name
    with pytest.raises(UnknownTensor) as caught:
        resolve(architecture, role, 7, 5, {"blk.8.attn_q.weight", *(name + "x" for name in names)})
    assert caught.value.tried == names
    assert all(name in str(caught.value) for name in names)


def test_the_message_lists_what_was_tried():
    with pytest.raises(UnknownTensor) as caught:
        resolve("qwen3moe", "lm_head", None, None, ())
    assert str(caught.value) == "no tensor for role 'lm_head' of qwen3_moe; tried: lm_head.weight, output.weight"
    with pytest.raises(UnknownTensor, match=r"role 'position_embedding' of llama; tried: nothing$"):
        resolve("llama", "position_embedding", None, None, ())


def test_without_an_expert_only_the_stack_is_tried():
    assert candidates("qwen3_moe", "ffn_up_exps_weight", 3) == (STACK,)


def test_a_layer_that_is_missing_or_negative_is_refused():
    with pytest.raises(InvalidShape, match="q_proj_weight: there is one per layer, but no layer was given"):
        candidates("llama", "q_proj_weight")
    with pytest.raises(InvalidShape, match="q_proj_weight: layer must be at least 0, got -1"):
        candidates("llama", "q_proj_weight", -1)
    with pytest.raises(InvalidShape, match="embedding: expert must be at least 0, got -2"):
        candidates("llama", "embedding", 0, -2)


@pytest.mark.parametrize("ask", [expected_shape, is_stacked])
def test_an_unknown_role_is_refused(ask):
    with pytest.raises(UnknownRole, match="unknown tensor role 'router'; valid roles: embedding, output_norm_weight"):
        ask("router")


@pytest.mark.parametrize("ask", [templates, is_required, is_transposed, candidates])
def test_an_unknown_role_is_refused_in_every_architecture(ask):
    for architecture in ARCHITECTURES:
        with pytest.raises(UnknownRole):
            ask(architecture, "Embedding")
