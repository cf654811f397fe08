"""Saboteurs that return the right result with one thing wrong in it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any

from harness.language import types as T
from harness.program.model import Program
from harness.teeth.saboteurs.position import position
from harness.teeth.saboteurs.results import one_replaced, returns
from harness.teeth.saboteurs.saboteur import Sabotaged


class SpoiledResult(Sabotaged):
    """Every call is answered with one result spoiled; which one, and where, depends on the call alone."""

    @staticmethod
    @abstractmethod
    def fits(kind: T.Type) -> bool:
        """Whether results of this kind are spoiled."""

    @staticmethod
    @abstractmethod
    def spoil(value: Any, number: int) -> Any:
        """A copy of a result, spoiled in place or replaced; `number` says where."""

    @classmethod
    def applies(cls, program: Program) -> bool:
        return returns(program, cls.fits)

    def call(
        self, program: Program, function: str, arguments: Mapping[str, Any], dimensions: Mapping[str, int]
    ) -> Mapping[str, Any]:
        number = position(function, arguments)  # before the call, which might change them
        returned = self.subject.call(program, function, arguments, dimensions)
        return one_replaced(program, function, returned, self.fits, number, self.spoil)
