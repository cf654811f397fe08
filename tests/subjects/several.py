"""One implementation with several faults at once: what the report in docs/ was made of.

    harness run --subject tests.subjects.several:Several
"""

from __future__ import annotations

from tests.subjects.faulty import VARIANTS, HighestIndexFirst, MinimumTimesD, SiluOnUp, TopKAccepted


class Several(MinimumTimesD, HighestIndexFirst, SiluOnUp, TopKAccepted):
    """A decoder, a tie-break, an activation and a check are wrong."""


VARIANTS.remove(Several)  # the variants have one bug each
