import sys
from subprocess import run

from harness.gate.meaning import compare_claim, compare_domain, compare_equation, compare_refusal


def test_importing_it_loads_nothing_heavy():
    code = "import sys, harness.gate.meaning; assert not {'numpy', 'hypothesis', 'numba', 'yaml'} & set(sys.modules)"
    run([sys.executable, "-c", code], check=True)


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
