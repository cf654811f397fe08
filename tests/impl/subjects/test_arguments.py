import numpy as np
import pytest

from impl.errors import InvalidShape
from impl.subjects.arguments import integer, string, strings


def test_integers():
    assert integer("n", 7) == 7
    assert integer("n", np.int64(-3)) == -3
    assert integer("n", -(2**63)) == -(2**63)


@pytest.mark.parametrize("value", [None, 1.0, "1", np.float32(1), np.zeros(2), [1]])
def test_other_than_integers(value):
    with pytest.raises(InvalidShape, match=f"^n must be an integer, got {type(value).__name__}$"):
        integer("n", value)


@pytest.mark.parametrize("value", [2**63, -(2**63) - 1, 10**5000], ids=["above", "below", "far above"])
def test_integers_without_end(value):
    with pytest.raises(InvalidShape, match=r"^n must fit into 64 bits, got one of"):
        integer("n", value)


def test_strings():
    assert string("s", "") == ""
    assert string("s", np.str_("x")) == "x"
    for value in (None, b"x", 7, ["x"], np.array("x")):
        with pytest.raises(InvalidShape, match=r"^s must be a string, got"):
            string("s", value)


@pytest.mark.parametrize("values", [["a", "b"], ("a", "b"), {"a": 1, "b": 2}, np.array(["a", "b"])])
def test_collections_of_strings(values):
    assert strings("s", values) == ("a", "b")


@pytest.mark.parametrize("values", [None, 7, "ab", b"ab", np.array("ab"), np.array(3)])
def test_other_than_collections(values):
    with pytest.raises(InvalidShape, match=r"^s must be strings, got"):
        strings("s", values)


@pytest.mark.parametrize("values", [["a", None], [b"a"], [["a"]], np.zeros((2, 2)), np.array([1.0])])
def test_collections_of_something_else(values):
    with pytest.raises(InvalidShape, match=r"^s\[\d\] must be a string, got"):
        strings("s", values)
