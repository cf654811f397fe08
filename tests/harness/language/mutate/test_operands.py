from harness.language.mutate.operands import reduces
from harness.language.syntax import parse


def test_operands_are_swapped_where_that_matters(edits):
    assert edits("x - y")["swap-operands"] == ["y - x"]
    assert edits("where(x > 0, x, y)")["swap-operands"] == ["where(x > 0, y, x)", "where(0 > x, x, y)"]
    assert "swap-operands" not in edits("x * y")
    assert "swap-operands" not in edits("m @ x")  # x @ m has no meaning


def test_operands_are_left_out(edits):
    assert edits("x * y")["drop-factor"] == ["x", "y"]
    assert edits("x + y")["drop-term"] == ["x", "y"]
    assert edits("x - y")["drop-term"] == ["x"]
    assert edits("(b >> 4) & 3")["drop-mask"] == ["b >> 4"]  # 3 alone has another shape
    assert edits("(b >> 4) & 3")["drop-shift"] == ["b & 3"]
    assert edits("-x")["drop-sign"] == ["x"]
    assert edits("x > 0 and y > 1")["drop-condition"] == ["y > 1", "x > 0"]
    assert edits("not x > 0")["drop-negation"] == ["x > 0"]


def test_a_divisor_that_sums_up_is_a_normalisation(edits):
    found = edits("x / sum(x)")
    assert found["drop-normalisation"] == ["x"]
    assert found["double-normalisation"] == ["(x / sum(x)) / sum(x)"]
    assert edits("x / y")["drop-divisor"] == ["x"] and "double-normalisation" not in edits("x / y")


def test_functions_are_left_out(edits):
    assert edits("silu(x)")["drop-silu"] == ["x"]
    assert edits("softmax(x)")["double-softmax"] == ["softmax(softmax(x))"]
    assert not any(name.startswith("drop") for name in edits("stored(x)"))  # the same value


def test_what_reduces():
    assert reduces(parse("2 * max(x)")) and not reduces(parse("x * y"))
