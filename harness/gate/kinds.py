"""Kinds of change, as data: changes.yaml says for each which bump it needs, whom it breaks, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from harness.contract.spans import loads
from harness.findings import HandledError, nearest
from harness.gate.change import Change
from harness.gate.version import Level

LEVELS = {"major": Level.MAJOR, "minor": Level.MINOR, "patch": Level.PATCH}
BREAKS = ("reader", "implementer", "both", "nobody")
PARTIES = ("reader", "implementer")
_KEYS = {"level", "breaks", "mirror", "message", "why", "fix", "assurance", *PARTIES}


@dataclass(frozen=True)
class Kind:
    """One kind of change.

    `breaks`: who relied on the old version and is let down, or has work to do. `how`: what it means to each of them.
    `mirror`: the kind of the opposite
    edit, or, where there is none, why. `assurance`: whether the promise stays and less (or more) stands behind it.
    """

    id: str
    level: Level
    breaks: str
    mirror: str
    message: str
    why: str
    fix: str
    how: Mapping[str, str]
    assurance: str = ""

    def told(self, change: Change) -> str:
        """The message, about one change."""
        return self.message.format_map({"old": change.old, "new": change.new})


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind by its id, in the order of the file."""
    text = Path(__file__).with_name("changes.yaml").read_text(encoding="utf-8")
    found: dict[str, Kind] = {}
    for id, parts in loads(text, "changes.yaml").plain().items():
        unknown = parts.keys() - _KEYS
        assert not unknown, f"changes.yaml: {id} has {sorted(unknown)}"
        assert parts["breaks"] in BREAKS, f"changes.yaml: {id} breaks {parts['breaks']}"
        how = {party: parts.get(party, parts["why"]) for party in PARTIES if parts["breaks"] in (party, "both")}
        found[id] = Kind(id, LEVELS[parts["level"]], parts["breaks"], parts["mirror"], parts["message"], parts["why"],
                         parts.get("fix", ""), how, parts.get("assurance", ""))  # fmt: skip
    return found


def kind_of(change: Change) -> Kind:
    """The kind of a change; every id in the code is one of the file."""
    return kinds()[change.kind]


def explain(id: str) -> Iterator[str]:
    """What a kind of change is, in a few lines."""
    kind = kinds().get(id)
    if kind is None:
        from harness.gate.problems import FIRM, PROBLEMS

        if id in PROBLEMS:
            mended = "fixed; no waiver accepts it" if id in FIRM else "fixed or waived"
            yield f"{id}: not a change of a contract; it stops the gate until it is {mended}"
            yield f"  {PROBLEMS[id]}"
            return
        raise HandledError(f"no kind of change is called {id!r}; {nearest(id, [*kinds(), *PROBLEMS])}")
    yield f"{kind.id}: {kind.level}, breaks {kind.breaks}"
    if kind.assurance:
        yield f"  assurance {kind.assurance}: the promise is the same, but how well it is tested is not"
    yield f"  {kind.why}"
    for party, text in kind.how.items():
        if text != kind.why:
            yield f"  {party.capitalize()}s: {text}"
    if kind.fix:
        yield f"  What to do: {kind.fix}"
    yield f"  The opposite edit: {kind.mirror}"
