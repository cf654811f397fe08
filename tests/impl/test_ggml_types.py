import gguf
import pytest

from impl.ggml_types import GGML_TYPES, described, type_named


@pytest.mark.parametrize("entry", GGML_TYPES.values(), ids=lambda entry: entry.name)
def test_the_table_agrees_with_the_gguf_package(entry):
    theirs = gguf.GGMLQuantizationType(entry.qtype)
    assert entry.name == theirs.name.lower()
    stored = (32, 36) if entry.name == "q8_1" else gguf.GGML_QUANT_SIZES[theirs]  # block_q8_1 of ggml-common.h
    assert (entry.block_size, entry.block_bytes) == stored


@pytest.mark.parametrize(("cols", "expected"), [(1, 144), (255, 144), (256, 144), (257, 288), (512, 288)])
def test_a_block_that_is_not_full_is_stored_whole(cols, expected):
    assert type_named("q4_k").row_bytes(cols) == expected


def test_names_are_found_in_any_case_and_unknown_ones_are_not():
    assert type_named("Q6_K").qtype == 14
    assert type_named("q9_z") is None


def test_a_type_is_described_by_number_and_name():
    assert described(12) == "12 (q4_k)"
    assert described(39) == "39 (mxfp4)"
    assert described(99) == "99"
