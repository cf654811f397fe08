"""What a subject refuses: which calls, with which error, in which words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from harness.contract.access import entries, items
from harness.contract.node import YamlNode
from harness.gate.comparison import ContractComparison, EvaluationResult, same
from harness.gate.integers import Undecidable, expression, integer_value, points, with_sizes
from harness.gate.meaning.canonical import canonical_form
from harness.gate.spelling import alike, message_pieces, parsed, scalar_text
from harness.language.syntax import Logic, Node, names, spell

# Fewer calls accepted: more are refused; more accepted: a refusal that somebody relied on is gone.
CHANGED = {"narrowed": "widened", "widened": "narrowed", "incomparable": "moved", "different": "moved",
           "same": "respelled", "respelled": "respelled", "undecidable": "undecided"}  # fmt: skip


@dataclass(frozen=True)
class RefusalEntry:
    """An entry of `refuses` and its number among all of them; or several in a row that nobody can tell apart."""

    node: YamlNode
    index: int
    others: tuple[RefusalEntry, ...] = ()  # with the same error and message, behind this one

    def text(self, key: str) -> str:
        return scalar_text(entries(self.node).get(key))

    @property
    def indices(self) -> tuple[int, ...]:
        return self.index, *(other.index for other in self.others)

    @property
    def whens(self) -> tuple[str, ...]:
        return tuple(part.text("when") for part in (self, *self.others))


EntryPair = tuple[RefusalEntry, RefusalEntry]


def compare_refusals(c: ContractComparison) -> None:
    """Entries have no id: those most alike are one entry that was edited."""
    old = [RefusalEntry(node, index) for index, node in enumerate(items(c.old, "refuses"))]
    new = [RefusalEntry(node, index) for index, node in enumerate(items(c.new, "refuses"))]
    pairs, gone, come = _paired(*_regrouped(c, old, new))
    for refusal in gone:
        c.say("refusal-removed", _path(refusal), refusal.node, None)
    for refusal in come:
        c.say("refusal-added-inside" if _inside(c, refusal) else "refusal-added", _path(refusal), None, refusal.node)
    for was, now in pairs:
        _compare_refusal(c, was, now)
    _order(c, pairs)


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
    return c.evaluation.refusal(old.text("subject"), old.indices, new.indices)


def _runs(side: list[RefusalEntry]) -> dict[tuple[str, str, str], list[list[RefusalEntry]]]:
    """By what is said: entries of one subject that follow each other; other subjects do not come between."""
    runs: dict[tuple[str, str, str], list[list[RefusalEntry]]] = {}
    last: dict[str, list[RefusalEntry]] = {}
    for refusal in side:
        subject, said = refusal.text("subject"), _named(refusal)
        if subject in last and _named(last[subject][0]) == said:
            last[subject].append(refusal)
        else:
            last[subject] = [refusal]
            runs.setdefault(said, []).append(last[subject])
    return runs


def _named(refusal: RefusalEntry) -> tuple[str, str, str]:
    return refusal.text("subject"), refusal.text("error"), _message(refusal)


def _path(refusal: RefusalEntry) -> str:
    return f"refuses.{refusal.text('subject')}.{refusal.text('error')}"


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
        return _message(old) == _message(new)
    return old.text(key) == new.text(key)


_LIKENESSES = (_like("when", "error", "message"), _like("when", "error"), _like("when", "message"),
               _like("error", "message"), _like("when"), _like("error"))  # fmt: skip


def _compare_refusal(c: ContractComparison, old: RefusalEntry, new: RefusalEntry) -> None:
    before, after = entries(old.node), entries(new.node)
    path = _path(new)
    if not same(before["error"], after["error"]):
        c.say("refusal-error-changed", f"{path}.error", before["error"], after["error"])
    if not same(before["message"], after["message"]):
        c.say(_words(_message(old), _message(new)), f"{path}.message", before["message"], after["message"])
    _condition(c, f"{path}.when", old, new)


def _message(refusal: RefusalEntry) -> str:
    """The message with its expressions in one spelling; integers are the same in whatever order they are multiplied."""
    parts = message_pieces(refusal.text("message"))
    return "".join(part if isinstance(part, str) else f"{{{spell(canonical_form(part, deep=True))}}}" for part in parts)


def _words(old: str, new: str) -> str:
    """Messages are held to contain the text: a longer one that contains the old one breaks nobody."""
    if old == new:
        return "refusal-message-respelled"
    if old in new:
        return "refusal-message-specified"
    return "refusal-message-shortened" if new in old else "refusal-message-changed"


def _condition(c: ContractComparison, path: str, old: RefusalEntry, new: RefusalEntry) -> None:
    before, after = entries(old.node).get("when"), entries(new.node).get("when")
    if before is None or after is None:
        if after is not None:
            kind = "refusal-condition-added-inside" if _inside(c, new) else "refusal-condition-added"
            c.say(kind, path, before, after)
        elif before is not None:
            c.say("refusal-condition-removed", path, before, after)
        return
    if old.others or new.others:
        shown = None if _either(old) == _either(new) else _refused(c, old, new)
        was, now = (" or ".join(side.whens) for side in (old, new))
        c.say("refusal-condition-respelled", path, before, after, was=was, now=now, shown=shown)
    elif not c.expression("refusal-condition-respelled", path, before, after):
        found = _refused(c, old, new)
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


def _inside(c: ContractComparison, refusal: RefusalEntry) -> bool:
    """Whether a new refusal hits calls that the old contract said something about: cases within its dimensions."""
    when = entries(refusal.node).get("when")
    dimensions = entries(c.old, "dimensions")
    try:
        condition = with_sizes(expression(when), entries(c.old, "inputs")) if when is not None else None
        if condition is None:
            return False
        return any(_holds(condition, point) for point in points(names(condition) & set(dimensions), dimensions))
    except Undecidable:
        return False


def _holds(condition: Node, point: Mapping[str, int]) -> bool:
    try:
        return bool(integer_value(condition, point))
    except Undecidable:  # it reads values too, which no case of these dimensions need have
        return False


def _order(c: ContractComparison, pairs: list[EntryPair]) -> None:
    """Where two conditions hold at once, the first entry decides the error."""
    swapped = [
        (earlier, later)
        for number, later in enumerate(pairs)
        for earlier in pairs[:number]
        if earlier[0].index > later[0].index
    ]
    deciding = [pair for pair in swapped if _decides(pair[0][0], pair[1][0])]
    for (was, _), (other, now) in (deciding or swapped)[:1]:
        kind = "refusal-order-changed" if deciding else "list-reordered"
        c.say(kind, _path(now), other.node, now.node, was=f"before {_said(was)}", now=f"after {_said(was)}")


def _decides(one: RefusalEntry, other: RefusalEntry) -> bool:
    """Whether it can be told which of two entries refused."""
    alike_said = _same_part("error", one, other) and _same_part("message", one, other)
    return one.text("subject") == other.text("subject") and not alike_said


def _said(refusal: RefusalEntry) -> str:
    return refusal.text("when") or refusal.text("message")
