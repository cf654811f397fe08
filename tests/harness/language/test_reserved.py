"""A contract's own names win over functions that are added later: what was written before reads as before."""

from dataclasses import replace
from pathlib import Path

import pytest

from harness.findings import Refused
from harness.language.claims import SIGNATURES as CLAIMS
from harness.language.functions import FUNCTIONS
from harness.language.reserved import RESERVED
from harness.program.collection import load
from harness.program.mutants import mutants
from harness.search.engine import Search
from harness.search.outcome import SURVIVED
from harness.subjects.reference import Reference
from tests.edited import edited

ROOT = Path(__file__).parents[3]
CONTRACTS = sorted((ROOT / "contracts").glob("*.yaml"))
MANUAL = (ROOT / "docs" / "language.md").read_text("utf-8").split("```yaml\n")[1].split("```")[0]


def own_names(program):
    return {*program.dimensions, *program.inputs, *program.equations, *program.contract.subjects}


def added(monkeypatch, *names):
    """Functions of these names, as a later version of the language may have them."""
    for name in names:
        monkeypatch.setitem(FUNCTIONS, name, replace(FUNCTIONS["tanh"], name=name))


def loaded(path):
    (program,) = load((str(path),))
    return program


def test_every_reserved_name_is_one_of_a_function_or_a_claim():
    assert {*FUNCTIONS, *CLAIMS} >= RESERVED


def test_the_contracts_of_the_project_read_as_before(monkeypatch):
    before = [loaded(path) for path in CONTRACTS]
    added(monkeypatch, *set().union(*(own_names(program) for program in before)))
    for path, program in zip(CONTRACTS, before, strict=True):
        after = loaded(path)
        assert [part.claim for part in after.falsifiers] == [part.claim for part in program.falsifiers]
        assert after.equations == program.equations
        assert list(mutants(after)) == list(mutants(program))


def test_and_are_judged_as_before(monkeypatch, tmp_path):
    path = tmp_path / "best-scores-v1.yaml"
    path.write_text(MANUAL, "utf-8")
    added(monkeypatch, *own_names(loaded(path)))
    program = loaded(path)
    for falsifier in program.falsifiers:
        assert Search(program, falsifier, Reference(), 20).run().verdict == SURVIVED


@pytest.mark.parametrize("name", ["scores", "rank", "k"])
def test_a_function_whose_name_the_contract_has_cannot_be_called(monkeypatch, tmp_path, name):
    added(monkeypatch, name)
    path = tmp_path / "best-scores-v1.yaml"
    path.write_text(edited(MANUAL, [("chosen: top_k(scores, k)", f"chosen: top_k({name}(w @ x), k)")]), "utf-8")
    with pytest.raises(Refused) as refused:
        load((str(path),))
    said = f"'{name}' is a name of this contract, so the function of that name cannot be called"
    assert said in str(refused.value)


def test_within_a_block_format_too(monkeypatch):
    name = "ggml-blocks-v2.yaml"
    before = loaded(ROOT / "contracts" / name)
    names = {part for block in before.formats.values() for part in (*block.fields, *block.equations)}
    added(monkeypatch, *names - RESERVED)
    after = loaded(ROOT / "contracts" / name)
    for block, was in zip(after.formats.values(), before.formats.values(), strict=True):
        assert block.equations == was.equations and list(mutants(after)) == list(mutants(before))
