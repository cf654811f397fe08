"""The letters of an einsum."""

import pytest

from harness.language.infer import Scope, TypeRefused, infer
from harness.language.sizes import Range, Size
from harness.language.syntax import parse
from harness.language.types import Array, dimension


def told(text: str) -> str:
    sizes = {"a": 2, "b": 3, "c": 4}
    arrays = {"x": "abc", "y": "acb", "v": "c"}
    names = {name: Array("real", tuple(map(Size.of, axes))) for name, axes in arrays.items()}
    ranges = {name: Range(Size.of(1), Size.of(most)) for name, most in sizes.items()}
    return str(infer(parse(text), Scope({**names, **{name: dimension(name) for name in sizes}}, ranges)))


def test_the_axes_of_the_result():
    assert told('einsum("ijk,ikj->", x, y)') == "real number"
    assert told('einsum("ijk,ikl->lij", x, y)') == "real[b, a, b]"
    assert told('einsum("ijk, k -> ji", x, v)') == "real[b, a]"


@pytest.mark.parametrize("text, said", [
    ("einsum(v, x, y)", "einsum needs its axes in quotes"),
    ('einsum("ijk,ikl", x, y)', "a letter for each axis of two operands and of the result"),
    ('einsum("...k,ik->i", x, y)', "a letter for each axis"),
    ('einsum("iik,ikl->l", x, y)', "names two axes of the first operand 'i'"),
    ('einsum("ijk,ikl->m", x, y)', "no operand has the axis 'm' of the result"),
    ('einsum("ijk,ikl->i", x, y)', "the axis 'j' of one operand is summed alone"),
    ('einsum("ij,ikl->jikl", x, y)', "the letters are not the axes of an operand"),
    ('einsum("ijk,ijk->i", x, y)', "the axis 'j' has two lengths"),
])  # fmt: skip
def test_what_is_no_contraction_of_two_operands(text, said):
    with pytest.raises(TypeRefused) as refused:
        told(text)
    assert said in refused.value.mismatch.message
