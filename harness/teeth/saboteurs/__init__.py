"""Saboteurs: the real subject, wrapped so that it is wrong in one way.

What a claim of the contract cannot see in the real implementation it must see here. One file per way.
"""

from harness.teeth.saboteurs.applicable import saboteurs
from harness.teeth.saboteurs.saboteur import Saboteur

__all__ = ["Saboteur", "saboteurs"]
