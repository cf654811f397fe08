"""An error that nobody hears of."""

from __future__ import annotations

from harness.teeth.saboteurs.refusal import SpoiledRefusal


class Swallowed(SpoiledRefusal):
    """Zeros where the function should have refused, as a fallback has it."""

    id = "SABOTEUR-SWALLOWED-ERROR"
    story = "what should be refused is answered with zeros"

    def instead(self, error: Exception) -> Exception | None:
        del error
        return None
