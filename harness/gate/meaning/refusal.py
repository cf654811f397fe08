"""When a subject refuses, in two versions: on the arguments of ordinary calls, and on arguments that are out of range.

Arguments are as in a case, and then out of their range: counts below, at and beyond their ends, arrays that are one
short or twice as long, numbers that are not finite. Conditions are decided on the arguments alone, so a dimension
that no argument carries follows from the shapes that name it, as for a real call (`search/reference.py`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from harness.gate.meaning.canonical import canonical_form
from harness.gate.meaning.cases import CASES, ComparisonCase, cases
from harness.gate.meaning.evidence import Difference, RelationEvidence, counterexample_text, cut_lines
from harness.gate.meaning.functions import Sharp
from harness.gate.meaning.points import Wanted, literals
from harness.gate.meaning.renaming import renamed
from harness.gate.meaning.sides import NoValue, read_by, valued
from harness.gate.meaning.space import Space
from harness.gate.meaning.view import VersionView, views
from harness.language.dtypes import DTYPES
from harness.language.evaluate import Bindings
from harness.language.exact.domain import truth_of
from harness.language.infer import TYPED
from harness.language.packed import Packed
from harness.language.syntax import Logic, Name, Node, Text, names, spell, walk
from harness.language.undecided import Undecided
from harness.program.model import Program

OTHER = "another type"  # of a tensor; no condition mentions it
AROUND = 4  # calls made of one case: as it is, and three with an argument out of order


def compare_refusal(
    old: Program, new: Program, subject: str, indices_old: tuple[int, ...], indices_new: tuple[int, ...]
) -> RelationEvidence:
    """The conditions of entries of `refuses`, counted among all entries of each version; of several, one suffices.

    narrowed: more calls are refused than before; widened: fewer.
    """
    before, after = views(old, new)
    left = either([old.refusals[index].when for index in indices_old])
    right = either([new.refusals[index].when for index in indices_new])
    return condition_diff(before, after, subject, left, right and renamed(right, after.named, new.equations))


def condition_diff(
    old: VersionView, new: VersionView, subject: str, left: Node | None, right: Node | None
) -> RelationEvidence:
    """The conditions of two entries of `refuses`, in the names of the old version; None where none is written."""
    if left is None or right is None:
        if left is right:
            return RelationEvidence("same", 0, "", "neither says when")
        if right is None:
            return RelationEvidence(
                "loosened",
                0,
                cut_lines(spell(left)) if left else "",
                "the contract no longer says when the call is refused",
            )
        return RelationEvidence(
            "tightened", 0, cut_lines(spell(right)), "the contract now says when the call is refused"
        )
    if left == right:
        return RelationEvidence("same", 0, "", "the text is the same")
    if canonical_form(left) == canonical_form(right):
        return RelationEvidence("respelled", 0, "", "the same condition in a different order")
    own = new.with_equations({**new.equations, **old.equations})  # equations that changed are blamed themselves
    counts = {(a, b): 0 for a in (False, True) for b in (False, True)}
    example: dict[tuple[bool, bool], str] = {}
    for told, given in _calls(old, own, subject, (left, right)):
        fires = _fires(left, own, given), _fires(right, own, given)
        if fires[0] is not None and fires[1] is not None:
            counts[fires[0], fires[1]] += 1
            example.setdefault((fires[0], fires[1]), told)
    return _evidence(counts, example)


def either(conditions: Sequence[Node | None]) -> Node | None:
    """One condition of several entries with the same error; None where one of them says none."""
    said = [part for part in conditions if part is not None]
    if len(said) < len(conditions):
        return None
    return said[0] if len(said) == 1 else Logic("or", tuple(said))


def _evidence(counts: Mapping[tuple[bool, bool], int], example: Mapping[tuple[bool, bool], str]) -> RelationEvidence:
    n, more, less = sum(counts.values()), (False, True), (True, False)
    words = {True: "refused", False: "accepted"}
    said = {side: counterexample_text("the call", told, Difference("", words[side[0]], words[side[1]]))
            for side, told in example.items()}  # fmt: skip
    if counts[more] and counts[less]:
        why = f"{counts[more]} of {n} calls are newly refused, and {counts[less]} are newly accepted"
        return RelationEvidence("incomparable", n, said[more], why)
    if counts[more]:
        return RelationEvidence("narrowed", n, said[more], f"{counts[more]} of {n} calls are newly refused")
    if counts[less]:
        return RelationEvidence("widened", n, said[less], f"{counts[less]} of {n} calls are newly accepted")
    if not counts[True, True]:
        return RelationEvidence(
            "undecidable", n, "", f"none of {n} calls was refused, so nothing is known about the condition"
        )
    return RelationEvidence("respelled", n, "", f"the same {counts[True, True]} of {n} calls are refused")


def _fires(node: Node, view: VersionView, given: Mapping[str, Any]) -> bool | None:
    """Whether the condition holds; without a value it does not, and in doubt nothing is said."""
    names = {name: read_by(value, view.formats) for name, value in given.items()}
    value = valued(node, Bindings(Sharp(), view.equations, view.depends, names))
    if isinstance(value, NoValue):
        return None if value.open_ else False
    try:
        return bool(truth_of(value).decided().all())
    except Undecided:
        return None


def _calls(
    old: VersionView, own: VersionView, subject: str, conditions: tuple[Node, Node]
) -> list[tuple[str, dict[str, Any]]]:
    """Calls with what is told of each: names with the values that the condition reads."""
    carried = {**own.arguments[subject], **old.arguments[subject]}
    read = {name for node in conditions for name in names(node)}
    read = read.union(*(own.depends.get(name, frozenset()) for name in read)) | set(carried.values())
    inputs = frozenset(name for name in read if name in own.inputs)
    seed = "|".join(sorted(spell(node) for node in conditions))
    wanted = Wanted(frozenset(read), conditions, seed, frozenset(name for name in inputs if _real(own, name)))
    rng = np.random.default_rng(np.frombuffer(hashlib.sha256(seed.encode()).digest(), np.uint32))
    # The types that a condition mentions, and one that none does.
    types = sorted({part.value for node in conditions for part in walk(node) if isinstance(part, Text)} | {OTHER})
    made = []
    for case in cases(Space(old), Space(own), wanted, CASES):
        typed = {key: _typed(kind, conditions, own, rng) for key, kind in carried.items() if kind in TYPED}
        for turn in range(AROUND):
            given, what = _provoked(own, case, carried, types, rng) if turn else (dict(case.given()), "")
            head = ", ".join(f"{name} = {value}" for name, value in _bound(own, carried, case, given).items()
                             if isinstance(value, int))  # fmt: skip
            told = "\n".join([head, what or case.text().split("\n")[1]])
            made.append((told, {**_bound(own, carried, case, given), **typed}))
    return made


def _real(view: VersionView, name: str) -> bool:
    part = view.inputs[name]
    return bool(part.formats) or DTYPES[part.dtype].is_real


def _bound(
    view: VersionView, carried: Mapping[str, str], case: ComparisonCase, given: Mapping[str, Any]
) -> dict[str, Any]:
    """Dimensions that are arguments as given; the others from the shapes that name them, else from the case."""
    explicit = {name for name in carried.values() if name in view.dimensions}
    numbers = {name: value for name, value in given.items() if name in explicit or name not in view.dimensions}
    for name, part in view.inputs.items():
        for size, length in zip(part.shape, getattr(given.get(name), "shape", ()), strict=False):
            if isinstance(size, Name) and size.id not in numbers:
                numbers[size.id] = int(length)
    return {**case.numbers, **numbers}


def _provoked(
    view: VersionView, case: ComparisonCase, carried: Mapping[str, str], types: Sequence[str], rng: np.random.Generator
) -> tuple[dict[str, Any], str]:
    """A call with one argument that does not fit, and what is wrong with it."""
    given = dict(case.given())
    wrong = [name for name in carried.values() if name in given]
    if not wrong:
        return given, ""
    name = wrong[int(rng.integers(len(wrong)))]
    if name in view.dimensions:
        near = [given[other] + d for other in case.numbers for d in (-1, 0, 1)]
        given[name] = int(rng.choice([-1, 0, 1, given[name] - 1, given[name] + 1, 2 * given[name], *near]))
        return given, f"{name} is {given[name]}"
    return given, f"{name} {_misshapen(given, name, types, rng)}"


def _misshapen(given: dict[str, Any], name: str, types: Sequence[str], rng: np.random.Generator) -> str:
    value = given[name]
    if isinstance(value, Packed) and rng.integers(2):
        given[name] = value.relabelled(types[int(rng.integers(len(types)))])
        return f"is called {given[name].dtype}"
    axes = len(value.shape) - isinstance(value, Packed)  # the last axis of a tensor stays whole
    if axes < 1:
        return "as it is"
    axis = int(rng.integers(axes))
    if rng.integers(2):
        index = tuple(slice(None) if i != axis else slice(0, -1) for i in range(axis + 1))
        given[name] = value.take(index) if isinstance(value, Packed) else value[index]
        return f"is one short along axis {axis}"
    if isinstance(value, Packed):
        return "as it is"
    given[name] = np.concatenate([value, value], axis)
    return f"is twice as long along axis {axis}"


def _typed(kind: str, conditions: tuple[Node, Node], view: VersionView, rng: np.random.Generator) -> Any:
    """An argument that every call gives: something that the conditions or the tables mention, or something else."""
    texts = [part.value for node in conditions for part in walk(node) if isinstance(part, Text)]
    cells = [cell for table in view.program.contract.tables.values() for row in table.rows for cell in row]
    texts += [cell for cell in cells if isinstance(cell, str)] + ["", "something else"]
    match kind:
        case "text":
            return texts[int(rng.integers(len(texts)))]
        case "texts":
            return [texts[int(rng.integers(len(texts)))] for _ in range(int(rng.integers(3)))]
        case "truth":
            return bool(rng.integers(2))
    near = [int(number) + d for number in literals(conditions) if number.is_integer() for d in (-1, 0, 1)]
    numbers = [*near, *(cell for cell in cells if isinstance(cell, int)), 0, 1, -1, 2, 100]
    return int(numbers[int(rng.integers(len(numbers)))])
