"""What a falsifier draws from, as text: falsifiers of one contract with the same text draw the same cases.

The seed of a stream of cases is made of this text and not of the falsifier's id. So a falsifier's sample is the same
whether it is selected alone or with others, and what one of them has drawn need not be drawn again for the next.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from harness.language.integer_domain import IntegerDomain
from harness.language.syntax import Node, names, spell
from harness.program.model import FalsifierProgram, Program

if TYPE_CHECKING:
    from harness.search.recipe import Recipe

KEPT = 16  # streams of one process
LONGEST = 1000  # draws of one stream that are kept


def domain_of(program: Program, falsifier: FalsifierProgram) -> str:
    """Everything that decides which cases the falsifier may draw, and how often each."""
    given, read = falsifier.source.given, program.read_by(falsifier)
    parts = [f"{name}: {_told(declared)}" for name, declared in program.dimensions.items()]
    parts += [repr(sorted(size.items())) for size in program.sizes]
    for name, part in program.inputs.items():
        if name in read:
            parts.append(f"{name}: {part.dtype} {part.formats} {len(part.shape)} {part.kinds}")
            parts += [f"{name}: {part.plain}"] if len(part.plain) > 1 else []
            parts += [f"{name}: {' to '.join(map(spell, part.range))}"] if part.range else []
            parts += [f"{name} where {spell(part.valid)}"] if part.valid is not None else []
    for name in sorted(given):
        narrowed = given[name]
        parts.append(f"given {name}: {_told(narrowed.domain)} {narrowed.kinds} {narrowed.excluded} {narrowed.dtypes}")
    called = [part for name, part in program.contract.subjects.items() if name in names(falsifier.claim)]
    parts.append(f"memory {sorted({memory for part in called for memory in part.memory})}")
    if falsifier.where is not None:
        parts.append(f"where {spell(falsifier.where)}")
    return "\n".join(parts)


def _told(domain: IntegerDomain) -> str:
    return f"{_spelled(domain.low)} to {_spelled(domain.high)} {domain.values}"


def _spelled(end: Node | None) -> str:
    return "" if end is None else spell(end)


class Remembered:
    """The draws of the last streams that ran to their end: recipes, and None for what was discarded."""

    def __init__(self) -> None:
        self._streams: OrderedDict[tuple[object, ...], tuple[Recipe | None, ...]] = OrderedDict()

    def get(self, key: tuple[object, ...]) -> tuple[Recipe | None, ...] | None:
        """The draws of a stream, if this process still has them."""
        if key in self._streams:
            self._streams.move_to_end(key)
        return self._streams.get(key)

    def keep(self, key: tuple[object, ...], draws: Sequence[Recipe | None]) -> None:
        """Keep the draws of a stream, unless they are too many; the oldest stream makes room."""
        if len(draws) <= LONGEST:
            self._streams[key] = tuple(draws)
            if len(self._streams) > KEPT:
                self._streams.popitem(last=False)
