"""What is known of an equation: its type, what is below it, and the dimensions that its shape depends on."""

import pytest

from harness.program.check.dimensions import check_dimension
from harness.program.check.equations import check_equation
from harness.program.check.inputs import check_input


@pytest.fixture
def checked(checker):
    """The checker after the equations of the contract, `first` and `second` in their place."""

    def make(first: str, second: str = "1"):
        one = checker(equations=f"{{file: '{first}', values: '{second}'}}")
        for name in one.contract.dimensions:
            check_dimension(one, name)
        for name in one.contract.inputs:
            check_input(one, name, {})
        for name in one.contract.equations:
            check_equation(one, name)
        return one

    return make


@pytest.mark.parametrize(
    "equation, shaping",
    [
        ("le(layer, 1)", {"count"}),
        ("x * layer", {"count"}),
        ("arange(layer + 1)", {"count", "layer"}),
        ("concat(x, arange(2 * layer))", {"count", "layer"}),
    ],
)
def test_a_dimension_shapes_where_it_is_a_size_of_the_result(checked, equation, shaping):
    one = checked(equation)
    assert one.findings == []
    assert one.shaping == shaping


def test_below_an_equation_is_everything_it_needs(checked):
    one = checked("x * layer", "2 * file")
    assert one.depends == {"file": {"x", "layer"}, "values": {"file", "x", "layer"}}
    assert [str(one.names[name]) for name in ("file", "values")] == ["real[count]", "real[count]"]


@pytest.mark.parametrize("equation", ["x + nothing", "x +", '"a text"'])
def test_what_has_no_type_breaks_its_readers_in_silence(checked, equation):
    one = checked(equation, "2 * file")
    assert len(one.findings) == 1
    assert one.broken == {"file", "values"}
