"""The strict subset of YAML, event by event: no anchors, tags, merge keys, duplicates or ambiguous scalars.

Limits hold while parsing, not after it, and nothing recurses: a hostile file costs no more than a good one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import yaml

from harness.contract.characters import hidden_character
from harness.contract.node import Value, YamlNode
from harness.contract.quoting import quoted, shortened
from harness.contract.scalars import RefusedScalar, resolve
from harness.contract.syntax_hints import hint_for
from harness.findings import Finding, Place, Refused

MAX_DEPTH = 32
MAX_NODES = 20_000
MAX_FINDINGS = 50  # more is one mistake repeated, or an attack
_CUT = "a comma inside { } ends a value: quote the text that has it"
_WRITE_OUT = "write the value out where it is used"


@dataclass
class _Open:
    """A mapping or list whose end has not been seen; `key` waits for its value."""

    items: dict[str, YamlNode] | list[YamlNode]
    place: Place
    key_place: Place | None  # of the key that this collection itself stands under
    key: tuple[str, Place] | None = None


class Builder:
    """Builds the tree from events; what is wrong is collected, so that one run tells all of it."""

    def __init__(self, text: str, path: str) -> None:
        self.findings: list[Finding] = []
        self.root: YamlNode | None = None
        self._text = text
        self._path = path
        self._open: list[_Open] = []
        self._nodes = 0
        self._documents = 0

    def take(self, event: Any) -> None:
        """One event of the parser; raises where going on would make no sense."""
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._start(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            done = self._open.pop()
            self._put(YamlNode(done.items, done.place, done.key_place))
        elif isinstance(event, yaml.AliasEvent):
            self._stop(event, f"alias '*{shortened(str(event.anchor))}' is not allowed", hint=_WRITE_OUT)
        elif isinstance(event, yaml.DocumentStartEvent):
            self._document(event)

    def finished(self, key: str) -> YamlNode | None:
        """The value under a key of the outermost mapping, as soon as it is complete."""
        outermost = self._open[0].items if len(self._open) == 1 else None
        return outermost.get(key) if isinstance(outermost, dict) else None

    def syntax_error(self, error: yaml.MarkedYAMLError) -> None:
        """libyaml's own complaint, in one line."""
        problem = " ".join(part for part in (error.context, error.problem) if part)
        mark = error.problem_mark or error.context_mark
        self._find(
            self._place(mark) if mark else Place(self._path),
            f"YAML syntax: {problem}",
            hint=hint_for(problem),
        )

    def _place(self, mark: Any) -> Place:
        return Place(self._path, mark.line + 1, mark.column + 1)

    def _find(self, place: Place, message: str, **parts: str) -> None:
        self.findings.append(Finding(place, message, **parts))

    def _stop(self, event: Any, message: str, **parts: str) -> None:
        self._find(self._place(event.start_mark), message, **parts)
        raise Refused(sorted(self.findings, key=lambda finding: finding.place))

    def _document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            self._stop(event, "a second document", expected="one document in a file", hint="remove '---'")
        if event.version or event.tags:
            self._stop(event, "YAML directives are not allowed", hint="remove the lines that begin with '%'")

    def _count(self, event: Any) -> None:
        """What holds for every node: the limit on their number, and no tags and anchors."""
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self._stop(event, "too many values", expected=f"at most {MAX_NODES}", hint="split the contract")
        place = self._place(event.start_mark)
        if event.anchor is not None:
            self._find(place, f"anchor '&{shortened(event.anchor)}' is not allowed", hint=_WRITE_OUT)
        if event.tag is not None:
            self._find(
                place,
                f"tag {quoted(event.tag)} is not allowed",
                hint="a contract is plain data; remove the tag",
            )

    def _start(self, event: Any) -> None:
        self._count(event)
        if len(self._open) >= MAX_DEPTH:
            self._stop(event, "nested too deeply", expected=f"at most {MAX_DEPTH} levels")
        if self._awaits_key():
            self._stop(
                event,
                "a key must be text",
                got="a mapping or list",
                hint="quote it if braces are meant as text",
            )
        items: dict[str, YamlNode] | list[YamlNode] = {} if isinstance(event, yaml.MappingStartEvent) else []
        self._open.append(_Open(items, self._place(event.start_mark), self._key_place()))

    def _scalar(self, event: Any) -> None:
        self._count(event)
        place = self._place(event.start_mark)
        text = self._text[event.start_mark.index : event.end_mark.index]
        value = self._value(event, place)
        if self._awaits_key():
            self._key(value, event, place)
        else:
            self._put(YamlNode(value, place, self._key_place(), text, event.style or ""))

    def _value(self, event: Any, place: Place) -> Value:
        if event.style:  # quoted and block scalars are text, whatever they look like
            hidden = hidden_character(event.value)
            if hidden:
                self._find(
                    place, f"{hidden} is not allowed", hint="an escape sequence in the quotes produces it; remove it"
                )
            return str(event.value)
        if event.tag is not None or event.anchor is not None:
            return str(event.value)  # refused for that already; an empty value behind a tag is no second mistake
        resolved = resolve(event.value)
        if isinstance(resolved, RefusedScalar):
            self._find(place, resolved.message, hint=_CUT if self._is_cut_text(event) else resolved.hint)
            return str(event.value)
        return resolved

    def _is_cut_text(self, event: Any) -> bool:
        """Whether an empty value has no colon before it: `{rule: one, two}` has a key `two`."""
        end = event.start_mark.index
        before = self._text[max(0, end - 100) : end].rstrip()  # no more: a hostile file has many empty values
        return self._key_place() is not None and not event.value and before != "" and not before.endswith(":")

    def _awaits_key(self) -> bool:
        return bool(self._open) and isinstance(self._open[-1].items, dict) and self._open[-1].key is None

    def _key_place(self) -> Place | None:
        key = self._open[-1].key if self._open else None
        return key[1] if key else None

    def _key(self, value: Value, event: Any, place: Place) -> None:
        parent = self._open[-1]
        assert isinstance(parent.items, dict)
        key = str(event.value)
        if not event.style and key == "<<":
            self._find(place, "merge keys '<<' are not allowed", hint=_WRITE_OUT)
        elif not isinstance(value, str):
            self._find(place, "a key must be text", got=shortened(key), hint=f'quote it: "{shortened(key)}"')
        elif key in parent.items:
            first = parent.items[key].key_place or parent.place
            self._find(place, f"duplicate key {quoted(key)}; first at {first}", hint="remove or rename one of them")
        parent.key = (key, place)

    def _put(self, node: YamlNode) -> None:
        if not self._open:
            self.root = node
            return
        parent = self._open[-1]
        if isinstance(parent.items, list):
            parent.items.append(node)
        elif parent.key:
            parent.items[parent.key[0]] = node
            parent.key = None
