"""Values of dimensions, and containment of them."""

import pytest

from harness.contract.access import entries
from harness.contract.spans import loads
from harness.gate.integers import (
    Undecidable,
    closure,
    equal_everywhere,
    expression,
    inside,
    integer_value,
    narrowed_values,
    points,
    range_names,
    values_of,
    with_sizes,
)

TREE = loads(
    """
a: {min: 1, max: 4}
b: {min: 1, max: a}
c: {values: [2, 4, 8]}
d: {min: a * b, max: a * b + 1}
""",
    "c.yaml",
)
DIMENSIONS = entries(TREE)


def tree(text):
    return loads(text, "c.yaml")


def test_values():
    assert list(values_of(DIMENSIONS["a"], {})) == [1, 2, 3, 4]
    assert list(values_of(DIMENSIONS["b"], {"a": 2})) == [1, 2]
    assert values_of(DIMENSIONS["c"], {}) == {2, 4, 8}


@pytest.mark.parametrize(
    ("given", "left"),
    [("3", {3}), ("9", set()), ("{min: 3}", {3, 4}), ("{max: 2}", {1, 2}), ("{values: [4, 1, 7]}", {1, 4}),
     ("{min: 3, max: 2}", set())],
)  # fmt: skip
def test_narrowed(given, left):
    assert set(narrowed_values(range(1, 5), tree(given), {})) == left
    assert set(narrowed_values(frozenset({1, 2, 3, 4}), tree(given), {})) == left


def test_inside():
    assert inside(range(2, 4), range(1, 5)) and not inside(range(1, 5), range(2, 4))
    assert inside(range(3, 3), frozenset()) and inside(range(2, 4), {1, 2, 3}) and not inside({1, 9}, range(1, 5))


def test_points_are_every_assignment():
    assert [(point["a"], point["b"]) for point in points({"b"}, DIMENSIONS)] == [
        (a, b) for a in range(1, 5) for b in range(1, a + 1)
    ]
    assert closure({"d"}, DIMENSIONS, {}) == ["a", "b", "d"]
    assert range_names(DIMENSIONS["d"]) == {"a", "b"} and range_names(None) == set()


def test_too_many_points_are_undecidable():
    large = entries(tree("a: {min: 1, max: 100000}\nb: {min: 1, max: 400}\nc: {min: 1, max: 400}"))
    for wanted in ({"a"}, {"b", "c"}):
        with pytest.raises(Undecidable):
            list(points(wanted, large))


def test_what_is_no_integer():
    assert integer_value(expression(tree("a // 2 + 1")), {"a": 5}) == 3
    for text in ("x @ a", "a // 0", "nowhere + 1", '"two words'):
        with pytest.raises(Undecidable):
            integer_value(expression(tree(f"'{text}'")), {"a": 5})


def test_lengths_follow_from_shapes():
    inputs = entries(tree("x: {dtype: f32, shape: [a, 2 * b]}"))
    for text, value in (("len(x) > 2", True), ("nbytes(x) == 96", True), ("nbytes(x) == 24", False),
                        ("len(x, 1) == 8", True), ("len(x, -1) == 8 and a < 2", False)):  # fmt: skip
        assert integer_value(with_sizes(expression(tree(f'"{text}"')), inputs), {"a": 3, "b": 4}) is value


def test_equal_everywhere_is_asked_of_the_ranges_and_of_the_sizes():
    ranges = "dimensions: {d: {min: 1, max: 60}, e: {min: 1, max: 99999}}"
    tree, sized = loads(ranges, "c.yaml"), loads(f"{ranges}\nsizes: [{{d: 128}}]", "c.yaml")

    def equal(root, one, other):
        return equal_everywhere(root, loads(one, "c.yaml"), loads(other, "c.yaml"))

    assert equal(tree, "d % 64", "d") and not equal(sized, "d % 64", "d") and equal(sized, "d * 2", "d + d")
    assert not equal(tree, "x", "x + 0"), "x is no dimension"
    assert not equal(tree, "e", "e + 0"), "too many to be tried are not shown to be equal"
