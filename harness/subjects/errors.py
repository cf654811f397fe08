"""The error classes of a subject, and what contracts call them.

A class counts with its bases: a subject may raise a subclass of what the contract names. One whose classes have other
names says so in one line, `ERRORS = {"MyShapeError": "InvalidShape"}`. A class may stand for several names of
contracts (a list); claims of each of them then hold for it, and nobody tells them apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from harness.findings import HandledError
from harness.printable import message_of, printable
from harness.subjects.reference import RefusedByContract

Errors = Mapping[str, tuple[str, ...]]  # a class of the subject -> names in contracts
EVERY_ERROR = ("Exception", "BaseException", "object")


def checked_errors(subject: str, said: Any) -> Errors:
    """`ERRORS` of a subject by class; HandledError where it is no such mapping, or would let any error count."""
    if not isinstance(said, Mapping):
        _refuse(subject, f"ERRORS is {printable(repr(said), 80)}", 'expected {"MyError": "InvalidShape"}')
    return {_own_class(subject, own): _names(subject, own, named) for own, named in said.items()}


def _own_class(subject: str, own: Any) -> str:
    if not isinstance(own, str) or not own.isidentifier():
        _refuse(subject, f"ERRORS names {printable(repr(own), 80)}", "expected the name of a class, in quotes")
    if own in EVERY_ERROR:
        _refuse(subject, f"ERRORS names {own!r}", "which every error is; name the classes that are raised on purpose")
    return own


def _names(subject: str, own: str, named: Any) -> tuple[str, ...]:
    names = (named,) if isinstance(named, str) else tuple(named) if isinstance(named, list | tuple) else ()
    if not names or not all(isinstance(name, str) and name.isidentifier() for name in names):
        what = f"ERRORS[{own!r}] is {printable(repr(named), 80)}"
        _refuse(subject, what, "expected the name of an error in a contract, or a list of names")
    return names


def class_names(error: BaseException, errors: Errors | None = None) -> list[str]:
    """The names of an error's class and its bases, the class itself first; then what these stand for."""
    if isinstance(error, RefusedByContract):
        return [error.error]
    own = [part.__name__ for part in type(error).__mro__]
    return own + [name for part in own for name in (errors or {}).get(part, ())]


def error_text(error: BaseException, errors: Errors | None = None) -> str:
    """The class and message of an error, in one line, with what the class stands for."""
    own, *others = class_names(error, errors)
    stands = [name for part in (own, *others) for name in (errors or {}).get(part, ())]
    called = f"{own} ({', '.join(stands)})" if stands else own
    return printable(f"{called}: {message_of(error)}")


def _refuse(subject: str, what: str, why: str) -> NoReturn:
    raise HandledError(f"subject {subject!r}: {what}, {why}")
