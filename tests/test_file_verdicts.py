"""Verdicts on names, files and stages: known bugs are falsified by each falsifier that is named.

As test_verdicts.py, which has the kernels; here the variants are of production itself (tests/subjects/faulty_files.py),
which survives (`make contracts`).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from harness.program.collection import load
from harness.search.engine import Search
from harness.search.outcome import FALSIFIED, Outcome
from harness.subjects.subject import ModuleSubject
from tests.subjects import faulty_files

ROOT = Path(__file__).parent.parent
CASES = 200  # the ci profile
KILLS = [(variant, falsifier) for variant in faulty_files.VARIANTS for falsifier in variant.by]
pytestmark = pytest.mark.usefixtures("quick_shrink")


@cache
def falsifiers() -> dict[str, tuple]:
    """Program and falsifier by id without "FALSIFY-"."""
    programs = load((str(ROOT / "contracts"),))
    return {
        part.source.id.removeprefix("FALSIFY-"): (program, part) for program in programs for part in program.falsifiers
    }


def tried(subject: ModuleSubject, falsifier: str) -> Outcome:
    return Search(*falsifiers()[falsifier], subject, CASES).run()


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
