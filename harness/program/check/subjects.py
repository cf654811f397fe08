"""Subjects: what each argument carries, and the equation or type of everything returned."""

from __future__ import annotations

from dataclasses import replace

from harness.contract.model import Source
from harness.findings import nearest
from harness.language import types as T
from harness.language.dtypes import DTYPES, FLOAT32, FLOAT64, RESULT, of_place
from harness.language.infer import TYPED, SubjectType
from harness.program.check.checker import Checker
from harness.program.check.memory import check_memory, check_updates, in_place


def check_subject(checker: Checker, name: str) -> SubjectType:
    """The subject as claims may call it."""
    part = checker.contract.subjects[name]
    arguments = {argument: _argument(checker, name, argument, source) for argument, source in part.arguments.items()}
    check_memory(checker, name, arguments)
    returns: dict[str, T.Type] = {}
    like: dict[str, str] = {}
    missing: set[str] = set()
    check_updates(checker, name)
    for field, source in part.returns.items():
        equation = source.text.strip()
        if equation in TYPED and field not in part.updates:
            returns[field] = replace(TYPED[equation], observed=True)
        elif equation not in checker.contract.equations:
            hint = nearest(equation, checker.contract.equations)
            what = f"subject {name}: {_verb(checker, name, field)} {field} as {equation!r}"
            checker.say(source.place, what, "an equation", hint=hint)
        else:
            checker.use(equation)
            kind = _returned(checker, name, field, source)
            if kind is not None and field in part.updates and field in arguments:
                returns[field] = in_place(checker, name, field, kind, like)
            elif kind is not None:
                returns[field] = _in_format(checker, name, field, kind, like)
            _inputs_given(checker, name, source, arguments, missing)
    for field in part.dtypes:
        if part.returns[field].text.strip() in TYPED:
            place = part.dtypes[field].place
            checker.say(place, f"subject {name}: {field} is no equation and has no dtype", hint="leave dtype out")
    _check_optional(checker, name)
    return SubjectType(arguments, returns, like, part.updates, part.optional)


def _check_optional(checker: Checker, name: str) -> None:
    """What may be left out has an equation, which stands for it then; and something is returned in any case."""
    part = checker.contract.subjects[name]
    for field in part.optional:
        if part.returns[field].text.strip() in TYPED:
            what = f"subject {name}: {field} is optional, and no equation stands for it"
            checker.say(checker.at("subjects", name, "returns", field), what, "an equation", part.returns[field].text)
    if part.optional and set(part.optional) >= set(part.returns):
        place = checker.at("subjects", name, "returns")
        checker.say(place, f"subject {name}: every result is optional", "a result that is always returned")


def _argument(checker: Checker, name: str, argument: str, source: Source) -> str:
    carried = source.text.strip()
    if carried not in checker.declared and carried not in TYPED:
        message = f"subject {name}: argument {argument} carries {carried!r}"
        hint = nearest(carried, checker.declared)
        checker.say(source.place, message, "a dimension, an input or an equation", hint=hint)
    checker.use(carried)
    return carried


def _verb(checker: Checker, name: str, field: str) -> str:
    """What a subject does with a result."""
    return "updates" if field in checker.contract.subjects[name].updates else "returns"


def _returned(checker: Checker, name: str, field: str, source: Source) -> T.Type | None:
    """What an equation gives, as something that a subject returned."""
    kind = checker.names.get(source.text.strip())
    if isinstance(kind, T.Array) and kind.dtype and RESULT not in DTYPES[kind.dtype].places:
        message = f"subject {name}: {_verb(checker, name, field)} {field} as {kind.dtype}"
        checker.say(source.place, message, f"one of {', '.join(of_place(RESULT))}", kind.dtype)
        return None
    if isinstance(kind, T.Array) and kind.kind != "bool":
        whole = bool(kind.dtype) and not DTYPES[kind.dtype].is_real  # `stored(x, i8)` gives integers
        return replace(kind, kind="int" if whole else kind.kind, observed=True, size=None, choice=False)
    if kind is not None:
        message = f"subject {name}: {_verb(checker, name, field)} {field} as something other than numbers"
        checker.say(source.place, message, "an equation that gives a real or integer array", str(kind))
    return None


def _in_format(checker: Checker, name: str, field: str, kind: T.Type, like: dict[str, str]) -> T.Type:
    """A result in the number format that is declared for it; `like` gets the input whose format it has in each case."""
    declared = checker.contract.subjects[name].dtypes.get(field)
    if not isinstance(kind, T.Array):
        return kind
    if declared is None:
        arithmetic = checker.contract.arithmetic
        wide = arithmetic is not None and arithmetic.compute == FLOAT64.name
        return replace(kind, dtype=FLOAT64.name) if wide and kind.kind == "real" and not kind.dtype else kind
    known = [dtype for dtype, part in of_place(RESULT).items() if part.kind == kind.kind]
    dtype = declared.text.strip()
    if kind.kind == "int" and dtype in of_place(RESULT) and DTYPES[dtype].is_real:
        kind, known = replace(kind, kind="real", low=None, high=None), [dtype]
    if dtype in known:
        return replace(kind, dtype="" if dtype == FLOAT32.name else dtype)
    source = dtype.removeprefix("as ").strip()
    dtypes = checker.contract.inputs[source].dtypes if source in checker.contract.inputs else ()
    if dtype != source and dtypes and set(dtypes) <= set(known):
        like[field] = source
        checker.use(source)
        return replace(kind, dtype=dtypes[0] if len(dtypes) == 1 and dtypes[0] != FLOAT32.name else "")
    words = {"real": "real numbers", "int": "integers"}[kind.kind]
    expected = f"one of {', '.join(known)}; or `as` an input of {words}"
    alike = [given for given, part in checker.contract.inputs.items() if set(part.dtypes) <= set(known)]
    got, near = (", ".join(dtypes), nearest(source, alike)) if dtype != source else ("", nearest(source, known))
    checker.say(declared.place, f"subject {name}: {field} as {dtype!r}", expected, got, near)
    return kind


def _inputs_given(checker: Checker, name: str, source: Source, arguments: dict[str, str], missing: set[str]) -> None:
    """What an equation depends on reaches the subject; each `missing` input is said once."""
    carried = set(arguments.values())
    if not carried <= {*checker.names, *TYPED, *(checker.broken & set(checker.contract.inputs))}:
        return  # an argument carries nothing that is known: any input may be below it
    given = missing.union(carried, *(checker.depends.get(value, frozenset()) for value in carried))
    equation = source.text.strip()
    for needed in checker.contract.inputs:
        if needed in checker.depends.get(equation, ()) and needed not in given:
            missing.add(needed)
            message = f"subject {name}: {equation} depends on {needed!r}, which is not an argument"
            checker.say(source.place, message, hint=f"add {needed} to its arguments")
