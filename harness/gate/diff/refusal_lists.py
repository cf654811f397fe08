"""What an entry of `refuses` decides among the others: the first whose condition holds is what a call gets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from harness.contract.access import entries
from harness.contract.node import YamlNode
from harness.gate.comparison import EvaluationResult
from harness.gate.integers import Undecidable, integer_value, points
from harness.gate.meaning.canonical import canonical_form
from harness.gate.proofs.call_facts import CoveredCalls, covered_calls, of_every_call
from harness.gate.proofs.conditions import Facts, is_integer, possible
from harness.gate.spelling import message_pieces, parsed, rewritten, scalar_text
from harness.language.syntax import Binary, Compare, Logic, Node, Number, names, spell, walk


@dataclass(frozen=True)
class RefusalEntry:
    """An entry of `refuses` and its number among all of them; or several in a row that nobody can tell apart."""

    node: YamlNode
    index: int
    others: tuple[RefusalEntry, ...] = ()  # with the same error and message, behind this one

    def text(self, key: str) -> str:
        return scalar_text(entries(self.node).get(key))

    @property
    def subject(self) -> str:
        return self.text("subject")

    @property
    def indices(self) -> tuple[int, ...]:
        return self.index, *(other.index for other in self.others)

    @property
    def whens(self) -> tuple[str, ...]:
        return tuple(part.text("when") for part in (self, *self.others))

    @cached_property
    def condition(self) -> Node | None:
        """When it refuses; None where that is not said or cannot be read."""
        read = [tree for tree in map(parsed, self.whens) if tree is not None]
        if len(read) < len(self.whens):
            return None
        return read[0] if len(read) == 1 else Logic("or", tuple(read))

    @cached_property
    def message(self) -> str:
        """The message in one spelling; integers are the same in whatever order they are multiplied."""
        return "".join(part if isinstance(part, str) else f"{{{spell(canonical_form(part, deep=True))}}}"
                       for part in message_pieces(self.text("message")))  # fmt: skip

    @property
    def said(self) -> tuple[str, str, str]:
        """What a caller is told."""
        return self.subject, self.text("error"), self.message


class RefusalLists:
    """The entries of both versions, in their order, and which was which."""

    def __init__(
        self, trees: tuple[YamlNode, YamlNode], old: Sequence[RefusalEntry], new: Sequence[RefusalEntry],
        pairs: Sequence[tuple[RefusalEntry, RefusalEntry]],
    ) -> None:  # fmt: skip
        self.trees, self.old, self.new, self.pairs = trees, old, new, pairs
        self._facts: dict[tuple[str, int], Facts] = {}

    def facts(self, subject: str, version: int = 1) -> Facts:
        """What holds in every call of a subject; `version`: 0 is the old one."""
        if (subject, version) not in self._facts:
            self._facts[subject, version] = of_every_call(self.trees[version], subject)
        return self._facts[subject, version]

    def same_calls(self, old: RefusalEntry, new: RefusalEntry) -> bool:
        """Whether it is proved, of every call that comes to either entry, that both refuse it or neither does."""
        if old.condition is None or new.condition is None or old.subject != new.subject:
            return False
        earlier = self._before_both(old, new)
        was, now = (_divided(node, earlier, self.facts(new.subject)) for node in (old.condition, new.condition))
        return not any(possible([one], self.facts(new.subject, version), [other, *earlier])
                       for version in (0, 1) for one, other in ((was, now), (now, was)))  # fmt: skip

    def _before_both(self, old: RefusalEntry, new: RefusalEntry) -> list[Node]:
        """The conditions of entries that stand before an entry in both versions: what fulfils one never comes to it."""
        after = [canonical_form(node) for node in _conditions(_before(new, self.new))]
        return [node for node in _conditions(_before(old, self.old)) if canonical_form(node) in after]

    def redundant(self, entry: RefusalEntry, own: Sequence[RefusalEntry], other: Sequence[RefusalEntry]) -> bool:
        """Whether every call that comes to an entry is told the same by the other version."""
        if entry.condition is None:
            return False
        facts, unless = self.facts(entry.subject), _conditions(_before(entry, own))
        for refusal in _of(entry.subject, other):
            if refusal.condition is None:
                return False
            if refusal.said != entry.said and possible([entry.condition, refusal.condition], facts, unless):
                return False
            unless.append(refusal.condition)
        return not possible([entry.condition], facts, unless)

    def hidden(self, entry: RefusalEntry) -> RefusalEntry | None:
        """An entry behind a new one that refused some of the same calls, with another error or message."""
        unless = _conditions(_before(entry, self.new))
        behind = [was for was, now in self.pairs if now.subject == entry.subject and now.index > entry.index]
        return next((was for was in behind if was.said != entry.said and self._meet(entry, was, unless)), None)

    def decides(self, one: RefusalEntry, other: RefusalEntry) -> bool:
        """Whether the order of two entries may be told: both may hold, where none that stood before both does."""
        if one.subject != other.subject or one.said[1:] == other.said[1:]:
            return False
        first = [now for was, now in self.pairs if now.index < min(one.index, other.index) and
                 all(was.index < before.index for before, after in self.pairs if after in (one, other))]  # fmt: skip
        return self._meet(one, other, _conditions(_of(one.subject, first)))

    def _meet(self, one: RefusalEntry, other: RefusalEntry, unless: Sequence[Node]) -> bool:
        if one.condition is None or other.condition is None:
            return True
        return possible([one.condition, other.condition], self.facts(one.subject), unless)

    def covered(self, entry: RefusalEntry) -> EvaluationResult | None:
        """A covered call that is newly refused, or that none is shown; None where every such call lies outside."""
        if entry.subject not in entries(self.trees[0], "subjects") or entry.condition is None:
            return None  # what is offered for the first time was answered to nobody; what is not said refuses nothing
        unless = _conditions([*_before(entry, self.new), *_of(entry.subject, self.old)])
        kinds = covered_calls(self.trees[0], entry.subject, names(entry.condition))
        found = (_refused(calls, entry.condition, unless) for calls in kinds)
        return next((shown for shown in found if shown is not None), None)

    def words(self, old: RefusalEntry, new: RefusalEntry) -> str:
        """How the messages compare in the calls that both entries refuse; subjects may say more than a message."""
        before, after = self._told(old), self._told(new)
        if before == after or self._same_pieces(old, new):
            return "respelled"
        if before in after:
            return "specified"
        return "shortened" if after in before else "changed"

    def _same_pieces(self, old: RefusalEntry, new: RefusalEntry) -> bool:
        before, after = (message_pieces(side.text("message")) for side in (old, new))
        facts, refused, earlier = self.facts(new.subject), _conditions([old, new]), self._before_both(old, new)
        return len(before) == len(after) and all(
            _same_piece(one, other, refused, earlier, facts) for one, other in zip(before, after, strict=True)
        )

    def _told(self, entry: RefusalEntry) -> str:
        """The message with each dimension as the length that it is, and each number that is always the same."""
        facts, refused = self.facts(entry.subject), _conditions([entry])
        numbers = {part for node in refused for part in walk(node) if isinstance(part, Number)}

        def told(part: Node) -> str:
            for number in (part for part in numbers if isinstance(part.value, int)):
                differ = Compare("!=", part, number)
                if is_integer(differ, facts) and not possible([*refused, differ], facts):
                    return f"{{{number.value}}}"  # still a number that `raises` asks for
            return f"{{{spell(canonical_form(rewritten(part, facts.measured), deep=True))}}}"

        pieces = message_pieces(entry.text("message"))
        return "".join(piece if isinstance(piece, str) else told(piece) for piece in pieces)


def _of(subject: str, side: Sequence[RefusalEntry]) -> list[RefusalEntry]:
    return [refusal for refusal in side if refusal.subject == subject]


def _before(entry: RefusalEntry, side: Sequence[RefusalEntry]) -> list[RefusalEntry]:
    return [refusal for refusal in _of(entry.subject, side) if refusal.index < entry.index]


def _conditions(side: Sequence[RefusalEntry]) -> list[Node]:
    return [refusal.condition for refusal in side if refusal.condition is not None]


def _same_piece(
    one: str | Node, other: str | Node, refused: Sequence[Node], earlier: Sequence[Node], facts: Facts
) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    one, other = _divided(one, earlier, facts), _divided(other, earlier, facts)
    if canonical_form(one, deep=True) == canonical_form(other, deep=True):
        return True
    differ = Compare("!=", one, other)
    return is_integer(differ, facts) and not possible([*refused, differ], facts, earlier)


def _divided(node: Node, unless: Sequence[Node], facts: Facts) -> Node:
    """The expression with `k * a // b` as `k * (a // b)`, where `a % b != 0` is a part of `unless`, so leaves no rest.

    Where b is zero, neither has a value.
    """
    exact = [(part.left.left, part.left.right) for whole in unless
             for part in (whole.parts if isinstance(whole, Logic) and whole.op == "or" else (whole,))
             if isinstance(part, Compare) and (part.op, part.right) == ("!=", Number(0)) and is_integer(part, facts)
             and isinstance(part.left, Binary) and part.left.op == "%"]  # fmt: skip

    def known(part: Node) -> Node:
        match part:
            case Binary(op="//", left=Binary(op="*", left=left, right=right), right=by) if is_integer(part, facts):
                for factor, dividend in ((left, right), (right, left)):
                    if (dividend, by) in exact:
                        return Binary("*", factor, Binary("//", dividend, by))
        return part

    return rewritten(node, known)


def _refused(calls: CoveredCalls, condition: Node, unless: Sequence[Node]) -> EvaluationResult | None:
    """Whether a condition holds in some of the calls where none of the others does."""
    condition, *unless = (calls.decided(node) for node in (condition, *unless))
    if not possible([condition], calls.facts, unless):
        return None
    try:
        return _first_refused(calls, condition, unless)
    except Undecidable:  # too many numbers, or it reads values
        return EvaluationResult(
            "undecided", "it is not shown that all these calls lie outside what the contract covers"
        )


def _first_refused(calls: CoveredCalls, condition: Node, unless: Sequence[Node]) -> EvaluationResult | None:
    read = {name for node in (condition, *unless) for name in names(node)}
    for point in points(read & set(calls.dimensions), calls.dimensions):
        given: Mapping[str, object] = {**point, **calls.typed}
        if integer_value(condition, given) and not any(integer_value(node, given) for node in unless):
            told = ", ".join(f"{name} = {value}" for name, value in given.items() if name in read)
            return EvaluationResult("inside", f"a covered call that is now refused: {told or 'any'}")
    return None
