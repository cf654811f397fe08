"""What a subject refuses: which calls, with which error, in which words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from harness.contract.access import entries, items
from harness.gate.comparison import ContractComparison, EvaluationResult, same
from harness.gate.diff.refusal_lists import RefusalEntry, RefusalLists
from harness.gate.spelling import alike, parsed
from harness.language.syntax import Logic, spell

# Fewer calls accepted: more are refused; more accepted: a refusal that somebody relied on is gone.
CHANGED = {"narrowed": "widened", "widened": "narrowed", "incomparable": "moved", "different": "moved",
           "same": "respelled", "respelled": "respelled", "undecidable": "undecided"}  # fmt: skip
# A condition that was not said before, by whether covered calls fulfil it.
CONDITION_SAID = {"outside": "refusal-condition-added", "inside": "refusal-condition-added-inside",
                  "undecided": "refusal-condition-undecided"}  # fmt: skip

EntryPair = tuple[RefusalEntry, RefusalEntry]


def compare_refusals(c: ContractComparison) -> None:
    """Entries have no id: those most alike are one entry that was edited."""
    old = [RefusalEntry(node, index) for index, node in enumerate(items(c.old, "refuses"))]
    new = [RefusalEntry(node, index) for index, node in enumerate(items(c.new, "refuses"))]
    old, new = _regrouped(c, old, new)
    pairs, gone, come = _paired(old, new)
    lists = RefusalLists((c.old, c.new), old, new, pairs)
    for refusal in gone:
        kind = "refusal-removed-redundant" if lists.redundant(refusal, old, new) else "refusal-removed"
        c.say(kind, _path(refusal), refusal.node, None)
    for refusal in come:
        _added(c, lists, refusal)
    for was, now in pairs:
        _compare_refusal(c, lists, was, now)
    _order(c, lists)


def _added(c: ContractComparison, lists: RefusalLists, refusal: RefusalEntry) -> None:
    path, node = _path(refusal), refusal.node
    if lists.redundant(refusal, lists.new, lists.old):
        c.say("refusal-added-redundant", path, None, node)
    elif (found := lists.covered(refusal)) is not None:
        c.say(f"refusal-added-{found.relation}", path, None, node, shown=found)
    elif (hidden := lists.hidden(refusal)) is not None:
        c.say("refusal-added-in-front", path, None, node, was=_said(hidden))
    else:
        c.say("refusal-added", path, None, node)


def _regrouped(
    c: ContractComparison, old: list[RefusalEntry], new: list[RefusalEntry]
) -> tuple[list[RefusalEntry], list[RefusalEntry]]:
    """Entries in a row that say the same are one entry, where the other version refuses the same with fewer or more."""
    runs = _runs(old), _runs(new)
    for key in runs[0].keys() & runs[1].keys():
        (was, *others), (now, *more) = runs[0][key], runs[1][key]
        if others or more or len(was) == len(now):
            continue
        whole = replace(was[0], others=tuple(was[1:])), replace(now[0], others=tuple(now[1:]))
        if _same_calls(c, *whole):
            old = [whole[0] if part is was[0] else part for part in old if part not in was[1:]]
            new = [whole[1] if part is now[0] else part for part in new if part not in now[1:]]
    return old, new


def _same_calls(c: ContractComparison, old: RefusalEntry, new: RefusalEntry) -> bool:
    """Whether two runs refuse the same calls; where one only has further conditions, they are entries of their own."""
    was, now = _either(old), _either(new)
    if was is None or now is None or was == now:
        return was is not None and now is not None
    shown = None if was < now or now < was else _refused(c, old, new)
    return shown is not None and shown.relation in ("same", "respelled")


def _refused(c: ContractComparison, old: RefusalEntry, new: RefusalEntry) -> EvaluationResult:
    return c.evaluation.refusal(old.subject, old.indices, new.indices)


def _runs(side: list[RefusalEntry]) -> dict[tuple[str, str, str], list[list[RefusalEntry]]]:
    """By what is said: entries of one subject that follow each other; other subjects do not come between."""
    runs: dict[tuple[str, str, str], list[list[RefusalEntry]]] = {}
    last: dict[str, list[RefusalEntry]] = {}
    for refusal in side:
        subject, said = refusal.subject, refusal.said
        if subject in last and last[subject][0].said == said:
            last[subject].append(refusal)
        else:
            last[subject] = [refusal]
            runs.setdefault(said, []).append(last[subject])
    return runs


def _path(refusal: RefusalEntry) -> str:
    return f"refuses.{refusal.subject}.{refusal.text('error')}"


def _paired(
    old: list[RefusalEntry], new: list[RefusalEntry]
) -> tuple[list[EntryPair], list[RefusalEntry], list[RefusalEntry]]:
    """Pairs from the most alike to the least, and what is left of both sides."""
    pairs: list[EntryPair] = []
    old, new = list(old), list(new)
    for likeness in _LIKENESSES:
        for refusal in list(old):
            match = next((other for other in new if likeness(refusal, other)), None)
            if match is not None:
                pairs.append((refusal, match))
                old.remove(refusal)
                new.remove(match)
    return sorted(pairs, key=lambda pair: pair[1].index), old, new


def _like(*keys: str) -> Callable[[RefusalEntry, RefusalEntry], bool]:
    def likeness(old: RefusalEntry, new: RefusalEntry) -> bool:
        return all(_same_part(key, old, new) for key in ("subject", *keys))

    return likeness


def _same_part(key: str, old: RefusalEntry, new: RefusalEntry) -> bool:
    if key == "when":
        return alike(entries(old.node).get("when"), entries(new.node).get("when"))
    if key == "message":
        return old.message == new.message
    return old.text(key) == new.text(key)


_LIKENESSES = (_like("when", "error", "message"), _like("when", "error"), _like("when", "message"),
               _like("error", "message"), _like("when"), _like("error"))  # fmt: skip


def _compare_refusal(c: ContractComparison, lists: RefusalLists, old: RefusalEntry, new: RefusalEntry) -> None:
    before, after = entries(old.node), entries(new.node)
    path = _path(new)
    if not same(before["error"], after["error"]):
        c.say("refusal-error-changed", f"{path}.error", before["error"], after["error"])
    if not same(before["message"], after["message"]):
        kind = f"refusal-message-{lists.words(old, new)}"
        c.say(kind, f"{path}.message", before["message"], after["message"])
    _condition(c, lists, f"{path}.when", old, new)


def _condition(c: ContractComparison, lists: RefusalLists, path: str, old: RefusalEntry, new: RefusalEntry) -> None:
    before, after = entries(old.node).get("when"), entries(new.node).get("when")
    if before is None or after is None:
        if after is not None:
            found = lists.covered(new)
            kind = CONDITION_SAID[found.relation if found else "outside"]
            c.say(kind, path, before, after, was="nothing", shown=found)
        elif before is not None:
            c.say("refusal-condition-removed", path, before, after)
        return
    if old.others or new.others:
        shown = None if _either(old) == _either(new) else _refused(c, old, new)
        was, now = (" or ".join(side.whens) for side in (old, new))
        c.say("refusal-condition-respelled", path, before, after, was=was, now=now, shown=shown)
    elif not c.expression("refusal-condition-respelled", path, before, after):
        proved = EvaluationResult("same", "it follows from the conditions that the same calls are refused")
        found = proved if lists.same_calls(old, new) else _refused(c, old, new)
        c.say(f"refusal-condition-{CHANGED[found.relation]}", path, before, after, shown=found)


def _either(refusal: RefusalEntry) -> set[str] | None:
    """The conditions of which one suffices, each in one spelling; None where one is missing or cannot be read."""
    found: set[str] = set()
    for text in refusal.whens:
        tree = parsed(text)
        if tree is None:
            return None
        found |= {spell(part) for part in (tree.parts if isinstance(tree, Logic) and tree.op == "or" else (tree,))}
    return found


def _order(c: ContractComparison, lists: RefusalLists) -> None:
    """Where two conditions hold at once, the first entry decides the error."""
    swapped = [
        (earlier, later)
        for number, later in enumerate(lists.pairs)
        for earlier in lists.pairs[:number]
        if earlier[0].index > later[0].index
    ]
    deciding = [both for both in swapped if lists.decides(both[0][1], both[1][1])]
    for (was, _), (other, now) in (deciding or swapped)[:1]:
        kind = "refusal-order-changed" if deciding else "list-reordered"
        shown = None if deciding else EvaluationResult("same", "no call gets another error or message")
        c.say(
            kind, _path(now), other.node, now.node, was=f"before {_said(was)}", now=f"after {_said(was)}", shown=shown
        )


def _said(refusal: RefusalEntry) -> str:
    return refusal.text("when") or refusal.text("message")
