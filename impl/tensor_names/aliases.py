"""Spellings of architectures: Hugging Face class names, GGUF's ``general.architecture``, and our own keys."""

from __future__ import annotations

from typing import Final

FALLBACK: Final = "llama"
"""The key of every spelling that is not listed: most newer models use Llama's names."""

_SPELLINGS: Final[dict[str, str]] = {
    "llama": "LlamaForCausalLM LLaMAForCausalLM llama llama3",
    "qwen2": "Qwen2ForCausalLM qwen2 qwen2.5 qwen",
    "qwen3": "Qwen3ForCausalLM qwen3",
    "qwen3_moe": "Qwen3MoeForCausalLM Qwen3MoEForCausalLM Qwen3CoderForCausalLM Qwen3_5MoeForCausalLM"
    " qwen3moe qwen35moe qwen3_moe qwen3_5_moe",
    "mistral": "MistralForCausalLM mistral",
    "gemma": "GemmaForCausalLM Gemma2ForCausalLM gemma gemma2",
    "phi": "Phi3ForCausalLM Phi3SmallForCausalLM phi3 phi",
    "phi2": "PhiForCausalLM phi2",
    "deepseek": "DeepseekV2ForCausalLM deepseek2 deepseek",
    "gpt2": "GPT2LMHeadModel gpt2",
    "gpt_neox": "GPTNeoXForCausalLM gptneox gpt_neox",
    "bert": "BertModel BertForMaskedLM bert",
    "openelm": "OpenELMForCausalLM openelm",
    "falcon": "FalconForCausalLM falcon",
    "stablelm": "StableLmForCausalLM stablelm",
}

ARCHITECTURES: Final = tuple(_SPELLINGS)

ALIASES: Final[dict[str, str]] = {
    spelling: key for key, spellings in _SPELLINGS.items() for spelling in spellings.split()
}
"""Key by spelling; every key spells itself."""


def normalise_architecture(name: str) -> str:
    """The key of an architecture, case-sensitive; ``llama`` for what is not listed."""
    return ALIASES.get(name, FALLBACK)
