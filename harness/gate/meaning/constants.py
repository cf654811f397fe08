"""Constants that the cases cannot see.

That two expressions agree on every case says little of a constant that no case makes visible (`+ 1e-30` beside
numbers around 1). So where a real constant stands in one version only, that version is compared with itself, the
constant doubled: if this shows no difference either, neither would a wrong constant.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any

from harness.language.syntax import Node, Number, walk

CLOSE = 2.0**-40  # relative distance of two constants that are too near each other for float64's bounds


def constants(expressions: Mapping[str, Node]) -> Counter[float]:
    """The real constants of some expressions, each as often as it stands there."""
    parts = [part for node in expressions.values() for part in walk(node)]
    return Counter(abs(part.value) for part in parts if isinstance(part, Number) and isinstance(part.value, float))


def unseen(old: Mapping[str, Node], new: Mapping[str, Node], shows: Callable[[int, str, Node], bool]) -> str:
    """Why agreement says nothing of some constant, or "".

    `shows(side, name, node)`: whether cases tell that version from itself with one expression replaced.
    """
    before, after = constants(old), constants(new)
    gone, come = sorted((before - after).elements()), sorted((after - before).elements())
    for was in gone:
        for now in come:
            if abs(was - now) <= CLOSE * max(was, now):
                return f"the constants {was!r} and {now!r} are closer than float64 can tell apart here"
    for side, extra, expressions in ((0, gone, old), (1, come, new)):
        for value in dict.fromkeys(extra):
            mutants = [(name, other) for name, node in expressions.items() for other in doubled(node, value)]
            if not any(shows(side, name, other) for name, other in mutants):
                return f"no case shows the constant {value!r}: with twice that number nothing changes either"
    return ""


def doubled(node: Node, value: float) -> list[Node]:
    """The expression with a constant doubled, once for each place where it stands; zero becomes one."""
    if isinstance(node, Number):
        same = isinstance(node.value, float) and abs(node.value) == value
        return [replace(node, value=2 * node.value or 1.0)] if same else []
    found: list[Node] = []
    for field in fields(node):
        if field.compare:
            found += [replace(node, **{field.name: part}) for part in _parts(getattr(node, field.name), value)]
    return found


def _parts(part: Any, value: float) -> list[Any]:
    if isinstance(part, Node):
        return list(doubled(part, value))
    if not isinstance(part, tuple):
        return []
    return [(*part[:i], other, *part[i + 1 :]) for i, inner in enumerate(part) for other in _parts(inner, value)]
