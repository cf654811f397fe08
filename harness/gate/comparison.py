"""The comparison of two versions: both trees, the evaluation, and the list of changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from harness.contract.access import entries, items
from harness.contract.node import YamlNode
from harness.gate.change import Change, value_text
from harness.gate.exact import exact_data, exact_text
from harness.gate.spelling import alike


@dataclass(frozen=True)
class EvaluationResult:
    """What evaluating both versions has shown: a relation of gate.meaning, its reason and its denominator.

    `less`: of a loosened one, whether fewer results are admitted elsewhere. `told`: what was and what is, in short.
    """

    relation: str
    why: str
    cases: int = 0
    less: bool = False
    told: str = ""


class Evaluation(Protocol):
    """Asks what a changed expression means; heavy parts are loaded when it is first asked."""

    def equation(self, name: str) -> EvaluationResult: ...
    def claim(self, falsifier: str) -> EvaluationResult: ...
    def dimension(self, name: str) -> EvaluationResult: ...
    def domain(self, falsifier: str) -> EvaluationResult: ...
    def result_format(self, subject: str, field: str) -> EvaluationResult: ...
    def refusal(self, subject: str, old: tuple[int, ...], new: tuple[int, ...]) -> EvaluationResult: ...


@dataclass
class ContractComparison:
    """Two trees of one contract. `old` is spelled with the names of `new` where names were exchanged throughout."""

    old: YamlNode
    new: YamlNode
    evaluation: Evaluation
    changes: list[Change] = field(default_factory=list)

    def say(
        self, kind: str, path: str, old: YamlNode | None, new: YamlNode | None, *, was: Any = None, now: Any = None,
        shown: EvaluationResult | None = None,
    ) -> None:  # fmt: skip
        """One change. The values shown are those of the nodes, unless `was` and `now` say it better."""
        before, after = (was if was is not None else old), (now if now is not None else new)
        self.changes.append(
            Change(
                kind,
                path,
                declared_place(old),
                declared_place(new),
                "" if before is None else value_text(before),
                "" if after is None else value_text(after),
                shown.why if shown else "",
                shown.cases if shown else 0,
            )
        )

    def prose(self, path: str, old: YamlNode, new: YamlNode, *keys: str) -> None:
        """Compare texts for readers, on which nothing depends."""
        for key in keys:
            before, after = entries(old).get(key), entries(new).get(key)
            if not same(before, after):
                self.say("prose-changed", f"{path}.{key}", before, after)

    def expression(self, kind: str, path: str, old: YamlNode, new: YamlNode) -> bool:
        """Whether two expressions are one; says so with `kind` if they are spelled differently."""
        if not alike(old, new):
            return False
        if not same(old, new):
            self.say(kind, path, old, new)
        return True


def declared_place(node: YamlNode | None) -> Any:
    """Where a value stands: a named one where its name does."""
    return None if node is None else node.key_place or node.place


def same(old: YamlNode | None, new: YamlNode | None) -> bool:
    """Whether two values say the same; how they are written, and the order of keys, is no difference."""
    if old is None or new is None:
        return old is new
    return exact_text(old.plain()) == exact_text(new.plain())


def same_data(old: YamlNode | None, new: YamlNode | None) -> bool:
    """The same of cells and of values of `for_each`, where a line break at the end is part of a text."""
    if old is None or new is None:
        return old is new
    return exact_data(old.plain()) == exact_data(new.plain())


def common(old: dict[str, YamlNode], new: dict[str, YamlNode]) -> list[str]:
    """The names that both versions have, in the order of the new one."""
    return [name for name in new if name in old]


def added(old: dict[str, YamlNode], new: dict[str, YamlNode]) -> list[str]:
    """The names that only the new version has."""
    return [name for name in new if name not in old]


def entries_by_id(root: YamlNode, section: str, key: str = "id") -> dict[str, YamlNode]:
    """The entries of a list, by the name that each carries."""
    return {str(entries(item)[key].value): item for item in items(root, section)}
