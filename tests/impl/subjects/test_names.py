import pytest

from impl import subjects
from impl.errors import ImplError, InvalidShape, InvalidStage, UnknownRole, UnknownTensor

NOT_TEXT = [None, 7, b"llama", ["llama"], 1.5]


def test_normalise():
    assert subjects.normalise(name="Qwen3MoeForCausalLM") == {"key": "qwen3_moe"}
    assert subjects.normalise(name="nobody's") == {"key": "llama"}


def test_templates_of_a_stacked_role():
    assert subjects.templates(architecture="qwen3_moe", role="ffn_gate_exps_weight") == {
        "names": ["model.layers.{n}.mlp.experts.{e}.gate_proj.weight"],
        "gguf": "blk.{n}.ffn_gate_exps.weight",
        "required": True,
        "shape": "[experts, intermediate, hidden]",
        "stacked": True,
    }


def test_templates_of_a_role_that_neither_has():
    assert subjects.templates(architecture="llama", role="position_embedding") == {
        "names": [],
        "gguf": "",
        "required": False,
        "shape": "[positions, hidden]",
        "stacked": False,
    }


def test_resolve():
    arguments = {"architecture": "qwen3moe", "role": "ffn_down_exps_weight", "layer": 4, "expert": 9}
    stack, single = "blk.4.ffn_down_exps.weight", "model.layers.4.mlp.experts.9.down_proj.weight"
    assert subjects.resolve(**arguments, names=[stack, single]) == {"name": single}
    assert subjects.resolve(**arguments, names=(stack,)) == {"name": stack}
    assert subjects.resolve(**arguments, names=[single[len("model.") :]]) == {"name": single[len("model.") :]}
    assert subjects.resolve(**arguments | {"expert": None}, names=[stack, single]) == {"name": stack}
    with pytest.raises(UnknownTensor, match=f"tried: {single}, {stack}, {single[len('model.') :]}"):
        subjects.resolve(**arguments, names=[])


def test_parse_stages():
    assert subjects.parse_stages(text=" LM_Head,layer_output") == {"stages": ["lm_head", "post_ffn_residual"]}
    assert subjects.parse_stages(text="") == {"stages": []}
    with pytest.raises(InvalidStage, match="empty string"):
        subjects.parse_stages(text=",")


@pytest.mark.parametrize("value", NOT_TEXT)
def test_what_is_no_text_is_refused(value):
    good = {"architecture": "llama", "role": "embedding"}
    with pytest.raises(InvalidShape, match="name must be a string"):
        subjects.normalise(name=value)
    with pytest.raises(InvalidShape, match="text must be a string"):
        subjects.parse_stages(text=value)
    for name in good:
        with pytest.raises(InvalidShape, match=f"{name} must be a string"):
            subjects.templates(**good | {name: value})
        with pytest.raises(InvalidShape, match=f"{name} must be a string"):
            subjects.resolve(**good | {name: value}, layer=0, expert=0, names=[])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("layer", value) for value in (-1, 1.5, "0", 10**30, None)),
        *(("expert", value) for value in (-1, 1.5, "0", 10**30)),
        *(("names", value) for value in (None, 7, "model.layers.0.self_attn.q_proj.weight", [7], [None])),
    ],
)
def test_nothing_malformed_escapes_as_another_error(name, value):
    good = {"architecture": "llama", "role": "q_proj_weight", "layer": 0, "expert": 0, "names": []}
    with pytest.raises(InvalidShape):
        subjects.resolve(**good | {name: value})


def test_an_unknown_role_is_refused():
    with pytest.raises(UnknownRole, match="unknown tensor role 'router'"):
        subjects.templates(architecture="llama", role="router")
    with pytest.raises(ImplError):
        subjects.resolve(architecture="llama", role="", layer=0, expert=0, names=[])
