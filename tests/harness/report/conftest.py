"""Records of real runs of the tiny contract, and of one that is made up."""

import json
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from harness.program.collection import load
from harness.report.record import header, make_record
from harness.run.plan import Order, Result, make_plan
from harness.run.work import run_one, survey

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
    plan = make_plan(order, load(order.contracts), survey(order))
    return Result(plan, {key: plan.decided.get(key) or run_one(order, *key) for key in plan.tasks})


result_of = cache(run)


def recorded(order: Order, result: Result, **block: Any) -> dict[str, Any]:
    """The record of a result, with nothing from kill records; `block` changes its block `run`."""
    return make_record(header(order, "20 cases", result.plan, {}, PROVENANCE), result, RUN | block)


@pytest.fixture(scope="session")
def tiny_program():
    (program,) = load((str(TINY),))
    return program


@pytest.fixture
def result():
    """A run, remembered."""
    return result_of


@pytest.fixture
def record_of():
    """The record of a result."""
    return recorded


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
        return recorded(ordered, result_of(ordered))

    return make


@pytest.fixture
def interrupted(order):
    """The record of a run that was interrupted after two falsifiers."""
    ordered = order()
    whole = result_of(ordered)
    first = dict(list(whole.outcomes.items())[:2])
    return recorded(ordered, replace(whole, outcomes=first, interrupted=True))


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
