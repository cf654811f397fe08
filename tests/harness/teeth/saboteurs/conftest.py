"""A contract with every kind of result, and an implementation of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from harness.program.collection import load
from harness.program.model import Program
from harness.subjects.subject import ModuleSubject


class TooFew(ValueError):
    """Its class needs two arguments, as classes of real implementations may."""

    def __init__(self, what: str, count: int) -> None:
        super().__init__(f"{count} are {what}, expected {count + 2}")


class Room:
    """Correct."""

    def double(self, *, x, threads):
        return {"doubled": x + x}

    def square(self, *, x):
        return {"squares": x * x}

    def number(self, *, count):
        if count < 2:
            raise TooFew("too few", count)
        return {"places": np.arange(3, count + 3)}

    def pack(self, *, data):
        return {"bytes": np.concatenate([np.array([len(data)], np.uint8), data])}

    def turn(self, *, x):
        x[:] = np.roll(x, -1)

    def shelve(self, *, names):
        return {"names": list(names), "first": names[0] if names else "", "empty": not names}


@pytest.fixture(scope="session")
def room() -> Program:
    (program,) = load((str(Path(__file__).with_name("store_room.yaml")),))
    return program


@pytest.fixture
def subject() -> ModuleSubject:
    return ModuleSubject("room", Room())
