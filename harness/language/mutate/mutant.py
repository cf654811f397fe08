"""What a mutant is, and what an operator is that makes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from harness.language import types as T
from harness.language.called import function_of
from harness.language.function import Function
from harness.language.infer import Scope
from harness.language.mutate.number_formats import FLOAT32_ALONE, NumberFormats
from harness.language.syntax import Node


@dataclass(frozen=True)
class Mutant:
    """One equation, edited in one place.

    `id`: `<equation>:<edit>@<n>`, the n-th such edit of that equation from left to right; the equations of block
    formats are called `<format>.<equation>`. It is stable as long as that equation is.
    """

    id: str
    equation: str
    node: Node
    was: Node
    format: str = ""  # the block format whose equation it is


@dataclass(frozen=True)
class Site:
    """A part of an equation with its type, and what the equation may refer to.

    `formats`: the number formats of its contract. `equation`: the name of the equation where this is the whole of it.
    """

    node: Node
    type: T.Type
    scope: Scope
    typed: Callable[[Node], T.Type]  # of a part of the node
    formats: NumberFormats = FLOAT32_ALONE
    equation: str = ""

    @property
    def function(self) -> Function | None:
        """The function of the language that the node calls, or None."""
        return function_of(self.node)


Edits = Iterator[tuple[str, Node]]  # the edit's name in the id, and what takes the part's place


@dataclass(frozen=True)
class Operator:
    """One way of editing. `edits` may propose what has no meaning: only what type-checks becomes a mutant."""

    name: str
    story: str
    edits: Callable[[Site], Edits]
