"""What a saboteur is: one way of being wrong, that can be put around any subject."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from harness.program.model import Program
from harness.subjects.subject import Subject


@dataclass(frozen=True)
class Saboteur:
    """One way of being wrong.

    `wrap` gives a fresh, deterministic subject around a real one; what it remembers of earlier calls begins empty.
    `engine`: the search itself notices it, whatever the claim says; such a kill says nothing of the claim.
    `excuse`: why a good contract may let it pass, or "".
    """

    id: str
    story: str
    wrap: Callable[[Subject], Subject]
    engine: bool = False
    excuse: str = ""


class Sabotaged:
    """A subject around another, the same in everything. Each saboteur overrides what it spoils."""

    id: ClassVar[str]
    story: ClassVar[str]
    engine: ClassVar[bool] = False
    excuse: ClassVar[str] = ""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.name = f"{subject.name} with {self.id}"

    @classmethod
    def applies(cls, program: Program) -> bool:
        """Whether a contract's functions leave room for it."""
        raise NotImplementedError

    def claims(self) -> tuple[str, ...] | None:
        return self.subject.claims()

    def missing(self, program: Program) -> list[str]:
        return self.subject.missing(program)

    def call(
        self, program: Program, function: str, arguments: Mapping[str, Any], dimensions: Mapping[str, int]
    ) -> Mapping[str, Any]:
        return self.subject.call(program, function, arguments, dimensions)
