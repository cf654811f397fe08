"""Names of dimensions, inputs and equations that were exchanged throughout: callers never write them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from harness.contract.access import entries
from harness.contract.node import YamlNode
from harness.gate.comparison import RENAMED, same
from harness.gate.spelling import parsed
from harness.language.syntax import Call, Name, Node, spell

SECTIONS = ("dimensions", "inputs", "equations")
_HOLE = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True)
class Renames:
    """`names` leads from old to new names, `sections` says where each is declared."""

    names: Mapping[str, str]
    sections: Mapping[str, str]

    def __bool__(self) -> bool:
        return bool(self.names)

    def listed(self) -> Iterator[tuple[str, str, str]]:
        """Section, old and new name."""
        for name, now in self.names.items():
            yield self.sections[name], name, now


NONE = Renames({}, {})


def possible(old: YamlNode, new: YamlNode) -> bool:
    """Whether some section lost a name and gained one; only then it is worth looking closer."""
    for section in SECTIONS:
        before, after = entries(old, section), entries(new, section)
        if before.keys() - after.keys() and after.keys() - before.keys():
            return True
    return False


def of(found: Mapping[str, str], old: YamlNode) -> Renames:
    """From new-to-old names, as meaning.renaming finds them."""
    sections = {name: section for section in SECTIONS for name in entries(old, section)}
    exchanged = {was: now for now, was in found.items() if was in sections}
    return Renames(exchanged, sections)


def rewritten(root: YamlNode, renames: Renames) -> YamlNode:
    """The tree with the new names, wherever the schema has an expression or a key that is such a name."""
    return _Rewriter(renames.names, entries(root, "subjects")).contract(root) if renames else root


def loop_renamed(old: YamlNode, new: YamlNode, subjects: Iterable[str]) -> YamlNode:
    """A falsifier with the new names of its `for_each`, where a name was exchanged and its values stayed."""
    before, after = entries(old, "for_each"), entries(new, "for_each")
    gone = [name for name in before if name not in after]
    come = [name for name in after if name not in before]
    exchanged: dict[str, str] = {}
    for name in gone:
        fitting = [other for other in come if other not in exchanged.values() and same(before[name], after[other])]
        if fitting:
            exchanged[name] = fitting[0]
    return _Rewriter(exchanged, subjects).loop(old) if exchanged else old


class _Rewriter:
    def __init__(self, exchanged: Mapping[str, str], subjects: Iterable[str]) -> None:
        self.exchanged, self.subjects = exchanged, frozenset(subjects)

    def contract(self, root: YamlNode) -> YamlNode:
        rules: dict[str, Callable[[YamlNode], YamlNode]] = {
            "dimensions": lambda node: self.keyed(node, lambda part: self.each(part, self.text)),
            "sizes": self.listed(self.keyed),
            "inputs": lambda node: self.keyed(node, lambda part: self.parts(part, {"shape": self.listed(self.text)})),
            "equations": lambda node: self.keyed(node, self.text),
            "subjects": lambda node: self.each(node, self.subject),
            "falsification_tests": self.listed(self.falsifier),
            "refuses": self.listed(lambda part: self.parts(part, {"when": self.text, "message": self.message})),
            "faults": self.listed(lambda part: self.parts(part, {"replace": lambda n: self.keyed(n, self.text)})),
            "model": lambda node: self.parts(node, {"dimensions": self.keyed, "tensors": self.keyed}),
        }
        return self.parts(root, rules)

    def subject(self, node: YamlNode) -> YamlNode:
        each: Callable[[YamlNode], YamlNode] = lambda part: self.each(part, self.text)  # noqa: E731
        return self.parts(node, {"arguments": each, "returns": each})

    def falsifier(self, node: YamlNode) -> YamlNode:
        given = lambda part: self.keyed(part, lambda inner: self.parts(inner, {"min": self.text, "max": self.text}))  # noqa: E731
        cover = self.listed(lambda part: self.parts(part, {"when": self.text}))
        return self.parts(node, {"claim": self.text, "where": self.text, "given": given, "cover": cover})

    def loop(self, node: YamlNode) -> YamlNode:
        return self.parts(node, {"claim": self.text, "where": self.text, "for_each": self.keyed})

    def parts(self, node: YamlNode, rules: Mapping[str, Callable[[YamlNode], YamlNode]]) -> YamlNode:
        if not isinstance(node.value, dict):
            return node
        return replace(node, value={key: rules[key](child) if key in rules else child
                                    for key, child in node.value.items()})  # fmt: skip

    def each(self, node: YamlNode, rule: Callable[[YamlNode], YamlNode]) -> YamlNode:
        return self.parts(node, dict.fromkeys(entries(node), rule)) if isinstance(node.value, dict) else node

    def keyed(self, node: YamlNode, rule: Callable[[YamlNode], YamlNode] = lambda part: part) -> YamlNode:
        assert isinstance(node.value, dict)
        return replace(node, value={self.exchanged.get(key, key): rule(child) for key, child in node.value.items()})

    def listed(self, rule: Callable[[YamlNode], YamlNode]) -> Callable[[YamlNode], YamlNode]:
        def of_list(node: YamlNode) -> YamlNode:
            return replace(node, value=[rule(item) for item in node.value]) if isinstance(node.value, list) else node

        return of_list

    def text(self, node: YamlNode) -> YamlNode:
        """An expression with the new names; left as it stands where none occurs in it."""
        if not isinstance(node.value, str):
            return node
        now = self.spelled(node.value)
        return node if now is None else replace(node, value=now, text=now, style=RENAMED)

    def spelled(self, text: str) -> str | None:
        tree = parsed(text.strip())
        if tree is None or not any(name in self.exchanged for name in _all_names(text)):
            return None
        return spell(self.named(tree))

    def named(self, part: Node) -> Node:
        """The expression with the new names; arguments of a subject keep theirs, which callers write."""
        match part:
            case Name(id=name):
                return replace(part, id=self.exchanged.get(name, name))
            case Call(name=name, arguments=arguments, keywords=keywords):
                own = {} if name in self.subjects else self.exchanged
                return replace(
                    part,
                    name=self.exchanged.get(name, name),
                    arguments=tuple(self.named(argument) for argument in arguments),
                    keywords=tuple((own.get(key, key), self.named(value)) for key, value in keywords),
                )
        return replace(
            part, **{field.name: self._each(getattr(part, field.name)) for field in fields(part) if field.compare}
        )

    def _each(self, value: Any) -> Any:
        if isinstance(value, Node):
            return self.named(value)
        return tuple(self._each(item) for item in value) if isinstance(value, tuple) else value

    def message(self, node: YamlNode) -> YamlNode:
        if not isinstance(node.value, str):
            return node
        now = _HOLE.sub(lambda hole: f"{{{self.spelled(hole[1]) or hole[1]}}}", node.value)
        return node if now == node.value else replace(node, value=now, text=now, style=RENAMED)


def _all_names(text: str) -> set[str]:
    return set(re.findall(r"[a-z][a-z0-9_]*", text))
