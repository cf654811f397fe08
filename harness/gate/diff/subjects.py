"""What an implementation offers: names of functions, arguments and results are what callers write."""

from __future__ import annotations

import re

from harness.contract.access import dtype_of, entries, equation_of, is_optional, items, tuple_of
from harness.contract.node import YamlNode
from harness.gate.comparison import ContractComparison, added, common, entries_by_id, same
from harness.gate.spelling import alike, parsed, scalar_text
from harness.language.dtypes import DTYPES, FLOAT32
from harness.language.syntax import Call, Threaded, walk


def compare_subjects(c: ContractComparison) -> None:
    """Subjects gone and new; arguments and results of the others."""
    old, new = entries(c.old, "subjects"), entries(c.new, "subjects")
    for name in added(new, old):
        c.say("subject-removed", f"subjects.{name}", old[name], None)
    for name in added(old, new):
        c.say("subject-added", f"subjects.{name}", None, new[name])
    traces = traced(c.old) | traced(c.new)
    for name in common(old, new):
        path = f"subjects.{name}"
        _arguments(c, f"{path}.arguments", entries(old[name], "arguments"), entries(new[name], "arguments"))
        stem = "stage" if name in traces else "return"
        _returns(c, f"{path}.returns", stem, entries(old[name], "returns"), entries(new[name], "returns"))
        _updates(c, f"{path}.updates", entries(old[name], "updates"), entries(new[name], "updates"))
        _memory(c, f"{path}.memory", old[name], new[name])
        c.prose(path, old[name], new[name], "note")


def _memory(c: ContractComparison, path: str, old: YamlNode, new: YamlNode) -> None:
    """The kinds of memory that arguments may lie in; their order says nothing."""
    before, after = ({str(node.value): node for node in items(root, "memory")} for root in (old, new))
    for name in added(after, before):
        c.say("memory-withdrawn", path, before[name], None)
    for name in added(before, after):
        c.say("memory-promised", path, None, after[name])


def traced(root: YamlNode) -> set[str]:
    """The subjects whose results are the stages of a trace: they are judged by `stagewise`, or called trace..."""
    found = {name for name in entries(root, "subjects") if "trace" in name}
    for falsifier in entries_by_id(root, "falsification_tests").values():
        claim = scalar_text(entries(falsifier)["claim"])
        tree = parsed(claim) if "stagewise" in claim else None
        for part in walk(tree) if tree is not None else ():
            if isinstance(part, Call) and part.name == "stagewise":
                traced = [part.call if isinstance(part, Threaded) else part for part in part.arguments]
                found |= {argument.name for argument in traced if isinstance(argument, Call)}
    return found


def _arguments(c: ContractComparison, path: str, old: dict[str, YamlNode], new: dict[str, YamlNode]) -> None:
    for name in added(new, old):
        c.say("argument-removed", f"{path}.{name}", old[name], None)
    for name in added(old, new):
        c.say("argument-added", f"{path}.{name}", None, new[name])
    for name in common(old, new):
        if not alike(old[name], new[name]):
            c.say("argument-changed", f"{path}.{name}", old[name], new[name])


def _returns(c: ContractComparison, path: str, stem: str, old: dict[str, YamlNode], new: dict[str, YamlNode]) -> None:
    for name in added(new, old):
        c.say(f"{stem}-removed", f"{path}.{name}", old[name], None)
    for name in added(old, new):
        c.say("stage-added-required" if stem == "stage" else "return-added", f"{path}.{name}", None, new[name])
    for name in common(old, new):
        before, after = equation_of(old[name]), equation_of(new[name])
        if not alike(before, after):
            c.say("return-retargeted", f"{path}.{name}", before, after)
        if is_optional(old[name]) != is_optional(new[name]):
            kind = "return-made-optional" if is_optional(new[name]) else "return-required"
            c.say(kind, f"{path}.{name}", old[name], new[name])
    stayed, now = [name for name in old if name in new], common(old, new)
    if stayed != now:
        first = next(name for name, other in zip(now, stayed, strict=True) if name != other)
        c.say(f"{stem}s-reordered", path, old[first], new[first], was=stayed, now=now)


def _updates(c: ContractComparison, path: str, old: dict[str, YamlNode], new: dict[str, YamlNode]) -> None:
    for name in added(new, old):
        c.say("update-removed", f"{path}.{name}", old[name], None)
    for name in added(old, new):
        c.say("update-added", f"{path}.{name}", None, new[name])
    for name in common(old, new):
        before, after = equation_of(old[name]), equation_of(new[name])
        if not alike(before, after):
            c.say("update-retargeted", f"{path}.{name}", before, after)


def compare_result_formats(c: ContractComparison) -> None:
    """The number format of every result, which follows from its equation where no dtype is given beside it."""
    old, new = entries(c.old, "subjects"), entries(c.new, "subjects")
    follows = _formats_may_follow(c)
    for name, key in ((name, key) for name in common(old, new) for key in ("returns", "updates")):
        before, after = entries(old[name], key), entries(new[name], key)
        for field in common(before, after):
            was, now = dtype_of(before[field]), dtype_of(after[field])
            declared = not same(was, now)
            if declared or follows:
                _result_format(c, (name, key, field), was or before[field], now or after[field], declared)


def _result_format(
    c: ContractComparison, result: tuple[str, str, str], old: YamlNode, new: YamlNode, declared: bool
) -> None:
    """`result`: a subject, `returns` or `updates`, a name. `declared`: whether the dtypes that are given differ."""
    subject, key, field = result
    found = c.evaluation.result_format(subject, field)
    path = f"subjects.{subject}.{key}.{field}"
    if found.relation == "same":
        if declared:
            c.say("return-format-respelled", path, old, new)
    elif found.relation == "different" or declared:
        was, _, now = found.told.partition(" -> ")
        c.say("return-format-changed", path, old, new, was=was, now=now, shown=found)


def _formats_may_follow(c: ContractComparison) -> bool:
    """Whether what changed of inputs or equations may change the formats of results: some of them name formats."""
    sections = [[entries(root).get(section) for root in (c.old, c.new)] for section in ("inputs", "equations")]
    if all(same(*pair) for pair in sections):
        return False
    dtypes = {dtype for root in (c.old, c.new) for part in entries(root, "inputs").values()
              for dtype in tuple_of(part, "dtype")}  # fmt: skip
    words = {word for root in (c.old, c.new) for part in entries(root, "equations").values()
             for word in re.findall(r"\w+", scalar_text(part))}  # fmt: skip
    return bool((dtypes | words) & DTYPES.keys() - {FLOAT32.name})
