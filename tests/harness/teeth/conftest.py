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
