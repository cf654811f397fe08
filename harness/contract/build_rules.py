"""From a tree that the schema accepted to the dataclasses of `rules`."""

from __future__ import annotations

from harness.contract.access import (
    data_of,
    entries,
    items,
    named,
    optional,
    place_of,
    source,
    sources,
    tuple_of,
    value_of,
)
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


def obligation(node: YamlNode) -> Obligation:
    """One entry of `proof_obligations`."""
    return Obligation(value_of(node, "id"), value_of(node, "type"), value_of(node, "property"), place=node.place)


def given(name: str, node: YamlNode) -> Given:
    """One entry of a falsifier's `given`, for a dimension or an input alike."""
    if isinstance(node.value, int):
        return Given(name, None, None, (node.value,), (), (), (), place=place_of(node))
    values = tuple_of(node, "values")
    return Given(
        name=name,
        minimum=optional(node, "min", source),
        maximum=optional(node, "max", source),
        integers=tuple(value for value in values if isinstance(value, int)),
        kinds=tuple(value for value in values if isinstance(value, str)),
        excluded=tuple_of(node, "not"),
        dtypes=tuple_of(node, "dtype"),
        place=place_of(node),
    )


def undecided(node: YamlNode) -> UndecidedAllowance:
    """A falsifier's allowance for undecided cases."""
    return UndecidedAllowance(float(value_of(node, "max")), value_of(node, "reason"), place=node.place)


def cover(node: YamlNode) -> Cover:
    """A situation that a falsifier must meet."""
    when, least = source(entries(node)["when"]), float(value_of(node, "least"))
    return Cover(value_of(node, "situation"), when, least, place=node.place)


def falsifier(node: YamlNode) -> Falsifier:
    """One entry of `falsification_tests`."""
    return Falsifier(
        id=value_of(node, "id"),
        discharges=tuple_of(node, "discharges"),
        rule=value_of(node, "rule"),
        claim=source(entries(node)["claim"]),
        if_fails=value_of(node, "if_fails"),
        given=named(node, "given", given),
        where=optional(node, "where", source),
        for_each={name: data_of(entries(node)["for_each"], name) for name in entries(node, "for_each")},
        over=tuple_of(node, "over"),
        origin=tuple_of(node, "origin"),
        undecided=optional(node, "undecided", undecided),
        cover=tuple(cover(item) for item in items(node, "cover")),
        place=node.place,
    )


def refusal(node: YamlNode) -> Refusal:
    """One entry of `refuses`."""
    when = optional(node, "when", source)
    return Refusal(
        value_of(node, "subject"), when, value_of(node, "error"), value_of(node, "message"), place=node.place
    )


def fault(node: YamlNode) -> DeclaredFault:
    """One entry of `faults`."""
    wrong, ignores = sources(node, "replace"), tuple_of(node, "ignores")
    return DeclaredFault(value_of(node, "id"), value_of(node, "story"), wrong, ignores, place=node.place)


def waiver(node: YamlNode) -> MutantWaiver:
    """One entry of `waived_mutants`."""
    return MutantWaiver(value_of(node, "mutant"), value_of(node, "reason"), place=node.place)


def saboteur_waiver(node: YamlNode) -> SaboteurWaiver:
    """One entry of `waived_saboteurs`."""
    return SaboteurWaiver(value_of(node, "saboteur"), value_of(node, "reason"), place=node.place)
