"""Small contracts from a few expressions, for comparing two versions."""

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from harness.contract.read import read_contract
from harness.gate.meaning.equations.equation import compare_equation
from harness.language.syntax import parse
from harness.program.check import check
from harness.program.collection import load

CONTRACTS = Path(__file__).parents[4] / "contracts"

DIMENSIONS = {"size": {"min": 1, "max": 24}, "rows": {"min": 1, "max": 6}, "k": {"min": 1, "max": "rows"}}
INPUTS = {
    "x": {"dtype": "f32", "shape": ["size"]},
    "z": {"dtype": "f32", "shape": ["size"]},
    "w": {"dtype": "f32", "shape": ["rows", "size"]},
    "q": {"dtype": "u8", "shape": ["size"]},
    "h": {"dtype": "u8", "shape": ["size"]},
}


def program(text):
    """A contract from YAML text."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made-v1.yaml"
        path.write_text(text, encoding="utf-8")
        contract = read_contract(path)
    return check(contract, {contract.metadata.id: contract})


def made(
    equations,
    claims=None,
    *,
    dimensions=None,
    inputs=None,
    returns=None,
    refuses=None,
    formats=None,
    tables=None,
    arguments=None,
    metadata=None,
    **sections,
):
    """A checked contract. `claims`: a claim, or a whole falsifier as a mapping, per id; else every result is close."""
    dimensions = DIMENSIONS if dimensions is None else dimensions
    inputs = INPUTS if inputs is None else inputs
    names = list(equations)
    returns = returns or {name: name for name in names}
    arguments = arguments or {name: name for name in (*dimensions, *inputs)}
    if claims is None:
        claims = {"F-1": "stagewise(run())"}
    tests = []
    for key, claim in claims.items():
        rest = {"claim": claim} if isinstance(claim, str) else dict(claim)
        tests.append(
            {"id": f"FALSIFY-{key}", "discharges": ["ALL-ONE"], "rule": "it holds", "if_fails": "look", **rest}
        )
    document = {
        "metadata": {"id": "made", "version": "1.0.0", "lifecycle": "draft", "title": "made", "references": ["a test"],
                     **(metadata or {})},
        "dimensions": dimensions,
        "inputs": inputs,
        **({"formats": formats} if formats else {}),
        **({"tables": tables} if tables else {}),
        "equations": equations,
        "subjects": {"run": {"arguments": arguments, "returns": returns}},
        "proof_obligations": [{"id": "ALL-ONE", "type": "equivalence", "property": "everything"}],
        "falsification_tests": tests,
        **({"refuses": refuses} if refuses else {}),
        **sections,
    }  # fmt: skip
    return program(yaml.safe_dump(document, sort_keys=False))


@pytest.fixture(scope="session")
def contract():
    """Makes a contract of a few sections."""
    return made


@pytest.fixture(scope="session")
def real():
    """The contracts of this project by id, some equations replaced."""
    programs = {part.id: part for part in load((str(CONTRACTS),))}

    def of(name, **equations):
        whole = programs[name]
        return replace(whole, equations={**whole.equations, **{key: parse(text) for key, text in equations.items()}})

    return of


@pytest.fixture(scope="session")
def compared():
    """Evidence on one equation; an expression alone stands for an equation `e` that is returned."""

    def compare(old, new, name="e", claims=None, **sections):
        sides = [{"e": side} if isinstance(side, str) else side for side in (old, new)]
        before, after = (made(side, claims, **sections) for side in sides)
        return compare_equation(before, after, name)

    return compare
