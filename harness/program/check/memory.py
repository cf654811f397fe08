"""The caller's memory: what subjects promise to take, and what they write into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from harness.contract.access import entries
from harness.language import types as T
from harness.language.dtypes import FLOAT32
from harness.language.infer import TYPED
from harness.program.check.checker import Checker

READ_ONLY = "read_only"


def check_memory(checker: Checker, name: str, arguments: Mapping[str, str]) -> None:
    """Each promise of memory is one of some array: what is updated cannot lie in memory that is read-only."""
    part = checker.contract.subjects[name]
    if not part.memory:
        return
    place = checker.at("subjects", name, "memory")
    arrays = {argument for argument, carried in arguments.items() if _lies_in_memory(checker, carried)}
    arrays |= set(part.updates)  # output buffers, too
    if not arrays:
        checker.say(place, f"subject {name}: memory is promised of no argument", "an argument that is an array")
    elif READ_ONLY in part.memory and arrays <= set(part.updates):
        what = f"subject {name}: every array that it gets is written to"
        checker.say(place, what, "an array that is only read", READ_ONLY, hint=f"leave {READ_ONLY} out")


def _lies_in_memory(checker: Checker, carried: str) -> bool:
    """Whether an argument is an array or a tensor; one whose type is not known may be."""
    kind = checker.names.get(carried)
    return bool(getattr(kind, "shape", ())) or (kind is None and carried not in TYPED)


def check_updates(checker: Checker, name: str) -> None:
    """A subject has results, and each name is that of one of them."""
    part = checker.contract.subjects[name]
    if not part.returns:
        what = f"subject {name}: nothing is returned and nothing is updated"
        checker.say(part.place, what, hint="add the results to `returns`, or what it writes into to `updates`")
    declared = entries(entries(checker.contract.node, "subjects")[name], "returns")
    for field in part.updates:
        if field in declared:
            place = checker.at("subjects", name, "updates", field)
            what = f"subject {name}: {field} is returned and updated"
            checker.say(place, what, hint="give one of them another name")


def in_place(checker: Checker, name: str, field: str, kind: T.Type, like: dict[str, str]) -> T.Type:
    """The content of an argument after the call: of the shape and the number format that the argument has.

    `like` gets the input whose format it has in each case.
    """
    part = checker.contract.subjects[name]
    carried = part.arguments[field].text.strip()
    given = checker.names.get(carried)
    place = checker.at("subjects", name, "updates", field)
    if not isinstance(given, T.Array) or not isinstance(kind, T.Array) or given.kind not in ("real", "int"):
        if given is not None or carried in TYPED:
            told = str(TYPED.get(carried, given))
            checker.say(place, f"subject {name}: {field} cannot be updated", "an argument that is an array", told)
        return kind
    if given.size is not None:
        checker.say(place, f"subject {name}: {field} cannot be updated", "an argument that is an array", "one integer")
        return kind
    if (given.kind, given.shape) != (kind.kind, kind.shape):
        what = f"subject {name}: {field} is updated with something of another type"
        checker.say(place, what, str(replace(given, dtype="")), str(replace(kind, observed=False, dtype="")))
        return kind
    if field in part.dtypes:
        what = f"subject {name}: {field} keeps the number format of the argument"
        checker.say(part.dtypes[field].place, what, hint="leave dtype out")
    if carried in checker.contract.inputs:
        dtypes = checker.contract.inputs[carried].dtypes
        like[field] = carried
        return replace(kind, dtype=dtypes[0] if len(dtypes) == 1 and dtypes[0] != FLOAT32.name else "")
    return replace(kind, dtype=given.dtype)
