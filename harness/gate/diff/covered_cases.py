"""Whether one rule is about every case that another is about, as far as their texts say."""

from __future__ import annotations

from functools import partial

from harness.contract.access import entries, items, tuple_of
from harness.contract.node import YamlNode
from harness.gate.comparison import same, same_data
from harness.gate.meaning.canonical import conjuncts
from harness.gate.spelling import parsed, scalar_text
from harness.language.syntax import names, spell
from harness.search.outcome import OPEN_SHARE


def covers(root: YamlNode, wider: YamlNode, rule: YamlNode, read: set[str]) -> bool:
    """Whether what reads `read` is claimed by `wider` for all cases of `rule`, and as strictly.

    root        the contract of `wider`; its tables say which names are columns
    """
    condition = parsed(scalar_text(entries(wider)["where"])) if "where" in entries(wider) else None
    used = read | (names(condition) if condition is not None else set())
    return (
        all(_end_covers(wider, rule, name) for name in entries(wider, "given"))
        and _conditions(wider) <= _conditions(rule)
        and _rows_cover(root, wider, rule, used)
        and open_share(wider) <= open_share(rule)
    )


def open_share(rule: YamlNode) -> float:
    """The share of cases that may stay undecided."""
    declared = entries(rule, "undecided").get("max")
    return OPEN_SHARE if declared is None else float(str(declared.value))


def _end_covers(wider: YamlNode, rule: YamlNode, name: str) -> bool:
    """Whether `given` narrows a dimension or an input no more than that of the other rule."""
    mine, its = entries(wider, "given")[name], entries(rule, "given").get(name)
    if its is None or same(mine, its):
        return its is not None
    if not isinstance(mine.value, dict) or not isinstance(its.value, dict):
        return False
    return all(key in its.value and _no_narrower(key, end, its.value[key]) for key, end in mine.value.items())


def _no_narrower(key: str, mine: YamlNode, its: YamlNode) -> bool:
    if key in ("min", "max") and isinstance(mine.value, int) and isinstance(its.value, int):
        return mine.value <= its.value if key == "min" else mine.value >= its.value
    return same(mine, its)


def _conditions(rule: YamlNode) -> set[str]:
    """The parts of `where`, in one spelling; what cannot be read is a part that no other rule has."""
    if "where" not in entries(rule):
        return set()
    condition = parsed(scalar_text(entries(rule)["where"]))
    return {f"unreadable {id(rule)}"} if condition is None else {spell(part) for part in conjuncts(condition)}


def _rows_cover(root: YamlNode, wider: YamlNode, rule: YamlNode, used: set[str]) -> bool:
    """Whether every row that is used is a row of both; a table or a loop that nobody reads repeats the same case."""
    loops = [entries(tree, "for_each") for tree in (wider, rule)]
    for name in used & {*loops[0], *loops[1]}:
        if not all(name in loop for loop in loops):
            return False
        values = items(entries(wider)["for_each"], name)
        if not all(any(map(partial(same_data, one), values)) for one in items(entries(rule)["for_each"], name)):
            return False
    tables = [set(tuple_of(tree, "over")) for tree in (wider, rule)]
    return not any(used & set(entries(entries(root, "tables")[table], "columns")) for table in tables[0] ^ tables[1]
                   if table in entries(root, "tables"))  # fmt: skip
