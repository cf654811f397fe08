"""Dependencies between contracts: versions outside a range, drafts that others depend on, cycles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from harness.gate.candidates import Candidate
from harness.gate.problems import Problem
from harness.gate.ranges import admits


def dependency_problems(gated: Mapping[str, Candidate], around: Mapping[str, Candidate]) -> Iterator[Problem]:
    """What is wrong between the contracts that are gated and those they depend on, which may stand around them."""
    for candidate in gated.values():
        for id, wanted in candidate.about.depends_on.items():
            place = str(candidate.place_of_dependency(id))
            if id not in around:
                hint = "put it in the same folder, or correct the id"
                yield Problem(
                    "dependency-unknown", candidate.id, id, place, f"depends on {id!r}, which is missing", hint
                )
                continue
            needed = around[id]
            version = str(needed.version)
            if not admits(wanted, version):
                message = f"depends on {id} {wanted}, but its version is {version}"
                hint = f"test it with {id} {version}, then widen the range"
                yield Problem("dependency-excludes", candidate.id, id, place, message, hint)
            if candidate.about.lifecycle == "active" and needed.about.lifecycle == "draft":
                message = f"is active, but depends on {id}, which is a draft"
                yield Problem("dependency-on-draft", candidate.id, id, place, message, f"finish {id} first")
    yield from _circles(gated, around)


def _circles(gated: Mapping[str, Candidate], around: Mapping[str, Candidate]) -> Iterator[Problem]:
    """Each cycle once, beginning with its first contract by name."""
    told: set[tuple[str, ...]] = set()
    done: set[str] = set()
    for start in sorted(gated):
        for circle in _from(start, around, done):
            first = circle.index(min(circle))
            turned = (*circle[first:], *circle[:first])
            if turned in told:
                continue
            told.add(turned)
            candidate, following = around[turned[0]], turned[1] if len(turned) > 1 else turned[0]
            place = str(candidate.place_of_dependency(following))
            message = f"depends on itself: {' -> '.join((*turned, turned[0]))}"
            yield Problem(
                "dependency-cycle", turned[0], "-".join(turned[1:]), place, message, "remove one of these dependencies"
            )


def _from(start: str, around: Mapping[str, Candidate], done: set[str]) -> Iterator[tuple[str, ...]]:
    """Circles within reach of a contract; what `done` has was searched before."""
    path: list[str] = []
    pending: list[tuple[str, Iterator[str]]] = []

    def enter(id: str) -> None:
        path.append(id)
        pending.append((id, iter(around[id].about.depends_on)))

    if start in around and start not in done:
        enter(start)
    while pending:
        id, following = pending[-1]
        after = next(following, None)
        if after is None:
            done.add(id)
            path.pop()
            pending.pop()
        elif after in path:
            yield tuple(path[path.index(after) :])
        elif after in around and after not in done:
            enter(after)
