from harness.language.mutate.siblings import exchanged, siblings
from harness.language.syntax import parse, spell


def test_siblings_have_the_same_type(scope):
    assert list(siblings("x", scope)) == ["y"]
    assert list(siblings("w", scope)) == ["v"]
    assert list(siblings("m", scope)) == list(siblings("b", scope)) == list(siblings("k", scope)) == []


def test_a_sibling_is_read(edits):
    assert edits("x * 2")["y-for-x"] == ["y * 2"]
    assert edits("x * x")["y-for-x"] == ["y * x", "x * y"]
    assert edits("w[0] @ x")["v-for-w"] == ["v[0] @ x"]


def test_two_siblings_are_exchanged(scope, edits):
    assert [(name, spell(node)) for name, node in exchanged(parse("silu(x) * y"), scope)] == [
        ("swap-x-and-y", "silu(y) * x")
    ]
    assert edits("silu(x) * y")["swap-x-and-y"] == ["silu(y) * x"]
    assert "swap-x-and-y" not in edits("silu(x) * 2")
