"""Contracts of files and folders, and the neighbours they depend on."""

from pathlib import Path

import pytest

from harness.findings import Refused
from harness.program.collection import load

TEXT = """
metadata: {{id: {id}, version: 1.2.0, lifecycle: draft, title: A contract, references: [none yet]{more}}}
inputs: {{x: {{dtype: f32, shape: []}}}}
equations: {{twice: {equation}}}
subjects: {{double: {{arguments: {{x: x}}, returns: {{twice: twice}}}}}}
proof_obligations: [{{id: TWICE, type: equivalence, property: it is twice x}}]
falsification_tests:
  - {{id: FALSIFY-TWICE-001, discharges: [TWICE], rule: it is twice x,
     claim: "close(double().twice, twice)", if_fails: it is not}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    needs = ", depends_on: {base: '>=1,<2'}"
    (tmp_path / "base-v1.yaml").write_text(TEXT.format(id="base", more="", equation="2 * x"))
    (tmp_path / "built-v1.yaml").write_text(TEXT.format(id="built", more=needs, equation="x + x"))
    return tmp_path


def test_a_folder_is_every_contract_in_it(folder):
    assert {program.id for program in load((str(folder),))} == {"base", "built"}


def test_a_file_finds_what_it_depends_on_beside_it(folder):
    assert [program.id for program in load((str(folder / "built-v1.yaml"),))] == ["built"]


def test_the_same_contract_named_twice_is_one(folder):
    assert len(load((str(folder), str(folder / "base-v1.yaml")))) == 2


def test_a_missing_neighbour_is_a_finding(folder):
    (folder / "base-v1.yaml").unlink()
    with pytest.raises(Refused, match="depends_on names an unknown contract 'base'"):
        load((str(folder / "built-v1.yaml"),))
