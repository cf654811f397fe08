"""A saboteur: a subject wrapped so that it is wrong in one way."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from harness.language.behind import FAR, both_ends
from harness.program.model import Program
from harness.subjects.subject import Subject
from harness.teeth.wrapped import WrappedSubject


@dataclass(frozen=True)
class Saboteur:
    """One way of being wrong.

    `wrap` returns a new, deterministic subject around a real one, with no memory of earlier calls.
    `engine`: the checks of every call notice it, whatever the claim says; such a kill is no evidence for the claim.
    `excuse`: why a good contract may let it survive, or "".
    """

    id: str
    story: str
    wrap: Callable[[Subject], Subject]
    engine: bool = False
    excuse: str = ""


class SabotagedSubject(WrappedSubject):
    """A wrapper of which each saboteur overrides `call` to make one thing wrong."""

    id: ClassVar[str]
    story: ClassVar[str]
    engine: ClassVar[bool] = False
    excuse: ClassVar[str] = ""

    def __init__(self, subject: Subject) -> None:
        super().__init__(subject)
        self.name = f"{subject.name} with {self.id}"

    @classmethod
    def applies(cls, program: Program) -> bool:
        """Whether the contract has a function that this saboteur can make wrong."""
        raise NotImplementedError


def position(function: str, arguments: Mapping[str, Any]) -> int:
    """The number that decides which element is changed: a digest of the function's name and its arguments.

    It depends on the call alone, so a saboteur does the same in every process.
    """
    digest = hashlib.blake2b(function.encode(), digest_size=8)
    for name in sorted(arguments):
        value = arguments[name]
        digest.update(f"\0{name}\0".encode())
        if isinstance(value, np.ndarray):
            digest.update(f"{value.dtype.str}{value.shape}".encode())
            digest.update(both_ends(value))
        elif isinstance(value, tuple):  # a quantised tensor: type, shape, bytes
            digest.update(repr(value[:2]).encode())
            digest.update(value[2] if len(value[2]) <= FAR else both_ends(np.frombuffer(value[2], np.uint8)))
        else:
            digest.update(repr(value).encode())
    return int.from_bytes(digest.digest())
