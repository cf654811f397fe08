"""The inventory of a model file as a table for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from harness.printable import printable
from harness.report.escaping import defused

if TYPE_CHECKING:
    from harness.model_files.inventory import Inventory, Line


SHOWN = 100  # tensors that no role stands for


def render(inventory: Inventory) -> Iterator[str]:
    """Roles by layers, collapsed where layers are alike; what is wrong stands in its line."""
    yield f"{inventory.architecture}, {inventory.layers} layers"
    widths = [max((len(text[i]) for text in map(_cells, inventory.lines)), default=0) for i in range(4)]
    for line in inventory.lines:
        cells = "  ".join(text.ljust(width) for text, width in zip(_cells(line), widths, strict=True))
        yield f"  {cells}  {line.problem}".rstrip()
    yield from (f"  unmapped: {_name(name)}" for name in inventory.unmapped[:SHOWN])
    if len(inventory.unmapped) > SHOWN:
        yield f"  unmapped: {len(inventory.unmapped) - SHOWN} more"
    wrong = sum(1 for line in inventory.lines if line.problem)
    if inventory.complete:
        yield "COMPLETE: every required role is in every layer, shapes agree, and no tensor of a layer is left over."
    else:
        yield f"INCOMPLETE: {wrong} roles with problems, {len(inventory.unmapped)} tensors that no role stands for."


def _name(name: str) -> str:
    """A name as a file has it: whatever it holds, one harmless line."""
    return defused(printable(name))


def _cells(line: Line) -> tuple[str, str, str, str]:
    return line.role, line.dtype, f"[{', '.join(map(str, line.shape))}]" if line.dtype else "", ranges(line.layers)


def ranges(layers: tuple[int, ...]) -> str:
    """0, 1, 2, 5 as "layers 0-2, 5"."""
    parts: list[list[int]] = []
    for layer in layers:
        if parts and parts[-1][1] == layer - 1:
            parts[-1][1] = layer
        else:
            parts.append([layer, layer])
    shown = ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in parts)
    return f"layer{'s' if len(layers) > 1 else ''} {shown}" if shown else ""
