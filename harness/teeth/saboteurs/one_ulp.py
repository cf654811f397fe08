"""The smallest error there is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from harness.contract.program import Program
from harness.teeth.saboteurs.position import position
from harness.teeth.saboteurs.results import is_real, one_replaced, returns
from harness.teeth.saboteurs.saboteur import Sabotaged


class OneUlp(Sabotaged):
    """One element of one result is the next float32."""

    id = "SABOTEUR-ONE-ULP"
    story = "one element of a result is the next float32 upwards"
    excuse = "a correct float32 result may differ by one unit in the last place: only a claim of identity can tell"

    @classmethod
    def applies(cls, program: Program) -> bool:
        return returns(program, is_real)

    def call(
        self, program: Program, function: str, arguments: Mapping[str, Any], dimensions: Mapping[str, int]
    ) -> Mapping[str, Any]:
        number = position(function, arguments)
        returned = self.subject.call(program, function, arguments, dimensions)
        return one_replaced(program, function, returned, is_real, number, next_float)


def next_float(values: np.ndarray, number: int) -> np.ndarray:
    """One element replaced by the next float32 upwards."""
    place = number % values.size
    values.flat[place] = np.nextafter(values.flat[place], np.float32(np.inf))
    return values
