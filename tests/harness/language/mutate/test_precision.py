from harness.language import types as T
from harness.language.mutate.precision import results
from harness.language.syntax import parse, spell


def test_operands_of_products(edits):
    found = edits("m @ x")
    assert found["bf16-operand"] == ["faulty.bf16(m) @ x", "m @ faulty.bf16(x)"]
    assert found["f16-operand"] == ["faulty.f16(m) @ x", "m @ faulty.f16(x)"]
    assert edits("matvec(w, m)")["bf16-operand"] == ["matvec(faulty.bf16(w), m)", "matvec(w, faulty.bf16(m))"]


def test_whole_results(edits, scope):
    assert edits("x * y")["bf16-result"] == ["faulty.bf16(x * y)"]
    assert "bf16-result" not in edits("b + b")
    assert [spell(node) for _, node in results(parse("x"), T.Array("int"), scope)] == []
