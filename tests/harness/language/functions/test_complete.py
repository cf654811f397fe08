"""Every function has all its parts; what is missing is named. Shown by leaving out each part of one."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from harness.language import functions
from harness.language.arithmetic import float32
from harness.language.behind import Behind
from harness.language.evaluate import Bindings, evaluate
from harness.language.exact.choice import Choice, Truth
from harness.language.exact.domain import Exact
from harness.language.exact.region import Bounded
from harness.language.function import Function
from harness.language.functions import FUNCTIONS
from harness.language.infer import TypeRefused, infer
from harness.language.mutate.faulty import STAND_IN
from harness.language.packed import Packed
from harness.language.single import Single
from harness.language.syntax import Call, parse, walk
from tests.harness.language.soundness.adversary import RULES
from tests.harness.language.soundness.block_formats import FORMATS, blocks

DOCS = Path(__file__).parents[4] / "docs"
RNG = np.random.default_rng(5)
GIVEN = {
    "n": 5, "k": 3, "x": RNG.standard_normal(5).astype(np.float32), "w": RNG.standard_normal((3, 5)).astype(np.float32),
    "s": np.float32(0.75), "i": np.array([4, 0, 2, 7, 1]), "word": "a", "words": ["b", "a"],
    "t": Packed.of(FORMATS["q4_k"], (3, 5), blocks("q4_k", RNG, (3, 1)).reshape(-1)),
}  # fmt: skip


@dataclass(frozen=True)
class Surroundings:
    """What a function has outside its own file."""

    manual: str
    mutants: str
    derivations: str
    attacked: frozenset[str]  # functions that the equations of the adversary's rules call


def called(texts) -> frozenset[str]:
    return frozenset(part.name for text in texts for part in walk(parse(text)) if isinstance(part, Call))


HERE = Surroundings(
    (DOCS / "language.md").read_text("utf-8"),
    (DOCS / "mutants.md").read_text("utf-8"),
    (DOCS / "bound.md").read_text("utf-8"),
    called(text for rule in RULES.values() for text in rule.equations.values()),
)


def gaps(function: Function, around: Surroundings, scope) -> list[str]:
    """What the function lacks, each in a line that says where it belongs."""
    found = [f"docs/language.md: no row {function.row}"] if function.row not in around.manual.splitlines() else []
    found += neighbours(function, around)
    text, kind = function.example
    if function.name not in called([text]):
        return [*found, f"example: {text} does not call {function.name}"]
    typed = attempt("type rule", lambda: str(infer(parse(text), scope)))
    found += [typed] if typed.startswith("type rule: ") else []
    if typed != kind:
        found.append(f"example: its type is {typed}, not {kind}")
    return found + values(function, text, around)


def neighbours(function: Function, around: Surroundings) -> list[str]:
    if bool(function.neighbours) == bool(function.no_neighbours):
        return ["neighbours: name some, or say in no_neighbours why there are none"]
    unknown = [name for name in function.neighbours if name not in {*FUNCTIONS, *STAND_IN} - {function.name}]
    found = [f"neighbours: {name} is no other function" for name in unknown]
    row = f"| `{function.name}` | {', '.join(f'`{name}`' for name in function.neighbours)} |"
    return found + ([f"docs/mutants.md: no row {row}"] if function.neighbours and row not in around.mutants else [])


def values(function: Function, text: str, around: Surroundings) -> list[str]:
    """The example in both domains: the reference lies in the bound, and a bound that is not zero is attacked."""
    exact = attempt("exact rule", lambda: value_in(Exact(float32()), function, text))
    single = attempt("float32 reference", lambda: value_in(Single(), function, text))
    found = [str(error) for error in (exact, single) if isinstance(error, Failure)]
    if found:
        return found
    v, bound = plain(exact)
    if not agree(v, bound, plain(single)[0]):
        return [f"float32 reference: {single} is outside the bound of {exact}"]
    if np.any(bound):
        if function.name not in around.attacked:
            found.append(f"soundness: no rule attacks {function.name}; add soundness/functions/{function.name}.py")
        if not re.search(rf"(\*\*[^*\n]*|`[^`\n]*)\b{function.name}\b", around.derivations):
            found.append(f"docs/bound.md: no derivation for {function.name}")
    return found


class Failure(str):
    """An error in place of a value."""


def attempt(part: str, ask: Callable[[], object]):
    try:
        return ask()
    except TypeRefused as refused:
        return Failure(f"{part}: {refused.mismatch.message}")
    except Exception as error:
        return Failure(f"{part}: {type(error).__name__}: {error}")


def value_in(domain, function: Function, text: str):
    """The example's value; the function as it is in the record, all others as they are."""

    class With(type(domain)):
        def call(self, name, arguments, keywords):
            if name != function.name:
                return super().call(name, arguments, keywords)
            rule = function.exact if isinstance(self, Exact) else function.single
            return rule(self, *arguments, **keywords)

    one = With(domain.ar) if isinstance(domain, Exact) else With()
    return evaluate(parse(text), Bindings(one, {}, {}, GIVEN))


def plain(value) -> tuple[object, object]:
    """A value as what it is compared by, with its bound."""
    match value:
        case Bounded():
            return value.v, value.bound()
        case Truth():
            return value.decided(), 0.0
        case Choice():
            return value.decided(), 0.0
        case Packed():
            return (value.dtype, value.raw.tolist()), 0.0
        case Behind():
            return value.laid_out(np.asarray(plain(value.value)[0])), 0.0
    return value, 0.0


def agree(exact, bound, single) -> bool:
    if isinstance(exact, str | list | tuple):
        return exact == single
    return np.shape(exact) == np.shape(single) and bool(
        np.all(np.abs(np.subtract(exact, single, dtype=np.float64)) <= bound)
    )


@pytest.mark.parametrize("name", FUNCTIONS)
def test_nothing_is_missing(name, vectors):
    assert gaps(FUNCTIONS[name], HERE, vectors) == []


def test_every_file_defines_a_function():
    files = {path.stem for path in Path(functions.__file__).parent.glob("*.py")} - {"__init__"}
    assert {function.exact.__module__.rpartition(".")[2] for function in FUNCTIONS.values()} == files


def test_names_that_a_call_may_give_are_parameters():
    for function in FUNCTIONS.values():
        assert set(function.keywords) <= {parameter.name for parameter in function.parameters}, function.name


# --- with any part left out the message names it ----------------------------------------------------------------

TANH = FUNCTIONS["tanh"]


def nothing(*_arguments):
    raise AttributeError("no such rule")


@pytest.mark.parametrize(
    "changed, said",
    [
        ({"form": "tanh()"}, "docs/language.md: no row | `tanh()` |"),
        ({"meaning": ""}, "docs/language.md: no row | `tanh(x)` |  |"),
        ({"bound": ""}, "docs/language.md: no row | `tanh(x)` | the hyperbolic tangent |"),
        ({"neighbours": ()}, "neighbours: name some, or say in no_neighbours why there are none"),
        ({"no_neighbours": "and a reason"}, "neighbours: name some, or say in no_neighbours"),
        ({"neighbours": ("tanh",)}, "neighbours: tanh is no other function"),
        ({"neighbours": ("arctan",)}, "neighbours: arctan is no other function"),
        ({"example": ("exp(x)", "real[n]")}, "example: exp(x) does not call tanh"),
        ({"example": ("tanh(x)", "real[k]")}, "example: its type is real[n], not real[k]"),
        ({"exact": nothing}, "exact rule: AttributeError: no such rule"),
        ({"single": nothing}, "float32 reference: AttributeError: no such rule"),
        ({"single": lambda domain, x: np.exp(domain.real(x))}, "float32 reference: ["),
    ],
)
def test_a_part_of_the_record(vectors, changed, said):
    assert any(gap.startswith(said) for gap in gaps(replace(TANH, **changed), HERE, vectors))


def test_the_type_rule(vectors, monkeypatch):
    without = replace(TANH, type_rule=nothing)
    monkeypatch.setitem(FUNCTIONS, "tanh", without)
    assert "type rule: AttributeError: no such rule" in gaps(without, HERE, vectors)


@pytest.mark.parametrize(
    "around, said",
    [
        (replace(HERE, manual=HERE.manual.replace(TANH.row, "")), "docs/language.md: no row | `tanh(x)`"),
        (replace(HERE, mutants=HERE.mutants.replace("`tanh`", "")), "docs/mutants.md: no row | `tanh` | `sigmoid` |"),
        (replace(HERE, derivations=HERE.derivations.replace("tanh", "")), "docs/bound.md: no derivation for tanh"),
        (replace(HERE, attacked=HERE.attacked - {"tanh"}), "soundness: no rule attacks tanh"),
    ],
)
def test_a_part_outside_its_file(vectors, around, said):
    assert [gap[: len(said)] for gap in gaps(TANH, around, vectors)] == [said]
