"""The mutants of a contract: those of every equation that a subject's results depend on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import reduce

from harness.language.arithmetic import Arithmetic
from harness.language.dtypes import DTYPES, FLOAT32, FLOAT64
from harness.language.formats import BlockFormat
from harness.language.mutate import Mutant, mutants_of_equations, mutants_of_format
from harness.language.mutate.digits import Digits, digits_of, stored_formats
from harness.language.mutate.number_formats import ACCUMULATORS, HALF, NumberFormats, is_narrow, places_that_read
from harness.language.syntax import names, walk
from harness.language.types import Array
from harness.program.arithmetic import arithmetic_of
from harness.program.model import Program


def returned(program: Program) -> set[str]:
    """The equations that say what some subject returns, with everything below them that the subject has to compute.

    What a subject is given as an argument is not its own to compute, nor is what lies below that. Equations that read
    an input which the subject is not given (it gets a file that holds it) are not the subject's either.
    """
    found: set[str] = set()
    for name, subject in program.contract.subjects.items():
        given = set(program.scope.subjects[name].arguments.values())
        for source in subject.returns.values():
            equation = source.text.strip()
            if computable(program, equation, given):
                found |= computed(program, equation, given) & set(program.equations)
    return found


def computable(program: Program, equation: str, given: set[str]) -> bool:
    """Whether this is an equation, and everything that it reads can be had from what is given."""
    return equation in program.equations and computed(program, equation, given) & set(program.inputs) <= given


def computed(program: Program, equation: str, given: set[str]) -> set[str]:
    """The name of an equation and every name below it, down to those that are given, which are left out."""
    found: set[str] = set()
    open_ = {equation} - given
    while open_:
        found |= open_
        read = set().union(*(names(program.equations[name]) for name in open_ if name in program.equations))
        open_ = read - found - given
    return found


def mutants(program: Program) -> dict[str, Mutant]:
    """By id, in the order of the contract; those of its own block formats last."""
    formats = number_formats(program)
    found = mutants_of_equations(program.equations, program.scope, returned(program), formats)
    for name in program.contract.formats:
        found += mutants_of_format(program.formats[name], of_blocks(program.formats[name], formats))
    return {mutant.id: mutant for mutant in found}


def number_formats(program: Program) -> NumberFormats:
    """What the contract says of number formats: at its inputs, its results, and where equations store something."""
    inputs = {name: part.plain for name, part in program.inputs.items() if part.plain and DTYPES[part.plain[0]].is_real}
    wanted = returned(program)
    stored = {name for root in program.equations.values() for part in walk(root) for name in stored_formats(part)}
    results = returned_formats(program, inputs)
    used = {*stored, *(name for part in (*inputs.values(), *results.values()) for name in part)}
    arithmetic = arithmetic_of(program)
    wide = arithmetic.float64
    narrow = any(is_narrow(name) or not DTYPES[name].is_real for name in used)
    own_fields = {dtype for name in program.contract.formats for dtype, _, _ in program.formats[name].fields.values()}
    digits = {name: reduce(Digits.or_, (Digits.of(DTYPES[dtype]) for dtype in part)) for name, part in inputs.items()}
    digits |= {name: found for name, part in program.formats.items() if (found := digits_in(part).get(part.weights))}
    for name, root in program.equations.items():
        found = digits_of(root, digits)
        digits |= {name: found} if found is not None else {}
    return NumberFormats(
        inputs=inputs,
        returned=results,
        read={
            name: tuple(place for other in program.equations if other in wanted
                        for place in places_that_read(program.equations[other], name))
            for name in program.equations
        },
        stored={name: formats for name, root in program.equations.items() if (formats := stored_formats(root))},
        digits=digits,
        mixed=wide or narrow or any(map(is_of_blocks_alone, own_fields)),
        computed=FLOAT64.name if wide else FLOAT32.name,
        flushes=arithmetic.flushes,
        saturates=arithmetic.saturates,
        half=half_of(used, wide),
        accumulators=tuple(name for name in ACCUMULATORS if is_coarser(name, arithmetic)),
    )  # fmt: skip


def half_of(used: Collection[str], wide: bool) -> str:
    """The format that an intermediate value is most likely held in by mistake, of what a contract speaks of."""
    named = next((name for name in HALF if name in used), "")
    return named or (FLOAT32.name if wide else HALF[0])


def is_coarser(name: str, arithmetic: Arithmetic) -> bool:
    """Whether sums in a format are none that the arithmetic admits: of fewer digits, or never promoted."""
    sums, numbers = arithmetic.sums, DTYPES[name].numbers
    if sums is None:
        return numbers.digits < arithmetic.digits
    digits = sums.adder.digits if sums.adder else sums.accumulator.digits
    return numbers.digits < digits or (bool(sums.blocks) and numbers == sums.accumulator)


def returned_formats(program: Program, inputs: Mapping[str, tuple[str, ...]]) -> dict[str, frozenset[str]]:
    """Of each equation, the formats of real numbers in which functions return it."""
    found: dict[str, frozenset[str]] = {}
    for function, subject in program.scope.subjects.items():
        for result, source in program.contract.subjects[function].returns.items():
            equation, declared = source.text.strip(), subject.returns.get(result)
            kind = program.scope.names.get(equation)
            if isinstance(kind, Array) and kind.kind == "real" and isinstance(declared, Array):
                like = inputs.get(subject.like.get(result, ""), (declared.dtype or FLOAT32.name,))
                found[equation] = found.get(equation, frozenset()) | set(like)
    return found


def of_blocks(format_: BlockFormat, formats: NumberFormats) -> NumberFormats:
    """The same for the equations of a block format, which read nothing but its fields."""
    fields = {name: dtype for name, (dtype, _, _) in format_.fields.items()}
    return NumberFormats(fields=fields, scales=format_.scales if formats.mixed else (), digits=digits_in(format_))


def digits_in(format_: BlockFormat) -> dict[str, Digits]:
    """The binary digits of a block format's fields and equations, where they are known."""
    found = {name: Digits.of(DTYPES[dtype]) for name, (dtype, _, _) in format_.fields.items()}
    for name, root in format_.equations.items():
        digits = digits_of(root, found)
        if digits is not None:
            found[name] = digits
    return found


def is_of_blocks_alone(name: str) -> bool:
    """Whether a format is one that blocks and narrow kernels have, and no contract in float32: of 8 bits, or of 4."""
    return DTYPES[name].bits == 4 or (DTYPES[name].is_real and DTYPES[name].bits == 8)
