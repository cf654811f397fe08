"""Saboteurs: the real subject, wrapped so that it is wrong in one way; one file per thing that they spoil.

They are faults that no edit of an equation can be: a claim must notice in the real implementation what mutants of
the equations cannot show.
"""

from harness.teeth.saboteurs.applicable import saboteurs
from harness.teeth.saboteurs.saboteur import Saboteur

__all__ = ["Saboteur", "saboteurs"]
