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
        ("GPT2LMHeadModel", "gpt2"),
        ("GPTNeoXForCausalLM", "gpt_neox"),
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
    assert len(ALIASES) == 29 + 15


@given(st.text())
def test_what_is_not_listed_is_llama(name):
    assert name in ALIASES or normalise_architecture(name) == "llama"


@pytest.mark.parametrize("name", ["QWEN3MOE", "Qwen3moe", " qwen3moe", "gptneox", "FutureArch2027", ""])
def test_spellings_are_exact(name):
    assert normalise_architecture(name) == "llama"
