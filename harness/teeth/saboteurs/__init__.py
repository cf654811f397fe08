"""Saboteurs: the real subject, wrapped so that it is wrong in one way.

What a claim of the contract cannot see in the real implementation it must see here. One file per way.
"""

from __future__ import annotations

from harness.contract.program import Program
from harness.teeth.saboteurs.one_ulp import OneUlp
from harness.teeth.saboteurs.saboteur import Sabotaged, Saboteur

__all__ = ["ALL", "Saboteur", "saboteurs"]

ALL: tuple[type[Sabotaged], ...] = (OneUlp,)


def saboteurs(program: Program) -> list[Saboteur]:
    """Those that a contract's functions leave room for, always in the same order."""
    return [Saboteur(kind.id, kind.story, kind, kind.engine, kind.excuse) for kind in ALL if kind.applies(program)]
