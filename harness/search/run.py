"""A whole run: contracts, a subject, and an outcome for every falsifier."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from harness.contract.collection import load
from harness.contract.program import FalsifierProgram, Program
from harness.search.outcome import ERROR, NOT_RUN, Outcome

Progress = Callable[[Outcome], None]
ONE_THREAD = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True)
class Order:
    """What to run; small enough to be sent to a worker process."""

    contracts: tuple[str, ...]
    subject: str = "impl.subjects"
    cases: int = 200
    model: str = ""
    select: str = ""


@dataclass
class Result:
    """Outcomes in the order of the contracts; what the subject does not claim, and what a model does not apply to."""

    programs: list[Program]
    claims: tuple[str, ...] | None
    outcomes: list[Outcome] = field(default_factory=list)
    not_offered: list[str] = field(default_factory=list)
    not_applicable: list[tuple[str, str, str]] = field(default_factory=list)


def execute(order: Order, jobs: int, progress: Progress = lambda outcome: None) -> Result:
    """Run everything; outcomes are the same for every number of jobs."""
    for name in ONE_THREAD:  # products are small: threads of the linear algebra library only cost time
        os.environ.setdefault(name, "1")
    from harness.search.subject import load_subject

    programs = load(order.contracts)
    subject = load_subject(order.subject)
    if order.subject.startswith("reference:"):
        from harness.search.reference import check_fault

        check_fault(order.subject.partition(":")[2], programs)
    result = Result(programs, subject.claims())
    tasks: list[tuple[str, str]] = []
    done: dict[tuple[str, str], Outcome] = {}
    for program in programs:
        if result.claims is not None and program.id not in result.claims:
            result.not_offered.append(program.id)
            continue
        missing = subject.missing(program)
        unbound = _unbound(order, program)
        for falsifier in program.falsifiers:
            key = (program.id, falsifier.source.id)
            if order.select.lower() not in f"{program.id} {falsifier.source.id} {falsifier.source.rule}".lower():
                continue
            reason = unbound or _inapplicable(order, program, falsifier)
            if reason:
                result.not_applicable.append((*key, reason))
                continue
            tasks.append(key)
            if missing:
                reason = f"{subject.name} claims {program.id} but offers no {', '.join(missing)}()"
                done[key] = Outcome(*key, NOT_RUN, reason)
    open_ = [key for key in tasks if key not in done]
    for outcome in _outcomes(order, open_, min(jobs, max(1, len(open_)))):
        done[outcome.contract, outcome.falsifier] = outcome
        progress(outcome)
    result.outcomes = [done.get(key, Outcome(*key, NOT_RUN, "interrupted")) for key in tasks]
    return result


def _outcomes(order: Order, tasks: list[tuple[str, str]], jobs: int) -> Iterator[Outcome]:
    if jobs == 1:
        for key in tasks:
            yield run_one(order, *key)
        return
    lost: list[tuple[str, str]] = []
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        futures: dict[Future[Outcome], tuple[str, str]] = {pool.submit(run_one, order, *key): key for key in tasks}
        try:
            for future in as_completed(futures):
                try:
                    yield future.result()
                except BrokenProcessPool:
                    lost.append(futures[future])
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    # A subject that kills its process takes others down with it: each is tried once more on its own.
    for key in lost:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            try:
                yield pool.submit(run_one, order, *key).result()
            except BrokenProcessPool:
                yield Outcome(*key, ERROR, "the subject ended the process")


@cache
def _loaded(order: Order) -> tuple[dict[str, Program], Any]:
    from harness.search.subject import load_subject

    return {program.id: program for program in load(order.contracts)}, load_subject(order.subject)


@cache
def _bound(order: Order, contract: str) -> tuple[Mapping[str, int], tuple[Any, ...]]:
    from harness.search.model_file import ModelFile, bind

    return bind(ModelFile(Path(order.model)), _loaded(order)[0][contract])


def run_one(order: Order, contract: str, falsifier: str) -> Outcome:
    """One falsifier, in whatever process this is."""
    return search_for(order, contract, falsifier).run()


def search_for(order: Order, contract: str, falsifier: str) -> Any:
    """The search of one falsifier, ready to run."""
    from harness.search.engine import Search

    programs, subject = _loaded(replace(order, select=""))
    program = programs[contract]
    chosen = next(part for part in program.falsifiers if part.source.id == falsifier)
    fixed, layers = _bound(replace(order, select=""), contract) if order.model else ({}, ())
    return Search(program, chosen, subject, order.cases, fixed, layers)


def _unbound(order: Order, program: Program) -> str:
    return "the contract has no `model` section" if order.model and program.contract.model is None else ""


def _inapplicable(order: Order, program: Program, falsifier: FalsifierProgram) -> str:
    """Why a falsifier has nothing to say about a model's own weights and dimensions."""
    binding = program.contract.model
    if not order.model or binding is None:
        return ""
    fixed, _ = _bound(replace(order, select=""), program.id)
    for name, given in falsifier.source.given.items():
        if name in binding.tensors and (given.kinds or given.dtypes):
            return f"asks for another {name} than the model's"
        if name in fixed and given.integers and fixed[name] not in given.integers:
            return f"asks for {name} = {', '.join(map(str, given.integers))}, the model has {fixed[name]}"
        for end, sign in ((given.minimum, 1), (given.maximum, -1)):
            if name in fixed and end is not None:
                from harness.language.syntax import parse
                from harness.search.recipe import integer

                limit = integer(parse(end.text), fixed)
                if sign * fixed[name] < sign * limit:
                    return f"asks for {name} {'>=' if sign > 0 else '<='} {limit}, the model has {fixed[name]}"
    return ""
