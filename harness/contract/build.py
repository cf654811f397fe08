"""From a tree that the schema accepted to the dataclasses of `model`."""

from __future__ import annotations

from harness.contract import build_rules
from harness.contract.access import (
    dtype_of,
    entries,
    equation_of,
    is_optional,
    items,
    named,
    optional,
    place_of,
    source,
    sources,
    text_of,
    texts_of,
    tuple_of,
    value_of,
)
from harness.contract.model import (
    Contract,
    DeclaredAdder,
    DeclaredArithmetic,
    DeclaredSubject,
    Dimension,
    Field,
    Format,
    Input,
    Metadata,
    ModelBinding,
    Table,
)
from harness.contract.node import YamlNode


def build(root: YamlNode) -> Contract:
    """The contract; `schema.check(root)` must have found nothing."""
    return Contract(
        path=root.place.path,
        metadata=_metadata(entries(root)["metadata"]),
        arithmetic=optional(root, "arithmetic", _arithmetic),
        dimensions=named(root, "dimensions", _dimension),
        sizes=tuple(item.plain() for item in items(root, "sizes")),
        inputs=named(root, "inputs", _input),
        formats=named(root, "formats", _format),
        tables=named(root, "tables", _table),
        equations=sources(root, "equations"),
        subjects=named(root, "subjects", _subject),
        obligations=tuple(build_rules.obligation(item) for item in items(root, "proof_obligations")),
        falsifiers=tuple(build_rules.falsifier(item) for item in items(root, "falsification_tests")),
        refusals=tuple(build_rules.refusal(item) for item in items(root, "refuses")),
        faults=tuple(build_rules.fault(item) for item in items(root, "faults")),
        waived_mutants=tuple(build_rules.waiver(item) for item in items(root, "waived_mutants")),
        waived_saboteurs=tuple(build_rules.saboteur_waiver(item) for item in items(root, "waived_saboteurs")),
        model=optional(root, "model", _model),
        place=root.place,
        node=root,
    )


def _metadata(node: YamlNode) -> Metadata:
    return Metadata(
        id=value_of(node, "id"),
        version=value_of(node, "version"),
        lifecycle=value_of(node, "lifecycle"),
        title=value_of(node, "title"),
        description=text_of(node, "description"),
        references=tuple_of(node, "references"),
        depends_on=texts_of(node, "depends_on"),
        place=node.place,
    )


def _arithmetic(node: YamlNode) -> DeclaredArithmetic:
    said = node.plain()
    plain = {
        key: said.get(key)
        for key in (
            "exp_ulps", "flush_to_zero", "division", "compute", "accumulator", "products", "operands", "blocks",
            "promoted", "overflow", "reduction", "sigmoid", "softmax", "exp", "merge",
            "probabilities",
        )
    }  # fmt: skip
    return DeclaredArithmetic(**plain, adder=optional(node, "adder", _adder), place=node.place)


def _adder(node: YamlNode) -> DeclaredAdder:
    said = node.plain()
    return DeclaredAdder(said["terms"], said["bits"], said["rounding"], said.get("digits"), place=node.place)


def _dimension(name: str, node: YamlNode) -> Dimension:
    least, most = optional(node, "min", source), optional(node, "max", source)
    return Dimension(name, least, most, tuple_of(node, "values"), place=place_of(node))


def _input(name: str, node: YamlNode) -> Input:
    shape = tuple(source(item) for item in items(node, "shape"))
    return Input(
        name,
        tuple_of(node, "dtype"),
        shape,
        tuple_of(node, "values"),
        text_of(node, "note"),
        range=tuple(source(item) for item in items(node, "range")),
        valid=optional(node, "valid", source),
        place=place_of(node),
    )


def _field(name: str, node: YamlNode) -> Field:
    start, stop = tuple_of(node, "at")
    return Field(name, value_of(node, "dtype"), start, stop, place=place_of(node))


def _format(name: str, node: YamlNode) -> Format:
    return Format(
        name=name,
        values=value_of(node, "values"),
        size=value_of(node, "bytes"),
        fields=named(node, "fields", _field),
        equations=sources(node, "equations"),
        weights=value_of(node, "weights"),
        scales=tuple_of(node, "scales"),
        note=text_of(node, "note"),
        place=place_of(node),
    )


def _table(name: str, node: YamlNode) -> Table:
    rows = tuple(tuple(row.plain()) for row in items(node, "rows"))
    return Table(name, texts_of(node, "columns"), rows, text_of(node, "note"), place=place_of(node))


def _subject(name: str, node: YamlNode) -> DeclaredSubject:
    updates = dict(sorted(entries(node, "updates").items()))  # callers see no order of them
    results = {**entries(node, "returns"), **updates}
    return DeclaredSubject(
        name=name,
        arguments=sources(node, "arguments"),
        returns={field: source(equation_of(result)) for field, result in results.items()},
        updates=tuple(updates),
        dtypes={field: source(dtype) for field, result in results.items() if (dtype := dtype_of(result)) is not None},
        optional=tuple(field for field, result in results.items() if is_optional(result)),
        note=text_of(node, "note"),
        memory=tuple_of(node, "memory"),
        place=place_of(node),
    )


def _model(node: YamlNode) -> ModelBinding:
    return ModelBinding(
        architecture=tuple_of(node, "architecture"),
        layers=value_of(node, "layers"),
        dimensions=texts_of(node, "dimensions"),
        tensors=texts_of(node, "tensors"),
        place=node.place,
    )
