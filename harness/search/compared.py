"""What the comparisons of one falsifier could have noticed, by stage: whether they could have told wrong from right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from harness.judge.wide import SCALED, WIDE

if TYPE_CHECKING:
    from harness.judge.comparison import Comparison

ASKED_EVERY = 8  # decoys are asked in one case of so many
BLIND_SHARE = 0.25  # of a stage's comparisons, or of all their elements, that are too wide: more is a verdict
WIDTHS_LEAST = 20  # with fewer comparisons than this, all of them have to be too wide
DECOYS_SHARE = 0.25  # of the cases in which a decoy is asked: admitted in more is a verdict
DECOYS_LEAST = 5  # a decoy that was asked less often says nothing yet

Kind = tuple[str, str]  # an input and its kind of values


@dataclass
class KindOfCases:
    """The elements of the cases that had one kind of values."""

    comparisons: int = 0
    elements: int = 0
    unjudged: int = 0

    def add(self, elements: int, unjudged: int) -> None:
        self.comparisons += 1
        self.elements += elements
        self.unjudged += unjudged


@dataclass
class Stage:
    """The comparisons with one value."""

    comparisons: int = 0
    wide: int = 0
    lost: int = 0  # comparisons with values next to zero, and bounds that are not
    widths: list[float] = field(default_factory=list)  # of those that have a width
    measured: int = 0  # their judged elements
    wide_elements: int = 0  # of them
    elements: int = 0
    unjudged: int = 0  # elements
    kinds: dict[Kind, KindOfCases] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)  # decoys
    admitted: Counter[str] = field(default_factory=Counter)

    def add(self, comparison: Comparison, kinds: Iterable[Kind]) -> None:
        self.comparisons += 1
        elements, unjudged = comparison.judged.size, comparison.unjudged
        self.elements += elements
        self.unjudged += unjudged
        self.lost += comparison.lost
        for kind in kinds:
            self.kinds.setdefault(kind, KindOfCases()).add(elements, unjudged)
        if comparison.width is not None:
            self.widths.append(comparison.width)
            self.wide += comparison.width > WIDE
            self.measured += elements - unjudged
            self.wide_elements += comparison.wide_elements

    def ask(self, comparison: Comparison, other: Any) -> None:
        """Ask the decoys of a comparison; `other`: the result of another case, or None."""
        for decoy, admitted in comparison.decoys(other):
            self.asked[decoy] += 1
            self.admitted[decoy] += admitted

    @property
    def width(self) -> float | None:
        """The median width, as a share of the rms of the values; None where no comparison has one."""
        from statistics import median

        return median(self.widths) if self.widths else None

    def too_wide(self) -> str:
        """Why these comparisons show nothing, or ""."""
        asked = len(self.widths)
        if self.wide and (self.wide > BLIND_SHARE * asked if asked >= WIDTHS_LEAST else self.wide == asked):
            often = f"all {asked}" if self.wide == asked else f"{self.wide} of {asked}"
            return (
                f"is more than {WIDE:.0%} of the rms of its values in {often} comparisons "
                f"(median: {self.width:.2g} times the rms)"
            )
        if asked >= WIDTHS_LEAST and self.wide_elements > BLIND_SHARE * self.measured:
            share = self.wide_elements / self.measured
            return f"is more than {WIDE:.0%} of the rms of its values for {share:.0%} of the elements"
        if self.lost > (1 - BLIND_SHARE) * self.comparisons:  # zeros now and then are a matter of the inputs
            return f"is all there is: the values are next to zero in {self.lost} of {self.comparisons} comparisons"
        return ""

    def blind(self) -> str:
        """The decoy that passes too often, or ""."""
        for decoy, asked in self.asked.items():
            admitted = self.admitted[decoy]
            if decoy != SCALED and asked >= DECOYS_LEAST and admitted > DECOYS_SHARE * asked:
                return f"admits a result that is {decoy}, in {admitted} of {asked} cases"
        return ""

    def too_open(self, allowed: float, least: int) -> str:
        """Why too few elements are judged, or ""; of a kind of values, where it has `least` comparisons."""
        shares = {kind: part.unjudged / part.elements for kind, part in self.kinds.items() if part.comparisons >= least}
        worst = max(shares, key=lambda kind: shares[kind], default=None)
        if worst is not None and shares[worst] > allowed:
            return f"{shares[worst]:.0%} of the elements in cases with {worst[0]}: {worst[1]}"
        if self.unjudged > allowed * self.elements:
            return f"{self.unjudged / self.elements:.0%} of the elements"
        return ""


@dataclass
class Compared:
    """The comparisons of one falsifier."""

    stages: dict[str, Stage] = field(default_factory=dict)
    sharpnesses: list[float] = field(default_factory=list)
    bitwise: bool = False

    def add(self, comparisons: Iterable[Comparison], kinds: Mapping[str, str]) -> None:
        """Count the comparisons of one case that was decided."""
        for comparison in comparisons:
            self.stages.setdefault(comparison.stage, Stage()).add(comparison, kinds.items())
            if comparison.sharpness is not None:
                self.sharpnesses.append(comparison.sharpness)

    def too_wide(self) -> tuple[str, str]:
        """The stage whose bound is too wide, and how often and by how much; empty where none is."""
        return next(((name, why) for name, stage in self.stages.items() if (why := stage.too_wide())), ("", ""))

    def blind(self) -> tuple[str, str]:
        """The stage whose bound admits wrong results, and which; empty where none does."""
        return next(((name, why) for name, stage in self.stages.items() if (why := stage.blind())), ("", ""))

    def too_open(self, allowed: float, least: int) -> str:
        """The stage of which too few elements are judged, or ""."""
        for stage, counted in self.stages.items():
            if why := counted.too_open(allowed, least):
                return f"{why} of `{stage}` have no finite bound and are not judged (at most {allowed:.0%})"
        return ""

    @property
    def sharpness(self) -> float | None:
        """The relative error that is refused in the median comparison: 0, where every bit was compared."""
        from statistics import median

        return median(self.sharpnesses) if self.sharpnesses else 0.0 if self.bitwise else None
