"""No kind of values is excluded from every rule about a value.

A rule that cannot judge a kind leaves it out with `given`. Where every rule about a result does, a kernel that is
wrong on this kind alone is never looked at, although the contract says that it may be drawn. This is asked of contracts
that are to be run. A version that was released before a kind was known is what it is: the gate reads it unasked.
"""

from __future__ import annotations

from collections.abc import Iterator

from harness.findings import Finding
from harness.language.called import subject_call
from harness.language.syntax import Call, Compare, Logic, Name, Node, ResultField, names, walk
from harness.language.value_kinds import VALUE_KINDS
from harness.program.model import FalsifierProgram, InputProgram, Program

COMPARED = ("close", "accurate", "identical", "admissible")

Result = tuple[str, str]  # a subject and the name of what it returns
Kinds = dict[tuple[Result, str], set[str]]  # by result and input, the kinds on which the result is judged


def unjudged_kinds(program: Program) -> Iterator[Finding]:
    """The kinds of an input that no rule about a result is tried on. A result without any such rule is no matter."""
    kinds = _judged(program)
    ruled = {result for result, _ in kinds}
    for name, part in program.inputs.items():
        drawn = part.drawn_kinds()
        missing: dict[tuple[str, ...], list[str]] = {}
        for subject, field in _made_of(program, name):
            left = tuple(kind for kind in drawn if kind not in kinds.get(((subject, field), name), set()))
            if left and (subject, field) in ruled:
                missing.setdefault(left, []).append(f"{subject}().{field}")
        for left, results in missing.items():
            yield Finding(
                program.contract.inputs[name].place,
                f"input {name}: no rule about the value of {', '.join(results)} is tried on {', '.join(left)}",
                hint="admit these in a falsifier that compares the result with its equation (with `undecided` where "
                "the bound is wide), or leave them out of the input's `values`",
            )


def _made_of(program: Program, name: str) -> Iterator[Result]:
    """The results whose equation depends on an input."""
    for subject, declared in program.contract.subjects.items():
        for field, source in declared.returns.items():
            equation = source.text.strip()
            if equation in program.equations and name in program.depends[equation]:
                yield subject, field


def _judged(program: Program) -> Kinds:
    """The kinds on which each result is judged: by its equation, or by another result that is judged on them."""
    kinds: Kinds = {}
    twins: list[tuple[Result, Result, dict[str, set[str]]]] = []
    for falsifier in program.falsifiers:
        admitted = _admitted(program, falsifier)
        for part in _parts(falsifier.claim):
            judged, others = _compared(program, part)
            for call in judged:
                for name in _taken(program, call, admitted):
                    kinds.setdefault((_result(call), name), set()).update(admitted[name])
            twins += [(_result(one), _result(two), admitted) for one in others for two in others if one != two]
    for _ in twins:  # each pass carries what is judged over one more twin
        if not sum(_carry(kinds, *twin) for twin in twins):
            break
    return kinds


def _carry(kinds: Kinds, one: Result, two: Result, admitted: dict[str, set[str]]) -> bool:
    """What is judged of one result is judged of its twin, on the kinds of the rule that compares them."""
    grown = False
    for name, shared in admitted.items():
        known = kinds.get((one, name), set()) & shared
        if known - kinds.get((two, name), set()):
            kinds.setdefault((two, name), set()).update(known)
            grown = True
    return grown


def _admitted(program: Program, falsifier: FalsifierProgram) -> dict[str, set[str]]:
    """The kinds of each input in a falsifier's cases; none where another input is narrowed to zeros alone.

    Beside a factor of zeros every kind gives the same result.
    """
    drawn = {name: set(_drawn(falsifier, part)) for name, part in program.inputs.items()}
    zeroed = {name for name in falsifier.source.given if name in drawn and all(map(_single, drawn[name]))}
    return {name: kinds for name, kinds in drawn.items() if not zeroed - {name}}


def _drawn(falsifier: FalsifierProgram, part: InputProgram) -> tuple[str, ...]:
    given = falsifier.source.given.get(part.name)
    return part.drawn_kinds(given.kinds if given else (), given.excluded if given else ())


def _single(kind: str) -> bool:
    return VALUE_KINDS[kind].single


def _parts(claim: Node) -> Iterator[Node]:
    """The parts of a claim that are joined by `and`, and what `raises_or` claims of a result."""
    match claim:
        case Logic(op="and", parts=parts):
            for part in parts:
                yield from _parts(part)
        case Call(name="raises_or", arguments=(_, inner)):
            yield from _parts(inner)
        case _:
            yield claim


def _compared(program: Program, part: Node) -> tuple[list[ResultField], list[ResultField]]:
    """The results that a part compares with a value, and those that it compares with each other."""
    match part:
        case Call(name="stagewise" | "stagewise_rounded", arguments=(trace,)):
            call = subject_call(trace)
            return [ResultField(call, field) for field in program.contract.subjects[call.name].returns], []
        case Call(name=name, arguments=(left, right, *_)) if name in COMPARED:
            return _sides(program, left, right)
        case Compare(op="==", left=left, right=right):
            return _sides(program, left, right)
    return [], []


def _sides(program: Program, left: Node, right: Node) -> tuple[list[ResultField], list[ResultField]]:
    values = [_is_value(program, side) for side in (left, right)]
    results = [[node for node in walk(side) if isinstance(node, ResultField)] for side in (left, right)]
    if any(values):
        return [node for value, nodes in zip(values, results, strict=True) if not value for node in nodes], []
    return [], [nodes[0] for nodes in results]


def _is_value(program: Program, side: Node) -> bool:
    """Whether a side of a comparison is made of equations, or of nothing that a subject returned."""
    calls_equation = any(isinstance(node, Call | Name) and _named(node) in program.equations for node in _outside(side))
    return calls_equation or not any(isinstance(node, ResultField) for node in walk(side))


def _outside(side: Node) -> Iterator[Node]:
    """What is not inside a call of a subject: an argument of such a call is no value to compare with."""
    inside = {id(node) for part in walk(side) if isinstance(part, ResultField) for node in walk(part)}
    return (node for node in walk(side) if id(node) not in inside)


def _named(node: Call | Name) -> str:
    return node.name if isinstance(node, Call) else node.id


def _result(node: ResultField) -> Result:
    return _call(node).name, node.field


def _call(node: ResultField) -> Call:
    return subject_call(node.call)


def _taken(program: Program, node: ResultField, admitted: dict[str, set[str]]) -> Iterator[str]:
    """The inputs whose kinds reach a result: not those for which a call is given something else."""
    call = _call(node)
    replaced = dict(call.keywords)
    for argument, carried in program.scope.subjects[call.name].arguments.items():
        below = {carried} | program.depends.get(carried, frozenset())
        reach = names(replaced[argument]) if argument in replaced else below
        yield from (name for name in admitted if name in below and _reaches(program, name, reach))


def _reaches(program: Program, name: str, read: set[str] | frozenset[str]) -> bool:
    return any(name == part or name in program.depends.get(part, ()) for part in read)
