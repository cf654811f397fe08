"""Every saboteur there is, and those that apply to a contract."""

from __future__ import annotations

from harness.program.model import Program
from harness.teeth.saboteurs.arguments import ChangedArgument
from harness.teeth.saboteurs.memory import UPDATES
from harness.teeth.saboteurs.refusals import Swallowed, SwappedNumbers, WrongClass, WrongMessage, WrongNumbers
from harness.teeth.saboteurs.results import (
    ByteFlipped,
    EntryDropped,
    LastUnwritten,
    Negated,
    NotANumber,
    OffByOne,
    OneUlp,
    Respelled,
    TwoSwapped,
)
from harness.teeth.saboteurs.saboteur import SabotagedSubject, Saboteur
from harness.teeth.saboteurs.state import AliasedOutput, CallCount, Stale, ThreadCount

# In the order of the kill records.
ALL: tuple[type[SabotagedSubject], ...] = (
    OneUlp, NotANumber, LastUnwritten, TwoSwapped, ByteFlipped, OffByOne, EntryDropped, Respelled, Negated,
    Stale, CallCount, ThreadCount, ChangedArgument, AliasedOutput, Swallowed, WrongClass, WrongMessage,
    WrongNumbers, SwappedNumbers, *UPDATES,
)  # fmt: skip


def saboteurs(program: Program) -> list[Saboteur]:
    """Those that a contract's functions leave room for, always in the same order."""
    return [Saboteur(kind.id, kind.story, kind, kind.engine, kind.excuse) for kind in ALL if kind.applies(program)]
