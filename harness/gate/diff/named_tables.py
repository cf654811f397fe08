"""Tables that this kind of contract knows by name: aliases, roles, spellings and stages. Others are plain tables.

A table is known by a word in its name and by its columns; `harness inspect` reads the same ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from harness.contract.access import entries, items
from harness.contract.node import YamlNode
from harness.gate.comparison import ContractComparison, same_data
from harness.gate.names.public import every_text


@dataclass(frozen=True)
class TableRow:
    """One row: its place, and its cells by column."""

    node: YamlNode
    cells: Mapping[str, YamlNode]


@dataclass(frozen=True)
class RowChangeKinds:
    """Which kinds of change the rows of a table undergo. `cells`: for single columns, else `changed`."""

    added: str = "table-row-added"
    removed: str = "table-row-removed"
    changed: str = "table-row-changed"
    reordered: str = "table-rows-reordered"
    renamed: str = ""  # "": a row under another name is one removed and one added
    cells: tuple[str, ...] = ()

    def added_row(self, row: TableRow) -> str:
        """A stage that every trace must show is told from one that may be asked for."""
        required = row.cells.get("required")
        if self.added == "stage-added-optional" and required is not None and required.value is True:
            return "stage-added-required"
        return self.added


PLAIN = RowChangeKinds()
_KNOWN = (
    ("alias", (), RowChangeKinds("alias-added", "alias-removed", "alias-retargeted")),
    ("role", (), RowChangeKinds("tensor-role-added", "tensor-role-removed",
                                cells=("gguf", "shape", "required_in", "required"))),
    ("spelling", ("names",), RowChangeKinds("tensor-template-added", "tensor-template-removed", cells=("names",))),
    ("template", (), RowChangeKinds("tensor-template-added", "tensor-template-removed", "tensor-template-respelled")),
    ("stage", (), RowChangeKinds("stage-added-optional", "stage-removed", reordered="stages-reordered",
                                 renamed="stage-renamed", cells=("shape", "required"))),
)  # fmt: skip


def kinds_for(table: str, columns: list[str]) -> RowChangeKinds:
    """The kinds of a table, by its name and columns."""
    for word, needed, kinds in _KNOWN:
        if word in table and set(needed) <= set(columns):
            return kinds
    return PLAIN


def compare_rows(
    c: ContractComparison, kinds: RowChangeKinds, path: str, old: TableRow, new: TableRow, shared: list[str]
) -> None:
    """Two rows with the same key, cell by cell."""
    for column in shared:
        before, after = old.cells.get(column), new.cells.get(column)
        if before is None or after is None or same_data(before, after):
            continue
        if column in kinds.cells:
            _CELLS[column](c, kinds, f"{path}.{column}", before, after)
        else:
            c.say(kinds.changed, f"{path}.{column}", before, after)


def _template(c: ContractComparison, kinds: RowChangeKinds, path: str, old: YamlNode, new: YamlNode) -> None:
    del kinds
    if old.value == "":
        c.say("tensor-template-added", path, old, new)
    elif new.value == "":
        c.say("tensor-template-removed", path, old, new)
    else:
        c.say("tensor-template-respelled", path, old, new)


def _shape(c: ContractComparison, kinds: RowChangeKinds, path: str, old: YamlNode, new: YamlNode) -> None:
    c.say("stage-shape-changed" if kinds.renamed else "tensor-shape-changed", path, old, new)


def _required_in(c: ContractComparison, kinds: RowChangeKinds, path: str, old: YamlNode, new: YamlNode) -> None:
    del kinds
    before, after = _members(old), _members(new)
    more, fewer = [name for name in after if name not in before], [name for name in before if name not in after]
    report_required(c, path, old, new, more)
    if fewer:
        c.say("role-optional", path, old, new, was=fewer, now="")
    if not more and not fewer:
        c.say("table-cell-reordered", path, old, new)


def report_required(
    c: ContractComparison, path: str, old: YamlNode | None, new: YamlNode, architectures: list[str]
) -> None:
    """A tensor is required in more architectures: nobody had files of those that are new themselves."""
    come = [name for name in architectures if _is_new(c, name)]
    had = [name for name in architectures if name not in come]
    if had:
        c.say("role-required", path, old, new, was="", now=had)
    if come:
        c.say("role-required-of-new", path, old, new, was="", now=come)


def _is_new(c: ContractComparison, architecture: str) -> bool:
    """Whether nothing in the old contract says a name for which the new one has a row."""
    listed = {str(row.value[0].value) for table in entries(c.new, "tables").values()
              for row in items(table, "rows") if isinstance(row.value, list)}  # fmt: skip
    said = every_text(c.old) | {str(item.value) for item in _model_architectures(c.old)}
    return architecture in listed and architecture not in said


def _model_architectures(root: YamlNode) -> list[YamlNode]:
    """The architectures that a contract's binding to model files is for."""
    return items(entries(root)["model"], "architecture") if "model" in entries(root) else []


def added_row(c: ContractComparison, kinds: RowChangeKinds, path: str, row: TableRow) -> None:
    """A row that is new; if it is a role, files must have it where it is required."""
    c.say(kinds.added_row(row), path, None, row.node)
    if "required_in" in kinds.cells and "required_in" in row.cells:
        report_required(c, f"{path}.required_in", None, row.cells["required_in"], _members(row.cells["required_in"]))
    elif "required_in" in kinds.cells and "required" in row.cells and row.cells["required"].value is True:
        c.say("role-required", f"{path}.required", None, row.cells["required"])


def _required(c: ContractComparison, kinds: RowChangeKinds, path: str, old: YamlNode, new: YamlNode) -> None:
    stem = "stage" if kinds.renamed else "role"
    c.say(f"{stem}-required" if new.value is True else f"{stem}-optional", path, old, new)


def _names(c: ContractComparison, kinds: RowChangeKinds, path: str, old: YamlNode, new: YamlNode) -> None:
    """Names in the order in which they are tried: more at the end take nothing away."""
    del kinds
    before, after = _members(old), _members(new)
    gone, come = [name for name in before if name not in after], [name for name in after if name not in before]
    if gone and come:
        c.say("tensor-template-respelled", path, old, new, was=gone, now=come)
    elif gone:
        c.say("tensor-template-removed", path, old, new, was=gone, now="")
    elif after[: len(before)] == before:
        c.say("tensor-template-added", path, old, new, was="", now=come)
    else:
        c.say("tensor-template-reordered", path, old, new)


def _members(cell: YamlNode) -> list[str]:
    return [str(item.value) for item in cell.value] if isinstance(cell.value, list) else [str(cell.value)]


_CELLS = {"gguf": _template, "shape": _shape, "required_in": _required_in, "required": _required, "names": _names}
