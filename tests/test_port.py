"""A right implementation is not rejected for its words: the port claims everything but the sentences, and survives."""

from __future__ import annotations

import inspect
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest

from harness.program.collection import load
from harness.program.model import Program
from harness.search.engine import Search
from harness.search.outcome import FALSIFIED, SURVIVED, UNDECIDED, Outcome
from harness.subjects.declines import declined, declines_of, without_declined_rows
from harness.subjects.subject import ModuleSubject
from tests.subjects import port

CONTRACTS = Path(__file__).parent.parent / "contracts"
NAMES = sorted(path.stem.rpartition("-v")[0] for path in CONTRACTS.glob("*-v*.yaml"))
CASES = 8
SUBJECT = ModuleSubject("tests.subjects.port", port)
pytestmark = pytest.mark.usefixtures("quick_shrink")


@cache
def programs() -> dict[str, Program]:
    return {program.id: program for program in load((str(CONTRACTS),))}


def tried(contract: str, falsifier: object, cases: int = CASES) -> Outcome:
    return Search(programs()[contract], falsifier, SUBJECT, cases).run()


@pytest.mark.parametrize("contract", NAMES)
def test_everything_but_the_sentences_is_claimed_and_survives(contract: str) -> None:
    program = programs()[contract]
    declines = declines_of(SUBJECT, programs().values())
    for falsifier in program.falsifiers:
        refused = declined(declines, program, falsifier)
        if refused is not None:
            assert refused[0].endswith("-SENTENCES"), (falsifier.source.id, refused)
            continue
        outcome = tried(contract, without_declined_rows(declines, program, falsifier))
        # so few cases may be open by more than a contract admits
        assert outcome.verdict in (SURVIVED, UNDECIDED), (falsifier.source.id, outcome.reason, outcome.counterexample)
        assert outcome.tally.undecided < outcome.tally.cases, falsifier.source.id


@pytest.mark.parametrize("contract", NAMES)
def test_its_sentences_are_others(contract: str) -> None:
    said = [part for part in programs()[contract].falsifiers if part.source.discharges[0].endswith("-SENTENCES")]
    assert said
    for falsifier in said:
        assert tried(contract, falsifier, 2).verdict == FALSIFIED, falsifier.source.id


def test_without_its_map_of_classes_it_is_falsified_by_their_names_alone() -> None:
    unmapped = SimpleNamespace(**{name: getattr(port, name) for name in port.__all__})
    program = programs()["moe-router"]
    refused = next(part for part in program.falsifiers if part.source.id == "FALSIFY-MOE-ROUTER-011")
    outcome = Search(program, refused, ModuleSubject("port", unmapped), 2).run()
    assert outcome.verdict == FALSIFIED and "another error" in outcome.reason


def test_the_map_is_at_most_ten_lines_and_nothing_is_shared_with_impl() -> None:
    source = inspect.getsource(port)
    assert len(source[source.index("ERRORS = ") :].splitlines()) <= 10
    texts = [path.read_text(encoding="utf-8") for path in Path(port.__file__).parent.glob("*.py")]
    assert not any("import impl" in text or "from impl" in text or "from harness" in text for text in texts)
