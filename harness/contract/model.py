"""A contract as frozen dataclasses: the shape is checked, the expressions are still text with their places.

Places and nodes take no part in equality: two contracts are equal when they say the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.contract.node import YamlNode
from harness.contract.rules import (
    Cover,
    DeclaredFault,
    Falsifier,
    Given,
    MutantWaiver,
    Obligation,
    Refusal,
    SaboteurWaiver,
    UndecidedAllowance,
)
from harness.contract.source import Placed, Source

__all__ = [
    "Contract",
    "Cover",
    "DeclaredAdder",
    "DeclaredArithmetic",
    "DeclaredFault",
    "DeclaredSubject",
    "Dimension",
    "Falsifier",
    "Field",
    "Format",
    "Given",
    "Input",
    "Metadata",
    "ModelBinding",
    "MutantWaiver",
    "Obligation",
    "Refusal",
    "SaboteurWaiver",
    "Source",
    "Table",
    "UndecidedAllowance",
]


@dataclass(frozen=True)
class Metadata(Placed):
    """Who a contract is."""

    id: str
    version: str
    lifecycle: str
    title: str
    description: str
    references: tuple[str, ...]
    depends_on: Mapping[str, str]

    @property
    def major(self) -> int:
        """The first number of the version."""
        return int(self.version.split(".")[0])


@dataclass(frozen=True)
class DeclaredAdder(Placed):
    """An adder that aligns the products of one dot product, as tensor cores have it.

    `digits`: None where they are those of the accumulator.
    """

    terms: int
    bits: int
    rounding: str
    digits: int | None


@dataclass(frozen=True)
class DeclaredArithmetic(Placed):
    """How implementations may compute; None where the contract does not say."""

    exp_ulps: int | None
    flush_to_zero: bool | None
    division: str | None
    reduction: str | None
    sigmoid: str | None
    compute: str | None
    accumulator: str | None
    products: str | None
    operands: str | None
    blocks: int | None
    promoted: str | None
    adder: DeclaredAdder | None
    overflow: str | None
    softmax: str | None
    exp: str | None
    merge: str | None
    probabilities: str | None


@dataclass(frozen=True)
class Dimension(Placed):
    """An integer that a case draws: from `minimum` to `maximum`, or one of `values` (then both are None)."""

    name: str
    minimum: Source | None
    maximum: Source | None
    values: tuple[int, ...]


@dataclass(frozen=True)
class Input(Placed):
    """A tensor that a case draws; `kinds` is empty where every kind that suits the dtype will do.

    `range`: the ends that integers are drawn between, both included; empty where nothing is said.
    `valid`: where its entries count; None: everywhere.
    """

    name: str
    dtypes: tuple[str, ...]
    shape: tuple[Source, ...]
    kinds: tuple[str, ...]
    note: str
    range: tuple[Source, ...] = ()
    valid: Source | None = None


@dataclass(frozen=True)
class Field(Placed):
    """Bytes `start` to `stop` (not included) of a block, read as little-endian elements of `dtype`."""

    name: str
    dtype: str
    start: int
    stop: int


@dataclass(frozen=True)
class Format(Placed):
    """A block format: `size` bytes hold `values` weights, decoded by `equations` in their order."""

    name: str
    values: int
    size: int
    fields: Mapping[str, Field]
    equations: Mapping[str, Source]
    weights: str
    scales: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class DeclaredSubject(Placed):
    """A function that an implementation offers.

    `returns`: every result with its equation. Those in `updates` are not returned: they are what an argument holds
    after the call, or an output buffer, where no argument has that name.
    """

    name: str
    arguments: Mapping[str, Source]
    returns: Mapping[str, Source]
    updates: tuple[str, ...]
    dtypes: Mapping[str, Source]  # of results: a number format, or `as x` for that of an input
    optional: tuple[str, ...]  # results that an implementation may leave out
    note: str
    memory: tuple[str, ...]  # that its arguments may lie in, beside aligned, contiguous, writable memory


@dataclass(frozen=True)
class Table(Placed):
    """A finite table: the type of each column, and rows of cells in that order."""

    name: str
    columns: Mapping[str, str]
    rows: tuple[tuple[Any, ...], ...]
    note: str


@dataclass(frozen=True)
class ModelBinding(Placed):
    """How a GGUF file's metadata and tensors bind to dimensions and inputs."""

    architecture: tuple[str, ...]
    layers: str
    dimensions: Mapping[str, str]
    tensors: Mapping[str, str]


@dataclass(frozen=True)
class Contract(Placed):
    """One contract file. `node` is the tree it was built from, for digests and for places of keys."""

    path: str = field(compare=False)
    metadata: Metadata
    arithmetic: DeclaredArithmetic | None
    dimensions: Mapping[str, Dimension]
    sizes: tuple[Mapping[str, int], ...]
    inputs: Mapping[str, Input]
    formats: Mapping[str, Format]
    tables: Mapping[str, Table]
    equations: Mapping[str, Source]
    subjects: Mapping[str, DeclaredSubject]
    obligations: tuple[Obligation, ...]
    falsifiers: tuple[Falsifier, ...]
    refusals: tuple[Refusal, ...]
    faults: tuple[DeclaredFault, ...]
    waived_mutants: tuple[MutantWaiver, ...]
    waived_saboteurs: tuple[SaboteurWaiver, ...]
    model: ModelBinding | None
    node: YamlNode = field(kw_only=True, compare=False, repr=False)
