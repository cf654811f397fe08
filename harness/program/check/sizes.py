"""Sizes that models have: within what the dimensions' ends say of each other, whatever their plain numbers are."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from harness.language.integer_domain import IntegerDomain
from harness.language.syntax import Node, Number
from harness.program.check.checker import Checker


def check_sizes(checker: Checker, dimensions: Mapping[str, IntegerDomain]) -> None:
    """An end that is made of other dimensions binds a size too, so the size has to give those as well."""
    for index, row in enumerate(checker.contract.sizes):
        for name, number in row.items():
            if name in dimensions and name not in checker.broken:
                _check(checker, index, name, number, bound_by_others(dimensions[name]))


def bound_by_others(declared: IntegerDomain) -> IntegerDomain:
    """Of a dimension's range, the ends that are made of other dimensions."""
    return IntegerDomain(_unless_plain(declared.low), _unless_plain(declared.high))


def _unless_plain(end: Node | None) -> Node | None:
    return None if isinstance(end, Number) else end


def _check(checker: Checker, index: int, name: str, number: int, allowed: IntegerDomain) -> None:
    row = checker.contract.sizes[index]
    place = checker.at("sizes", index, name)
    missing = sorted(allowed.reads - set(row))
    if missing:
        ends = f"{', '.join(missing)} in this size, too"
        checker.say(place, f"{name} is bound by {', '.join(missing)}, which this size does not give", ends)
        return
    if allowed == IntegerDomain():
        return
    from harness.program.integers import integer  # it loads NumPy, which who only checks contracts need not wait for

    number_of = partial(integer, numbers=row)
    if not allowed.admits(number, number_of):
        checker.say(place, f"{name} lies beyond its range", allowed.told(number_of), str(number))
