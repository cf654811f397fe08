"""When calls are refused, before and after."""

import pytest

from harness.gate.meaning.refusals.refusal import compare_refusal

SAME, LESS, MORE, BOTH, OPEN = "respelled", "narrowed", "widened", "incomparable", "undecidable"
CLAIMS = {"F-1": {"claim": 'raises(run(), "Refused")', "given": {"x": {"values": ["nonfinite"]}}},
          "F-2": 'raises(run(k=0), "Refused")', "F-3": "close(run().e, e)"}  # fmt: skip

# fmt: off
PAIRS = {
    "parts in another order": ("k < 1 or k > rows", "k > rows or k < 1", SAME),
    "ends as neighbours": ("k < 1 or k > rows", "k <= 0 or k >= rows + 1", SAME),
    "negated": ("k < 1 or k > rows", "not (1 <= k <= rows)", SAME),
    "one end more": ("k < 1", "k < 1 or k > rows", LESS),
    "one end less": ("k < 1 or k > rows", "k < 1", MORE),
    "the end itself": ("k < 1 or k > rows", "k < 1 or k >= rows", LESS),
    "another end": ("k < 1", "k > rows", BOTH),
    "lengths by bytes": ("len(x) != size", "nbytes(x) != 4 * size", BOTH),  # of integers, it has other bytes
    "a length at least": ("len(x) != len(z)", "len(x) < len(z)", MORE),
    "every number finite": ("not all(is_finite(x))", "any(x != x) or not all(is_finite(x))", SAME),
    "the sum finite": ("not all(is_finite(x))", "not is_finite(sum(x))", SAME),
    "another input finite": ("not all(is_finite(x))", "not all(is_finite(x)) or not all(is_finite(z))", LESS),
    "never": ("k < 1", "k < 1 and k > rows", MORE),
    "never within the dimensions": ("k < 0 and k > rows", "k > rows and k < -1", MORE),  # rows = -4, k = -1
    "never, either way": ("k < 0 and k > 0", "k > 0 and k < -1", OPEN),
    "bytes for a shape": ("len(w) != rows or len(w, 1) != size", "nbytes(w) != 4 * rows * size", BOTH),
    "a size for a shape": ("len(w) != rows or len(w, 1) != size", "len(w) * len(w, 1) != rows * size", MORE),
    "a sum for two lengths": ("len(x) != size or len(z) != size", "len(x) + len(z) != 2 * size", MORE),
    "a product for two lengths": ("len(x) != size or len(z) != size", "len(x) * len(z) != size * size", MORE),
    "lengths that agree with each other": ("len(x) != size or len(z) != size", "len(x) != len(z)", MORE),
    "a sum of axes": ("len(w) != rows or len(w, 1) != size", "len(w) + len(w, 1) != rows + size", MORE),
    "axes exchanged": ("len(w) != rows or len(w, 1) != size", "len(w) != size or len(w, 1) != rows", BOTH),
    "empty is let through": ("len(x) != size", "len(x) != size and len(x) > 0", MORE),
    "one longer is let through": ("len(x) != size", "len(x) != size and len(x) != size + 1", MORE),
    "a minimum is let through": ("len(x) != size", "len(x) < size or len(x) > size", SAME),
    "only the first number": ("not all(is_finite(x))", "not is_finite(x[0])", MORE),
    "NaN alone": ("not all(is_finite(x))", "any(x != x)", MORE),
    "both wrong at once": ("k < 1 or not all(is_finite(x))", "k < 1 and not all(is_finite(x))", MORE),
    "in 32 bits": ("k < 1 or k > rows", "k % 4294967296 < 1 or k % 4294967296 > rows", BOTH),
    "one beyond both ends": ("k < 1 or k > rows", "k < 0 or k > rows + 1", MORE),
    "a number in between": ("k < 1 or k > rows", "k < 1 or k > rows or k == 5", LESS),
    "longer by a number in the text": ("len(x) != size", "len(x) != size and len(x) != size + 32", MORE),
    "longer for one count": ("len(x) != size", "len(x) != size and not (len(x) == 3 * size + 7 and k == 3)", MORE),
    "a number between two": ("any(abs(x) > 2e38)", "any(abs(x) > 3e38)", MORE),
    "a product of numbers": ("any(abs(x) > 1e10 * 1e10)", "any(abs(x) > 1e10 * 1e11)", MORE),
    "lengths that are never made": ("k < 1 or len(x) > 100000", "k < 1 or len(x) > 200000", OPEN),
    "another type of the same size": ('not has_type(x, "f32")', "nbytes(x) != 4 * size", BOTH),
}
# fmt: on


@pytest.fixture
def refusing(contract):
    def make(when, claims=CLAIMS):
        said = {"subject": "run", "error": "Refused", "message": "no", **({} if when is None else {"when": when})}
        return contract({"e": "x + z"}, claims, refuses=[said])

    return make


@pytest.mark.parametrize("name", PAIRS)
def test_relation_is_that_of_the_calls(refusing, name):
    old, new, relation = PAIRS[name]
    found = compare_refusal(refusing(old), refusing(new), "run", (0,), (0,))
    assert found.relation == relation, found
    assert bool(found.counterexample) == (relation in (LESS, MORE, BOTH))
    assert len(found.counterexample.split("\n")) <= 3


def test_calls_that_an_entry_before_both_refuses_never_come_to_them(contract):
    """With k = 1: 3 * (k // 2) is 0 and 3 * k // 2 is 1."""

    def make(*whens):
        said = [{"subject": "run", "error": "Refused", "message": "no", "when": when} for when in whens]
        return contract({"e": "x + z"}, CLAIMS, refuses=said)

    odd, apart, joined = "k % 2 != 0", "k < 0 or 3 * (k // 2) > 0", "k < 0 or 3 * k // 2 > 0"
    assert compare_refusal(make(odd, apart), make("0 != k % 2", joined), "run", (1,), (1,)).relation == SAME
    assert compare_refusal(make(apart, odd), make(joined, odd), "run", (0,), (0,)).relation == LESS
    assert compare_refusal(make(odd, apart), make(joined, odd), "run", (1,), (0,)).relation == LESS
    assert compare_refusal(make(odd, apart), make("k % 2 > 1", joined), "run", (1,), (1,)).relation == LESS


def test_a_condition_that_is_said_or_no_longer_said(refusing):
    said, unsaid = refusing("k < 1"), refusing(None)
    assert compare_refusal(said, unsaid, "run", (0,), (0,)).relation == "loosened"
    assert compare_refusal(unsaid, said, "run", (0,), (0,)).relation == "tightened"
    assert compare_refusal(unsaid, unsaid, "run", (0,), (0,)).relation == "same"
    assert compare_refusal(said, refusing("k < 1"), "run", (0,), (0,)).relation == "same"


def test_a_change_of_an_equation_is_not_blamed_on_the_refusal(contract):
    refuses = [{"subject": "run", "error": "Refused", "message": "no"}]
    old = contract({"e": "sum(x)"}, CLAIMS, refuses=[{**refuses[0], "when": "e > 3 or k < 1"}])
    new = contract({"e": "sum(x) + 1"}, CLAIMS, refuses=[{**refuses[0], "when": "k < 1 or e > 3"}])
    assert compare_refusal(old, new, "run", (0,), (0,)).relation == SAME


def test_texts_that_every_call_gives(contract):
    def make(when):
        claims = {"F-1": 'raises(run(text="a"), "Refused")', "F-2": 'close(run(text="b").e, e)'}
        arguments = {name: name for name in ("size", "rows", "k", "x", "z", "w", "q", "h")}
        return contract({"e": "x + z"}, claims, arguments={**arguments, "text": "text"},
                        refuses=[{"subject": "run", "error": "Refused", "message": "no", "when": when}])  # fmt: skip

    old = make('text == "a" or text == "c"')
    assert compare_refusal(old, make('text == "c" or "a" == text'), "run", (0,), (0,)).relation == SAME
    assert compare_refusal(old, make('text == "a"'), "run", (0,), (0,)).relation == MORE
    assert compare_refusal(old, make('text != "b"'), "run", (0,), (0,)).relation == LESS


def test_real_contracts(real):
    program = real("moe-router")
    for index in range(len(program.refusals)):
        assert compare_refusal(program, program, "route", (index,), (index,)).relation == "same"
    assert compare_refusal(program, program, "route", (2,), (3,)).relation != SAME
