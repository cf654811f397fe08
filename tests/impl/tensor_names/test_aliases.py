import gguf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from impl.tensor_names import ALIASES, ARCHITECTURES, normalise_architecture


def test_there_are_fifteen_architectures_and_each_spells_itself():
    assert len(ARCHITECTURES) == 15
    assert all(normalise_architecture(key) == key for key in ARCHITECTURES)
    assert set(ALIASES.values()) == set(ARCHITECTURES)


@pytest.mark.parametrize(
    ("spelling", "key"),
    [
        ("LlamaForCausalLM", "llama"),
        ("LLaMAForCausalLM", "llama"),
        ("llama3", "llama"),
        ("Qwen2ForCausalLM", "qwen2"),
        ("qwen2.5", "qwen2"),
        ("qwen", "qwen2"),
        ("Qwen3ForCausalLM", "qwen3"),
        ("Qwen3MoeForCausalLM", "qwen3_moe"),
        ("Qwen3MoEForCausalLM", "qwen3_moe"),
        ("Qwen3CoderForCausalLM", "qwen3_moe"),
        ("Qwen3_5MoeForCausalLM", "qwen3_moe"),
        ("qwen3moe", "qwen3_moe"),
        ("qwen35moe", "qwen3_moe"),
        ("qwen3_5_moe", "qwen3_moe"),
        ("MistralForCausalLM", "mistral"),
        ("GemmaForCausalLM", "gemma"),
        ("Gemma2ForCausalLM", "gemma"),
        ("gemma2", "gemma"),
        ("Phi3ForCausalLM", "phi"),
        ("Phi3SmallForCausalLM", "phi"),
        ("phi3", "phi"),
        ("PhiForCausalLM", "phi2"),
        ("DeepseekV2ForCausalLM", "deepseek"),
        ("deepseek2", "deepseek"),
        ("GPT2LMHeadModel", "gpt2"),
        ("GPTNeoXForCausalLM", "gpt_neox"),
        ("gptneox", "gpt_neox"),
        ("BertModel", "bert"),
        ("BertForMaskedLM", "bert"),
        ("OpenELMForCausalLM", "openelm"),
        ("FalconForCausalLM", "falcon"),
        ("StableLmForCausalLM", "stablelm"),
    ],
)
def test_every_other_spelling(spelling, key):
    assert normalise_architecture(spelling) == key


def test_nothing_else_is_listed():
    # The parameters above, and the fifteen keys.
    assert len(ALIASES) == 32 + 15


LLAMA_CPP = {
    "LlamaForCausalLM": "LLAMA", "Qwen2ForCausalLM": "QWEN2", "Qwen3ForCausalLM": "QWEN3",
    "Qwen3MoeForCausalLM": "QWEN3MOE", "Qwen3_5MoeForCausalLM": "QWEN35MOE", "GemmaForCausalLM": "GEMMA",
    "Gemma2ForCausalLM": "GEMMA2", "Phi3ForCausalLM": "PHI3", "PhiForCausalLM": "PHI2",
    "DeepseekV2ForCausalLM": "DEEPSEEK2", "GPT2LMHeadModel": "GPT2", "GPTNeoXForCausalLM": "GPTNEOX",
    "BertModel": "BERT", "OpenELMForCausalLM": "OPENELM", "FalconForCausalLM": "FALCON",
    "StableLmForCausalLM": "STABLELM",
}  # fmt: skip
"""What llama.cpp's converter writes for a class; for MistralForCausalLM, too, it writes llama."""


@pytest.mark.parametrize("spelling", LLAMA_CPP)
def test_llama_cpp_s_name_of_a_listed_class_is_listed(spelling):
    name = gguf.MODEL_ARCH_NAMES[gguf.MODEL_ARCH[LLAMA_CPP[spelling]]]
    assert ALIASES[name] == ALIASES[spelling]


@given(st.text())
def test_what_is_not_listed_is_llama(name):
    assert name in ALIASES or normalise_architecture(name) == "llama"


@pytest.mark.parametrize("name", ["QWEN3MOE", "Qwen3moe", " qwen3moe", "gpt-neox", "FutureArch2027", ""])
def test_spellings_are_exact(name):
    assert normalise_architecture(name) == "llama"
