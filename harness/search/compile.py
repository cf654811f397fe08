"""A falsifier as a Hypothesis property test. Only Hypothesis's public interface is used."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, Verbosity, given, reject, seed, settings, target

from harness.search.recipe import Recipe


def property_test(
    strategy: Any,
    attempt: Callable[[Recipe], float],
    discard: Callable[[], None],
    examples: int,
    number: int,
    climb: bool,
) -> Callable[[], None]:
    """The property test: `attempt` raises where the claim fails, and returns error / bound.

    climb: drive error / bound upwards. That concentrates on few shapes and kinds, so most cases are drawn without.
    No deadline and no health checks: a slow machine is no verdict, and discards are counted and reported by us.
    No example database: a failing case is stored as data, independent of Hypothesis's version.
    """

    @seed(number)
    @settings(
        max_examples=examples, deadline=None, database=None, derandomize=False, print_blob=False,
        report_multiple_bugs=False, verbosity=Verbosity.quiet, suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, *((Phase.target,) if climb else ()), Phase.shrink),
    )  # fmt: skip
    @given(recipe=strategy)
    def falsify(recipe: Recipe | None) -> None:
        if recipe is None:
            discard()
            reject()
        ratio = attempt(recipe)
        if climb and 0 < ratio < float("inf"):
            target(ratio, label="error / bound")

    return falsify
