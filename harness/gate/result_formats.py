"""The number format of a result in two versions: declared, that of its equation, or that of an input in each case.

Who relied on the old version calls with the formats that it has for its inputs. So a result has the same format where
it has, whichever of those an input has, as far as the new version still takes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

from harness.gate.comparison import EvaluationResult
from harness.language.dtypes import FLOAT32, WHOLE
from harness.program.model import Program

ARE = {"real": FLOAT32.name, "int": WHOLE.name}  # what results are where nothing says otherwise


def compare_result_format(old: Program, new: Program, subject: str, field: str) -> EvaluationResult:
    """One result that both versions have."""
    programs = old, new
    likes = [program.scope.subjects[subject].like.get(field, "") for program in programs]
    inputs = list(dict.fromkeys(name for name in likes if name))
    taken = [_both_take(programs, name) for name in inputs]
    for formats in product(*taken):
        given = dict(zip(inputs, formats, strict=True))
        was, now = (_format(program, subject, field, given) for program in programs)
        if was != now:
            if _kind(old, subject, field) != _kind(new, subject, field):
                return EvaluationResult("reshaped", "it is another kind of number", told=f"{was} -> {now}")
            where = ", ".join(f"{name} in {dtype}" for name, dtype in given.items())
            return EvaluationResult("different", f"with {where}" if where else "", told=f"{was} -> {now}")
    if all(taken) or likes[0] == likes[1]:  # of an input that has other formats altogether, that is told
        return EvaluationResult("same", "")
    told = [
        f"as {like}" if like else _format(program, subject, field, {})
        for program, like in zip(programs, likes, strict=True)
    ]
    return EvaluationResult("different", "no call has the formats of both versions", told=" -> ".join(told))


def _kind(program: Program, subject: str, field: str) -> str:
    return str(getattr(program.scope.subjects[subject].returns.get(field), "kind", ""))


def _both_take(programs: tuple[Program, Program], name: str) -> list[str]:
    """The formats of an input in both versions; of one that is new or gone, all that it has."""
    first, *others = [program.inputs[name].plain for program in programs if name in program.inputs]
    return [dtype for dtype in first if all(dtype in other for other in others)]


def _format(program: Program, subject: str, field: str, given: Mapping[str, str]) -> str:
    """The format of a result with inputs in given formats; of what is no number, nothing."""
    declared = program.scope.subjects[subject]
    like = declared.like.get(field, "")
    if like in given:
        return given[like]
    dtype = str(getattr(declared.returns.get(field), "dtype", ""))
    return dtype or ARE.get(_kind(program, subject, field), "")
