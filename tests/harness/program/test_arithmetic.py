import pytest

from harness.language.arithmetic import float32
from harness.program.arithmetic import arithmetic_of
from harness.program.collection import load


def test_a_contract_without_the_section_allows_float32(tiny):
    assert arithmetic_of(tiny) == float32()
    assert arithmetic_of(tiny, condition=True).condition


@pytest.mark.parametrize(
    "written, made",
    [
        ("exp_ulps: 4", float32(exp_ulps=4)),
        ("flush_to_zero: true", float32(flush_to_zero=True)),
        ("division: exact", float32(exact_division=True)),
        ("division: reciprocal", float32()),
    ],
)
def test_what_a_contract_declares(small_contract, tmp_path, written, made):
    (tmp_path / "rows-v1.yaml").write_text(small_contract(more=f"arithmetic: {{{written}}}"))
    assert arithmetic_of(*load((str(tmp_path / "rows-v1.yaml"),))) == made
