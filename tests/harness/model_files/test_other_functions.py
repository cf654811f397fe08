"""A file whose layers compute more than the contract says is refused by `--model`, by name."""

import gguf
import pytest

from harness.findings import HandledError
from harness.model_files.gguf import ModelFile
from harness.model_files.other_functions import NEUTRAL, SIZES
from harness.model_files.weights import bind
from tests.moe_variants import ABOUT_EXPERTS, HARMLESS, HARMLESS_TENSORS, KEYS, TENSORS, write


@pytest.mark.parametrize("tensor", TENSORS)
def test_a_tensor_that_changes_the_function_is_named(tmp_path, layer, tensor):
    file = ModelFile(write(tmp_path / "model.gguf", tensor=f"blk.0.{tensor}"))
    with pytest.raises(HandledError, match=f"blk.0.{tensor} changes what layer 0 computes; qwen3-moe-ffn is without"):
        bind(file, layer)


@pytest.mark.parametrize(("key", "value"), [(key, value) for key, values in KEYS.items() for value in values])
def test_a_key_that_changes_the_function_is_named(tmp_path, layer, key, value):
    file = ModelFile(write(tmp_path / "model.gguf", key=key, value=value))
    with pytest.raises(HandledError, match=f"qwen3moe.{key} = .* changes what its layers compute") as refused:
        bind(file, layer)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(("key", "value"), HARMLESS)
def test_a_key_that_says_what_is_computed_anyway_is_none(tmp_path, layer, key, value):
    bind(ModelFile(write(tmp_path / "model.gguf", key=key, value=value)), layer)


@pytest.mark.parametrize("tensor", HARMLESS_TENSORS)
def test_other_tensors_do_not_matter(tmp_path, layer, tensor):
    bind(ModelFile(write(tmp_path / "model.gguf", tensor=tensor)), layer)


def test_every_key_about_experts_that_the_gguf_package_knows_is_decided():
    named = {key.removeprefix("{arch}.") for key in vars(gguf.Keys.LLM).values() if isinstance(key, str)}
    about = {key for key in named if any(word in key for word in ABOUT_EXPERTS)}
    assert about <= {*NEUTRAL, *SIZES}
    assert set(KEYS) == {*NEUTRAL, "expert_of_a_later_day"}
