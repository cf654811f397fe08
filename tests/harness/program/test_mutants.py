from pathlib import Path

from harness.program.collection import load
from harness.program.mutants import computable, mutants, returned

CONTRACTS = Path(__file__).parents[3] / "contracts"
PROGRAMS = {program.id: program for program in load((str(CONTRACTS),))}


def test_equations_that_results_depend_on():
    assert returned(PROGRAMS["moe-router"]) == {"logits", "probs", "chosen", "weights"}  # the mass is a claim's alone
    assert returned(PROGRAMS["gguf-container"]) == {"offsets", "sizes", "types"}  # the file is what is read
    assert returned(PROGRAMS["tensor-names"]) == set()


def test_what_follows_from_the_arguments():
    program = PROGRAMS["trace-files"]
    assert computable(program, "file", {"layer", "x"}) and not computable(program, "values", {"file"})
    assert returned(program) == {"file"}


def test_mutants_by_id():
    found = mutants(PROGRAMS["moe-router"])
    assert found["weights:drop-normalisation@1"].equation == "weights"
    assert all(name == mutant.id for name, mutant in found.items())


def test_formats_are_mutated_where_they_are_declared():
    assert any(mutant.format == "q4_k" for mutant in mutants(PROGRAMS["ggml-blocks"]).values())
    assert not any(mutant.format for mutant in mutants(PROGRAMS["expert-swiglu"]).values())
