"""Saboteurs of arguments: a call that changes what it was given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from harness.language import types as T
from harness.language.infer import TYPED
from harness.program.model import Program
from harness.teeth.saboteurs.changes import smallest_change
from harness.teeth.saboteurs.saboteur import SabotagedSubject, position


class ChangedArgument(SabotagedSubject):
    """The result is right, but one entry of an array or list of the caller's has changed."""

    id = "SABOTEUR-CHANGED-ARGUMENT"
    story = "a call changes an array or list that it was given"
    engine = True

    @classmethod
    def applies(cls, program: Program) -> bool:
        return any(
            _changeable(TYPED.get(carried) or program.scope.names.get(carried))
            for subject in program.scope.subjects.values()
            for name, carried in subject.arguments.items()
            if name not in subject.updates
        )

    def call(
        self, program: Program, function: str, arguments: Mapping[str, Any], dimensions: Mapping[str, int]
    ) -> Mapping[str, Any]:
        number = position(function, arguments)
        returned = self.subject.call(program, function, arguments, dimensions)
        updates = program.scope.subjects[function].updates
        left_alone = [value for name, value in arguments.items() if name not in updates]
        changeable = [value for value in left_alone if isinstance(value, np.ndarray | list) and np.size(value)]
        if changeable:
            smallest_change(changeable[number % len(changeable)], number // len(changeable))
        return returned


def _changeable(kind: T.Type | None) -> bool:
    return isinstance(kind, T.Words) or (isinstance(kind, T.Array) and bool(kind.shape))
