from harness.language.arithmetic import float32
from harness.program.arithmetic import arithmetic_of


def test_a_contract_without_the_section_allows_float32(tiny):
    assert arithmetic_of(tiny) == float32()
    assert arithmetic_of(tiny, condition=True).condition
