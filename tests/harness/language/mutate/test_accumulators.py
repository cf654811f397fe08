import numpy as np

from harness.language.arithmetic import float32
from harness.language.evaluate import Bindings, evaluate
from harness.language.infer import infer
from harness.language.mutate.domains import FaultyExact, FaultySingle
from harness.language.mutate.faulty import in_language
from harness.language.mutate.number_formats import NumberFormats
from harness.language.mutate.plan import mutants_of_equations
from harness.language.syntax import parse, spell

NARROW = NumberFormats(mixed=True)


def test_products_and_sums(edits):
    assert edits("m @ x", NARROW)["bf16-accumulator"] == ["faulty.product_in(m, x, format='bf16')"]
    assert edits("matvec(w, m)", NARROW)["f16-accumulator"] == ["faulty.matvec_in(w, m, format='f16')"]
    assert edits("sum(m * x, 1)", NARROW)["f16-accumulator"] == ["faulty.sum_in(m * x, 1, format='f16')"]
    assert edits("mean(x)", NARROW)["bf16-accumulator"] == ["faulty.mean_in(x, format='bf16')"]
    (made,) = edits("rms_norm(x, y, 1e-6)", NARROW)["bf16-accumulator"]
    assert made == "(x / sqrt(faulty.mean_in(x * x, -1, format='bf16')[..., None] + 1e-06)) * y"


def test_not_of_integers_and_not_in_float32(edits):
    assert "bf16-accumulator" not in edits("sum(b)", NARROW)
    assert "bf16-accumulator" not in edits("m @ x")
    assert "f16-accumulator" not in edits("m @ x", NumberFormats(mixed=True, accumulators=("bf16",)))


def test_both_domains_add_in_the_same_way(scope):
    """257 ones: bfloat16 stops at 256, float16 does not."""
    values = {"x": np.ones(257, np.float32), "m": np.ones((2, 257), np.float32)}
    for text, expected in (("m @ x", [256, 256]), ("sum(m, 1)", [256, 256]), ("mean(x)", 256 / 257)):
        equation = {"e": parse(text)}
        typed = type(scope)({**scope.names, "e": infer(equation["e"], scope)}, scope.ranges)
        for mutant in mutants_of_equations(equation, typed, {"e"}, NARROW):
            if mutant.id == "e:bf16-accumulator@1":
                single = evaluate(mutant.node, Bindings(FaultySingle(), {}, {}, values))
                exact = evaluate(mutant.node, Bindings(FaultyExact(float32()), {}, {}, values))
                assert np.array_equal(single, np.float32(expected)) and np.array_equal(exact.v, expected)
                assert infer(in_language(mutant.node), scope) == infer(mutant.was, scope), spell(mutant.node)
