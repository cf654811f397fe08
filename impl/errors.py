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
    """A GGUF file breaks its format.

    place: byte offset, metadata key or tensor name; expected and got: what the format asks for and what is
    there.
    """

    def __init__(self, place: str, expected: str, got: str) -> None:
        super().__init__(place, expected, got)
        self.place = place
        self.expected = expected
        self.got = got

    def __str__(self) -> str:
        return f"{self.place}: expected {self.expected}, got {self.got}"
