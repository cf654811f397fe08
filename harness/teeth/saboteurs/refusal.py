"""Saboteurs of errors: what a function refuses comes out in another way."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any

from harness.contract.program import Program
from harness.search.interrupt import Interrupted
from harness.teeth.saboteurs.saboteur import Sabotaged


class SpoiledRefusal(Sabotaged):
    """Results are right; an error is turned into something else."""

    @classmethod
    def applies(cls, program: Program) -> bool:
        return bool(program.refusals)

    @abstractmethod
    def instead(
        self, program: Program, function: str, dimensions: Mapping[str, int], error: Exception
    ) -> Mapping[str, Any]:
        """A result in place of an error, or another error raised."""

    def call(
        self, program: Program, function: str, arguments: Mapping[str, Any], dimensions: Mapping[str, int]
    ) -> Mapping[str, Any]:
        try:
            return self.subject.call(program, function, arguments, dimensions)
        except Interrupted:
            raise
        except Exception as error:
            return self.instead(program, function, dimensions, error)
