"""Every saboteur there is, and those that fit a contract."""

from __future__ import annotations

from harness.program.model import Program
from harness.teeth.saboteurs.aliased_output import AliasedOutput
from harness.teeth.saboteurs.byte_flipped import ByteFlipped
from harness.teeth.saboteurs.call_count import CallCount
from harness.teeth.saboteurs.changed_argument import ChangedArgument
from harness.teeth.saboteurs.entry_dropped import EntryDropped
from harness.teeth.saboteurs.last_unwritten import LastUnwritten
from harness.teeth.saboteurs.negated import Negated
from harness.teeth.saboteurs.not_a_number import NotANumber
from harness.teeth.saboteurs.off_by_one import OffByOne
from harness.teeth.saboteurs.one_ulp import OneUlp
from harness.teeth.saboteurs.respelled import Respelled
from harness.teeth.saboteurs.saboteur import Sabotaged, Saboteur
from harness.teeth.saboteurs.stale import Stale
from harness.teeth.saboteurs.swallowed import Swallowed
from harness.teeth.saboteurs.thread_count import ThreadCount
from harness.teeth.saboteurs.two_swapped import TwoSwapped
from harness.teeth.saboteurs.wrong_class import WrongClass
from harness.teeth.saboteurs.wrong_message import WrongMessage

ALL: tuple[type[Sabotaged], ...] = (
    OneUlp, NotANumber, LastUnwritten, TwoSwapped, ByteFlipped, OffByOne, EntryDropped, Respelled, Negated,
    Stale, CallCount, ThreadCount, ChangedArgument, AliasedOutput, Swallowed, WrongClass, WrongMessage,
)  # fmt: skip


def saboteurs(program: Program) -> list[Saboteur]:
    """Those that a contract's functions leave room for, always in the same order."""
    return [Saboteur(kind.id, kind.story, kind, kind.engine, kind.excuse) for kind in ALL if kind.applies(program)]
