"""Where the entries of an input count: elsewhere lies padding, which is filled with anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from harness.contract.model import Source
from harness.language import types as T
from harness.language.syntax import names
from harness.program.check.checker import UNREAD, Checker
from harness.program.model import InputProgram


def check_padding(checker: Checker, inputs: Mapping[str, InputProgram]) -> dict[str, InputProgram]:
    """The inputs, those that say where their entries count with that condition.

    It is decided before their padding is filled, so it depends on dimensions and other integers alone.
    """
    return {name: _checked(checker, name, part) for name, part in inputs.items()}


def _checked(checker: Checker, name: str, part: InputProgram) -> InputProgram:
    source = checker.contract.inputs[name].valid
    if source is None:
        return part
    what = f"valid of {name}"
    node = checker.parse(source, what)
    kind = checker.type(node, source, what, checker.scope())
    if node == UNREAD or kind is None:
        return part
    read = names(node)
    below = read.union(*(checker.depends.get(used, frozenset()) for used in read))
    checker.used.update(below)
    if part.formats:
        checker.say(source.place, f"{what}: a tensor in blocks has no padding but that of its rows")
    elif _fits(checker, name, source, kind, what):
        _of_integers(checker, source, what, below)
    return replace(part, valid=node)


def _fits(checker: Checker, name: str, source: Source, kind: T.Type, what: str) -> bool:
    """Whether the condition has the leading axes of the input."""
    declared = checker.names.get(name)
    if declared is None:  # it has a mistake that was said already
        return False
    if not (isinstance(kind, T.Array) and kind.kind == "bool"):
        checker.say(source.place, f"{what}: not a condition", "truth values, such as arange(n) < length", str(kind))
        return False
    if kind.shape and kind.shape == declared.shape[: len(kind.shape)]:
        return True
    expected = f"the first axes of {T.show(declared.shape)}"
    checker.say(source.place, f"{what}: its axes are not those of the input", expected, T.show(kind.shape))
    return False


def _of_integers(checker: Checker, source: Source, what: str, below: frozenset[str] | set[str]) -> None:
    for used in sorted(below):
        declared = checker.contract.inputs.get(used)
        if declared is None:
            continue
        kind = checker.names.get(used)
        if declared.valid is not None:
            message = f"{what} depends on {used}, which has padding itself"
            checker.say(source.place, message, hint="let it depend on lengths or offsets alone")
        elif not (isinstance(kind, T.Array) and kind.kind == "int"):
            message = f"{what} depends on {used}, which is no array of integers"
            checker.say(source.place, message, hint="let it depend on lengths or offsets alone")
