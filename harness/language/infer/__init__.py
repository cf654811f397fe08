"""The type of an expression in its scope."""

from harness.language.infer.scope import TYPED, Scope, SubjectType, TypeRefused
from harness.language.infer.walk import infer

__all__ = ["TYPED", "Scope", "SubjectType", "TypeRefused", "infer"]
