"""Verdicts on names, files and stages: known bugs are falsified by each falsifier that is named, production survives.

As test_verdicts.py, which has the kernels; here the variants are of production itself (tests/subjects/faulty_files.py).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from harness.program.collection import load
from harness.search.engine import Search
from harness.search.outcome import FALSIFIED, SURVIVED, Outcome
from harness.subjects.subject import ModuleSubject
from impl import subjects
from tests.subjects import faulty_files

ROOT = Path(__file__).parent.parent
CASES = 200  # the ci profile
KILLS = [(variant, falsifier) for variant in faulty_files.VARIANTS for falsifier in variant.by]


@cache
def falsifiers() -> dict[str, tuple]:
    """Program and falsifier by id without "FALSIFY-"."""
    programs = load((str(ROOT / "contracts"),))
    return {
        part.source.id.removeprefix("FALSIFY-"): (program, part) for program in programs for part in program.falsifiers
    }


def tried(subject: ModuleSubject, falsifier: str) -> Outcome:
    return Search(*falsifiers()[falsifier], subject, CASES).run()


pytestmark = pytest.mark.usefixtures("quick_shrink")


@pytest.mark.parametrize(
    ("variant", "falsifier"), KILLS, ids=[f"{variant.__name__}-{falsifier}" for variant, falsifier in KILLS]
)
def test_faulty_variant_is_falsified(variant: type[faulty_files.Faulty], falsifier: str) -> None:
    outcome = tried(ModuleSubject(variant.__name__, variant()), falsifier)
    assert outcome.verdict == FALSIFIED, (variant.__doc__, outcome.verdict, outcome.reason)
    shown = outcome.counterexample
    assert shown is not None
    assert shown["falsifier"] == f"FALSIFY-{falsifier}"
    evidence = shown["evidence"]
    assert evidence["reason"]
    assert evidence["reason"] in outcome.reason
    assert evidence["expected"] != evidence["got"]


@pytest.mark.parametrize("falsifier", sorted({falsifier for _, falsifier in KILLS}))
def test_production_survives(falsifier: str) -> None:
    outcome = tried(ModuleSubject("impl.subjects", subjects), falsifier)
    assert outcome.verdict == SURVIVED, (outcome.verdict, outcome.reason, outcome.counterexample)
