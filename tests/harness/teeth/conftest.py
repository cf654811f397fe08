"""The contract of the router, and a contract that is mostly empty."""

from pathlib import Path

import pytest

from harness.contract.read import contract_of
from harness.contract.spans import loads
from harness.program.check import check
from harness.program.collection import load

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def rows(small_contract):
    """A small contract whose first falsifier has the claim that is given."""

    def made(claim="stagewise(rows())", more="", path="rows-v1.yaml"):
        return check(contract_of(loads(small_contract(claim, more), str(path))), {})

    return made


@pytest.fixture(scope="session")
def contracts():
    """This repository's contracts, by id."""
    return {program.id: program for program in load((str(ROOT / "contracts"),))}


@pytest.fixture(scope="session")
def computing():
    """A contract of one function f(x) whose equations and result are given."""

    def made(equations, result="out", more=""):
        listed = "".join(f"  {name}: {text}\n" for name, text in equations.items())
        text = f"""metadata: {{id: one, version: 1.0.0, lifecycle: draft, title: One function, references: [none]}}
dimensions: {{size: {{min: 1, max: 4}}}}
inputs: {{x: {{dtype: f32, shape: [size], values: [normal]}}, w: {{dtype: f32, shape: [size], values: [normal]}}}}
equations:
{listed}subjects: {{f: {{arguments: {{x: x, w: w}}, returns: {{{result}: {result}}}}}}}
proof_obligations: [{{id: ONE, type: equivalence, property: p}}]
falsification_tests:
  - {{id: FALSIFY-ONE-001, discharges: [ONE], rule: r, if_fails: f, claim: "close(f().{result}, {result})"}}
{more}
"""
        return check(contract_of(loads(text, "one-v1.yaml")), {})

    return made


@pytest.fixture(scope="session")
def eight_cases():
    """A contract of one function of a dimension with eight values, so that there are eight cases."""
    text = """metadata: {id: eight, version: 1.0.0, lifecycle: draft, title: Eight cases, references: [none]}
dimensions: {size: {min: 1, max: 8}}
equations: {out: "where(size < 9, size, 3)"}
subjects: {f: {arguments: {size: size}, returns: {out: out}}}
proof_obligations: [{id: EIGHT, type: equivalence, property: p}]
falsification_tests:
  - {id: FALSIFY-EIGHT-001, discharges: [EIGHT], rule: r, if_fails: f, claim: "identical(f().out, out)"}
"""
    return check(contract_of(loads(text, "eight-v1.yaml")), {})
