"""Which name that others write is which in the new version, where what it stands for stayed.

Whoever wrote the old name is let down, so each is a change, told once. What else differs only because the name does
is no further edit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import zip_longest

from harness.contract.access import carried, entries, equation_of, items, tuple_of
from harness.contract.node import YamlNode
from harness.gate.comparison import added, common, entries_by_id, same, same_data
from harness.gate.names.difference import differences
from harness.gate.names.renames import Rename, Renames
from harness.gate.names.rewriting import rewritten
from harness.gate.spelling import alike, parsed, scalar_text
from harness.language.syntax import Text, walk

Alike = Callable[[str, str], bool]  # whether an old and a new name stand for the same thing
Nodes = Mapping[str, YamlNode]


def outer_names(old: YamlNode, new: YamlNode) -> Renames:
    """Names of subjects, tables and formats, and the ids of rules and what they refer to."""
    return Renames((*_sections(old, new), *_ids(old, new), *_errors(old, new)))


def inner_names(old: YamlNode, new: YamlNode) -> Renames:
    """Names inside subjects, tables and formats; those have the names of the new version already."""
    found = (*_inside_subjects(old, new), *_columns(old, new), *_inside_formats(old, new), *_values(old, new))
    return Renames(found)


def exchanged_names(old: YamlNode, new: YamlNode) -> Renames:
    """Arguments or results that took each other's names, where no other name explains the edit."""
    return Renames(tuple(_exchanged(old, new)))


def _pairs(old: Nodes, new: Nodes, *signs: Alike) -> dict[str, str]:
    """Names that went, with the ones that came for them; the surer signs are asked first."""
    found: dict[str, str] = {}
    for sign in signs:
        for was in added(dict(new), dict(old)):
            for now in added(dict(old), dict(new)):
                if was not in found and now not in found.values() and sign(was, now):
                    found[was] = now
    return found


def _sections(old: YamlNode, new: YamlNode) -> Iterator[Rename]:
    for what, section, likeness in (("subject", "subjects", _same_function), ("table", "tables", _same_table),
                                    ("format", "formats", _same_layout)):  # fmt: skip
        before, after = entries(old, section), entries(new, section)
        signs = [_by(before, after, sign) for sign in (_same_but_note, likeness)]
        for was, now in _pairs(before, after, *signs).items():
            yield Rename(what, was, now)


def _by(old: Nodes, new: Nodes, sign: Callable[[YamlNode, YamlNode], bool]) -> Alike:
    return lambda was, now: sign(old[was], new[now])


def _same_but_note(old: YamlNode, new: YamlNode) -> bool:
    keys = {*entries(old), *entries(new)} - {"note"}
    return all(same(entries(old).get(key), entries(new).get(key)) for key in keys)


def _same_function(old: YamlNode, new: YamlNode) -> bool:
    """The same arguments and results by name; or the same of one of them, and of the other some."""
    alike_ = {key: [name for name in carried(old, key) if name in carried(new, key)
                    and alike(carried(old, key)[name], carried(new, key)[name])]
              for key in ("arguments", "returns")}  # fmt: skip
    whole = [len(alike_[key]) == len(entries(old, key)) == len(entries(new, key)) for key in alike_]
    named = all(entries(old, key).keys() == entries(new, key).keys() for key in alike_)
    return named or (any(whole) and all(alike_.values()))


def _same_table(old: YamlNode, new: YamlNode) -> bool:
    """The same columns, and more rows than not."""
    before, after = items(old, "rows"), items(new, "rows")
    kept = sum(any(same_data(row, other) for other in after) for row in before)
    columns = list(entries(old, "columns")) == list(entries(new, "columns"))
    return columns and 2 * kept > max(len(before), len(after))


def _same_layout(old: YamlNode, new: YamlNode) -> bool:
    return all(same(entries(old).get(key), entries(new).get(key)) for key in ("values", "bytes", "fields"))


def _ids(old: YamlNode, new: YamlNode) -> Iterator[Rename]:
    for what, section, signs in (
        ("obligation", "proof_obligations", (("property", "type"), ("property",))),
        ("falsifier", "falsification_tests", (("claim", "given", "where", "for_each", "over"), ("claim",), ("rule",))),
        ("fault", "faults", (("replace", "ignores"), ("story",))),
    ):
        before, after = entries_by_id(old, section), entries_by_id(new, section)
        for was, now in _pairs(before, after, *(_by(before, after, _same_in(keys)) for keys in signs)).items():
            yield Rename(what, was, now)


def _same_in(keys: tuple[str, ...]) -> Callable[[YamlNode, YamlNode], bool]:
    return lambda old, new: all(_same_or_alike(entries(old).get(key), entries(new).get(key)) for key in keys)


def _same_or_alike(old: YamlNode | None, new: YamlNode | None) -> bool:
    texts = [isinstance(node.value, str) for node in (old, new) if node is not None]
    return alike(old, new) if texts == [True, True] else same(old, new)


def _errors(old: YamlNode, new: YamlNode) -> Iterator[Rename]:
    """Classes of errors, where every refusal that had the old one has the new one, and no rule still names the old."""
    before, after = _refusals_by_error(old), _refusals_by_error(new)
    claims = " ".join(scalar_text(entries(rule).get("claim")) for rule in items(new, "falsification_tests"))
    for was in [name for name in before if name not in after and name not in re.findall(r"\w+", claims)]:
        for now in [name for name in after if name not in before]:
            if before[was] == after[now]:
                yield Rename("error", was, now)


def _refusals_by_error(root: YamlNode) -> dict[str, list[object]]:
    """What is refused with each class of error, in which words."""
    found: dict[str, list[object]] = {}
    for part in items(root, "refuses"):
        rest = {key: child.plain() for key, child in entries(part).items() if key != "error"}
        found.setdefault(scalar_text(entries(part)["error"]), []).append(rest)
    return found


def _inside_subjects(old: YamlNode, new: YamlNode) -> Iterator[Rename]:
    before, after = entries(old, "subjects"), entries(new, "subjects")
    for subject in common(before, after):
        for what, key in (("argument", "arguments"), ("result", "returns")):
            mine, its = entries(before[subject], key), entries(after[subject], key)
            for was, now in _pairs(mine, its, _by(mine, its, same), _by(mine, its, _carries_the_same)).items():
                yield Rename(what, was, now, subject)


def _carries_the_same(old: YamlNode, new: YamlNode) -> bool:
    return alike(equation_of(old), equation_of(new))


def _exchanged(old: YamlNode, new: YamlNode) -> Iterator[Rename]:
    before, after = entries(old, "subjects"), entries(new, "subjects")
    for subject in common(before, after):
        for what, key in (("argument", "arguments"), ("result", "returns")):
            mine, its = carried(before[subject], key), carried(after[subject], key)
            moved = [name for name in common(mine, its) if not alike(mine[name], its[name])]
            found = {was: now for was in moved for now in moved if alike(mine[was], its[now])}
            renames = Renames(tuple(Rename(what, was, now, subject) for was, now in found.items()))
            if set(found) == set(found.values()) == set(moved) and moved:
                left = sum(1 for _ in differences(rewritten(old, renames), new))
                if left <= sum(1 for _ in differences(old, new)) - len(moved):  # no rule reads otherwise because of it
                    yield from renames


def _values(old: YamlNode, new: YamlNode) -> Iterator[Rename]:
    """Texts that name the rows of a table, where one took another's place in every table and rule.

    Aliases are texts of files, and not names: one that is spelled otherwise is another alias.
    """
    before, after = entries(old, "tables"), entries(new, "tables")
    changed = [
        table for table in common(before, after) if "alias" not in table and not same(before[table], after[table])
    ]
    texts: tuple[set[str], set[str]] | None = None
    found: dict[str, str] = {}
    for table in changed:
        if not any(_reads(root, table, next(iter(entries(before[table], "columns")))) for root in (old, new)):
            continue  # a column that no rule reads is prose
        for row, other in zip(items(before[table], "rows"), items(after[table], "rows"), strict=False):
            (was, *rest), (now, *others) = row.plain(), other.plain()
            if was != now and isinstance(was, str) and isinstance(now, str) and rest == others and was not in found:
                texts = texts or (every_text(old), every_text(new))
                if was not in texts[1] and now not in texts[0] and now not in found.values():
                    found[was] = now
                    yield Rename("value", was, now, table)


def _reads(root: YamlNode, table: str, column: str) -> bool:
    """Whether a rule about the rows of a table reads a column."""
    rules = [rule for rule in items(root, "falsification_tests") if table in tuple_of(rule, "over")]
    texts = [scalar_text(entries(rule).get(key)) for rule in rules for key in ("claim", "where")]
    return any(column in re.findall(r"\w+", text) for text in texts)


def every_text(root: YamlNode) -> set[str]:
    """Every text that a table or a rule has."""
    found: set[str] = set()
    pending = list(entries(root, "tables").values())
    for rule in items(root, "falsification_tests"):
        pending += [entries(rule)["for_each"]] if "for_each" in entries(rule) else []
        trees = [parsed(scalar_text(entries(rule).get(key))) for key in ("claim", "where")]
        found |= {part.value for tree in trees if tree for part in walk(tree) if isinstance(part, Text)}
    while pending:
        value = pending.pop().value
        if isinstance(value, str):
            found.add(value)
        elif isinstance(value, dict | list):
            pending += value.values() if isinstance(value, dict) else value
    return found


def _columns(old: YamlNode, new: YamlNode) -> Iterator[Rename]:
    before, after = entries(old, "tables"), entries(new, "tables")
    for table in common(before, after):
        mine, its = entries(before[table], "columns"), entries(after[table], "columns")
        cells = _cells(before[table]), _cells(after[table])

        def same_cells(was: str, now: str, cells: tuple[_Cells, _Cells] = cells) -> bool:
            kept = sum(one == other for one, other in zip(cells[0][was], cells[1][now], strict=False))
            return 2 * kept > max(len(cells[0][was]), len(cells[1][now]))

        for was, now in _pairs(mine, its, same_cells).items():
            yield Rename("column", was, now, table)


_Cells = Mapping[str, list[object]]


def _cells(table: YamlNode) -> _Cells:
    rows = [row.value for row in items(table, "rows") if isinstance(row.value, list)]
    columns = zip_longest(entries(table, "columns"), zip(*rows, strict=False), fillvalue=())
    return {name: [cell.plain() for cell in cells] for name, cells in columns if isinstance(name, str)}


def _inside_formats(old: YamlNode, new: YamlNode) -> Iterator[Rename]:
    before, after = entries(old, "formats"), entries(new, "formats")
    for name in common(before, after):
        for what, key, sign in (("field", "fields", same), ("step", "equations", alike)):
            mine, its = entries(before[name], key), entries(after[name], key)
            for was, now in _pairs(mine, its, _by(mine, its, sign)).items():
                yield Rename(what, was, now, name)
