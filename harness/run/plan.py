"""What a run has to do: which falsifiers, and which need no run to have an outcome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from harness.findings import HandledError
from harness.printable import printable
from harness.program.collection import digests, load
from harness.program.model import FalsifierProgram, Program
from harness.search.outcome import NOT_RUN, Outcome
from harness.subjects.declines import Declines, declined, declined_rows, lacked

Key = tuple[str, str]  # contract, falsifier


@dataclass(frozen=True)
class Pinned:
    """What was planned with, so that a worker that starts later can tell whether it works with the same.

    contracts  digests by file, those included that are depended on
    files      digests of the subject's files, by path
    model      what the file system says of the model file
    """

    contracts: tuple[tuple[str, str], ...]
    files: tuple[tuple[str, str], ...]
    model: tuple[int, ...]


@dataclass(frozen=True)
class Order:
    """What to run; small enough to be sent to a worker process.

    `shard` (2, 8): the second of eight parts. `timeout`: seconds that one falsifier may take; None: no limit.
    `pinned`: what workers must find, once the run is planned.
    """

    contracts: tuple[str, ...]
    subject: str
    cases: int = 200
    model: str = ""
    select: str = ""
    shard: tuple[int, int] | None = None
    timeout: float | None = None
    pinned: Pinned | None = None


@dataclass(frozen=True)
class Offer:
    """What a subject says of itself: contracts (None: all), functions it lacks, what it declines, and its files."""

    claims: tuple[str, ...] | None
    missing: Mapping[str, tuple[str, ...]]
    declines: Declines = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)  # digests by path


@dataclass(frozen=True)
class News:
    """How far a search has come: cases, and the largest error as a share of its bound."""

    cases: int
    margin: float


@dataclass(frozen=True)
class Plan:
    """What is to be run, and everything that is not, with the reason.

    tasks           the falsifiers that are run here, in the order of the contracts
    of              how many falsifiers all parts of the run have together
    decided         outcomes of tasks that need no run: functions are missing that the subject claims
    not_offered     contracts that the subject does not claim
    unknown_claims  claims of contracts that do not exist
    declined        falsifiers (contract, id) with the obligation that the subject does not take on, and its reason
    declined_rows   the same of falsifiers that are run without some rows, with how many of how many
    not_applicable  falsifiers (contract, id) that say nothing about a model's own weights, with the reason
    files           digests of the subject's source files, by path
    """

    programs: Sequence[Program]
    claims: tuple[str, ...] | None
    tasks: Sequence[Key]
    of: int
    decided: Mapping[Key, Outcome] = field(default_factory=dict)
    not_offered: Sequence[str] = ()
    unknown_claims: Sequence[str] = ()
    declined: Sequence[tuple[str, str, str, str]] = ()
    declined_rows: Sequence[tuple[str, str, str, str, tuple[int, int]]] = ()
    not_applicable: Sequence[tuple[str, str, str]] = ()
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """What came of a plan. A task without an outcome was not run, because the run was interrupted."""

    plan: Plan
    outcomes: Mapping[Key, Outcome]
    interrupted: bool = False


def make_plan(order: Order, programs: Sequence[Program], offer: Offer) -> Plan:
    """Sort every falsifier of every contract: a task, or one that is not run for a reason."""
    tasks: list[Key] = []
    decided: dict[Key, Outcome] = {}
    not_offered: list[str] = []
    declines: list[tuple[str, str, str, str]] = []
    rows: list[tuple[str, str, str, str, tuple[int, int]]] = []
    not_applicable: list[tuple[str, str, str]] = []
    for program in programs:
        if offer.claims is not None and program.id not in offer.claims:
            not_offered.append(program.id)
            continue
        for falsifier in program.falsifiers:
            key = (program.id, falsifier.source.id)
            if not selected(order, program, falsifier):
                continue
            reason = inapplicable(order, program, falsifier)
            if reason:
                not_applicable.append((*key, reason))
                continue
            refused = declined(offer.declines, program, falsifier)
            if refused is not None:
                declines.append((*key, *refused))
                continue
            tasks.append(key)
            rows += [(*key, *part) for part in declined_rows(offer.declines, program, falsifier)]
            missing = lacked(offer.declines, program, falsifier, offer.missing.get(program.id, ()))
            if missing:
                decided[key] = lacking(order, *key, missing)
    own = dealt(tasks, order.shard)
    return Plan(
        programs, offer.claims, own, len(tasks), {key: decided[key] for key in own if key in decided},
        not_offered, _unknown(order, programs, offer.claims), declines, rows, not_applicable, offer.files,
    )  # fmt: skip


def dealt(tasks: list[Key], shard: tuple[int, int] | None) -> list[Key]:
    """The falsifiers of one part: dealt out in turn, so that those of one contract, alike in cost, are spread."""
    if shard is None:
        return tasks
    index, of = shard
    return tasks[index - 1 :: of]


def lacking(order: Order, contract: str, falsifier: str, missing: tuple[str, ...]) -> Outcome:
    """A contract that is claimed, by a subject without all of its functions."""
    reason = f"{order.subject} claims {contract} but offers no {', '.join(missing)}()"
    return Outcome(contract, falsifier, NOT_RUN, reason, wanted=order.cases)


def check_selection(order: Order, programs: Sequence[Program]) -> None:
    """A selection of nothing must not look like success."""
    if not any(selected(order, program, falsifier) for program in programs for falsifier in program.falsifiers):
        raise HandledError(
            f"--select {printable(order.select, 120)!r} matches no falsifier; `harness list` shows their ids and rules"
        )


def check_model(order: Order) -> None:
    """A model that cannot be read is refused, whichever contracts it would be used for."""
    if order.model:
        from harness.model_files.gguf import ModelFile

        ModelFile(Path(order.model))


def selected(order: Order, program: Program, falsifier: FalsifierProgram) -> bool:
    """Whether the selection names this contract, id or rule."""
    return order.select.lower() in f"{program.id} {falsifier.source.id} {falsifier.source.rule}".lower()


def _unknown(order: Order, programs: Sequence[Program], claims: tuple[str, ...] | None) -> list[str]:
    """Claims of contracts that are neither run nor lie beside those that are."""
    known = {program.id for program in programs}
    for path in map(Path, order.contracts):
        if path.is_file():
            known |= {neighbour.name.rpartition("-v")[0] for neighbour in path.parent.glob("*-v*.yaml")}
    return [claim for claim in claims or () if claim not in known]


def inapplicable(order: Order, program: Program, falsifier: FalsifierProgram) -> str:
    """Why a falsifier has nothing to say about a model's own weights and dimensions, or ""."""
    if not order.model:
        return ""
    binding = program.contract.model
    if binding is None:
        return "the contract has no `model` section"
    fixed, _ = bound(replace(order, select=""), program.id)
    for name, given in falsifier.source.given.items():
        if name in binding.tensors and (given.kinds or given.dtypes):
            return f"asks for another {name} than the model's"
        if name not in fixed:
            continue
        if given.integers and fixed[name] not in given.integers:
            return f"asks for {name} = {', '.join(map(str, given.integers))}, the model has {fixed[name]}"
        for sign, word, end in ((1, ">=", given.minimum), (-1, "<=", given.maximum)):
            limit = _limit(end.text, fixed) if end is not None else None
            if limit is not None and sign * fixed[name] < sign * limit:
                return f"asks for {name} {word} {limit}, the model has {fixed[name]}"
    return ""


def _limit(text: str, fixed: Mapping[str, int]) -> int | None:
    """The end of a range, where the model fixes everything in it."""
    from harness.language.syntax import names, parse
    from harness.program.integers import integer

    node = parse(text)
    return integer(node, fixed) if names(node) <= set(fixed) else None


def pinned(order: Order, files: Mapping[str, str]) -> Pinned:
    """What the order's files are now; `files`: the subject's."""
    return Pinned(tuple(sorted(digests(order.contracts).items())), tuple(sorted(files.items())), _state(order.model))


def changed(order: Order, files: Mapping[str, str]) -> str:
    """The file that is not as it was when the run was planned, or ""; `files`: the subject's of now."""
    before = order.pinned
    if before is None:
        return ""
    contracts = digests(order.contracts)
    for known, now in ((before.contracts, contracts), (before.files, files)):
        for path, digest in known:
            if now.get(path, digest) != digest:
                return path
    gone = [path for path, _ in before.contracts if path not in contracts]
    return gone[0] if gone else "" if _state(order.model) == before.model else order.model


def _state(model: str) -> tuple[int, ...]:
    """Which file a model is, and its size and time of change: its digest would take minutes."""
    if not model:
        return ()
    found = Path(model).stat()
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)


@cache
def bound(order: Order, contract: str) -> tuple[Mapping[str, int], tuple[Any, ...]]:
    """The dimensions that the model fixes, and its weights layer by layer."""
    from harness.model_files.gguf import ModelFile
    from harness.model_files.weights import bind

    program = next(program for program in load(order.contracts) if program.id == contract)
    return bind(ModelFile(Path(order.model)), program)
