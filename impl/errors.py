"""What this package raises. Class names and messages follow the original engine: contracts state them."""

from __future__ import annotations


class ImplError(Exception):
    """Base of every error this package raises on purpose."""


class InvalidShape(ImplError):
    """A dimension, a length or a byte range does not fit; also "Tensor '...' not found"."""


class UnsupportedOperation(ImplError):
    """The input is well formed, but this engine does not compute it."""

    def __init__(self, operation: str, reason: str) -> None:
        super().__init__(operation, reason)
        self.operation = operation
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.operation}: {self.reason}"


class NonFiniteValue(ImplError):
    """An activation or a router logit is infinite or not a number: every result would be meaningless."""


class MalformedFile(ImplError):
    """A file, or the bytes of one, breaks its format.

    place: byte offset, key or tensor name; expected and got: what the format asks for and what is
    there.
    """

    def __init__(self, place: str, expected: str, got: str) -> None:
        super().__init__(place, expected, got)
        self.place = place
        self.expected = expected
        self.got = got

    def __str__(self) -> str:
        return f"{self.place}: expected {self.expected}, got {self.got}"


class Truncated(MalformedFile):
    """An APRT file ends before its header does."""


class BadMagic(MalformedFile):
    """An APRT file does not begin with "APRT"."""


class BodyLengthMismatch(MalformedFile):
    """Behind the header of an APRT file there are fewer or more bytes than the values that it counts."""


class InvalidStage(ImplError):
    """A name that is no trace stage, or a stage where it cannot be."""


class UnknownRole(ImplError):
    """A name that is no tensor role."""

    def __init__(self, role: str, roles: tuple[str, ...]) -> None:
        super().__init__(role, roles)
        self.role = role
        self.roles = roles

    def __str__(self) -> str:
        return f"unknown tensor role {self.role!r}; valid roles: {', '.join(self.roles)}"


class UnknownTensor(ImplError):
    """None of a role's names is there. tried: every name, in the order of trial."""

    def __init__(self, role: str, architecture: str, tried: tuple[str, ...]) -> None:
        super().__init__(role, architecture, tried)
        self.role = role
        self.architecture = architecture
        self.tried = tried

    def __str__(self) -> str:
        return f"no tensor for role '{self.role}' of {self.architecture}; tried: {', '.join(self.tried) or 'nothing'}"
