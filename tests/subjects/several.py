"""One implementation with several faults at once, and an earlier state of it: what the report in docs/ was made of.

    harness run --subject tests.subjects.several:Earlier --report build/earlier
    harness run --subject tests.subjects.several:Several --report build/several --baseline build/earlier

See docs/report.md.
"""

from __future__ import annotations

from tests.subjects.faulty import (
    VARIANTS,
    HighestIndexFirst,
    MinimumTimesD,
    PoisonAccepted,
    ShortRouterAccepted,
    SiluOnUp,
)


class Earlier(MinimumTimesD, PoisonAccepted, ShortRouterAccepted):
    """A decoder and two checks are wrong."""


class Several(MinimumTimesD, HighestIndexFirst, SiluOnUp, PoisonAccepted):
    """One of the checks is mended; a tie-break and an activation are new faults."""


for one in (Earlier, Several):
    VARIANTS.remove(one)  # the variants have one bug each
