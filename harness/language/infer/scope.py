"""What an expression may refer to, and the error that says which part of it does not fit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.language import types as T
from harness.language.dtypes import of_array
from harness.language.syntax import Node

Typed = Callable[[Node], T.Type]  # the type of a part, in the scope of the whole

# Arguments that every call gives, and results that no equation stands for, by the name of their type.
TYPED: dict[str, T.Type] = {
    "text": T.Word(), "texts": T.Words(), "integer": T.Array("int"), "truth": T.Array("bool"),
}  # fmt: skip


class TypeRefused(Exception):
    """An expression that does not fit; `node` is the part it is about."""

    def __init__(self, mismatch: T.Mismatch, node: Node) -> None:
        super().__init__(mismatch.message)
        self.mismatch, self.node = mismatch, node


@dataclass(frozen=True)
class SubjectType:
    """Arguments by name with the contract's name (or the type) that each one carries, and what is returned.

    `like`: results that have the number format of an input in each case, and of which. `updates`: the results that
    are not returned but written into arrays of the caller's: into arguments, or output buffers, which have other names.
    """

    arguments: Mapping[str, str]
    returns: Mapping[str, T.Type]
    like: Mapping[str, str] = field(default_factory=dict)
    updates: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()  # results that it may leave out

    @property
    def buffers(self) -> tuple[str, ...]:
        """The output buffers, which a call is given beside its arguments."""
        return tuple(name for name in self.updates if name not in self.arguments)

    def format_of(self, result: str, arrays: Mapping[str, Any]) -> str:
        """The number format of a result where inputs are these arrays; "" where nothing is said of it."""
        import numpy as np

        like = arrays.get(self.like.get(result, ""))
        found = of_array(like.dtype) if isinstance(like, np.ndarray) else None
        kind = self.returns[result]
        return found.name if found is not None else kind.dtype if isinstance(kind, T.Array) else ""


@dataclass(frozen=True)
class Scope:
    """What an expression may refer to.

    `depends`: for each equation, the inputs, dimensions and equations below it. `shaping`: dimensions that some
    shape depends on; a subject cannot be called with another value for those. `judging`: claims are allowed.
    `own`: names of the contract that are those of functions or claims as well; they mean what the contract says.
    `recurrent`: equations that are, or depend on, recurrences. `stepping`: it is read in a step of one.
    `noted`: gets every part of an expression with its type, from the leaves up.
    """

    names: Mapping[str, T.Type]
    ranges: T.Ranges
    depends: Mapping[str, frozenset[str]] = field(default_factory=dict)
    subjects: Mapping[str, SubjectType] = field(default_factory=dict)
    shaping: frozenset[str] = frozenset()
    judging: bool = False
    own: frozenset[str] = frozenset()
    recurrent: frozenset[str] = frozenset()
    stepping: bool = False
    noted: list[tuple[Node, T.Type]] | None = field(default=None, compare=False)
