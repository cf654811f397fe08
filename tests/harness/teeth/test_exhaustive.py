import pytest

from harness.language.formats import BlockFormat
from harness.language.mutate import Mutant
from harness.language.syntax import parse
from harness.program.mutants import mutants
from harness.teeth.exhaustive import equal_everywhere

FORMAT = BlockFormat(
    "f", 4, 6, {"q": ("u8", 0, 4), "s": ("i8", 4, 5), "d": ("u8", 5, 6)},
    {"low": parse("q & 15"), "high": parse("q >> 4"), "w": parse("(low | (high << 4)) * d")}, "w", ("d",),
)  # fmt: skip


def tried(equation, text):
    return equal_everywhere(FORMAT, Mutant("m", equation, parse(text), FORMAT.equations[equation], "f"))


def test_equal_for_every_value():
    assert tried("low", "q % 16") == 256
    assert tried("high", "q // 16") == 256
    assert tried("low", "(q << 4 & 255) >> 4") == 256


def test_names_have_the_values_that_their_equations_give():
    assert tried("w", "(low + (high << 4)) * d") == 16 * 16 * 256  # low is below 16, or this were no equality
    assert tried("w", "(low + high * 16) * d") == 16 * 16 * 256


def test_numbers_of_four_bits_have_sixteen_values():
    halves = BlockFormat("h", 8, 5, {"q": ("i4", 0, 4), "d": ("u8", 4, 5)}, {"w": parse("(q + 8) * d")}, "w", ("d",))
    for text, count in (("(8 + q) * d", 16 * 256), ("((q + 8) & 15) * d", 16 * 256), ("(q + 9) * d", None)):
        assert equal_everywhere(halves, Mutant("m", "w", parse(text), halves.equations["w"], "h")) == count


@pytest.mark.parametrize("text", ["q & 14", "q & 31", "(q & 15) + (q // 255)", "concat(q[1:4], q[0:1]) & 15"])
def test_one_value_or_one_place_is_enough(text):
    assert tried("low", text) is None


def test_reals_and_too_many_values_are_not_compared():
    assert tried("w", "(low | (high << 4)) * d * 1.0") is None
    assert equal_everywhere(FORMAT, Mutant("m", "w", parse("q * d * s"), parse("s * q * d"), "f")) is None


def test_the_known_equals_of_the_contract(contracts):
    program = contracts["ggml-blocks"]
    found = mutants(program)
    for name in ("q4_k.sc:xor-for-or@1", "q4_k.mn:plus-for-or@1", "q6_k.q:plus-for-or@1"):
        assert equal_everywhere(program.formats[found[name].format], found[name])
    assert equal_everywhere(program.formats["q4_k"], found["q4_k.sc:and-for-or@1"]) is None
