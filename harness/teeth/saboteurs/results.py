"""Saboteurs of results: the right result with a wrong value, order or entry in it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any

import numpy as np

from harness.language import types as T
from harness.program.model import Program
from harness.teeth.saboteurs.changes import (
    bit_flipped,
    is_array,
    is_boolean,
    is_bytes,
    is_integer,
    is_list,
    is_real,
    is_text,
    misspelled,
    next_float,
    off_by_one,
    one_negated,
    one_replaced,
    returns,
)
from harness.teeth.saboteurs.saboteur import SabotagedSubject, position


class SpoiledResult(SabotagedSubject):
    """Every call returns one spoiled result; which one, and where, depends on the call alone."""

    @staticmethod
    @abstractmethod
    def fits(kind: T.Type) -> bool:
        """Whether results of this type are spoiled."""

    @staticmethod
    @abstractmethod
    def spoil(value: Any, number: int) -> Any:
        """The spoiled value, from a copy of the right one that may be changed in place; `number` says where."""

    @classmethod
    def applies(cls, program: Program) -> bool:
        return returns(program, cls.fits)

    def call(
        self, program: Program, function: str, arguments: Mapping[str, Any], dimensions: Mapping[str, int]
    ) -> Mapping[str, Any]:
        number = position(function, arguments)  # before the call, which might change them
        results = self.results(program, function, arguments, dimensions)
        spoiled = one_replaced(program, function, results, self.fits, number, self.spoil)
        ended: Mapping[str, Any] = self.ended(program, function, arguments, spoiled)
        return ended


class OneUlp(SpoiledResult):
    """The smallest error of a float32 number."""

    id = "SABOTEUR-ONE-ULP"
    story = "one element of a result is the next float32 upwards"
    excuse = "a correct float32 result may differ by one unit in the last place: only a claim of identity can tell"
    fits = staticmethod(is_real)
    spoil = staticmethod(next_float)


class NotANumber(SpoiledResult):
    """NaN is what comparisons written the wrong way round do not notice."""

    id = "SABOTEUR-NAN"
    story = "one element of a result is NaN"
    fits = staticmethod(is_real)

    @staticmethod
    def spoil(value: np.ndarray, number: int) -> np.ndarray:
        value.flat[number % value.size] = np.nan
        return value


class LastUnwritten(SpoiledResult):
    """A loop that ends one too early. The shape is right: a wrong one is noticed whatever the claim."""

    id = "SABOTEUR-LAST-DROPPED"
    story = "the last element of a result is never written and stays zero"

    @staticmethod
    def fits(kind: T.Type) -> bool:
        return is_array(kind) and not is_boolean(kind)

    @staticmethod
    def spoil(value: np.ndarray, number: int) -> np.ndarray:
        del number
        value.flat[-1] = 0
        return value


class TwoSwapped(SpoiledResult):
    """Right values in a wrong order. A single entry, or two equal ones, stay as they are."""

    id = "SABOTEUR-TWO-SWAPPED"
    story = "two neighbouring entries of a result change places"

    @staticmethod
    def fits(kind: T.Type) -> bool:
        return is_list(kind) or (is_array(kind) and bool(kind.shape))

    @staticmethod
    def spoil(value: Any, number: int) -> Any:
        entries = value.reshape(-1) if isinstance(value, np.ndarray) else value  # of a copy in C order: a view
        if len(entries) > 1:
            first = number % (len(entries) - 1)
            entries[first], entries[first + 1] = entries[first + 1], entries[first]
        return value


class ByteFlipped(SpoiledResult):
    """One wrong byte in a file."""

    id = "SABOTEUR-BYTE-FLIPPED"
    story = "one bit of one byte of a result is flipped"
    fits = staticmethod(is_bytes)
    spoil = staticmethod(bit_flipped)


class OffByOne(SpoiledResult):
    """A wrong index: it stays within its range where that has two entries."""

    id = "SABOTEUR-OFF-BY-ONE"
    story = "one integer of a result is off by one"
    fits = staticmethod(is_integer)
    spoil = staticmethod(off_by_one)


class EntryDropped(SpoiledResult):
    """A list that is one entry short."""

    id = "SABOTEUR-ENTRY-DROPPED"
    story = "one entry of a returned list is missing"
    fits = staticmethod(is_list)

    @staticmethod
    def spoil(value: list[str], number: int) -> list[str]:
        del value[number % len(value)]
        return value


class Respelled(SpoiledResult):
    """A wrong name, by itself or in a list."""

    id = "SABOTEUR-RESPELLED"
    story = "one returned name lacks a character"
    fits = staticmethod(is_text)
    spoil = staticmethod(misspelled)


class Negated(SpoiledResult):
    """A wrong truth value."""

    id = "SABOTEUR-NEGATED"
    story = "one returned truth value is the other"
    fits = staticmethod(is_boolean)
    spoil = staticmethod(one_negated)
