"""What a GGUF file holds, held against the tensor-name contract: roles, layers, types, shapes, and what is left over.

The tables `aliases` (raw, key) and `roles` (role, gguf, shape, required_in) of the contract are all that is known here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.findings import HandledError
from harness.language.evaluate import Bindings, evaluate
from harness.language.single import Single
from harness.language.syntax import names, parse
from harness.model_files.gguf import SHOWN, ModelFile, Tensor, number
from harness.printable import printable
from harness.program.model import Program

Row = dict[str, Any]  # of a table, by column

CONTRACT = "tensor-names"
BLOCK = "blk."
MOST_LAYERS = 10_000  # of any model by far; a damaged number would be counted up to


@dataclass(frozen=True)
class Line:
    """One role: the layers whose tensors are alike, with their type and shape, or what is wrong with them."""

    role: str
    name: str
    layers: tuple[int, ...]  # empty: a tensor of the whole model
    dtype: str
    shape: tuple[int, ...]
    problem: str = ""


@dataclass
class Inventory:
    """`unmapped`: tensors of a layer that no role stands for."""

    architecture: str
    layers: int
    lines: list[Line] = field(default_factory=list)
    unmapped: list[str] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        return not self.unmapped and not any(line.problem for line in self.lines)


def take_inventory(file: ModelFile, programs: list[Program]) -> Inventory:
    """Every role of the file's architecture in every layer."""
    aliases, roles = _tables(programs)
    raw = file.metadata.get("general.architecture")
    key = next((row["architecture"] for row in aliases if row["raw"] == raw), None)
    if key is None:
        told = "no general.architecture" if raw is None else f"architecture {printable(repr(raw), SHOWN)}"
        raise HandledError(f"{file.path}: {told}, expected one of the table `aliases` of {CONTRACT}")
    layers = number(file, f"{raw}.block_count")
    if layers > MOST_LAYERS:
        raise HandledError(f"{file.path}: metadata {raw}.block_count is {layers}, expected at most {MOST_LAYERS}")
    inventory = Inventory(str(key), layers)
    sizes = _sizes(file, str(raw))
    known: set[str] = set()
    for row in roles:
        template = str(row["gguf"])
        if not template:
            continue
        places: list[int | None] = list(range(inventory.layers)) if "{n}" in template else [None]
        found: dict[tuple[str, tuple[int, ...], str], list[int]] = {}
        for layer in places:
            name = template.replace("{n}", str(layer))
            known.add(name)
            tensor = file.tensors.get(name)
            if tensor is None and key not in row["required_in"]:
                continue
            dtype, shape = ("", ()) if tensor is None else (tensor.dtype, tensor.shape)
            problem = "missing" if tensor is None else _misfit(tensor, str(row["shape"]), str(row["role"]), sizes)
            found.setdefault((dtype, shape, problem), []).extend([] if layer is None else [layer])
        inventory.lines += [
            Line(str(row["role"]), template, tuple(layers), dtype, shape, problem)
            for (dtype, shape, problem), layers in found.items()
        ]
    inventory.unmapped = sorted(name for name in file.tensors if name.startswith(BLOCK) and name not in known)
    return inventory


def _tables(programs: list[Program]) -> tuple[list[Row], list[Row]]:
    program = next((program for program in programs if program.id == CONTRACT), None)
    if program is None:
        raise HandledError(f"no contract {CONTRACT!r} among the given ones: its tables say which tensors there are")
    tables = program.contract.tables
    for wanted, columns in (("aliases", {"raw", "architecture"}), ("roles", {"role", "gguf", "shape", "required_in"})):
        if wanted not in tables or not columns <= set(tables[wanted].columns):
            raise HandledError(f"{CONTRACT} has no table {wanted!r} with the columns {', '.join(sorted(columns))}")
    rows = [
        [dict(zip(tables[name].columns, row, strict=True)) for row in tables[name].rows]
        for name in ("aliases", "roles")
    ]
    return rows[0], rows[1]


def _sizes(file: ModelFile, architecture: str) -> dict[str, int]:
    """Dimension names of the table as far as the metadata says them."""
    keys = {
        "hidden": "embedding_length", "intermediate": "feed_forward_length", "experts": "expert_count",
        "expert_intermediate": "expert_feed_forward_length", "heads": "attention.head_count",
        "kv_heads": "attention.head_count_kv", "head_dim": "attention.key_length",
    }  # fmt: skip
    said = {name: file.metadata.get(f"{architecture}.{key}") for name, key in keys.items()}
    sizes = {name: value for name, value in said.items() if isinstance(value, int) and value > 0}
    if "head_dim" not in sizes and {"hidden", "heads"} <= set(sizes):
        sizes["head_dim"] = sizes["hidden"] // sizes["heads"]
    embedding = file.tensors.get("token_embd.weight")
    if embedding is not None:
        sizes["vocab"] = embedding.shape[0]
    return sizes


def _misfit(tensor: Tensor, shape: str, role: str, sizes: Mapping[str, int]) -> str:
    """How a shape differs from the table's; "" where it agrees, or where the metadata does not say."""
    if "_exps_" in role and "expert_intermediate" in sizes:
        sizes = {**sizes, "intermediate": sizes["expert_intermediate"]}
    wanted = []
    for text in shape.strip("[]").split(", "):
        node = parse(text)
        if not names(node) <= set(sizes):
            return ""
        wanted.append(int(evaluate(node, Bindings(Single(), {}, {}, sizes))))
    return "" if tuple(wanted) == tensor.shape else f"shape {list(tensor.shape)}, expected {shape} = {wanted}"
