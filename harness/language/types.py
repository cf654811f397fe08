"""Kinds and symbolic shapes of every expression, inferred before anything runs.

One small function per primitive, named as in the language; `SIGNATURES` dispatches. A function gets the types of its
arguments and returns the type of the result, or raises Mismatch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from harness.language.sizes import Range, Size, at_least_zero

Shape = tuple[Size, ...]


class Mismatch(Exception):
    """The parts of an expression do not fit together."""

    def __init__(self, message: str, expected: str = "", got: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message, self.expected, self.got, self.hint = message, expected, got, hint


@dataclass(frozen=True)
class Array:
    """Real, integer or truth values. `size`: a scalar integer that is a polynomial in the dimensions.

    `below`: every entry is an index below this size. `observed`: it comes from a subject.
    """

    kind: str  # real | int | bool
    shape: Shape = ()
    size: Size | None = None
    below: Size | None = None
    observed: bool = False
    choice: bool = False  # the result of top_k: an index array that the bound may leave in doubt
    dtype: str = ""  # of integers that keep a stored type: u8 for the bytes of a file

    def __str__(self) -> str:
        dims = ", ".join(str(size) for size in self.shape)
        word = {"real": "real", "int": "integer", "bool": "truth"}[self.kind]
        return f"{word}[{dims}]" if self.shape else f"{word} number" if self.kind != "bool" else "truth value"


@dataclass(frozen=True)
class Blocks:
    """A quantised tensor: weights that are decoded where they are used. The last axis is stored in blocks."""

    formats: tuple[str, ...]
    shape: Shape
    observed: bool = False

    def __str__(self) -> str:
        return f"{'/'.join(self.formats)} tensor[{', '.join(str(size) for size in self.shape)}]"


@dataclass(frozen=True)
class Record:
    """What a subject returns."""

    subject: str
    fields: Mapping[str, Type] = field(hash=False)
    observed: bool = True
    shape: Shape = ()

    def __str__(self) -> str:
        return f"result of {self.subject}()"


@dataclass(frozen=True)
class Word:
    """A text; `value` where it is known before anything runs."""

    value: str | None = None
    observed: bool = False
    shape: Shape = ()

    def __str__(self) -> str:
        return "text" if self.value is None else f"text {self.value!r}"


@dataclass(frozen=True)
class Words:
    """A list of texts."""

    observed: bool = False
    shape: Shape = ()

    def __str__(self) -> str:
        return "list of texts"


@dataclass(frozen=True)
class Claim:
    """Something that is judged: it holds, fails with evidence, or is undecided."""

    observed: bool = True
    shape: Shape = ()

    def __str__(self) -> str:
        return "claim"


Type = Array | Blocks | Record | Word | Words | Claim
Ranges = Mapping[str, Range]

TRUTH = Array("bool")


def dimension(name: str) -> Array:
    """A dimension as a value: an integer with itself as size."""
    return Array("int", size=Size.of(name))


def integer(value: int) -> Array:
    return Array("int", size=Size.of(value))


# --- what the rules have in common ------------------------------------------------------------------------------


def seen(*types: Type) -> bool:
    return any(part.observed for part in types)


def real(part: Type, what: str = "a real array") -> Array:
    """As real values: integers count, tensors are decoded."""
    if isinstance(part, Blocks):
        return Array("real", part.shape, observed=part.observed)
    if isinstance(part, Array) and part.kind != "bool":
        return Array("real", part.shape, observed=part.observed)
    raise Mismatch(f"{part} where {what} is needed", what, str(part))


def ints(part: Type, what: str = "an integer array") -> Array:
    if isinstance(part, Array) and part.kind == "int":
        return part
    raise Mismatch(f"{part} where {what} is needed", what, str(part), "bits and indices need integers")


def scalar_size(part: Type, what: str) -> Size:
    """A size known from the dimensions: a number, a dimension, or a polynomial of them."""
    if isinstance(part, Array) and part.kind == "int" and part.size is not None:
        return part.size
    raise Mismatch(f"{what} must follow from the dimensions", "an integer made of numbers and dimensions", str(part))


def literal_axis(part: Type | None, rank: int) -> int:
    """An axis given as a number, counted from 0."""
    if part is None:
        return -1
    size = scalar_size(part, "an axis")
    axis = size.constant
    if axis is None or not -rank <= axis < rank:
        expected = f"{-rank} to {rank - 1}" if rank else "an array; a number has no axes"
        raise Mismatch("no such axis", expected, str(size))
    return axis % rank


def broadcast(left: Shape, right: Shape, op: str) -> Shape:
    """numpy's broadcasting on symbolic sizes: equal, or 1."""
    rank = max(len(left), len(right))
    one = Size.of(1)
    padded = [(one,) * (rank - len(shape)) + shape for shape in (left, right)]
    shape = []
    for a, b in zip(*padded, strict=True):
        if a != b and one not in (a, b):
            raise Mismatch(
                f"the sides of {op} have different shapes", show(left), show(right),
                f"{a} is not {b}",
            )  # fmt: skip
        shape.append(b if a == one else a)
    return tuple(shape)


def show(shape: Shape) -> str:
    return f"[{', '.join(str(size) for size in shape)}]"


# --- operators --------------------------------------------------------------------------------------------------


def binary(op: str, left: Type, right: Type) -> Array:
    if op == "@":
        return matmul(left, right)
    observed = seen(left, right)
    if op in ("&", "|", "^", "<<", ">>", "//", "%"):
        a, b = ints(left, f"an integer array for {op}"), ints(right, f"an integer array for {op}")
        constant = b.size.constant if b.size is not None else None
        if op in ("//", "%") and constant == 0:
            raise Mismatch(f"{op} by zero")
        if op in ("<<", ">>") and constant is not None and not 0 <= constant < 63:
            raise Mismatch(f"{op} by a number of bits that integers do not have", "0 to 62", str(constant))
        shape = broadcast(a.shape, b.shape, op)
        size = None
        if op == "//" and a.size is not None and b.size is not None and (b.size.constant or 0) > 0:
            size = a.size.floordiv(b.size.constant or 1)
        return Array("int", shape, size=size, observed=observed)
    if op != "/" and all(isinstance(side, Array) and side.kind == "int" for side in (left, right)):
        a, b = ints(left), ints(right)
        size = None
        if a.size is not None and b.size is not None:
            size = {"+": a.size + b.size, "-": a.size - b.size, "*": a.size * b.size}[op]
        return Array("int", broadcast(a.shape, b.shape, op), size=size, observed=observed)
    return Array("real", broadcast(real(left).shape, real(right).shape, op), observed=observed)


def matmul(left: Type, right: Type) -> Array:
    a, b = real(left), real(right)
    if not a.shape or not b.shape:
        raise Mismatch("@ needs arrays on both sides", got=f"{left} @ {right}")
    if len(b.shape) > 2:
        raise Mismatch("the right side of @ has more than two axes", got=str(right), hint="use matvec(w, x)")
    inner = b.shape[0]
    if a.shape[-1] != inner:
        raise Mismatch("the sides of @ do not fit", f"{a.shape[-1]} rows on the right", f"{inner}", f"{left} @ {right}")
    return Array("real", a.shape[:-1] + b.shape[1:], observed=seen(left, right))


def compare(op: str, left: Type, right: Type) -> Array:
    """A comparison, entry by entry; texts are equal or not."""
    if isinstance(left, Word | Words) and type(left) is type(right) and _open(left, right):
        if op not in ("==", "!="):
            raise Mismatch(f"texts are equal or not; {op} says nothing", "== or !=", op)
        return Array("bool", observed=seen(left, right))
    if isinstance(left, Word | Words | Record | Claim) or isinstance(right, Word | Words | Record | Claim):
        raise Mismatch(f"{left} and {right} cannot be compared with {op}")
    kinds = {side.kind for side in (left, right) if isinstance(side, Array)}
    if "bool" in kinds:
        raise Mismatch("truth values are combined with and, or, not", got=f"{left} {op} {right}")
    return Array("bool", broadcast(left.shape, right.shape, op), observed=seen(left, right))


def _open(*parts: Type) -> bool:
    """Whether texts are only known when a claim runs; comparing two known texts says nothing."""
    return any(part.observed or (isinstance(part, Word) and part.value is None) for part in parts)


def logic(op: str, parts: list[Type]) -> Type:
    for part in parts:
        if not (isinstance(part, Claim) or (isinstance(part, Array) and part.kind == "bool" and not part.shape)):
            raise Mismatch(
                f"{part} is no side of {op}", "a claim or one truth value", str(part), "use all(...) or any(...)"
            )
    if any(isinstance(part, Claim) for part in parts):
        if op == "or":
            raise Mismatch("claims are joined with and", hint="write two falsifiers instead of `or`")
        return Claim()
    return Array("bool", observed=seen(*parts))


def unary(op: str, part: Type) -> Type:
    if op == "not":
        if isinstance(part, Array) and part.kind == "bool":
            return part
        hint = "a claim cannot be negated" if isinstance(part, Claim) else "compare it with something"
        raise Mismatch("not needs a truth value", got=str(part), hint=hint)
    if op == "~":
        return replace(ints(part, "an integer array for ~"), size=None, below=None)
    if isinstance(part, Array) and part.kind == "int":
        return replace(part, size=-part.size if part.size is not None else None, below=None, choice=False)
    return real(part)


# --- primitives -------------------------------------------------------------------------------------------------

Signature = Callable[..., Type]


def _elementwise(x: Type) -> Array:
    return real(x)


def _reduction(x: Type, axis: Type | None = None) -> Array:
    part = real(x)
    if axis is None:
        return Array("real", observed=part.observed)
    place = literal_axis(axis, len(part.shape))
    return Array("real", part.shape[:place] + part.shape[place + 1 :], observed=part.observed)


def _sum(x: Type, axis: Type | None = None) -> Array:
    result = _reduction(x, axis)
    return replace(result, kind="int") if isinstance(x, Array) and x.kind == "int" else result


def _extreme(x: Type, axis: Type | None = None, *, ranges: Ranges) -> Array:
    result, shape = _reduction(x, axis), real(x).shape
    _not_empty("max or min", shape if axis is None else (shape[literal_axis(axis, len(shape))],), ranges)
    return result


def _not_empty(what: str, axes: Shape, ranges: Ranges) -> None:
    for size in axes:
        if not at_least_zero(size - 1, ranges):
            raise Mismatch(f"{what} over an axis that may be empty", "at least one entry", f"{size} entries",
                           "give the dimension a min of 1")  # fmt: skip


def _softmax(x: Type, *, ranges: Ranges) -> Array:
    part = real(x)
    if not part.shape:
        raise Mismatch("softmax needs an axis to run over", "an array", str(x))
    _not_empty("softmax", part.shape[-1:], ranges)
    return part


def _matvec(w: Type, x: Type) -> Array:
    a, b = real(w), real(x)
    if len(a.shape) < 2 or not b.shape:
        raise Mismatch("matvec(w, x) needs w[..., rows, n] and x[..., n]", got=f"{w} and {x}")
    if a.shape[-1] != b.shape[-1]:
        raise Mismatch("matvec: the rows of w and x differ in length", str(a.shape[-1]), str(b.shape[-1]))
    lead = broadcast(a.shape[:-2], b.shape[:-1], "matvec")
    return Array("real", (*lead, a.shape[-2]), observed=seen(w, x))


def _top_k(p: Type, k: Type, ranges: Ranges) -> Array:
    scores, count = real(p), scalar_size(k, "k of top_k")
    if len(scores.shape) != 1:
        raise Mismatch("top_k ranks one axis", "a one-dimensional array", str(p))
    if not at_least_zero(scores.shape[0] - count, ranges):
        raise Mismatch("top_k may take more entries than there are", f"k <= {scores.shape[0]}", f"k = {count}",
                       "bound the dimension, e.g. top_k: {min: 1, max: experts}")  # fmt: skip
    return Array("int", (count,), below=scores.shape[0], choice=True, observed=scores.observed)


def _arange(n: Type, *, ranges: Ranges) -> Array:
    count = scalar_size(n, "the length of arange")
    if not at_least_zero(count, ranges):
        raise Mismatch("arange of a length that may be negative", "0 or more", str(count))
    return Array("int", (count,), below=count)


def _reshape(x: Type, *sizes: Type, ranges: Ranges) -> Type:
    new = tuple(scalar_size(size, "a size of reshape") for size in sizes)
    if isinstance(x, Array) and x.size is not None:
        raise Mismatch("reshape needs an array", got=str(x))
    if not all(at_least_zero(size, ranges) for size in new):
        raise Mismatch("a size of reshape may be negative", "0 or more", show(new))
    if not isinstance(x, Array):
        x = real(x)
    before, after = Size.of(1), Size.of(1)
    for size in x.shape:
        before = before * size
    for size in new:
        after = after * size
    if before != after:
        raise Mismatch("reshape changes the number of entries", f"{before} entries", f"{after} for {show(new)}")
    return replace(x, shape=new, size=None, choice=False)


def _join(parts: tuple[Type, ...], what: str) -> tuple[str, list[Shape]]:
    if len(parts) < 2:
        raise Mismatch(f"{what} needs at least two arrays")
    whole = all(isinstance(part, Array) and part.kind == "int" for part in parts)
    return ("int" if whole else "real"), [part.shape if whole else real(part).shape for part in parts]


def _one(parts: tuple[Type, ...]) -> str:
    """The stored type that all parts share, or none."""
    kept = {part.dtype if isinstance(part, Array) else "" for part in parts}
    return kept.pop() if len(kept) == 1 else ""


def _stack(*parts: Type, axis: Type | None = None) -> Array:
    kind, shapes = _join(parts, "stack")
    for shape in shapes[1:]:
        if shape != shapes[0]:
            raise Mismatch("stack needs equal shapes", show(shapes[0]), show(shape))
    place = literal_axis(axis, len(shapes[0]) + 1) % (len(shapes[0]) + 1)
    shape = shapes[0]
    return Array(kind, (*shape[:place], Size.of(len(parts)), *shape[place:]), observed=seen(*parts), dtype=_one(parts))


def _concat(*parts: Type, axis: Type | None = None) -> Array:
    kind, shapes = _join(parts, "concat")
    rank = len(shapes[0])
    if not rank or any(len(shape) != rank for shape in shapes):
        raise Mismatch("concat needs arrays of one rank", got=" and ".join(show(shape) for shape in shapes))
    place = literal_axis(axis, rank) % rank
    length = Size.of(0)
    for shape in shapes:
        if shape[:place] + shape[place + 1 :] != shapes[0][:place] + shapes[0][place + 1 :]:
            raise Mismatch("concat: the other axes differ", show(shapes[0]), show(shape))
        length = length + shape[place]
    whole = (*shapes[0][:place], length, *shapes[0][place + 1 :])
    return Array(kind, whole, observed=seen(*parts), dtype=_one(parts))


def _transpose(x: Type) -> Array:
    part = x if isinstance(x, Array) else real(x)
    if len(part.shape) != 2:
        raise Mismatch("transpose swaps two axes", "a matrix", str(x))
    return replace(part, shape=(part.shape[1], part.shape[0]), size=None)


def _where(condition: Type, x: Type, y: Type) -> Array:
    if not isinstance(condition, Array) or condition.kind != "bool":
        raise Mismatch("where needs a comparison first", got=str(condition))
    a, b = real(x), real(y)
    shape = broadcast(condition.shape, broadcast(a.shape, b.shape, "where"), "where")
    return Array("real", shape, observed=seen(condition, x, y))


def _rms_norm(x: Type, weight: Type, epsilon: Type) -> Array:
    part = real(x)
    if not part.shape or real(epsilon).shape:
        raise Mismatch("rms_norm(x, weight, epsilon) needs an array, an array and a number")
    return Array("real", broadcast(part.shape, real(weight).shape, "rms_norm"), observed=part.observed)


def _truths(x: Type) -> Array:
    if not isinstance(x, Array) or x.kind != "bool":
        raise Mismatch("all and any need a comparison", got=str(x))
    return Array("bool", observed=x.observed)


def _is_finite(x: Type) -> Array:
    part = real(x)
    return Array("bool", part.shape, observed=part.observed)


def _distinct(x: Type) -> Array:
    if isinstance(x, Words):
        return Array("bool", observed=x.observed)
    return Array("bool", observed=ints(x).observed)


def _scaled(x: Type, factor: Type) -> Type:
    """By a power of two: of a tensor, its block scales."""
    value = scalar_size(factor, "the factor of scaled").constant if isinstance(factor, Array) and factor.size else None
    if value is None or value <= 0 or value & (value - 1):
        raise Mismatch("scaled needs a power of two", "2, 4, 8, ...", str(factor), "other factors round")
    return x if isinstance(x, Blocks) else real(x)


def _len(x: Type, axis: Type | None = None) -> Array:
    if isinstance(x, Words) and axis is None:
        return Array("int", observed=x.observed)
    if not x.shape:
        raise Mismatch("len of something without axes", got=str(x))
    place = 0 if axis is None else literal_axis(axis, len(x.shape))
    return Array("int", size=x.shape[place])


def _nbytes(x: Type) -> Array:
    if isinstance(x, Record | Word | Claim):
        raise Mismatch("nbytes of something that is no array", got=str(x))
    return Array("int")


def _relabelled(x: Type, name: Type) -> Type:
    """The same bytes under another type name: only a refusal can follow."""
    if not isinstance(x, Blocks) or not isinstance(name, Word):
        raise Mismatch('relabelled(tensor, "type") needs a quantised tensor and a text', got=f"{x}, {name}")
    return x


def _dtype(x: Type, name: Type) -> Array:
    """Whether a tensor has the named type (in `where` and `refuses`)."""
    if not isinstance(name, Word):
        raise Mismatch('has_type(tensor, "type") needs a text', got=str(name))
    return Array("bool")


SIGNATURES: dict[str, Signature] = {
    "sum": _sum, "mean": _reduction, "max": _extreme, "min": _extreme,
    "abs": _elementwise, "exp": _elementwise, "sqrt": _elementwise, "silu": _elementwise, "sigmoid": _elementwise,
    "relu": _elementwise, "round": _elementwise, "float32": _elementwise, "stored": _elementwise,
    "softmax": _softmax, "matvec": _matvec, "top_k": _top_k, "arange": _arange, "rms_norm": _rms_norm,
    "reshape": _reshape, "stack": _stack, "concat": _concat, "transpose": _transpose, "where": _where,
    "is_finite": _is_finite, "all": _truths, "any": _truths, "distinct": _distinct, "scaled": _scaled, "len": _len, "nbytes": _nbytes,
    "relabelled": _relabelled, "has_type": _dtype,
}  # fmt: skip
NEEDS_RANGES = {"top_k", "max", "min", "softmax", "arange", "reshape", "zero_bytes"}
KEYWORDS = {"stack": {"axis"}, "concat": {"axis"}, "fill": {"n", "e"}}
