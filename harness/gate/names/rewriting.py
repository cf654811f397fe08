"""A contract with other names: every declaration, expression and reference, and nothing else.

The same contract with its names exchanged says the same of everything but the names. So whatever two versions still
differ in, once the old one is written with the new names, is another edit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace

from harness.contract.access import entries, like_of, tuple_of
from harness.contract.node import YamlNode
from harness.gate.comparison import same_data
from harness.gate.names.renames import INTERNAL, Renames
from harness.gate.spelling import RENAMED, parsed, with_parts
from harness.language.syntax import Call, Name, Node, ResultField, Scan, Text, Threaded, spell

_HOLE = re.compile(r"\{\{|\}\}|\{([^{}]+)\}")  # braces that stand for themselves are doubled
_MUTANT = re.compile(r"(?P<equation>\w+):(?:(?P<now>\w+)-for-(?P<was>\w+)@)?")  # harness/language/mutate/mutant.py
Rule = Callable[[YamlNode], YamlNode]


def rewritten(root: YamlNode, renames: Renames) -> YamlNode:
    """The tree with the new names, wherever the schema has an expression or a reference to such a name."""
    return _Rewriter(root, renames).contract() if renames else root


def loop_renamed(old: YamlNode, new: YamlNode, subjects: Iterable[str]) -> YamlNode:
    """A falsifier with the new names of its `for_each`, where a name was exchanged and its values stayed."""
    before, after = entries(old, "for_each"), entries(new, "for_each")
    exchanged: dict[str, str] = {}
    for name in [name for name in before if name not in after]:
        fitting = [other for other in after if other not in before and other not in exchanged.values()
                   and same_data(before[name], after[other])]  # fmt: skip
        if fitting:
            exchanged[name] = fitting[0]
    if not exchanged:
        return old
    names = Names(exchanged, dict.fromkeys(subjects, ""))
    rules: dict[str, Rule] = {"for_each": lambda part: keyed(part, exchanged)}
    return parts(old, {"claim": names.text, "where": names.text, "cover": listed({"when": names.text}), **rules})


class Names:
    """What expressions read: names of the contract, and of subjects with their arguments and results."""

    def __init__(
        self,
        names: Mapping[str, str],
        subjects: Mapping[str, str],
        equations: Collection[str] = (),
        arguments: Mapping[str, Mapping[str, str]] | None = None,
        results: Mapping[str, Mapping[str, str]] | None = None,
        errors: Mapping[str, str] | None = None,
        texts: Mapping[str, str] | None = None,
    ) -> None:
        """All by old names; `subjects` has every one of them, with its new name or with "".

        equations       of these a call may replace what they read: its keywords are names of the contract
        """
        self.names, self.subjects, self.equations = names, subjects, equations
        self.arguments, self.results, self.errors = arguments or {}, results or {}, errors or {}
        self.texts = texts or {}
        within = [*self.arguments.values(), *self.results.values()]
        renamed = {name for name, now in subjects.items() if now}
        self._words = renamed.union(self.names, self.errors, *within)
        self._parts = tuple(self.texts)  # a text need be no word

    def text(self, node: YamlNode) -> YamlNode:
        """An expression with the new names; left as it stands where none occurs in it."""
        if not isinstance(node.value, str):
            return node
        now = self.spelled(node.value)
        return node if now is None else replace(node, value=now, text=now, style=RENAMED)

    def message(self, node: YamlNode) -> YamlNode:
        """A message with expressions in braces."""
        if not isinstance(node.value, str):
            return node
        now = _HOLE.sub(
            lambda hole: f"{{{self.spelled(hole[1])}}}" if hole[1] and self.spelled(hole[1]) else hole[0], node.value
        )
        return node if now == node.value else replace(node, value=now, text=now, style=RENAMED)

    def spelled(self, text: str) -> str | None:
        """An expression with the new names; None where it has none of them."""
        if self._words.isdisjoint(re.findall(r"\w+", text)) and not any(part in text for part in self._parts):
            return None
        tree = parsed(text.strip())
        if tree is None:
            return None
        now = self.named(tree)
        return None if now == tree else spell(now)

    def named(self, part: Node) -> Node:
        """The expression with the new names."""
        match part:
            case Name(id=name):
                return replace(part, id=self.names.get(name, name))
            case Text(value=value):
                return replace(part, value=self.texts.get(value, value))
            case Call(name=name, arguments=arguments, keywords=keywords):
                if name in self.subjects:
                    own, called = self.arguments.get(name, {}), self.subjects[name] or name
                else:
                    own, called = self.names if name in self.equations else {}, self.names.get(name, name)
                said = tuple(self._error(one) if name == "raises" else self.named(one) for one in arguments)
                given = tuple((own.get(key, key), self.named(value)) for key, value in keywords)
                return replace(part, name=called, arguments=said, keywords=given)
            case Scan(index=index, starts=starts):  # a state may have the name of its equation
                called = self.names.get(index, index)
                bound = tuple((self.names.get(state, state), first) for state, first in starts)
                return with_parts(replace(part, index=called, starts=bound), self.named)
            case Threaded(call=call, fed=fed):
                subject = self._subject(call)
                inward, outward = self.arguments.get(subject, {}), self.results.get(subject, {})
                renamed = tuple((inward.get(name, name), outward.get(field, field)) for name, field in fed)
                return with_parts(replace(part, fed=renamed), self.named)
            case ResultField(call=call, field=field):
                results = self.results.get(self._subject(call), {})
                return replace(part, call=self.named(call), field=results.get(field, field))
        return with_parts(part, self.named)

    def _error(self, part: Node) -> Node:
        """What `raises` is given: a text there may be the class of an error."""
        if isinstance(part, Text) and part.value in self.errors:
            return replace(part, value=self.errors[part.value])
        return self.named(part)

    def _subject(self, call: Node) -> str:
        """The subject of a call, also of one inside `again(...)` or `threaded(...)`."""
        while isinstance(call, Threaded) or (
            isinstance(call, Call) and call.name not in self.subjects and call.arguments
        ):
            call = call.call if isinstance(call, Threaded) else call.arguments[0]
        return call.name if isinstance(call, Call) else ""


class _Rewriter:
    def __init__(self, root: YamlNode, renames: Renames) -> None:
        self.root, self.renames = root, renames
        self.values = {part.was: part.now for part in renames if part.what == "value"}  # of every table
        subjects = renames.of("subject")
        self.subjects = {name: subjects.get(name, "") for name in entries(root, "subjects")}
        self.expression = self.names(renames.of(*INTERNAL))

    def names(self, internal: Mapping[str, str]) -> Names:
        inside = {was: now or was for was, now in self.subjects.items()}
        arguments = {was: self.renames.of("argument", inside=now) for was, now in inside.items()}
        results = {was: self.renames.of("result", inside=now) for was, now in inside.items()}
        equations = entries(self.root, "equations").keys()
        return Names(internal, self.subjects, equations, arguments, results, self.renames.of("error"), self.values)

    def contract(self) -> YamlNode:
        of, text = self.renames.of, self.expression.text
        internal = of(*INTERNAL)
        shaped: dict[str, Rule] = {"shape": items_of(text), "valid": text, **self.dtype}
        bound: Rule = lambda node: keyed(node, internal)  # noqa: E731
        errors = word(of("error"))
        rules: dict[str, Rule] = {
            "dimensions": lambda node: keyed(node, internal, lambda part: each(part, text)),
            "sizes": items_of(bound),
            "inputs": lambda node: keyed(node, internal, lambda part: parts(part, shaped)),
            "formats": lambda node: keyed(node, of("format"), named=self.format),
            "tables": lambda node: keyed(node, of("table"), named=self.table),
            "equations": lambda node: keyed(node, internal, text),
            "subjects": lambda node: keyed(node, of("subject"), named=self.subject),
            "proof_obligations": listed({"id": word(of("obligation"))}),
            "falsification_tests": items_of(self.falsifier),
            "refuses": listed({"subject": word(of("subject")), "when": text, "message": self.expression.message,
                               "error": errors}),
            "faults": listed({"id": word(of("fault")), "replace": lambda node: keyed(node, internal, text),
                              "ignores": items_of(errors)}),
            "waived_mutants": listed({"mutant": self.mutant}),
            "model": lambda node: parts(node, {"dimensions": bound, "tensors": bound}),
        }  # fmt: skip
        return parts(self.root, rules)

    @property
    def dtype(self) -> dict[str, Rule]:
        return {"dtype": items_of(word(self.renames.of("format")))}

    def subject(self, name: str, node: YamlNode) -> YamlNode:
        of, text = self.renames.of, self.expression.text
        return parts(node, {"arguments": lambda part: keyed(part, of("argument", inside=name), text),
                            "returns": lambda part: keyed(part, of("result", inside=name), self.result),
                            "updates": lambda part: keyed(part, {}, self.result)})  # fmt: skip

    def result(self, node: YamlNode) -> YamlNode:
        """An equation; or a mapping with one, and a dtype that may be that of an input: `as x`."""
        text = self.expression.text
        return parts(node, {"equation": text, "dtype": self.like}) if isinstance(node.value, dict) else text(node)

    def like(self, node: YamlNode) -> YamlNode:
        name = like_of(str(node.value))
        now = self.renames.of(*INTERNAL).get(name)
        return replace(node, value=f"as {now}", text=f"as {now}", style=RENAMED) if now else node

    def format(self, name: str, node: YamlNode) -> YamlNode:
        fields_, steps = self.renames.of("field", inside=name), self.renames.of("step", inside=name)
        text = Names({**fields_, **steps}, {}, entries(node, "equations").keys()).text
        return parts(node, {"fields": lambda part: keyed(part, fields_), "scales": items_of(word(fields_)),
                            "equations": lambda part: keyed(part, steps, text), "weights": word(steps)})  # fmt: skip

    def table(self, name: str, node: YamlNode) -> YamlNode:
        return parts(node, {"columns": lambda part: keyed(part, self.renames.of("column", inside=name)),
                            "rows": items_of(items_of(items_of(word(self.values))))})  # fmt: skip

    def falsifier(self, node: YamlNode) -> YamlNode:
        of, internal = self.renames.of, self.renames.of(*INTERNAL)
        tables = [of("table").get(name, name) for name in tuple_of(node, "over")]
        columns = {was: now for table in tables for was, now in of("column", inside=table).items()}
        text = self.names({**internal, **columns}).text if columns else self.expression.text
        ends = {"min": self.expression.text, "max": self.expression.text, **self.dtype}
        return parts(node, {
            "id": word(of("falsifier")), "discharges": items_of(word(of("obligation"))),
            "over": items_of(word(of("table"))), "claim": text, "where": text,
            "for_each": lambda part: each(part, items_of(word(self.values))),
            "given": lambda part: keyed(part, internal, lambda one: parts(one, ends)),
            "cover": listed({"when": text}),
        })  # fmt: skip

    def mutant(self, node: YamlNode) -> YamlNode:
        """The id of a mutant, which begins with the name of its equation and may tell one name from another."""
        found, now = _MUTANT.match(str(node.value)), self.renames.of(*INTERNAL)
        if found is None or not now:
            return node
        text = str(node.value)
        for group in ("was", "now", "equation"):  # from the end, so that what stands before keeps its place
            if found[group] in now:
                text = text[: found.start(group)] + now[found[group]] + text[found.end(group) :]
        return replace(node, value=text)


def parts(node: YamlNode, rules: Mapping[str, Rule]) -> YamlNode:
    """A mapping with a rule for some of its keys; anything else as it is."""
    if not isinstance(node.value, dict):
        return node
    return replace(node, value={key: rules[key](child) if key in rules else child
                                for key, child in node.value.items()})  # fmt: skip


def each(node: YamlNode, rule: Rule) -> YamlNode:
    """A mapping with one rule for all of it."""
    return parts(node, dict.fromkeys(node.value, rule)) if isinstance(node.value, dict) else node


def keyed(
    node: YamlNode, names: Mapping[str, str], rule: Rule = lambda part: part,
    named: Callable[[str, YamlNode], YamlNode] | None = None,
) -> YamlNode:  # fmt: skip
    """A mapping with new keys, and a rule for what stands under them; `named` is one that is told the new key."""
    if not isinstance(node.value, dict):
        return node
    pairs = [(names.get(key, key), child) for key, child in node.value.items()]
    return replace(node, value={key: named(key, child) if named else rule(child) for key, child in pairs})


def items_of(rule: Rule) -> Rule:
    """A rule for each item of a list; what stands alone is a list of itself."""

    def of_list(node: YamlNode) -> YamlNode:
        return replace(node, value=[rule(item) for item in node.value]) if isinstance(node.value, list) else rule(node)

    return of_list


def listed(rules: Mapping[str, Rule]) -> Rule:
    """Rules for the keys of each item of a list."""
    return items_of(lambda part: parts(part, rules))


def word(names: Mapping[str, str]) -> Rule:
    """A name that stands by itself."""
    return lambda node: replace(node, value=names.get(node.value, node.value)) if isinstance(node.value, str) else node
