"""What an implementation offers: names of functions, arguments and results are what callers write."""

from __future__ import annotations

from harness.contract.access import entries, items
from harness.contract.node import YamlNode
from harness.gate.comparison import ContractComparison, added, common, entries_by_id
from harness.gate.spelling import alike, parsed, scalar_text
from harness.language.syntax import Call, walk


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
                found |= {argument.name for argument in part.arguments if isinstance(argument, Call)}
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
        if not alike(old[name], new[name]):
            c.say("return-retargeted", f"{path}.{name}", old[name], new[name])
    stayed, now = [name for name in old if name in new], common(old, new)
    if stayed != now:
        first = next(name for name, other in zip(now, stayed, strict=True) if name != other)
        c.say(f"{stem}s-reordered", path, old[first], new[first], was=stayed, now=now)
