"""One expression in two spellings, and two that only look alike."""

import pytest

from harness.contract.node import YamlNode
from harness.findings import Place
from harness.gate.spelling import alike, message_pieces, parsed, scalar_text


def node(value):
    return YamlNode(value, Place("c.yaml"))


@pytest.mark.parametrize(
    ("old", "new"),
    [("a + b", "a+b"), ("(a)", "a"), ("close(x, (y))", "close( x,y )"), ("f('a')", 'f("a")'), (4, "4"), ("a\n", "a"),
     ("a +\n b", "a + b"), ("0.5", "5.0e-1"), ("not valid at all (", "not valid at all (")],
)  # fmt: skip
def test_alike(old, new):
    assert alike(node(old), node(new))


@pytest.mark.parametrize(
    ("old", "new"),
    [("a + b", "b + a"), ("a - (b - c)", "a - b - c"), ("2 * a", "2.0 * a"), ("a + 0.0", "a + -0.0"), ("a", "b"),
     ("a[0]", "a[-0:]"), ("(", ")"), ("f('a')", "f('A')"), ("1", "True")],
)  # fmt: skip
def test_not_alike(old, new):
    assert not alike(node(old), node(new))


def test_texts():
    assert scalar_text(None) == "" and scalar_text(node(" a \n")) == "a"
    assert parsed("a +") is None
    assert message_pieces("x has {len( x )}") == message_pieces("x has {len(x)}")
    assert message_pieces("x has {") == ("x has {",)
