from harness.gate.meaning.claim import compare_claim
from harness.gate.meaning.domain import compare_domain
from harness.gate.meaning.named_equation import compare_equation
from harness.gate.meaning.refusal import compare_refusal


def test_a_contract_is_the_same_as_itself(real):
    program = real("moe-router")
    for name in program.equations:
        assert compare_equation(program, program, name).relation == "same"
    for falsifier in program.falsifiers:
        assert compare_claim(program, program, falsifier.source.id).relation == "same"
        assert compare_domain(program, program, falsifier.source.id).relation == "same"
    assert compare_domain(program, program, None).relation == "same"
    assert compare_refusal(program, program, "route", (0,), (0,)).relation == "same"


def test_equations_of_formats_are_named_with_their_format(real):
    program = real("ggml-blocks")
    assert compare_equation(program, program, "q4_k.sc").relation == "same"
