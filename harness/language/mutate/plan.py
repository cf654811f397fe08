"""All mutants of a set of equations: every operator at every part, kept where the equation still has its type."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial

from harness.language import types as T
from harness.language.formats import BlockFormat, field_type
from harness.language.infer import Scope, TypeRefused, infer
from harness.language.mutate import (
    accumulators,
    conversions,
    layouts,
    neighbours,
    numbers,
    operands,
    precision,
    recurrences,
    siblings,
    stored_bits,
)
from harness.language.mutate.faulty import in_language
from harness.language.mutate.mutant import Edits, Mutant, Operator, Site
from harness.language.mutate.number_formats import FLOAT32_ALONE, NumberFormats
from harness.language.mutate.sites import places, with_part
from harness.language.syntax import Node

OPERATORS: tuple[Operator, ...] = (
    *operands.OPERATORS, *neighbours.OPERATORS, *numbers.OPERATORS, *siblings.OPERATORS, *layouts.OPERATORS,
    *precision.OPERATORS, *conversions.OPERATORS, *accumulators.OPERATORS, *stored_bits.OPERATORS,
    *recurrences.OPERATORS,
)  # fmt: skip


def mutants_of_equations(
    equations: Mapping[str, Node], scope: Scope, wanted: Iterable[str], formats: NumberFormats = FLOAT32_ALONE
) -> list[Mutant]:
    """The mutants of the wanted equations, in the order of the contract."""
    found: list[Mutant] = []
    order = list(scope.names)
    for name in equations:
        if name in set(wanted):
            above = {known: scope.names[known] for known in order[: order.index(name)]}
            inner = replace(scope, names=above, subjects={})
            readable = partial(_can_be_read, name, equations, scope)
            found += _mutants(name, equations[name], scope.names[name], inner, formats, readable)
    return found


def _can_be_read(name: str, equations: Mapping[str, Node], scope: Scope, kind: T.Type) -> bool:
    """Whether the equations after it still have types: other integers may not lie in the axis that they index."""
    if not isinstance(kind, T.Array) or kind == scope.names[name]:
        return True
    names = dict(scope.names) | {name: kind}
    later = list(equations)[list(equations).index(name) + 1 :]
    for reader in later:
        known = _type(equations[reader], replace(scope, names=names, subjects={}))
        if known is None:
            return False
        names[reader] = known
    return True


def mutants_of_format(format_: BlockFormat, formats: NumberFormats = FLOAT32_ALONE) -> list[Mutant]:
    """The mutants of a block format's equations."""
    known: dict[str, T.Type] = {name: field_type(*placed) for name, placed in format_.fields.items()}
    found: list[Mutant] = []
    for name, node in format_.equations.items():
        scope = Scope(dict(known), {})
        known[name] = infer(node, scope)
        mutants = _mutants(f"{format_.name}.{name}", node, known[name], scope, formats)
        found += [replace(mutant, format=format_.name, equation=name) for mutant in mutants]
    return found


def _mutants(
    name: str, root: Node, declared: T.Type, scope: Scope, formats: NumberFormats,
    readable: Callable[[T.Type], bool] = lambda _: True,
) -> list[Mutant]:  # fmt: skip
    """Each edit once: of equal trees the first keeps its name. `readable`: whether later equations can read a type."""
    seen = {root}
    numbered: Counter[str] = Counter()
    found = []
    whole = Site(root, declared, scope, lambda inner: infer(inner, scope), formats, name)
    for edit, node in _edits(whole):
        kind = None if node in seen else _type(node, scope)
        if kind is not None and _stands_for(kind, declared) and readable(kind):
            seen.add(node)
            numbered[edit] += 1
            found.append(Mutant(f"{name}:{edit}@{numbered[edit]}", name, node, root))
    return found


def _edits(whole: Site) -> Edits:
    for path, part, scope in places(whole.node, whole.scope):
        kind = _type(part, scope)
        if kind is None:
            continue
        typed = whole.typed if scope is whole.scope else partial(infer, scope=scope)
        equation = "" if path else whole.equation
        site = replace(whole, node=part, type=kind, scope=scope, typed=typed, equation=equation)
        for operator in OPERATORS:
            for edit, made in operator.edits(site):
                yield edit, with_part(whole.node, path, made)
    yield from siblings.exchanged(whole.node, whole.scope)
    yield from precision.results(whole)
    yield from conversions.returned(whole)


def _type(node: Node, scope: Scope) -> T.Type | None:
    try:
        return infer(in_language(node), scope)
    except TypeRefused:
        return None


def _stands_for(kind: T.Type, declared: T.Type) -> bool:
    """Whether what reads the equation can read this instead: the type of the whole is the same."""
    if type(kind) is not type(declared) or kind.shape != declared.shape:
        return False
    if isinstance(kind, T.Array) and isinstance(declared, T.Array):
        fits = kind.kind == declared.kind or (kind.kind, declared.kind) == ("int", "real")
        return fits and kind.choice == declared.choice
    return True


def documented() -> Iterator[tuple[str, str]]:
    """Every operator with what it does, for docs/mutants.md."""
    for operator in OPERATORS:
        yield operator.name, operator.story
