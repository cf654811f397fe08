"""Saboteurs of what a function writes into the caller's memory: too little of it, too much, or in another row."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any

import numpy as np

from harness.program.model import Program
from harness.teeth.saboteurs.saboteur import SabotagedSubject, position


class SpoiledUpdate(SabotagedSubject):
    """Every call writes one array of the caller's wrongly; which one depends on the call alone."""

    @classmethod
    def applies(cls, program: Program) -> bool:
        return any(subject.updates for subject in program.scope.subjects.values())

    @staticmethod
    @abstractmethod
    def spoil(array: np.ndarray, before: np.ndarray) -> None:
        """Make the content of an array wrong in place; `before`: what it held before the call."""

    def call(
        self, program: Program, function: str, arguments: Mapping[str, Any], dimensions: Mapping[str, int]
    ) -> Mapping[str, Any]:
        updated = [name for name in program.scope.subjects[function].updates if np.size(arguments[name])]
        number = position(function, arguments) if updated else 0
        before = {name: np.array(arguments[name]) for name in updated}
        returned = self.subject.call(program, function, arguments, dimensions)
        if updated:
            name = updated[number % len(updated)]
            self.spoil(arguments[name], before[name])
        return returned


class NotUpdated(SpoiledUpdate):
    """The kernel works on a copy."""

    id = "SABOTEUR-NOT-UPDATED"
    story = "an array that is to be updated stays as it was"

    @staticmethod
    def spoil(array: np.ndarray, before: np.ndarray) -> None:
        array[...] = before


class LastKept(SpoiledUpdate):
    """A loop that ends one too early."""

    id = "SABOTEUR-LAST-KEPT"
    story = "the last entry that a call changes stays as it was"

    @staticmethod
    def spoil(array: np.ndarray, before: np.ndarray) -> None:
        changed = np.argwhere(np.asarray(array != before))
        if len(changed):
            place = tuple(changed[-1])
            array[place] = before[place]


class NeighbourRow(SpoiledUpdate):
    """A position, a slot or a head that is off by one; a single row, or rows that all change alike, stay right."""

    id = "SABOTEUR-NEIGHBOUR-ROW"
    story = "what belongs in one row of an array that is updated is written into the row behind it"

    @staticmethod
    def spoil(array: np.ndarray, before: np.ndarray) -> None:
        if array.ndim == 0 or len(array) < 2:
            return
        rows = np.flatnonzero((array != before).reshape(len(array), -1).any(axis=1))
        right = array[rows]
        array[rows] = before[rows]
        array[(rows + 1) % len(array)] = right


class PastEnd(SpoiledUpdate):
    """A loop that ends one too late."""

    id = "SABOTEUR-PAST-END"
    story = "one entry too many is written, behind the end of an array"
    engine = True

    @staticmethod
    def spoil(array: np.ndarray, before: np.ndarray) -> None:
        del before
        room = array
        while isinstance(room.base, np.ndarray):
            room = room.base
        reach = sum((length - 1) * stride for length, stride in zip(array.shape, array.strides, strict=True))
        behind = array.ctypes.data - room.ctypes.data + reach + array.itemsize
        bytes_ = room.reshape(-1).view(np.uint8)[behind : behind + array.itemsize]
        bytes_ ^= 0xFF  # whatever lies there is another number now


UPDATES = (NotUpdated, LastKept, NeighbourRow, PastEnd)
