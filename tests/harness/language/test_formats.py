"""Block formats: what their fields are; decoding them: test_packed.py."""

import pytest

from harness.language.formats import BlockFormat, field_count, field_type


def test_rows_are_padded_to_whole_blocks():
    format_ = BlockFormat("q4", 4, 6, {}, {}, "w", ())
    assert [format_.blocks_per_row(columns) for columns in (0, 1, 4, 5)] == [0, 1, 1, 2]


@pytest.mark.parametrize(
    "placed, count, kind",
    [
        (("f16", 0, 2), 1, "real number"),
        (("f32", 4, 12), 2, "real[2]"),
        (("u8", 2, 6), 4, "integer[4]"),
        (("u16", 2, 6), 2, "integer[2]"),
        (("i16", 2, 4), 1, "integer number"),
    ],
)
def test_a_field_is_the_numbers_in_its_bytes(placed, count, kind):
    assert field_count(*placed) == count and str(field_type(*placed)) == kind
