"""How small an error would have been refused, as every view shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness.search.outcome import ERROR, FALSIFIED

ANY = "any"  # no error passes in the median case, as where every bit is compared


def sharpness(line: Mapping[str, Any]) -> str:
    """The relative error in one digit.

    Empty where the claim failed, where no numbers were compared, and in records that do not know it.
    """
    value = line.get("sharpness")
    return "" if value is None or line["verdict"] in {FALSIFIED, ERROR} else f"{value:.0e}" if value else ANY


def bluntness(line: Mapping[str, Any]) -> float:
    """The same as a number to sort by: what is not known comes after everything that is."""
    value = line.get("sharpness")
    return -1.0 if value is None else float(value)


def unjudged(line: Mapping[str, Any]) -> list[tuple[str, float]]:
    """Stages of which some elements have no finite bound, with their share."""
    return [(part["stage"], part["unjudged"]) for part in line.get("compared", ()) if part["unjudged"]]


def admitted(line: Mapping[str, Any]) -> list[tuple[str, str, int, int]]:
    """Wrong results that would have passed: the stage, what was wrong, in how many cases, of how many."""
    return [(part["stage"], decoy["decoy"], decoy["admitted"], decoy["asked"])
            for part in line.get("compared", ()) for decoy in part["decoys"] if decoy["admitted"]]  # fmt: skip
