"""Symbolic sizes of axes: polynomials with integer coefficients in the dimensions of a contract.

`router @ x` must be wrong before anything runs, for every value of the dimensions; so sizes are compared as
polynomials in canonical form (`2*hidden + 1`), and "inside the axis" is decided over the declared ranges.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

Monomial = tuple[str, ...]
MAX_TERMS = 256  # `(a + 1) * (b + 1) * ...` doubles its terms with every factor
MAX_SHOWN = 2**200  # a larger factor is told by its size: Python refuses to write out 4,300 digits
DISTANCE = " from its end"  # no dimension is called so
MAX_QUOTIENTS = 3  # in one size that is asked whether it is negative
MAX_TRIED = 64  # ways to write the dimensions of a size as distances from their ends
MAX_NAME = 1_000  # characters of a quotient, which holds those below it


class TooLarge(Exception):
    """A size of more terms than anybody means, or a quotient of more quotients."""


class Quotient(str):
    """The name of a quotient that is no polynomial, such as `(hidden // 3)`, with what it is made of."""

    dividend: Size
    divisor: int


@dataclass(frozen=True)
class Size:
    """`terms` maps a sorted tuple of names to its coefficient; () is the constant. Zero terms are absent."""

    terms: tuple[tuple[Monomial, int], ...]

    @staticmethod
    def of(value: int | str | Size) -> Size:
        if isinstance(value, Size):
            return value
        if isinstance(value, str):
            return Size((((value,), 1),))
        return Size((((), value),) if value else ())

    @property
    def constant(self) -> int | None:
        """The number, where the size depends on no dimension."""
        if not self.terms:
            return 0
        if len(self.terms) == 1 and self.terms[0][0] == ():
            return self.terms[0][1]
        return None

    def __add__(self, other: Size | int) -> Size:
        total = dict(self.terms)
        for monomial, factor in Size.of(other).terms:
            total[monomial] = total.get(monomial, 0) + factor
        return _canonical(total)

    def __neg__(self) -> Size:
        return Size(tuple((monomial, -factor) for monomial, factor in self.terms))

    def __sub__(self, other: Size | int) -> Size:
        return self + (-Size.of(other))

    def __mul__(self, other: Size | int) -> Size:
        factor = Size.of(other)
        if len(self.terms) * len(factor.terms) > MAX_TERMS:
            raise TooLarge
        total: dict[Monomial, int] = {}
        for left, a in self.terms:
            for right, b in factor.terms:
                monomial = tuple(sorted(left + right))
                total[monomial] = total.get(monomial, 0) + a * b
        return _canonical(total)

    def floordiv(self, divisor: int) -> Size:
        """By a positive number: a polynomial where that is known, otherwise a name of its own for the quotient."""
        quotient = self.divided(Size.of(divisor))
        if quotient is not None:
            return quotient
        name = f"({self if len(self.terms) == 1 else f'({self})'} // {divisor})"
        if len(name) > MAX_NAME:
            raise TooLarge
        named = Quotient(name)
        named.dividend, named.divisor = self, divisor
        return Size.of(named)

    def divided(self, by: Size) -> Size | None:
        """By a positive size, rounded down, where that is a polynomial: 2*n - 1 by 2 is n - 1, as is k*n - 1 by k.

        So it is where the divisor is one term that divides every other but a number.
        """
        if len(by.terms) != 1:
            return None
        monomial, number = by.terms[0]
        total: dict[Monomial, int] = {}
        for part, factor in self.terms:
            rest = _without(part, monomial)
            if part == () and (not monomial or -number <= factor < number):
                rest = ()
            elif rest is None or factor % number:
                return None
            total[rest] = total.get(rest, 0) + factor // number
        return _canonical(total)

    def __str__(self) -> str:
        parts = []
        for monomial, factor in self.terms:
            body = "*".join(monomial)
            number = str(abs(factor)) if abs(factor) < MAX_SHOWN else f"(about 2**{factor.bit_length() - 1})"
            text = number if not body else body if abs(factor) == 1 else f"{number}*{body}"
            parts.append(("-" if factor < 0 else "+", text))
        if not parts:
            return "0"
        first = ("-" if parts[0][0] == "-" else "") + parts[0][1]
        return first + "".join(f" {sign} {text}" for sign, text in parts[1:])


def _canonical(terms: Mapping[Monomial, int]) -> Size:
    kept = {monomial: factor for monomial, factor in terms.items() if factor}
    return Size(tuple(sorted(kept.items(), key=lambda item: (item[0] == (), item[0]))))


def _without(monomial: Monomial, factors: Monomial) -> Monomial | None:
    """What is left of a product without these factors; None where it does not have them."""
    rest = list(monomial)
    for name in factors:
        if name not in rest:
            return None
        rest.remove(name)
    return tuple(rest)


@dataclass(frozen=True)
class Range:
    """What a dimension may be; `low` and `high` are sizes in dimensions declared before it."""

    low: Size
    high: Size

    @staticmethod
    def spanning(values: Collection[int]) -> Range:
        """From the least to the greatest of some integers."""
        return Range(Size.of(min(values)), Size.of(max(values)))


def at_least_zero(size: Size, ranges: Mapping[str, Range]) -> bool:
    """Whether the size is >= 0 for every value of the dimensions; False also where that cannot be shown.

    Dimensions are eliminated last declared first, each replaced by the end of its range that makes the size smallest
    (`experts - top_k` with top_k <= experts becomes 0). Terms of several dimensions are bounded factor by factor, which
    needs factors that are not negative: columns of a table may be. Where that says too little (n*n - n is 2 - 4 for n
    from 2 to 4), distances from the ends are put in, and bounds in the place of quotients.
    """
    ways = (lambda: size, lambda: _alike(size), lambda: -without_quotients(-size, ranges))
    quotients = any(isinstance(name, Quotient) for monomial, _ in size.terms for name in monomial)
    return any(_shown(way, ranges) for way in (ways if quotients else ways[:1]))


def _shown(written: Callable[[], Size], ranges: Mapping[str, Range]) -> bool:
    """Whether the size, written in one way, is seen to be >= 0."""
    try:
        size = written()
        constant = _smallest(size, ranges).constant
        if constant is not None and constant >= 0:
            return True
        bounds = _without_quotients(size, ranges, MAX_QUOTIENTS)
        return any(_no_negative_term(bound, list(ranges), ranges, MAX_TRIED) for bound in bounds)
    except TooLarge:
        return False


def _alike(size: Size) -> Size:
    """The same size with the numbers in its quotients below their divisors: (n - 1) // 32 is (n + 31) // 32 - 1."""
    for name in _quotients(size):
        whole = dict(name.dividend.terms).get((), 0) // name.divisor
        size = _replaced(size, name, (name.dividend - whole * name.divisor).floordiv(name.divisor) + whole)
    return size


def without_quotients(size: Size, ranges: Mapping[str, Range]) -> Size:
    """A size that is no smaller: dividends in the place of quotients, where that is known to make it no smaller."""
    for name in _quotients(size):
        added = all(factor > 0 for monomial, factor in size.terms if name in monomial)
        if added and at_least_zero(name.dividend, ranges):
            return without_quotients(_replaced(size, name, name.dividend), ranges)
    return size


def _quotients(size: Size) -> list[Quotient]:
    names = (name for monomial, _ in size.terms for name in monomial)
    return list(dict.fromkeys(name for name in names if isinstance(name, Quotient)))


def _without_quotients(size: Size, ranges: Mapping[str, Range], left: int) -> Iterator[Size]:
    """Sizes that are not negative only where this one is not, each with bounds of its quotients put in."""
    name = next((name for monomial, _ in size.terms for name in monomial if isinstance(name, Quotient)), None)
    if name is None:
        yield size
    elif left and at_least_zero(name.dividend, ranges):
        for bound in (_replaced(size, name, Size.of(name + DISTANCE)), _by_dividend(size, name, ranges)):
            if bound is not None:
                yield from _without_quotients(bound, ranges, left - 1)


def _by_dividend(size: Size, name: Quotient, ranges: Mapping[str, Range]) -> Size | None:
    """No more than the size times the divisor: a quotient is at most dividend / divisor, and nearly that.

    None where what it is multiplied by may be negative.
    """
    total = Size.of(0)
    for monomial, factor in size.terms:
        rest = _without(monomial, (name,))
        if rest is None:
            total = total + Size(((monomial, factor * name.divisor),))
        elif all(part in ranges and (ranges[part].low.constant or 0) >= 0 for part in rest):
            end = name.dividend if factor < 0 else name.dividend - (name.divisor - 1)
            total = total + end * Size(((rest, factor),))
        else:
            return None
    return total


def _no_negative_term(size: Size, names: list[str], ranges: Mapping[str, Range], tried: int) -> bool:
    """Whether no term is negative with each dimension written as its least plus, or its greatest less, a distance.

    Distances are not negative, and bear the names of their dimensions.
    """
    read = {name for monomial, _ in size.terms for name in monomial}
    while names and names[-1] not in read:
        names = names[:-1]
    if not names:
        return all(factor >= 0 for _, factor in size.terms) and all(name.endswith(DISTANCE) for name in read)
    *before, name = names
    distance = Size.of(name + DISTANCE)
    ends = (ranges[name].low + distance, ranges[name].high - distance)
    for end in ends[: min(2, tried)]:
        if _no_negative_term(_replaced(size, name, end), before, ranges, tried // 2):
            return True
    return False


def _replaced(size: Size, name: str, new: Size) -> Size:
    """The size with another in the place of a name."""
    total = Size.of(0)
    for monomial, factor in size.terms:
        term = Size.of(factor)
        for part in monomial:
            term = term * (new if part == name else Size.of(part))
        total = total + term
    return total


def smallest(size: Size, ranges: Mapping[str, Range]) -> int | None:
    """A number that the size is never below; None where none can be told."""
    try:
        return _smallest(size, ranges).constant
    except TooLarge:
        return None


def largest(size: Size, ranges: Mapping[str, Range]) -> int | None:
    """A number that the size never exceeds; None where none can be told."""
    least = smallest(-size, ranges)
    return None if least is None else -least


def _smallest(size: Size, ranges: Mapping[str, Range]) -> Size:
    """The size with every dimension that can be eliminated eliminated."""
    factors = {name for name, inside in ranges.items() if (inside.low.constant or 0) >= 0}  # quotients may be negative
    if any(len(monomial) > 1 and not factors.issuperset(monomial) for monomial, _ in size.terms):
        return size
    for name in reversed(list(ranges)):
        while any(name in monomial for monomial, _ in size.terms):  # once for each power of it
            size = _with_end(name, ranges[name], size)
    return size


def _with_end(name: str, inside: Range, size: Size) -> Size:
    """The size with one factor `name` in each term replaced by the end that makes the term smallest."""
    terms: dict[Monomial, int] = {}
    for monomial, factor in size.terms:
        if name not in monomial:
            terms[monomial] = terms.get(monomial, 0) + factor
            continue
        rest = list(monomial)
        rest.remove(name)
        end = inside.low if factor > 0 else inside.high
        for inner, scale in (end * Size(((tuple(rest), factor),))).terms:
            terms[inner] = terms.get(inner, 0) + scale
    if len(terms) > MAX_TERMS:
        raise TooLarge
    return _canonical(terms)
