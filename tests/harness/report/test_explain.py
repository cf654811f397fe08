from pathlib import Path

import pytest

from harness.program.collection import load
from harness.report.explain import explanations
from tests.harness.padded import padded

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def found():
    return explanations(load((str(ROOT / "contracts"),)))


@pytest.fixture(scope="module")
def tiny():
    return explanations(load((str(ROOT / "tests/harness/search/tiny.yaml"),)))


def test_every_id_of_every_contract_is_explained(found):
    for program in load((str(ROOT / "contracts"),)):
        contract = program.contract
        ids = [program.id, *(part.id for part in (*contract.falsifiers, *contract.obligations, *contract.faults))]
        ids += [f"{program.id}.{name}" for name in (*contract.equations, *contract.inputs, *contract.subjects)]
        for name in ids:
            assert found[name] and all(line.strip() for line in found[name])


def test_a_falsifier_says_what_it_claims_and_of_what(tiny):
    assert tiny["FALSIFY-TINY-010"][1:] == [
        "  claim: finite(product().out) and close(product().out, out)",
        "  given size: >= 5",
        "  given x: not large, heavy, subnormal",
        "  given m: values normal, integers",
        "  where: size % 2 == 1",
        "  discharges: TINY-VALUE",
        "  if it fails: A product of a long row differs.",
        "  run it alone: harness run --select FALSIFY-TINY-010",
    ]
    assert "  for each factor: 1, 2, 4" in tiny["FALSIFY-TINY-006"]


def test_a_falsifier_says_what_it_covers(found):
    told = found["FALSIFY-SWIGLU-003"]
    assert "  covers an expert that is not the first in at least 10% of the cases: e > 0" in told


def test_a_fault_says_how_to_plant_it(tiny):
    assert tiny["FAULT-TINY-001"][-1] == "  plant it: harness run --subject reference:FAULT-TINY-001"


def test_an_obligation_names_what_discharges_it(tiny):
    assert "  discharged by FALSIFY-TINY-004: A vector of the wrong length is refused" in tiny["TINY-REFUSAL"]


def test_inputs_subjects_and_equations_have_their_own_lines(tiny):
    assert tiny["tiny.product"][1] == "  product(x=x, m=m, size=size) -> out: out"
    assert tiny["tiny.out"][1] == "  out = m @ x"
    assert tiny["tiny.x"][0].endswith("real[size]")


def test_an_input_with_padding_says_where_its_entries_count():
    told = explanations([padded("bf16")])["padded.x"]
    assert told[0].endswith("real[rows, n, 2], bf16; its entries count where seen")


def test_a_subject_says_what_it_writes_into():
    found = explanations(load((str(ROOT / "tests/harness/subjects/caller_memory.yaml"),)))
    assert found["caller-memory.append"][1] == "  append(cache=cache, key=key) -> nothing; updates cache: moved"
    assert found["caller-memory.double"][1] == "  double(key=key) -> total: total; fills out: twice, f16"


def test_one_name_of_two_contracts_is_told_for_both(tiny):
    (program,) = load((str(ROOT / "tests/harness/search/tiny.yaml"),))
    assert len(explanations([program, program])["TINY-VALUE"]) == 2 * len(tiny["TINY-VALUE"])


def test_a_contract_says_how_its_implementations_may_compute(small_contract, tmp_path):
    said = "{exp_ulps: 4, flush_to_zero: true, reduction: rounded, adder: {terms: 8, bits: 24, rounding: floor}}"
    (tmp_path / "rows-v1.yaml").write_text(small_contract(more=f"arithmetic: {said}"))
    (lines,) = (lines for key, lines in explanations(load((str(tmp_path),))).items() if key == "rows")
    assert f"  arithmetic: {said[1:-1]}" in lines
