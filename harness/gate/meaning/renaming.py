"""Which name of the new version is which name of the old one, where an edit renamed something throughout.

A name that both versions have is the same thing. A name that came is paired with one that went where something that
callers see says so: the argument or the result of a subject that carries it, the axis of an input that it measures.
What is left is paired where its definition is the same and no other's is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar

from harness.language.integer_domain import IntegerDomain
from harness.language.syntax import Call, Name, Node, Number, walk
from harness.program.model import Program

Names = Mapping[str, str]  # new name to old name
Part = TypeVar("Part")


def renamed(node: Node, names: Names, equations: Collection[str] = ()) -> Node:
    """The expression with other names; those of functions, subjects and their arguments stay.

    equations       those of the version that the expression is of: a keyword of one is a name that it replaces
    """
    if not names:
        return node
    match node:
        case Name(id=name):
            return replace(node, id=names.get(name, name))
        case Call(name=name, keywords=keywords):
            inner = tuple((names.get(key, key) if name in equations else key, renamed(part, names, equations))
                          for key, part in keywords)  # fmt: skip
            arguments = tuple(renamed(part, names, equations) for part in node.arguments)
            called = names.get(name, name) if name in equations else name
            return replace(node, name=called, arguments=arguments, keywords=inner)
    changed = {
        field.name: _renamed(getattr(node, field.name), names, equations) for field in fields(node) if field.compare
    }
    return replace(node, **changed) if changed else node


def _renamed(part: Any, names: Names, equations: Collection[str]) -> Any:
    if isinstance(part, Node):
        return renamed(part, names, equations)
    return tuple(_renamed(item, names, equations) for item in part) if isinstance(part, tuple) else part


def same_text(one: Node | None, other: Node | None) -> bool:
    """Whether two expressions are written alike: `2` and `2.0` are equal numbers of different kinds."""
    if one is None or other is None:
        return one is other
    numbers = [[type(part.value) for part in walk(node) if isinstance(part, Number)] for node in (one, other)]
    return one == other and numbers[0] == numbers[1]


def renamings(old: Program, new: Program) -> dict[str, str]:
    """New names of dimensions, inputs and equations that are old things, with the names those had."""
    found: dict[str, str] = {}
    for was, now in _candidates(old, new, found):
        fits = any(was in mine and now in its for mine, its in _sections(old, new))
        known = {name for mine, its in _sections(old, new) for name in (*mine, *its)}
        both = _declared(old) & _declared(new)
        if fits and {was, now} <= known and not {was, now} & both and now not in found and was not in found.values():
            found[now] = was
    return found


def _sections(old: Program, new: Program) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    return [(old.dimensions, new.dimensions), (old.inputs, new.inputs), (old.equations, new.equations)]


def _declared(program: Program) -> set[str]:
    return {*program.dimensions, *program.inputs, *program.equations}


def _candidates(old: Program, new: Program, found: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Pairs of an old and a new name, the surest first; `found` grows while they are read."""
    for name, subject in old.contract.subjects.items():
        if name in new.contract.subjects:
            other = new.contract.subjects[name]
            for mine, its in ((subject.arguments, other.arguments), (subject.returns, other.returns)):
                for key in mine:
                    if key in its:
                        yield mine[key].text.strip(), its[key].text.strip()
    for now, part in new.inputs.items():
        before = old.inputs.get(found.get(now, now))
        for was, size in zip(before.shape, part.shape, strict=False) if before else ():
            if isinstance(was, Name) and isinstance(size, Name):
                yield was.id, size.id
    yield from _alone(old.dimensions, new.dimensions, _same_range, found)
    yield from _alone(old.equations, new.equations, _same_text(new.equations), found)


def _alone(
    mine: Mapping[str, Part], its: Mapping[str, Part], alike: Callable[[Part, Part, Names], bool], found: Names
) -> Iterator[tuple[str, str]]:
    """Definitions that are the same, and of which each version has one alone among what came and went."""
    for now in its:
        fitting = [was for was in mine if was not in its and alike(mine[was], its[now], found)]
        rivals = [other for other in its if other not in mine and alike(its[other], its[now], {})]
        if now not in mine and len(fitting) == 1 and len(rivals) == 1:
            yield fitting[0], now


def _same_text(equations: Collection[str]) -> Callable[[Node, Node, Names], bool]:
    return lambda was, now, found: same_text(was, renamed(now, found, equations))


def _same_range(was: IntegerDomain, now: IntegerDomain, found: Names) -> bool:
    ends = [(was.low, now.low), (was.high, now.high)]
    same = all((a is None) == (b is None) and a == (b and renamed(b, found)) for a, b in ends)
    return same and was.values == now.values and not _one_number(was)


def _one_number(part: IntegerDomain) -> bool:
    """A dimension of one value says nothing about what it measures."""
    return len(part.values) == 1 or (isinstance(part.low, Number) and part.low == part.high)
