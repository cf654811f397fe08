"""One concrete case: numbers for the dimensions, arrays for the inputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

Value = Any  # np.ndarray | Packed


@dataclass(frozen=True)
class Case:
    """One concrete case.

    `table` holds the row of `for_each`, `kinds` what kind each input was drawn as, `recipe` how to draw it again.
    """

    dimensions: Mapping[str, int]
    inputs: Mapping[str, Value]
    table: Mapping[str, Any] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    recipe: str = ""
    memory: str = ""  # that arguments lie in (subjects/memory.py), of functions that promise to take it

    def given(self) -> dict[str, Any]:
        """Every name with its value, for an evaluation."""
        return {**self.dimensions, **self.table, **self.inputs}

    def with_input(self, name: str, value: Value) -> Case:
        return replace(self, inputs={**self.inputs, name: value})


@dataclass(frozen=True)
class Weights:
    """What a model file provides for one layer."""

    layer: int
    inputs: Mapping[str, Value]
