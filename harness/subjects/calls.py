"""Executions of a subject: arguments from the case, results checked before any claim sees them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from harness.judge.claims import Evidence
from harness.language import types as T
from harness.language.dtypes import DTYPES, FLOAT32
from harness.language.exact.choice import Choice
from harness.language.exact.region import Bounded
from harness.language.packed import Packed
from harness.language.sizes import Size
from harness.language.syntax import Call, Name, Node, parse, spell
from harness.printable import message_of, printable
from harness.program.case import Case
from harness.program.integers import integer
from harness.program.model import Program
from harness.subjects.interrupt import Interrupted
from harness.subjects.reference import RefusedByContract
from harness.subjects.subject import Subject, as_array

LARGE = 1 << 24  # bytes of a tensor


class Falsified(Exception):
    """The subject did what no claim allows: an unexpected error, a wrong shape, a changed input."""

    def __init__(self, reason: str, expected: str, got: str) -> None:
        super().__init__(reason)
        self.evidence = Evidence(reason, expected, got, any_claim=True)


class Malformed(Falsified):
    """A result, but not of the declared names, types and shapes."""


@dataclass(frozen=True)
class Kept:
    """A result as the subject returned it, and what was in it then."""

    what: str
    original: Any
    content: object


class Calls:
    """The executions of one trial. The same call twice in a claim is one execution, unless `again`.

    `value` evaluates an expression that replaces an argument.
    """

    def __init__(self, program: Program, case: Case, subject: Subject, value: Callable[[Node], Any]) -> None:
        self.program, self.case, self.subject, self.value = program, case, subject, value
        self.done: dict[Node, dict[str, Any]] = {}
        self.kept: list[Kept] = []

    def results(self, node: Node) -> dict[str, Any]:
        """What the subject returns, checked for names, types and shapes."""
        call = call_of(node)
        if node not in self.done:
            self.done[node] = self._checked(call, self._execute(call))
        return self.done[node]

    def arguments(self, call: Call) -> dict[str, Any]:
        """Keyword arguments as the subject gets them; every array is a copy of its own."""
        replaced = dict(call.keywords)
        given = self.case.given()
        arguments = {}
        for name, carried in self.program.scope.subjects[call.name].arguments.items():
            if name in replaced:
                value = self.value(replaced[name])
            else:
                value = given[carried] if carried in given else self.value(Name(carried))
            arguments[name] = as_argument(value, self._dtype(carried))
        return arguments

    def disturb(self) -> None:
        """Every call once more, with zeros for its arrays or tensors: what it returns lies where new results do.

        Nothing is claimed of these calls, so whatever they return or raise is right. Then the arrays are filled with
        the values of the case, and the result must be that of the case: what is remembered of an array may not outlive
        its values. Where the subject gives other bits for fresh arrays, too, this says nothing.
        """
        for node, results in list(self.done.items()):
            call = call_of(node)
            arguments = self.arguments(call)
            used = quiet(arguments)
            if all(used[name] is value for name, value in arguments.items()):
                continue
            self._contents(call, used)
            self.unchanged()  # now: the next call may put the right values back
            for name, value in arguments.items():
                if isinstance(value, np.ndarray):
                    np.copyto(used[name], value)
                else:
                    used[name] = value
            wanted = {field: content(value) for field, value in results.items()}
            if self._contents(call, used) != wanted and self._contents(call, self.arguments(call)) == wanted:
                what = f"{spell(call)} gave another result in arrays that had held other values"
                raise Falsified(what, "the result of the values in them", "another")

    def _contents(self, call: Call, arguments: Mapping[str, Any]) -> object:
        """What is in the results of one more execution, or its error."""
        try:
            returned = self.subject.call(self.program, call.name, arguments, self.case.dimensions)
            return {
                field: content(as_array(returned[field]) if isinstance(kind, T.Array) else returned[field])
                for field, kind in self.program.scope.subjects[call.name].returns.items()
            }
        except Interrupted:
            raise
        except BaseException as error:
            return told(error)

    def unchanged(self) -> None:
        """Results belong to the caller: they are read once more at the end, after all later calls."""
        for part in self.kept:
            if content(part.original) != part.content:
                raise Falsified(
                    f"a later call changed an earlier result of {part.what}", "a result that stays", "changed"
                )

    def _dtype(self, carried: str) -> str:
        kind = self.program.scope.names.get(carried)
        return kind.dtype if isinstance(kind, T.Array) else ""

    def _execute(self, call: Call) -> Any:
        arguments = self.arguments(call)
        before = {name: content(value) for name, value in arguments.items() if isinstance(value, np.ndarray | list)}
        try:
            returned = self.subject.call(self.program, call.name, arguments, self.case.dimensions)
        except Interrupted:
            raise
        except BaseException as error:  # SystemExit and KeyboardInterrupt of a subject are its own doing
            self._left_alone(call, arguments, before)
            raise Falsified(f"{spell(call)} raised an error", "a result", told(error)) from error
        self._left_alone(call, arguments, before)
        return returned

    def _left_alone(self, call: Call, arguments: Mapping[str, Any], before: Mapping[str, object]) -> None:
        """Arguments belong to the caller: a call that changes one is wrong, whatever it returns or raises."""
        for name, kept in before.items():
            if content(arguments[name]) != kept:
                raise Falsified(f"{spell(call)} changed its argument {name}", "arguments left alone", "changed")

    def _checked(self, call: Call, returned: Any) -> dict[str, Any]:
        """Copies of the returned arrays."""
        if not isinstance(returned, Mapping):
            what = f"{call.name} returned no mapping of names to arrays"
            raise Malformed(what, "a mapping", type(returned).__name__)
        results = {}
        for field, kind in self.program.scope.subjects[call.name].returns.items():
            if field not in returned:
                names = printable(", ".join(map(str, returned)))
                raise Malformed(f"{call.name} returned no {field!r}", f"{field}: {kind}", names or "an empty mapping")
            what = f"{call.name}().{field}"
            if not isinstance(kind, T.Array):
                results[field] = words(what, returned[field], kind)
                self.kept.append(Kept(what, returned[field], content(returned[field])))
                continue
            value = as_array(returned[field])
            fits(what, value, kind, self._sizes())
            results[field] = value.copy()
            self.kept.append(Kept(what, value, content(value)))
        return results

    def _sizes(self) -> dict[str, int]:
        return {name: value for name, value in self.case.given().items() if isinstance(value, int)}


def content(value: Any) -> object:
    """What is in an array, a list or a text, to be compared later."""
    return value.tobytes() if isinstance(value, np.ndarray) else list(value) if isinstance(value, list) else value


def quiet(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments with zeros for arrays; for tensors where that changes nothing, so that tensors may be known already."""
    calm = {name: zeroed(value) if isinstance(value, np.ndarray) else value for name, value in arguments.items()}
    if any(calm[name] is not value for name, value in arguments.items()):
        return calm
    return {name: zeroed(value) for name, value in arguments.items()}


def zeroed(value: Any) -> Any:
    """An array or a tensor of zeros in place of a value; zeros, a model's own weights and other values as they are."""
    match value:
        case np.ndarray() if (value != 0).any():
            return np.zeros_like(value)
        case (str() as dtype, tuple() as shape, data) if len(data) < LARGE and np.frombuffer(data, np.uint8).any():
            return dtype, shape, bytes(len(data))
    return value


def call_of(node: Node) -> Call:
    """The call itself, also inside `again(...)`."""
    call = node.arguments[0] if isinstance(node, Call) and node.name == "again" else node
    assert isinstance(call, Call)
    return call


def as_argument(value: Any, dtype: str) -> Any:
    """A value as a subject gets it: float32, integers of the declared type, (dtype, shape, bytes), lists of its own."""
    match value:
        case Packed():
            return value.for_subject()
        case Bounded():
            with np.errstate(over="ignore"):
                return np.ascontiguousarray(value.v.astype(FLOAT32.numpy))
        case Choice():
            return value.decided()
        case np.ndarray() if dtype and not DTYPES[dtype].is_real and value.dtype.kind in "iu":
            return np.array(value, DTYPES[dtype].numpy, order="C")
        case np.ndarray():
            return np.array(value, order="C")
        case list():
            return list(value)
    return value


def words(what: str, value: Any, kind: T.Type) -> Any:
    """A text, or a list of texts."""
    if isinstance(kind, T.Word) and isinstance(value, str):
        return value
    if isinstance(kind, T.Words) and isinstance(value, list | tuple) and all(isinstance(part, str) for part in value):
        return list(value)
    raise Malformed(f"{what} has another type", str(kind), printable(repr(value)))


def fits(what: str, value: np.ndarray, kind: T.Array, sizes: Mapping[str, int]) -> None:
    """The declared type: float32 or integers, the exact shape, indices in range."""
    if kind.kind == "real" and value.dtype != FLOAT32.numpy:
        raise Malformed(f"{what} has another type", "float32", str(value.dtype))
    if kind.kind == "bool" and value.dtype.kind != "b":
        raise Malformed(f"{what} has another type", "true or false", str(value.dtype))
    if kind.kind == "int" and value.dtype.kind not in "iu":
        raise Malformed(f"{what} has another type", "integers", str(value.dtype))
    shape = tuple(extent(size, sizes) for size in kind.shape)
    if value.shape != shape:
        raise Malformed(f"{what} has another shape", str(shape), str(value.shape))
    if kind.below is not None and value.size:
        limit = extent(kind.below, sizes)
        if value.min() < 0 or value.max() >= limit:
            raise Malformed(f"{what} leaves its range", f"0 to {limit - 1}", printable(str(value.tolist())))


def extent(size: Size, sizes: Mapping[str, int]) -> int:
    """A symbolic size with numbers put in."""
    total = 0
    for monomial, factor in size.terms:
        term = int(factor)
        for name in monomial:
            # a quotient that is no polynomial is its own name, e.g. "(hidden // 3)"
            term *= sizes[name] if name in sizes else integer(parse(name), sizes)
        total += term
    return total


def classes(error: BaseException) -> list[str]:
    """The error's class name and those of its bases, most special first."""
    if isinstance(error, RefusedByContract):
        return [error.error]
    return [part.__name__ for part in type(error).__mro__]


def told(error: BaseException) -> str:
    """An error in one line."""
    return printable(f"{classes(error)[0]}: {message_of(error)}")
