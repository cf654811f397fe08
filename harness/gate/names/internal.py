"""Which dimension, input or equation of the new version is which of the old one, where an edit renamed some throughout.

No caller writes these names. A contract whose names are exchanged says the same as before, so any choice of names is
a right one to compare with. The one that leaves the fewest differences says best what the edit was: names are taken
for exchanged where something shows it (the argument or the result that carries them, the axis that they measure, a
definition, an expression in which one stands where the other stood), and where fewer values differ with than without.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from harness.contract.access import carried, dtype_of, entries, items, like_of
from harness.contract.node import YamlNode
from harness.gate.comparison import common, same
from harness.gate.names.difference import differences
from harness.gate.names.renames import DECLARED, INTERNAL, Rename, Renames
from harness.gate.names.rewriting import rewritten
from harness.gate.spelling import alike, parsed, scalar_text
from harness.language.syntax import Call, Name, Node, Scan

Names = dict[str, str]  # old name to new name
# How much a sign weighs against others that say otherwise: what callers see before definitions, these before uses.
_CARRIED, _DEFINED, _USED = 100, 10, 1


def internal_names(old: YamlNode, new: YamlNode) -> Renames:
    """Names of dimensions, inputs and equations that were exchanged throughout."""
    found = _search(old, new)
    return _renames(_needed(found, old, new), old) if found else Renames()


def _search(old: YamlNode, new: YamlNode) -> Names:
    """Every exchange that something speaks for; names that are known show further ones."""
    found: Names = {}
    sections = _section_of(old), _section_of(new)
    while True:
        votes: Counter[tuple[str, str]] = Counter()
        back = {now: was for was, now in found.items()}
        for name, now, weight in _signs(rewritten(old, _renames(found, old)), new):
            was = back.get(name, name)
            if was != now and was in sections[0] and sections[0][was] == sections[1].get(now):
                votes[was, now] += weight
        come = dict(found)
        for (was, now), _ in votes.most_common():
            if was not in come and now not in come.values():
                come[was] = now
        come = _closed(come, sections[0], sections[1])
        if come == found:
            return found
        found = come


def _closed(found: Names, before: Mapping[str, str], after: Mapping[str, str]) -> Names:
    """The exchanges that leave every name with one meaning.

    A name that was taken over has to be called something itself. If nothing says what, it is the first name of its own
    chain, where that stayed, which makes the chain a ring; else the one name of the section that nothing leads to.
    """
    linked = dict(found)
    for chain in _chains(found):
        first, last = chain[0], found[chain[-1]]
        if last in before and last not in linked:
            ends = [name for name in after if after[name] == before[last] and name not in linked.values()
                    and (name in linked or name not in before)]  # fmt: skip
            if first in ends or len(ends) == 1:
                linked[last] = first if first in ends else ends[0]
    chains = [chain for chain in _chains(linked) if linked[chain[-1]] in (chain[0], *(after.keys() - before.keys()))]
    return {name: linked[name] for chain in chains for name in chain}


def _chains(found: Mapping[str, str]) -> list[list[str]]:
    """The names that lead to one another, in order; a ring from any of its names."""
    left, chains = dict(found), []
    for first in [*(name for name in found if name not in found.values()), *found]:
        chain: list[str] = []
        following: str | None = first
        while following in left:
            chain.append(following)
            following = left.pop(following)
        if chain:
            chains.append(chain)
    return chains


def _needed(found: Names, old: YamlNode, new: YamlNode) -> Names:
    """Without the exchanges that make no fewer values differ."""
    left = _left(found, old, new)
    chains, stayed = _chains(found), _section_of(new)
    while left and chains:
        without = {number: _left(_only(chains, number, found), old, new) for number in range(len(chains))}
        # A name that is gone is rather another's than nobody's; one that stayed keeps what it stands for.
        number = min(without, key=lambda one: (without[one], chains[one][0] not in stayed))
        if without[number] > left or (without[number] == left and chains[number][0] not in stayed):
            break
        left = without[number]
        found = _only(chains, number, found)
        del chains[number]
    return found


def _only(chains: list[list[str]], without: int, found: Names) -> Names:
    return {name: found[name] for number, chain in enumerate(chains) if number != without for name in chain}


def _left(found: Names, old: YamlNode, new: YamlNode) -> int:
    return sum(1 for _ in differences(rewritten(old, _renames(found, old)), new))


def _renames(found: Names, old: YamlNode) -> Renames:
    sections = _section_of(old)
    kinds = {DECLARED[kind]: kind for kind in INTERNAL}
    return Renames(tuple(Rename(kinds[sections[was]], was, now) for was, now in found.items()))


def _section_of(root: YamlNode) -> Names:
    return {name: DECLARED[kind] for kind in INTERNAL for name in entries(root, DECLARED[kind])}


# --- signs ----------------------------------------------------------------------------------------------------------


def _signs(old: YamlNode, new: YamlNode) -> Iterator[tuple[str, str, int]]:
    """Pairs of an old and a new name, and how much each weighs."""
    before, after = entries(old, "subjects"), entries(new, "subjects")
    for subject in common(before, after):
        for key in ("arguments", "returns", "updates"):
            mine, its = carried(before[subject], key), carried(after[subject], key)
            for name in common(mine, its):
                yield scalar_text(mine[name]), scalar_text(its[name]), _CARRIED
        for key in ("returns", "updates"):
            mine, its = entries(before[subject], key), entries(after[subject], key)
            for name in common(mine, its):
                likes = [like_of(scalar_text(dtype_of(result))) for result in (mine[name], its[name])]
                if all(likes):
                    yield likes[0], likes[1], _CARRIED
    for kind in INTERNAL:
        yield from _defined(entries(old, DECLARED[kind]), entries(new, DECLARED[kind]))
    for was, now in differences(old, new):
        if was is not None and now is not None:
            left, right = parsed(scalar_text(was)), parsed(scalar_text(now))
            for pair in (_exchanged(left, right) or ()) if left is not None and right is not None else ():
                yield *pair, _USED


def _defined(old: Mapping[str, YamlNode], new: Mapping[str, YamlNode]) -> Iterator[tuple[str, str, int]]:
    """Definitions that are the same under another name, each the only one among those that changed."""
    gone = [name for name in old if name not in new or not _same_definition(old[name], new[name])]
    come = [name for name in new if name not in old or not _same_definition(old[name], new[name])]
    for now in come:
        fitting = [was for was in gone if _same_definition(old[was], new[now])]
        rivals = [other for other in come if _same_definition(new[other], new[now])]
        if len(fitting) == 1 and len(rivals) == 1 and not _one_number(new[now]):
            yield fitting[0], now, _DEFINED


def _same_definition(old: YamlNode, new: YamlNode) -> bool:
    return alike(old, new) if isinstance(old.value, str) and isinstance(new.value, str) else same(old, new)


def _one_number(node: YamlNode) -> bool:
    """A dimension of one value says nothing about what it measures."""
    if not isinstance(node.value, dict):
        return False
    ends = entries(node)
    return (len(items(node, "values")) == 1 and "dtype" not in ends) or (
        "min" in ends and "max" in ends and same(ends["min"], ends["max"]))  # fmt: skip


def _exchanged(old: Node, new: Node) -> list[tuple[str, str]] | None:
    """The names that stand in each other's place in two expressions of one form; None where the forms differ."""
    found: list[tuple[str, str]] = []
    for was, now in _places(old, new):
        if was is None or now is None:
            return None
        found.append((was, now))
    return found


def _places(old: object, new: object) -> Iterator[tuple[str | None, str | None]]:
    if type(old) is not type(new):
        yield None, None
    elif isinstance(old, Name) and isinstance(new, Name):
        yield old.id, new.id
    elif isinstance(old, Call) and isinstance(new, Call):
        yield old.name, new.name
        yield from _places(old.arguments, new.arguments)
        yield from _places(old.keywords, new.keywords)
    elif isinstance(old, Scan) and isinstance(new, Scan):
        yield old.index, new.index
        yield from _places((old.nexts, old.length, old.starts), (new.nexts, new.length, new.starts))
    elif isinstance(old, Node):
        given: tuple[str, ...] = old.__match_args__
        for name in given:
            yield from _places(getattr(old, name), getattr(new, name))
    elif isinstance(old, tuple) and isinstance(new, tuple):
        if len(old) != len(new):
            yield None, None
        for pair in zip(old, new, strict=False):
            yield from _keyword(*pair) if _is_keyword(pair[0]) else _places(*pair)
    elif old != new:
        yield None, None


def _is_keyword(part: object) -> bool:
    return isinstance(part, tuple) and bool(part) and isinstance(part[0], str)


def _keyword(old: tuple[str, Node], new: tuple[str, Node]) -> Iterator[tuple[str | None, str | None]]:
    yield old[0], new[0]  # a name where an equation is called; of a subject or function it is none that is declared
    yield from _places(old[1], new[1])
