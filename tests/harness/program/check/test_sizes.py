"""Sizes that lie beyond what a dimension draws, but not beyond what dimensions say of each other."""

import pytest

from harness.language.sizes import Range, Size
from harness.program.check.dimensions import check_dimension
from harness.program.check.sizes import check_sizes

DIMENSIONS = "{count: {min: 2, max: 4}, k: {min: 1, max: count}, width: {values: [32, 64]}}"


def checked(checker, sizes: str):
    one = checker(dimensions=DIMENSIONS, sizes=sizes)
    check_sizes(one, {name: check_dimension(one, name) for name in one.contract.dimensions})
    return one


def test_a_size_may_lie_beyond_plain_ends_and_what_is_proved_holds_there_too(checker):
    one = checked(checker, "[{count: 128, k: 8}, {count: 1}, {width: 768}]")
    assert one.findings == []
    assert one.ranges["count"] == Range(Size.of(1), Size.of(128))
    assert one.ranges["k"] == Range(Size.of(1), Size.of("count"))
    assert one.ranges["width"] == Range(Size.of(32), Size.of(768))


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ("[{count: 128, k: 129}]", "k lies beyond its range; expected at most 128, got 129"),
        ("[{count: 128}, {k: 8}]", "k is bound by count, which this size does not give; expected count in this size"),
    ],
)
def test_ends_made_of_other_dimensions_bind_a_size_too(checker, sizes, message):
    (finding,) = checked(checker, sizes).findings
    assert message in str(finding)
