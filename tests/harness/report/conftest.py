"""Records of real runs of the tiny contract, and of one that is made up."""

import json
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from harness.program.collection import load
from harness.report.record import make_record
from harness.run.execute import run_one, survey
from harness.run.plan import Order, Result, plan
from harness.search.outcome import NOT_RUN, Outcome

TINY = Path(__file__).parents[1] / "search" / "tiny.yaml"
ROOT = Path(__file__).parents[3]
NAME = TINY.relative_to(ROOT).as_posix()  # as in the snapshots, wherever the checkout is
RUN = {"started": 1_700_000_000, "seconds": 1.5, "jobs": 1, "host": "here", "folder": "build/report", "parts": [],
       "falsifier_seconds": {}}  # fmt: skip
PROVENANCE = {
    "harness": {"version": "0", "digest": "0" * 64},
    "subject": {"name": "reference", "digest": "", "files": [], "count": 0},
    "python": "CPython 3", "packages": {"numpy": "2"},
    "platforms": [{"system": "Linux", "machine": "x86_64", "cpu": "", "features": ["avx2"], "libc": ""}],
    "threads": {}, "seeds": "as said", "model": None,
}  # fmt: skip


def run(order: Order) -> Result:
    """A run in this process."""
    planned, tasks, done = plan(order, load(order.contracts), survey(order))
    planned.outcomes = [done.get(key) or run_one(order, *key) for key in tasks]
    return planned


result_of = cache(run)


@pytest.fixture(scope="session")
def tiny_program():
    (program,) = load((str(TINY),))
    return program


@pytest.fixture
def result():
    """A run, remembered."""
    return result_of


@pytest.fixture
def fresh_result():
    """A run that is not remembered."""
    return run


@pytest.fixture
def order(monkeypatch):
    """An order for the tiny contract."""
    monkeypatch.chdir(ROOT)

    def make(subject="reference", select="", cases=20, contracts=(NAME,)):
        return Order(contracts, subject, cases, select=select)

    return make


@pytest.fixture
def record(order):
    """The record of a run."""

    def make(subject="reference", select="", **more):
        ordered = order(subject, select, **more)
        return make_record(ordered, "20 cases", result_of(ordered), PROVENANCE, RUN)

    return make


@pytest.fixture
def interrupted(order):
    """The record of a run that was interrupted after two falsifiers."""
    ordered = order()
    whole = result_of(ordered)
    unrun = [Outcome(o.contract, o.falsifier, NOT_RUN, "interrupted", wanted=20) for o in whole.outcomes[2:]]
    stopped = replace(whole, outcomes=[*whole.outcomes[:2], *unrun], interrupted=True)
    return make_record(ordered, "20 cases", stopped, PROVENANCE, RUN)


@pytest.fixture(scope="session")
def schema():
    path = Path(sys.modules["harness.report.record"].__file__).with_name("record.schema.json")
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def validate(schema):
    """Raises where a record breaks the published schema."""
    return Draft202012Validator(schema).validate


@pytest.fixture
def provenance():
    """What the records here say of their origin."""
    return PROVENANCE


@pytest.fixture
def run_block():
    """What the records here say of their run."""
    return RUN
