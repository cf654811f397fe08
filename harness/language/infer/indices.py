"""The type of `value[items]`: every index and slice lies inside its axis, for every value of the dimensions."""

from __future__ import annotations

from dataclasses import replace

from harness.language import types as T
from harness.language.infer.scope import Typed, TypeRefused
from harness.language.rules.fitting import broadcast, ints, scalar_size
from harness.language.sizes import Size, at_least_zero
from harness.language.syntax import NewAxis, Node, OtherAxes, Slice


def index(value: T.Type, items: tuple[Node, ...], ranges: T.Ranges, typed: Typed) -> T.Type:
    """What an index takes out of an array, or out of a tensor along its leading axes."""
    if not isinstance(value, T.Array | T.Blocks):
        raise T.Mismatch(f"{value} has no entries to take")
    taken = _count(items)
    if taken > len(value.shape):
        raise T.Mismatch("more indices than axes", f"at most {len(value.shape)}", str(taken), f"of {value}")
    if sum(isinstance(item, OtherAxes) for item in items) > 1:
        raise T.Mismatch("more than one ... in an index")
    reading = _Reading(value, ranges, typed)
    for place, item in enumerate(items):
        reading.take(item, items[place + 1 :])
    return reading.result()


def _count(items: tuple[Node, ...]) -> int:
    """How many axes the items take one by one."""
    return sum(1 for item in items if not isinstance(item, OtherAxes | NewAxis))


class _Reading:
    """An index read from left to right: the axis that the next item is about, and the shape so far."""

    def __init__(self, value: T.Array | T.Blocks, ranges: T.Ranges, typed: Typed) -> None:
        self.value, self.ranges, self.typed = value, ranges, typed
        self.axis = 0
        self.shape: list[Size] = []
        self.gathered: slice | None = None  # where in the shape the axes of index arrays are
        self.beside = False  # the item before is an index array
        self.picked = False
        self.observed = value.observed

    def take(self, item: Node, later: tuple[Node, ...]) -> None:
        gathered = self.gathered
        self.take_one(item, later)
        self.beside = self.gathered != gathered or (self.beside and not isinstance(item, OtherAxes | NewAxis | Slice))

    def take_one(self, item: Node, later: tuple[Node, ...]) -> None:
        match item:
            case OtherAxes():
                stop = max(self.axis, len(self.value.shape) - _count(later))
                self.shape.extend(self.value.shape[self.axis : stop])
                self.axis = stop
            case NewAxis():
                if isinstance(self.value, T.Blocks):
                    raise T.Mismatch("a quantised tensor takes no new axes", hint="index the array computed from it")
                self.shape.append(Size.of(1))
            case Slice():
                self.keep_blocks_whole(item, "cut")
                self.shape.append(self.length(item, self.value.shape[self.axis]))
                self.axis += 1
            case _:
                self.pick(item)
                self.axis += 1

    def pick(self, item: Node) -> None:
        """One entry, or those that an integer array names."""
        part = self.integers(item)
        self.keep_blocks_whole(item, "indexed")
        self.inside(item, part, self.value.shape[self.axis])
        if part.shape:
            self.gather(part.shape)
        else:
            self.picked = True
        self.observed = self.observed or part.observed

    def gather(self, shape: T.Shape) -> None:
        """The axes of one more index array: of several that stand side by side, those that NumPy broadcasts to."""
        start = len(self.shape)
        if self.gathered is not None:
            if not self.beside:  # where NumPy puts such axes depends on what stands between them
                hint = "take one after the other: x[ids][:, columns]"
                raise T.Mismatch("index arrays that do not stand side by side", hint=hint)
            start = self.gathered.start
            shape = broadcast(tuple(self.shape[self.gathered]), shape, "the index arrays")
        self.shape[start:] = shape
        self.gathered = slice(start, start + len(shape))

    def result(self) -> T.Type:
        if self.gathered is not None and self.picked:  # where such axes end up depends on what stands between them
            raise T.Mismatch("an index array beside a single index", hint="take one after the other: x[i][ids]")
        shape = (*self.shape, *self.value.shape[self.axis :])
        if isinstance(self.value, T.Blocks):
            return replace(self.value, shape=shape, observed=self.observed)
        kept = self.value
        return T.Array(kept.kind, shape, low=kept.low, high=kept.high, observed=self.observed, dtype=kept.dtype)

    def keep_blocks_whole(self, item: Node, done: str) -> None:
        if isinstance(self.value, T.Blocks) and self.axis == len(self.value.shape) - 1:
            message = f"the last axis of a quantised tensor is stored in blocks and cannot be {done}"
            raise TypeRefused(T.Mismatch(message), item)

    def integers(self, item: Node) -> T.Array:
        kind = self.typed(item)
        try:
            return ints(kind, "an index")
        except T.Mismatch as mismatch:
            raise TypeRefused(mismatch, item) from None

    def inside(self, item: Node, part: T.Array, axis: Size) -> None:
        """An index must lie in its axis for every value of the dimensions."""
        if part.size is not None:
            first = _from_front(part.size, axis)
            if self.never_negative(first) and self.never_negative(axis - first - 1):
                return
            outside = T.Mismatch("the index may lie outside its axis", f"0 to {axis - 1}", str(part.size))
            raise TypeRefused(outside, item)
        low, high = part.low, part.high
        if low is None or high is None or not (self.never_negative(low) and self.never_negative(axis - high - 1)):
            message = "these indices are not known to lie in their axis"
            hint = f"where they do all the same, clip(..., 0, {axis - 1}) says so"
            raise TypeRefused(T.Mismatch(message, f"integers from 0 to {axis - 1}", _known(part), hint), item)

    def length(self, item: Slice, axis: Size) -> Size:
        """The length of a slice that must lie inside its axis (Python would clamp it silently)."""
        first = Size.of(0) if item.first is None else _from_front(self.end(item.first), axis)
        last = axis if item.last is None else _from_front(self.end(item.last), axis)
        if not all(self.never_negative(size) for size in (first, last - first, axis - last)):
            hint = "bound the dimensions so that it cannot"
            outside = T.Mismatch("the slice may leave its axis", f"inside 0:{axis}", f"{first}:{last}", hint)
            raise TypeRefused(outside, item)
        return last - first

    def end(self, end: Node) -> Size:
        return scalar_size(self.typed(end), "the end of a slice")

    def never_negative(self, size: Size) -> bool:
        return at_least_zero(size, self.ranges)


def _known(part: T.Array) -> str:
    """An array of integers, and the ends that are known."""
    match part.low, part.high:
        case None, None:
            return f"{part} of any size"
        case None, high:
            return f"{part} up to {high}, perhaps negative"
        case low, None:
            return f"{part} from {low} up"
        case low, high:
            return f"{part} from {low} to {high}"
    raise AssertionError("an end is a size or None")


def _from_front(size: Size, axis: Size) -> Size:
    """A place in an axis; negative numbers count from its end."""
    return axis + size if size.constant is not None and size.constant < 0 else size
