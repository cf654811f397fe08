"""The table against the gguf package's own: which GGUF tensor does llama.cpp make of each Hugging Face name?"""

import re

import pytest
from gguf.constants import MODEL_ARCH, MODEL_TENSORS, TENSOR_NAMES
from gguf.tensor_mapping import get_tensor_name_map

from impl.tensor_names import ARCHITECTURES, ROLES, is_required, templates
from impl.tensor_names.table import EXPERT, FUSED, GLOBAL, LAYER

SUFFIXES = (".weight", ".bias")

GGUF_ARCHITECTURES = {
    "llama": MODEL_ARCH.LLAMA,
    "qwen2": MODEL_ARCH.QWEN2,
    "qwen3": MODEL_ARCH.QWEN3,
    "qwen3_moe": MODEL_ARCH.QWEN3MOE,
    "mistral": MODEL_ARCH.LLAMA,  # llama.cpp converts Mistral's models as Llama's
    "gemma": MODEL_ARCH.GEMMA,
    "phi": MODEL_ARCH.PHI3,
    "phi2": MODEL_ARCH.PHI2,
    "deepseek": MODEL_ARCH.DEEPSEEK,
    "gpt2": MODEL_ARCH.GPT2,
    "gpt_neox": MODEL_ARCH.GPTNEOX,
    "bert": MODEL_ARCH.BERT,
    "openelm": MODEL_ARCH.OPENELM,
    "falcon": MODEL_ARCH.FALCON,
    "stablelm": MODEL_ARCH.STABLELM,
}

# What gguf says otherwise: {(architecture, role, template): (gguf's name, reason)}. None: gguf does not know the name
# in this architecture. The table keeps to the original contract here; nothing else may differ. Where versions of gguf
# differ, their answers stand in a set.
TIED = "the head is the embedding again; gguf gives the architecture no output.weight"
NOT_IN_GGUF = "a name of other exports: gguf does not know it"
FUSED_ONLY = "the projections are one tensor in this architecture; gguf knows no separate ones"
POSITIONS = "GGUF has a name for it, the original contract has none"
POST_NORM = "the norm follows the block in BERT, and GGUF names it for that"

DENSE = "a layer without experts (Hugging Face's mlp_only_layers), which llama.cpp does not convert"

OTHERWISE = {
    **{
        ("qwen3_moe", f"ffn_{x}_weight", f"model.layers.{{n}}.mlp.{x}_proj.weight"): (None, DENSE)
        for x in ("gate", "up", "down")
    },
    ("gemma", "lm_head", "lm_head.weight"): (None, TIED),
    ("openelm", "lm_head", "lm_head.weight"): (None, TIED),
    ("phi", "ffn_gate_weight", "model.layers.{n}.mlp.gate_proj.weight"): (
        None,
        "Phi-3 has gate and up in one tensor, which becomes blk.{n}.ffn_up.weight",
    ),
    ("phi2", "attn_norm_weight", "model.layers.{n}.ln.weight"): (None, NOT_IN_GGUF),
    ("phi2", "attn_norm_bias", "model.layers.{n}.ln.bias"): (None, NOT_IN_GGUF),
    ("gpt2", "position_embedding", "wpe.weight"): ("position_embd.weight", POSITIONS),
    ("gpt2", "position_embedding", "transformer.wpe.weight"): ("position_embd.weight", POSITIONS),
    ("bert", "position_embedding", "embeddings.position_embeddings.weight"): ("position_embd.weight", POSITIONS),
    ("bert", "output_norm_weight", "encoder.layer_norm.weight"): (None, NOT_IN_GGUF),
    ("bert", "output_norm_bias", "encoder.layer_norm.bias"): (None, NOT_IN_GGUF),
    ("bert", "lm_head", "cls.predictions.decoder.weight"): (None, "the converter drops BERT's prediction head"),
    ("bert", "attn_norm_weight", "encoder.layer.{n}.attention.output.LayerNorm.weight"): (
        "blk.{n}.attn_output_norm.weight",
        POST_NORM,
    ),
    ("bert", "attn_norm_bias", "encoder.layer.{n}.attention.output.LayerNorm.bias"): (
        "blk.{n}.attn_output_norm.bias",
        POST_NORM,
    ),
    ("bert", "ffn_norm_weight", "encoder.layer.{n}.output.LayerNorm.weight"): (
        "blk.{n}.layer_output_norm.weight",
        POST_NORM,
    ),
    ("bert", "ffn_norm_bias", "encoder.layer.{n}.output.LayerNorm.bias"): (
        "blk.{n}.layer_output_norm.bias",
        POST_NORM,
    ),
    ("openelm", "attn_norm_weight", "model.layers.{n}.attn_norm.weight"): (None, NOT_IN_GGUF),
    **{
        (architecture, f"{x}_proj_weight", f"model.layers.{{n}}.self_attn.{x}_proj.weight"): (None, FUSED_ONLY)
        for architecture in ("openelm", "falcon")
        for x in "qkv"
    },
    ("falcon", "q_proj_weight", "transformer.h.{n}.self_attention.query_key_value.weight"): (
        "blk.{n}.attn_qkv.weight",
        "all three projections under the query's role: the table has them as fused_qkv, too",
    ),
    ("falcon", "ffn_norm_weight", "transformer.h.{n}.post_attention_layernorm.weight"): (None, NOT_IN_GGUF),
    ("falcon", "ffn_norm_bias", "transformer.h.{n}.post_attention_layernorm.bias"): (None, NOT_IN_GGUF),
    ("falcon", "ffn_norm_weight", "model.layers.{n}.post_attention_layernorm.weight"): (
        {"blk.{n}.attn_norm_2.weight", None},
        "gguf gives Falcon a second attention norm and no norm of the feed-forward block",
    ),
}

# Roles that the original requires and that gguf's list of the architecture's tensors does not have.
REQUIRED_OTHERWISE = {
    ("bert", "attn_norm_weight"): POST_NORM,
    ("bert", "ffn_norm_weight"): POST_NORM,
    ("falcon", "ffn_norm_weight"): "see above",
    **{(architecture, f"{x}_proj_weight"): FUSED_ONLY for architecture in ("openelm", "falcon") for x in "qkv"},
}

# Tensors in gguf's list of an architecture for which the original has no role: {name: architectures}.
WITHOUT_ROLE = {
    "rope_freqs": "llama mistral qwen2 qwen3 deepseek stablelm",
    "rope_factors_long": "phi",
    "rope_factors_short": "phi",
    "position_embd": "gpt2 bert",
    "token_embd_norm": "bert",
    "token_types": "bert",
    "cls": "bert",
    "cls.output": "bert",
    "blk.{n}.attn_rot_embd": "llama mistral deepseek",
    "blk.{n}.attn_output_norm": "bert",
    "blk.{n}.layer_output_norm": "bert",
    "blk.{n}.attn_norm_2": "falcon",
    "blk.{n}.ffn_gate_shexp": "deepseek",
    "blk.{n}.ffn_up_shexp": "deepseek",
    "blk.{n}.ffn_down_shexp": "deepseek",
}


def in_gguf(architecture: str, template: str) -> str | None:
    """The GGUF template that llama.cpp's converter makes of a Hugging Face one, or None."""
    layer = 1
    # The converter strips BERT's prefix before it looks a name up, and merges experts under the name without {e}.
    name = template.removeprefix("bert.").replace("{n}", str(layer)).replace(".{e}.", ".")
    names = get_tensor_name_map(GGUF_ARCHITECTURES[architecture], layer + 1)
    found = names.get_name(name, SUFFIXES)
    return None if found is None else found.replace(f"blk.{layer}.", "blk.{n}.")


def tensors(architecture: str) -> set[str]:
    """gguf's list of an architecture's tensors, without suffixes."""
    return {TENSOR_NAMES[tensor].replace("{bid}", "{n}") for tensor in MODEL_TENSORS[GGUF_ARCHITECTURES[architecture]]}


def stem(template: str) -> str:
    return re.sub(r"\.(weight|bias)$", "", template)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_every_hugging_face_name_becomes_our_gguf_name(architecture):
    found = {}
    tried = 0
    for role, entry in ROLES.items():
        for template in templates(architecture, role).names:
            tried += 1
            theirs = in_gguf(architecture, template)
            if theirs != entry.gguf:
                found[architecture, role, template.removeprefix("bert.")] = theirs
    expected = {key: name for key, (name, _) in OTHERWISE.items() if key[0] == architecture}
    assert set(found) == set(expected)
    for key, name in expected.items():
        assert found[key] in (name if isinstance(name, set) else {name}), key
    assert tried >= 12


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_what_is_required_is_among_the_architectures_tensors(architecture):
    known = tensors(architecture)
    missing = {
        (architecture, role)
        for role, entry in ROLES.items()
        if is_required(architecture, role) and stem(entry.gguf) not in known
    }
    assert missing == {key for key in REQUIRED_OTHERWISE if key[0] == architecture}


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_every_tensor_of_the_architecture_has_a_role(architecture):
    ours = {stem(entry.gguf) for entry in ROLES.values()}
    assert tensors(architecture) - ours == {name for name, keys in WITHOUT_ROLE.items() if architecture in keys.split()}


def test_every_gguf_name_is_one_that_gguf_has():
    known = {name.replace("{bid}", "{n}") for name in TENSOR_NAMES.values()}
    assert {role for role, entry in ROLES.items() if stem(entry.gguf) not in known} == {"position_embedding"}


def test_qwen3_moe_is_complete():
    # Every tensor that llama.cpp knows of a Qwen3-MoE has a role with a Hugging Face name, and all but the head,
    # which may be tied, are required. The rest are layers without experts.
    named = {role for role in ROLES if templates("qwen3_moe", role).names}
    required = {role for role in ROLES if is_required("qwen3_moe", role)}
    assert required | {"lm_head"} <= named
    assert {stem(ROLES[role].gguf) for role in required | {"lm_head"}} == tensors("qwen3_moe")
    assert named - required == {"lm_head", "ffn_gate_weight", "ffn_up_weight", "ffn_down_weight"}


def test_architectures_share_names_as_the_original_says():
    def names(architecture):
        return {role: templates(architecture, role).names for role in ROLES}

    assert names("llama") == names("mistral") == names("gemma") == names("deepseek") == names("stablelm")
    biases = {f"{x}_proj_bias" for x in "qkv"}
    norms = {"attn_q_norm_weight", "attn_k_norm_weight"}
    experts = {"ffn_gate_inp_weight", *(f"ffn_{x}_exps_weight" for x in ("gate", "up", "down"))}
    differing = {
        architecture: {role for role in ROLES if names(architecture)[role] != names("llama")[role]}
        for architecture in ("qwen2", "phi", "qwen3", "qwen3_moe")
    }
    assert differing == {"qwen2": biases, "phi": biases, "qwen3": norms, "qwen3_moe": norms | experts}


def test_required_roles():
    everywhere = {role for role in ROLES if all(is_required(architecture, role) for architecture in ARCHITECTURES)}
    assert everywhere == {"embedding", "output_norm_weight", "attn_norm_weight", "o_proj_weight", "ffn_norm_weight"}
    for architecture in ARCHITECTURES:
        fused = architecture in ("gpt2", "gpt_neox")
        for x in "qkv":
            assert is_required(architecture, f"{x}_proj_weight") != fused
        assert is_required(architecture, "fused_qkv") == fused
        for x in "qk":
            assert is_required(architecture, f"attn_{x}_norm_weight") == (architecture in ("qwen3", "qwen3_moe"))
        sparse = architecture == "qwen3_moe"
        assert is_required(architecture, "ffn_up_weight") == is_required(architecture, "ffn_down_weight")
        assert is_required(architecture, "ffn_up_weight") != sparse
        assert is_required(architecture, "ffn_gate_inp_weight") == sparse
        for x in ("gate", "up", "down"):
            assert is_required(architecture, f"ffn_{x}_exps_weight") == sparse


@pytest.mark.parametrize("role", ROLES)
def test_a_row_is_sound(role):
    entry = ROLES[role]
    marks = {GLOBAL: set(), LAYER: {"{n}"}, FUSED: {"{n}"}, EXPERT: {"{n}", "{e}"}}[entry.kind]
    assert set(entry.names) <= set(ARCHITECTURES)
    for rows in entry.names.values():
        assert len(set(rows)) == len(rows) >= 1
        for template in rows:
            assert set(re.findall(r"\{.*?\}", template)) == marks
            assert template.endswith((".weight", ".bias"))
    assert set(re.findall(r"\{.*?\}", entry.gguf)) == marks - {"{e}"}
    assert not entry.required or entry.gguf
    assert entry.shape[0] == "experts" or entry.kind != EXPERT
    assert (len(entry.shape) == 1) == ("norm" in role or role.endswith("_bias"))


def test_no_name_says_two_things():
    seen = {}
    for role, entry in ROLES.items():
        for architecture, rows in entry.names.items():
            for template in rows:
                seen.setdefault((architecture, template), set()).add(role)
    assert {key: roles for key, roles in seen.items() if len(roles) > 1} == {
        ("falcon", "transformer.h.{n}.self_attention.query_key_value.weight"): {"q_proj_weight", "fused_qkv"}
    }
    stacked = [entry.gguf for entry in ROLES.values() if entry.gguf]
    assert len(set(stacked)) == len(stacked)


def test_shapes_are_those_of_a_real_file(peer_model):
    def dimension(key):
        return peer_model.scalar(f"qwen3moe.{key}")

    dims = {
        "hidden": dimension("embedding_length"),
        "intermediate": dimension("expert_feed_forward_length"),
        "experts": dimension("expert_count"),
        "heads": dimension("attention.head_count"),
        "kv_heads": dimension("attention.head_count_kv"),
        "head_dim": dimension("attention.key_length"),
        "vocab": peer_model.tensor("token_embd.weight").shape[0],
    }
    seen = set()
    for layer in range(dimension("block_count")):
        for role, entry in ROLES.items():
            name = entry.gguf.replace("{n}", str(layer))
            if name in peer_model.tensors:
                expected = tuple(eval(dim, {}, dims) for dim in entry.shape)  # arithmetic of our own table
                assert peer_model.tensor(name).shape == expected, name
                seen.add(name)
            else:
                assert not is_required("qwen3_moe", role), name
    assert seen == set(peer_model.tensors)
