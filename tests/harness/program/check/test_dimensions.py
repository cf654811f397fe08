"""What is known of a dimension."""

from harness.language import types as T
from harness.language.sizes import Range, Size
from harness.program.check.dimensions import check_dimension


def declared(checker, dimensions: str):
    one = checker(dimensions=dimensions)
    programs = {name: check_dimension(one, name) for name in one.contract.dimensions}
    assert one.findings == []
    return one, programs


def test_ends_are_made_of_earlier_dimensions(checker):
    one, programs = declared(checker, "{count: {min: 1, max: 4}, k: {min: count, max: 2 * count}}")
    assert one.ranges == {"count": Range(Size.of(1), Size.of(4)), "k": Range(Size.of("count"), Size.of("count") * 2)}
    assert one.names["k"] == T.dimension("k")
    assert programs["count"].values == ()
    assert "count" in one.used, "an end is a use"


def test_values_span_a_range(checker):
    one, programs = declared(checker, "{count: {values: [255, 3, 256]}}")
    assert one.ranges["count"] == Range(Size.of(3), Size.of(256))
    assert programs["count"].values == (255, 3, 256)


def test_a_dimension_of_one_value_is_another_name_for_it(checker):
    one, _ = declared(checker, "{blocks: {min: 1, max: 4}, hidden: {min: 256 * blocks, max: 256 * blocks}}")
    assert one.names["hidden"] == T.Array("int", size=Size.of("blocks") * 256)


def test_an_end_without_a_type_breaks_the_name_alone(checker):
    one = checker(dimensions="{count: {min: 1, max: 3 / 2}}")
    check_dimension(one, "count")
    assert one.broken == {"count"} and len(one.findings) == 1
