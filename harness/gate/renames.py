"""Names of dimensions, inputs and equations that were exchanged throughout: callers never write them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from harness.contract.access import entries
from harness.contract.node import Node
from harness.gate.comparison import RENAMED
from harness.gate.spelling import parsed
from harness.language.syntax import spell

SECTIONS = ("dimensions", "inputs", "equations")
_HOLE = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True)
class Renames:
    """`names` leads from old to new names, `sections` says where each is declared."""

    names: Mapping[str, str]
    sections: Mapping[str, str]

    def __bool__(self) -> bool:
        return bool(self.names)

    def told(self) -> Iterator[tuple[str, str, str]]:
        """Section, old and new name."""
        for name, now in self.names.items():
            yield self.sections[name], name, now


NONE = Renames({}, {})


def possible(old: Node, new: Node) -> bool:
    """Whether some section lost a name and gained one; only then it is worth looking closer."""
    for section in SECTIONS:
        before, after = entries(old, section), entries(new, section)
        if before.keys() - after.keys() and after.keys() - before.keys():
            return True
    return False


def of(found: Mapping[str, str], old: Node) -> Renames:
    """From new-to-old names, as meaning.renaming finds them."""
    sections = {name: section for section in SECTIONS for name in entries(old, section)}
    exchanged = {was: now for now, was in found.items() if was in sections}
    return Renames(exchanged, sections)


def rewritten(root: Node, renames: Renames) -> Node:
    """The tree with the new names, wherever the schema has an expression or a key that is such a name."""
    return _Rewriter(renames.names).contract(root) if renames else root


class _Rewriter:
    def __init__(self, exchanged: Mapping[str, str]) -> None:
        self.exchanged = exchanged

    def contract(self, root: Node) -> Node:
        rules: dict[str, Callable[[Node], Node]] = {
            "dimensions": lambda node: self.keyed(node, lambda part: self.each(part, self.text)),
            "inputs": lambda node: self.keyed(node, lambda part: self.parts(part, {"shape": self.listed(self.text)})),
            "equations": lambda node: self.keyed(node, self.text),
            "subjects": lambda node: self.each(node, self.subject),
            "falsification_tests": self.listed(self.falsifier),
            "refuses": self.listed(lambda part: self.parts(part, {"when": self.text, "message": self.message})),
            "faults": self.listed(lambda part: self.parts(part, {"replace": lambda n: self.keyed(n, self.text)})),
            "model": lambda node: self.parts(node, {"dimensions": self.keyed, "tensors": self.keyed}),
        }
        return self.parts(root, rules)

    def subject(self, node: Node) -> Node:
        each: Callable[[Node], Node] = lambda part: self.each(part, self.text)  # noqa: E731
        return self.parts(node, {"arguments": each, "returns": each})

    def falsifier(self, node: Node) -> Node:
        given = lambda part: self.keyed(part, lambda inner: self.parts(inner, {"min": self.text, "max": self.text}))  # noqa: E731
        cover = self.listed(lambda part: self.parts(part, {"when": self.text}))
        return self.parts(node, {"claim": self.text, "where": self.text, "given": given, "cover": cover})

    def parts(self, node: Node, rules: Mapping[str, Callable[[Node], Node]]) -> Node:
        if not isinstance(node.value, dict):
            return node
        return replace(node, value={key: rules[key](child) if key in rules else child
                                    for key, child in node.value.items()})  # fmt: skip

    def each(self, node: Node, rule: Callable[[Node], Node]) -> Node:
        return self.parts(node, dict.fromkeys(entries(node), rule)) if isinstance(node.value, dict) else node

    def keyed(self, node: Node, rule: Callable[[Node], Node] = lambda part: part) -> Node:
        assert isinstance(node.value, dict)
        return replace(node, value={self.exchanged.get(key, key): rule(child) for key, child in node.value.items()})

    def listed(self, rule: Callable[[Node], Node]) -> Callable[[Node], Node]:
        def of_list(node: Node) -> Node:
            return replace(node, value=[rule(item) for item in node.value]) if isinstance(node.value, list) else node

        return of_list

    def text(self, node: Node) -> Node:
        """An expression with the new names; left as it stands where none occurs in it."""
        if not isinstance(node.value, str):
            return node
        now = self.spelled(node.value)
        return node if now is None else replace(node, value=now, text=now, style=RENAMED)

    def spelled(self, text: str) -> str | None:
        from harness.gate.meaning.renaming import renamed

        tree = parsed(text.strip())
        if tree is None or not any(name in self.exchanged for name in _all_names(text)):
            return None
        return spell(renamed(tree, self.exchanged))

    def message(self, node: Node) -> Node:
        if not isinstance(node.value, str):
            return node
        now = _HOLE.sub(lambda hole: f"{{{self.spelled(hole[1]) or hole[1]}}}", node.value)
        return node if now == node.value else replace(node, value=now, text=now, style=RENAMED)


def _all_names(text: str) -> set[str]:
    return set(re.findall(r"[a-z][a-z0-9_]*", text))


