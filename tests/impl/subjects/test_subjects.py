"""The package as a whole: what it offers, and how."""

import inspect
import sys
from pathlib import Path

import pytest

from impl import subjects

CONTRACTS = Path(__file__).parents[3] / "contracts"
FUNCTIONS = [name for name in subjects.__all__ if name != "CLAIMS"]


def test_every_claim_is_a_contract_that_exists():
    assert len(set(subjects.CLAIMS)) == len(subjects.CLAIMS) >= 6
    for claim in subjects.CLAIMS:
        assert list(CONTRACTS.glob(f"{claim}-v*.yaml")), claim


def test_it_is_still_one_module_by_name():
    assert sys.modules["impl.subjects"] is subjects
    assert all(callable(getattr(subjects, name)) for name in FUNCTIONS)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_arguments_are_by_keyword_only(name):
    kinds = {parameter.kind for parameter in inspect.signature(getattr(subjects, name)).parameters.values()}
    assert kinds <= {inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.VAR_KEYWORD}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_says_what_it_returns(name):
    assert getattr(subjects, name).__doc__
