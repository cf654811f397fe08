"""A block format as a version of its own: its fields are inputs, and what others rely on are its weights.

Others decode them, bit for bit, and multiply them. Regions go on through a format, so that a product may have a larger
bound although no weight has; the product of a block with a vector is therefore compared as well.
"""

from __future__ import annotations

from dataclasses import replace

from harness.gate.meaning.view import Rule, VersionView, below
from harness.language.dtypes import FLOAT32
from harness.language.formats import BlockFormat, field_count
from harness.language.syntax import Binary, Call, Name, Node, Number
from harness.program.model import InputProgram

PRODUCT, VECTOR = "the product with a vector", "the vector"  # names that no contract can have
NOT_SMALL = ("integers", "normal")  # the weights would make large what such numbers lose to underflow


def format_view(view: VersionView, format_: BlockFormat) -> VersionView:
    """One format of a version, as a version."""
    counts = {name: field_count(*layout) for name, layout in format_.fields.items()}
    inputs = {name: _input(name, format_.fields[name][0], count) for name, count in counts.items()}
    flat = Call("reshape", (Name(format_.weights), Number(format_.values)), ())
    equations = {**format_.equations, PRODUCT: Binary("@", flat, Name(VECTOR))}
    claims = [Call("identical", (Name(format_.weights),), ()), Call("close", (Name(PRODUCT),), ())]
    return replace(
        view,
        dimensions={},
        inputs={**inputs, VECTOR: _input(VECTOR, FLOAT32.name, format_.values, NOT_SMALL)},
        equations=equations,
        formats={},
        depends=below(equations),
        rules={claim.name: Rule(claim.name, claim, None, {}, ({},)) for claim in claims},
        arguments={},
        returns={},
        _alike={},
    )


def _input(name: str, dtype: str, count: int, kinds: tuple[str, ...] = ()) -> InputProgram:
    shape: tuple[Node, ...] = (Number(count),) if count > 1 else ()
    return InputProgram(name, dtype, (), shape, kinds, (dtype,))
