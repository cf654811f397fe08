"""Block sizes against the gguf package's."""

import gguf
import pytest

from harness.model_files.tensor_types import NEWER, TYPES


@pytest.mark.parametrize("number", TYPES)
def test_a_block_is_as_large_as_the_gguf_package_says(number):
    theirs = gguf.GGMLQuantizationType(number)
    stated = TYPES[number]
    assert stated.name == theirs.name.lower()
    # block_q8_1 of ggml-common.h: two halves and 32 bytes; the package says 40, as before its sum was a half
    assert stated[1:] == ((32, 36) if stated.name == "q8_1" else gguf.GGML_QUANT_SIZES[theirs])


def test_every_type_of_the_gguf_package_is_known_at_least_by_name():
    theirs = {number.value: number.name.lower() for number in gguf.GGMLQuantizationType}
    ours = {number: known.name for number, known in TYPES.items()} | NEWER
    assert theirs.items() <= ours.items()
