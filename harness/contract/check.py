"""From a contract's text to a checked program, or findings that point into the file.

Nothing is allowed to mean nothing: names are bound, shapes fit, every input and equation is used, every refusal is
provoked by some claim, and a claim that calls no subject is refused because it could not fail.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial

from harness.contract.access import entries, items, place_of
from harness.contract.access import source as source_of
from harness.contract.check_given import check_given, check_table
from harness.contract.kinds import allowed_kinds
from harness.contract.check_tables import check_cells, check_over, rows_of
from harness.contract.model import Contract, Falsifier, Refusal, Source
from harness.contract.program import (
    DimensionProgram,
    FalsifierProgram,
    InputProgram,
    Program,
    RefusalProgram,
)  # fmt: skip
from harness.contract.template import Hole, TemplateRefused, holes, split_message
from harness.findings import Finding, Place, Refused, nearest
from harness.language import types as T
from harness.language.claims.signatures import SIGNATURES as CLAIMS
from harness.language.formats import BlockFormat
from harness.language.infer import TYPED, Scope, SubjectType, TypeRefused, infer
from harness.language.signatures import SIGNATURES
from harness.language.sizes import Range, Size, at_least_zero
from harness.language.syntax import Call, Name, Node, Result, SyntaxRefused, Text, names, parse, spell, walk

PLAIN = {"f32": "real", "u8": "int", "i8": "int", "u16": "int", "i16": "int", "i32": "int", "i64": "int"}
PER_BLOCK = ("abs", "arange", "concat", "relu", "reshape", "round", "stack", "stored", "where")


def check_all(contracts: Iterable[Contract]) -> list[Program]:
    """Every contract of a set checked against the others; Refused with all findings."""
    contracts = list(contracts)
    by_id = {contract.metadata.id: contract for contract in contracts}
    programs, findings = [], []
    for contract in contracts:
        try:
            programs.append(check(contract, by_id))
        except Refused as refused:
            findings.extend(refused.findings)
    if findings:
        raise Refused(findings)
    return programs


def check(contract: Contract, others: Mapping[str, Contract]) -> Program:
    """One contract; `others` are those it may depend on. Raises Refused with every finding."""
    checker = _Checker(contract, others)
    program = checker.run()
    if checker.findings:
        raise Refused(sorted(checker.findings, key=lambda finding: finding.place))
    return program


class _Checker:
    def __init__(self, contract: Contract, others: Mapping[str, Contract]) -> None:
        self.contract, self.others = contract, others
        self.findings: list[Finding] = []
        self.names: dict[str, T.Type] = {}
        self.ranges: dict[str, Range] = {}
        self.depends: dict[str, frozenset[str]] = {}
        self.shaping: set[str] = set()
        self.used: set[str] = set()
        self.broken: set[str] = set()  # declared names without a type, because of an error already reported

    def run(self) -> Program:
        contract = self.contract
        self.dependencies()
        self.reserved()
        formats = {**self.imported_formats(), **self.formats(contract)}
        dimensions = {name: self.dimension(name) for name in contract.dimensions}
        inputs = {name: self.input(name, formats) for name in contract.inputs}
        equations = {name: self.equation(name, source) for name, source in contract.equations.items()}
        subjects = {name: self.subject(name) for name in contract.subjects}
        scope = Scope(self.names, self.ranges, self.depends, subjects, frozenset(self.shaping))
        refusals = [self.refusal(index, scope) for index in range(len(contract.refusals))]
        falsifiers = [self.falsifier(source, scope, inputs, dimensions) for source in contract.falsifiers]
        self.provoked(falsifiers, refusals)
        faults = {fault.id: self.fault(index, equations, scope) for index, fault in enumerate(contract.faults)}
        for table in contract.tables.values():
            check_cells(table, self.say, self.at)
        self.model()
        self.unused()
        return Program(
            contract, scope, dimensions, inputs, formats, equations,
            tuple(part for part in falsifiers if part), tuple(part for part in refusals if part), faults,
        )  # fmt: skip

    # --- saying what is wrong ----------------------------------------------------------------------------------

    def say(self, place: Place, message: str, expected: str = "", got: str = "", hint: str = "") -> None:
        self.findings.append(Finding(place, message, expected, got, hint))

    def parse(self, source: Source, what: str) -> Node:
        try:
            return parse(source.text)
        except SyntaxRefused as error:
            self.say(source.place_at(error.offset), f"{what}: {error.message}", hint=error.hint)
            return Name("?")

    def type(self, node: Node, source: Source, what: str, scope: Scope) -> T.Type | None:
        """The type, or None after saying why there is none. Unparsed text and unknown types say nothing twice."""
        if node == Name("?"):
            return None
        try:
            return infer(node, scope)
        except TypeRefused as error:
            part, mismatch = error.node, error.mismatch
            shown = f" in `{spell(part)}`" if part != node and not isinstance(part, Name) else ""
            if not self.follows(part, mismatch.message):
                self.say(source.place_at(part.start), f"{what}: {mismatch.message}{shown}", mismatch.expected,
                         mismatch.got, self.later(part, what, scope) or mismatch.hint)  # fmt: skip
            return None

    def follows(self, part: Node, message: str) -> bool:
        """Whether a part has no type only because of an error already reported."""
        if isinstance(part, Result) and isinstance(part.call, Call):
            subject = self.contract.subjects.get(part.call.name)
            return " returns no " in message and subject is not None and part.field in subject.returns
        return (part.id if isinstance(part, Name) else part.name if isinstance(part, Call) else "") in self.broken

    @property
    def declared(self) -> list[str]:
        """Every name of a value, in the order in which they may use each other."""
        return [*self.contract.dimensions, *self.contract.inputs, *self.contract.equations]

    def later(self, part: Node, what: str, scope: Scope) -> str:
        """A hint for a name whose declaration comes after its use."""
        if not isinstance(part, Name) or part.id in scope.names or part.id not in self.declared:
            return ""
        if what.endswith(f" {part.id}"):
            return "nothing is made of itself"
        return "it is declared below; what is used comes first"

    def at(self, *path: str | int) -> Place:
        """Where a part of the file stands: an entry at its name, an item of a list at its beginning."""
        node = self.contract.node
        for step in path:
            node = entries(node)[step] if isinstance(step, str) else node.value[step]  # type: ignore[index, assignment]
        return place_of(node)

    # --- the sections, in the order of the file ------------------------------------------------------------------

    def dependencies(self) -> None:
        metadata = self.contract.metadata
        for name, wanted in metadata.depends_on.items():
            from packaging.specifiers import InvalidSpecifier, SpecifierSet

            place = self.at("metadata", "depends_on", name)
            if name == metadata.id:
                self.say(place, "a contract cannot depend on itself")
            elif name not in self.others:
                self.say(place, f"depends_on names an unknown contract {name!r}",
                         hint=nearest(name, self.others) or "put it in the same folder")  # fmt: skip
            else:
                version = self.others[name].metadata.version
                try:
                    if version not in SpecifierSet(wanted):
                        self.say(place, f"depends_on {name} does not admit its version", wanted, version)
                except InvalidSpecifier:
                    self.say(place, f"depends_on {name}: not a version range", '">=1.0,<2"', repr(wanted))

    def reserved(self) -> None:
        contract = self.contract
        taken = {**dict.fromkeys(SIGNATURES, "function"), **dict.fromkeys(CLAIMS, "function")}
        for section in (contract.dimensions, contract.inputs, contract.equations, contract.subjects):
            for name, part in section.items():
                place = part.place
                if name in taken and not (section is contract.subjects and taken[name] == "name"):
                    self.say(place, f"{name!r} is a {taken[name]} of the language", hint="choose another name")
        for name, subject in contract.subjects.items():
            if name in contract.equations or name in contract.inputs or name in contract.dimensions:
                self.say(
                    subject.place,
                    f"{name!r} is also an equation, input or dimension",
                    hint="rename one of them",
                )

    def imported_formats(self) -> dict[str, BlockFormat]:
        found: dict[str, BlockFormat] = {}
        for name in self.contract.metadata.depends_on:
            if name in self.others:
                silent = _Checker(self.others[name], self.others)
                found.update(silent.formats(self.others[name]))
        return found

    def formats(self, contract: Contract) -> dict[str, BlockFormat]:
        formats = {}
        for name, part in contract.formats.items():
            fields: dict[str, T.Type] = {}
            for field, at in part.fields.items():
                width = {"f32": 4, "u16": 2, "i16": 2, "f16": 2}.get(at.dtype, 1)
                count = (at.stop - at.start) // width
                if count * width != at.stop - at.start:
                    self.say(
                        at.place,
                        f"field {field}: {at.stop - at.start} bytes are no whole number of {at.dtype}",
                    )
                shape = () if count == 1 else (Size.of(count),)
                fields[field] = T.Array("real" if at.dtype in ("f16", "f32") else "int", shape)
            equations = {}
            lost: set[str] = set()
            for equation, source in part.equations.items():
                what = f"format {name}, equation {equation}"
                node = self.parse(source, what)
                kind = self.type(node, source, what, Scope(fields, {})) if not lost & names(node) else None
                equations[equation] = node
                for call in (call for call in walk(node) if isinstance(call, Call)):
                    if call.name not in PER_BLOCK:
                        self.say(source.place_at(call.start), f"{what}: {call.name} does not work block by block",
                                 ", ".join(PER_BLOCK), spell(call))  # fmt: skip
                if kind is not None:
                    fields[equation] = kind
                else:
                    lost.add(equation)
            decoded = fields.get(part.weights)
            if isinstance(decoded, T.Array):
                entries = Size.of(1)
                for size in decoded.shape:
                    entries = entries * size
                if entries != Size.of(part.values):
                    self.say(part.equations[part.weights].place, f"format {name}: {part.weights} has the wrong number of "
                             "entries", f"{part.values} per block", str(entries))  # fmt: skip
            placed = {field: (at.dtype, at.start, at.stop) for field, at in part.fields.items()}
            formats[name] = BlockFormat(name, part.values, part.size, placed, equations, part.weights, part.scales)
        return formats

    def dimension(self, name: str) -> DimensionProgram:
        part = self.contract.dimensions[name]
        scope = Scope(self.names, self.ranges)
        if part.values:
            low, high = Size.of(min(part.values)), Size.of(max(part.values))
            nodes: list[Node | None] = [None, None]
        else:
            sizes, nodes = [], []
            for source in (part.minimum, part.maximum):
                assert source is not None
                node = self.parse(source, f"dimension {name}")
                kind = self.type(node, source, f"dimension {name}", scope)
                nodes.append(node)
                size = kind.size if isinstance(kind, T.Array) else None
                if kind is not None and size is None:
                    self.say(source.place, f"dimension {name}: an end must be an integer made of earlier dimensions",
                             got=source.text)  # fmt: skip
                sizes.append(size)
                self.used.update(names(node))
            if sizes[0] is None or sizes[1] is None:
                self.broken.add(name)
                return DimensionProgram(name, nodes[0], nodes[1], ())
            low, high = sizes[0], sizes[1]
            if not at_least_zero(high - low, self.ranges):
                self.say(
                    part.place,
                    f"dimension {name} may have no value",
                    "min <= max whatever the other dimensions are",
                    f"min {low} and max {high}",
                )
        if not at_least_zero(low, self.ranges):
            self.say(part.place, f"dimension {name} may be negative", "0 or more", str(low))
            low = Size.of(1)  # so that nothing else follows from it
        # A dimension of one value is another name for it: `hidden: {min: 256 * blocks, max: 256 * blocks}`.
        self.names[name] = T.Array("int", size=low) if low == high else T.dimension(name)
        self.ranges[name] = Range(low, high)
        return DimensionProgram(name, nodes[0], nodes[1], part.values)

    def input(self, name: str, formats: Mapping[str, BlockFormat]) -> InputProgram:
        part = self.contract.inputs[name]
        scope = Scope(self.names, self.ranges)
        sizes, nodes, complete = [], [], True
        for source in part.shape:
            node = self.parse(source, f"shape of {name}")
            kind = self.type(node, source, f"shape of {name}", scope)
            nodes.append(node)
            if kind is None:
                complete = False
            elif isinstance(kind, T.Array) and kind.size is not None and at_least_zero(kind.size, self.ranges):
                sizes.append(kind.size)
                self.used.update(names(node))
            else:
                complete = False
                self.say(
                    source.place,
                    f"shape of {name}: not a size",
                    "a number >= 0 made of dimensions",
                    source.text,
                )
            self.shaping.update(names(node))
        plain = [dtype for dtype in part.dtypes if dtype in PLAIN]
        written_types = items(entries(self.contract.node, "inputs")[name], "dtype")
        for dtype, written in zip(part.dtypes, written_types, strict=True):
            if dtype not in PLAIN and dtype not in formats:
                self.say(written.place, f"input {name}: unknown dtype {dtype!r}", hint=nearest(dtype, [*PLAIN, *formats])
                         + "; block formats come from `formats` or a contract in depends_on")  # fmt: skip
                complete = False
        if plain and len(part.dtypes) > 1:
            self.say(part.place, f"input {name}: plain types cannot be mixed", "one plain type, or a list of formats",
                     ", ".join(part.dtypes))  # fmt: skip
            complete = False
        if complete and not plain and len(sizes) < 2:
            self.say(
                part.place,
                f"input {name}: a quantised tensor has rows and columns",
                "at least two axes",
                str(len(sizes)),
            )
            complete = False
        known = allowed_kinds(part.dtypes[0], not plain)
        for index, drawn in enumerate(part.kinds):
            if complete and drawn not in known:
                self.say(self.at("inputs", name, "values", index),
                         f"input {name}: {part.dtypes[0]} has no kind {drawn!r}", hint=nearest(drawn, known))  # fmt: skip
        shape = tuple(sizes)
        if not complete:
            self.broken.add(name)
        else:
            self.names[name] = T.Array(PLAIN[plain[0]], shape) if plain else T.Blocks(part.dtypes, shape)
        return InputProgram(name, part.dtypes[0], () if plain else part.dtypes, tuple(nodes), part.kinds)

    def equation(self, name: str, source: Source) -> Node:
        what = f"equation {name}"
        node = self.parse(source, what)
        kind = self.type(node, source, what, Scope(self.names, self.ranges, self.depends))
        if isinstance(kind, T.Word):
            self.say(source.place, f"{what}: a text is no value", "an expression that computes", source.text)
        if kind is None or isinstance(kind, T.Word):
            self.broken.add(name)
        elif kind is not None:
            below = set()
            for used in names(node):
                if used in self.names:
                    below |= {used} | self.depends.get(used, frozenset())
            self.names[name] = kind
            self.depends[name] = frozenset(below)
            self.shaping |= names(node) & set(self.contract.dimensions)
        return node

    def subject(self, name: str) -> SubjectType:
        part = self.contract.subjects[name]
        arguments: dict[str, str] = {}
        for argument, source in part.arguments.items():
            carried = source.text.strip()
            known = [*self.contract.dimensions, *self.contract.inputs, *self.contract.equations]
            if carried not in known and carried not in TYPED:
                self.say(source.place, f"subject {name}: argument {argument} carries {carried!r}",
                         "a dimension, an input or an equation", hint=nearest(carried, known))  # fmt: skip
            self.use(carried)
            arguments[argument] = carried
        returns: dict[str, T.Type] = {}
        given = {name if name in self.names or name in self.broken or name in TYPED else None for name in arguments.values()}
        for carried in arguments.values():
            given |= self.depends.get(carried, frozenset())
        for field, source in part.returns.items():
            equation = source.text.strip()
            if equation in TYPED:
                returns[field] = replace(TYPED[equation], observed=True)
                continue
            if equation not in self.contract.equations:
                self.say(source.place, f"subject {name}: returns {field} as {equation!r}", "an equation",
                         hint=nearest(equation, self.contract.equations))  # fmt: skip
                continue
            self.use(equation)
            kind = self.names.get(equation)
            if isinstance(kind, T.Array) and kind.kind != "bool":
                returns[field] = replace(kind, observed=True, size=None, choice=False)
            elif kind is not None:
                self.say(source.place, f"subject {name}: returns {field} as something else than numbers",
                         "an equation that gives a real or integer array", str(kind))  # fmt: skip
            for needed in self.contract.inputs:
                if needed in self.depends.get(equation, ()) and not given & {needed, None}:
                    given.add(needed)
                    self.say(source.place, f"subject {name}: {equation} depends on {needed!r}, which is no argument",
                             hint=f"add {needed} to its arguments")  # fmt: skip
        return SubjectType(arguments, returns)

    def use(self, name: str) -> None:
        self.used |= {name} | self.depends.get(name, frozenset())

    def refusal(self, index: int, scope: Scope) -> RefusalProgram | None:
        part = self.contract.refusals[index]
        if part.subject not in scope.subjects:
            return None
        scope = replace(scope, subjects={})  # a refusal is decided by the arguments alone
        what = f"refuses of {part.subject}"
        typed = {name: TYPED[source.text.strip()] for name, source in self.contract.subjects[part.subject].arguments.items()
                 if source.text.strip() in TYPED}  # fmt: skip
        scope = replace(scope, names={**scope.names, **typed})
        when, kind = None, None
        if part.when is not None:
            when, kind = self.condition(part.when, what, scope)
            if kind is None:
                return None
        return self.message(index, part, when, what, scope)

    def condition(self, source: Source, what: str, scope: Scope) -> tuple[Node, T.Type | None]:
        """The condition of a refusal: one truth value of the arguments alone."""
        when = self.parse(source, what)
        for call in walk(when):
            if isinstance(call, Call) and call.name in self.contract.subjects:
                self.say(source.place_at(call.start), f"{what}: a refusal is decided by the arguments alone",
                         "inputs, dimensions and equations", spell(call))  # fmt: skip
                return when, None
        kind = self.type(when, source, what, scope)
        if kind is not None and not (isinstance(kind, T.Array) and kind.kind == "bool" and not kind.shape):
            self.say(source.place, f"{what}: `when` is no condition", "one truth value", str(kind))
        return when, kind

    def message(self, index: int, part: Refusal, when: Node | None, what: str, scope: Scope) -> RefusalProgram | None:
        """A refusal with the pieces of its message."""
        written = items(self.contract.node, "refuses")[index]
        text = source_of(entries(written)["message"])
        try:
            pieces = holes(text.text)
        except TemplateRefused as error:
            self.say(text.place_at(error.offset), f"{what}: message: {error}", hint="{expression} stands for a value")
            return None
        for piece in pieces:
            if isinstance(piece, Hole):
                try:
                    infer(piece.node, scope)
                except TypeRefused as error:
                    if not self.follows(error.node, str(error)):
                        self.say(text.place_at(piece.offset + error.node.start), f"{what}: message: {error}",
                                 error.mismatch.expected, error.mismatch.got, error.mismatch.hint)  # fmt: skip
        return RefusalProgram(part.subject, when, part.error, split_message(part.message))

    def falsifier(
        self,
        source: Falsifier,
        scope: Scope,
        inputs: Mapping[str, InputProgram],
        dimensions: Mapping[str, DimensionProgram],
    ) -> FalsifierProgram | None:
        before = len(self.findings)
        index = next(i for i, part in enumerate(self.contract.falsifiers) if part is source)
        at = partial(self.at, "falsification_tests", index)
        scope = check_given(source, scope, inputs, dimensions, self.say, at)
        tables = len(self.findings)
        scope = check_table(source, scope, self.say, at)
        scope = check_over(source, scope, self.contract.tables, self.say, at)
        if len(self.findings) > tables:
            return None
        where = None
        if source.where is not None:
            where = self.parse(source.where, f"{source.id}: where")
            kind = self.type(where, source.where, f"{source.id}: where", scope)
            if kind is not None and not (isinstance(kind, T.Array) and kind.kind == "bool" and not kind.shape):
                self.say(source.where.place, f"{source.id}: where is no condition", "one truth value", str(kind))
            columns = {column for name in source.over for column in self.contract.tables[name].columns}
            for part in walk(where):
                name = part.id if isinstance(part, Name) else part.name if isinstance(part, Call) else ""
                known = name in scope.names or name in scope.subjects
                function = isinstance(part, Call) and name in SIGNATURES
                table = name in source.for_each or name in columns
                if known and name not in self.contract.dimensions and not function and not table:
                    self.say(source.where.place_at(part.start),
                             f"{source.id}: where is decided before arrays are drawn", "dimensions and columns only", spell(part), "narrow inputs with `given`")  # fmt: skip
                    break
        judging = replace(scope, judging=True)
        claim = self.parse(source.claim, source.id)
        kind = self.type(claim, source.claim, source.id, judging)
        if kind is not None:
            truth = isinstance(kind, T.Array) and kind.kind == "bool" and not kind.shape
            if not truth and not isinstance(kind, T.Claim):
                self.say(source.claim.place, f"{source.id}: this is no claim", "close(...), identical(...), a comparison, ...",
                         str(kind))  # fmt: skip
            elif not any(isinstance(part, Call) and part.name in scope.subjects for part in walk(claim)):
                self.say(source.claim.place, f"{source.id}: the claim calls no subject, so it cannot fail",
                         hint=f"call one: {', '.join(f'{name}()' for name in scope.subjects)}")  # fmt: skip
        for name in names(claim) | (names(where) if where is not None else set()) | set(source.over):
            self.use(name)
        for name in source.for_each:
            if name not in names(claim):
                self.say(at("for_each", name),
                         f"{source.id}: for_each gives {name!r} values that the claim does not use", hint=f"use {name} in the claim, or remove it")  # fmt: skip
        if len(self.findings) > before:
            return None
        accurate = any(isinstance(part, Call) and part.name == "accurate" for part in walk(claim))
        for name in source.over:
            if not set(self.contract.tables[name].columns) & names(claim):
                self.say(at("over"), f"{source.id}: over enumerates {name!r}, which the claim does not use")
                return None
        return FalsifierProgram(source, claim, where, judging, accurate, rows_of(source, self.contract.tables))

    def provoked(self, falsifiers: list[FalsifierProgram | None], refusals: list[RefusalProgram | None]) -> None:
        """Each refusal is asked for by some claim, and each claim of a refusal finds one."""
        if not all(falsifiers) or not all(refusals):
            return
        asked: set[int] = set()
        missed: set[str] = set()
        for falsifier in falsifiers:
            assert falsifier is not None
            for part in walk(falsifier.claim):
                if isinstance(part, Call) and part.name == "raises" and isinstance(part.arguments[0], Call):
                    words = [word.value if isinstance(word, Text) else "" for word in part.arguments[1:]]
                    found = self.matching(part.arguments[0].name, words, self.changed(falsifier, part.arguments[0]))
                    asked |= found
                    if not found:
                        missed.add(part.arguments[0].name)
                        self.say(falsifier.source.claim.place_at(part.start),
                                 f"{falsifier.source.id}: `refuses` has nothing like {spell(part)}",
                                 hint="add the error with its condition and message under `refuses`")  # fmt: skip
        for index, refusal in enumerate(self.contract.refusals):
            if index not in asked and refusal.subject not in missed:
                self.say(refusal.place, f"no falsifier provokes this refusal of {refusal.subject}",
                         hint=f"add a claim raises({refusal.subject}(...))")  # fmt: skip

    def matching(self, subject: str, words: list[str], changed: set[str]) -> set[int]:
        """The refusals a claim may be about: those it names, or else those that read what it makes unusual."""
        found = set()
        for index, refusal in enumerate(self.contract.refusals):
            same = refusal.subject == subject and (not words or words[0] in (refusal.error, ""))
            if same and (words or self.reads(index) & changed) and (len(words) < 2 or words[1] in refusal.message):
                found.add(index)
        return found

    def changed(self, falsifier: FalsifierProgram, call: Call) -> set[str]:
        """What a claim of a refusal makes unusual: replaced arguments and their sizes, and what `given` narrows."""
        arguments = self.contract.subjects[call.name].arguments
        replaced = {arguments[name].text.strip() for name, _ in call.keywords}
        for name in replaced & set(self.contract.inputs):
            replaced |= {used for source in self.contract.inputs[name].shape for used in names(parse(source.text))}
        return replaced | set(falsifier.source.given) or set(self.declared)

    def reads(self, refusal: int) -> set[str]:
        when = self.contract.refusals[refusal].when
        read = names(parse(when.text)) if when is not None else set()
        return read.union(*(self.depends.get(name, frozenset()) for name in read))

    def fault(self, index: int, equations: Mapping[str, Node], scope: Scope) -> dict[str, Node]:
        replaced = {}
        for name, source in self.contract.faults[index].replace.items():
            if name not in equations:
                self.say(
                    self.at("faults", index, "replace", name),
                    f"a fault replaces an unknown equation {name!r}",
                    hint=nearest(name, equations),
                )
                continue
            above = self.declared[: self.declared.index(name)]
            earlier = {known: self.names[known] for known in above if known in self.names}
            node = self.parse(source, f"fault in {name}")
            kind = self.type(node, source, f"fault in {name}", replace(scope, names=earlier, subjects={}))
            declared = self.names.get(name)
            if kind is not None and declared is not None and kind.shape != declared.shape:
                self.say(source.place, f"fault in {name}: another shape", T.show(declared.shape), T.show(kind.shape),
                         "a fault that changes a shape cannot be run")  # fmt: skip
            elif kind is not None and declared is not None and not _stands_for(kind, declared):
                self.say(source.place, f"fault in {name}: another type", str(declared), str(kind),
                         "what reads the equation could not run")  # fmt: skip
            if node == equations[name]:
                self.say(source.place, f"fault in {name}: the same as the equation", "a wrong equation", spell(node))
            replaced[name] = node
        return replaced

    def model(self) -> None:
        binding = self.contract.model
        if binding is None:
            return
        for name in binding.tensors:
            if name not in self.contract.inputs:
                self.say(
                    binding.place,
                    f"model binds an unknown input {name!r}",
                    hint=nearest(name, self.contract.inputs),
                )
        for name in binding.dimensions:
            if name not in self.contract.dimensions:
                self.say(binding.place, f"model binds an unknown dimension {name!r}",
                         hint=nearest(name, self.contract.dimensions))  # fmt: skip

    def unused(self) -> None:
        """Every name has a reader; silent when other findings may have hidden the reader."""
        if self.findings:
            return
        for section, what in (
            (self.contract.dimensions, "dimension"),
            (self.contract.inputs, "input"),
            (self.contract.equations, "equation"),
            (self.contract.subjects, "subject"),
            (self.contract.tables, "table"),
        ):
            for name in section:
                if name not in self.used:
                    self.say(
                        self.at(f"{what}s", name),
                        f"{what} {name!r} is used by no subject and no claim",
                        hint="remove it or claim it",
                    )


def _stands_for(kind: T.Type, declared: T.Type) -> bool:
    """Whether a fault's value can be read where the equation's was: integers count as real, not the other way."""
    if isinstance(kind, T.Array) and isinstance(declared, T.Array):
        return kind.kind == declared.kind or (kind.kind, declared.kind) == ("int", "real")
    return type(kind) is type(declared)
