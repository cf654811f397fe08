import pytest

from harness.language.dtypes import DTYPES
from harness.language.mutate.digits import Digits
from harness.language.mutate.number_formats import (
    MISTAKEN,
    NumberFormats,
    admits,
    in_order,
    is_narrow,
    mistaken,
    places_that_read,
)
from harness.language.syntax import parse

F32, BF16, EITHER = frozenset({"f32"}), frozenset({"bf16"}), frozenset({"f32", "bf16"})


def test_which_formats_are_mistaken_for_others():
    assert tuple(mistaken(["f32"])) == ("bf16", "f16")
    assert tuple(mistaken(["f16", "bf16", "f32"])) == ("bf16", "f16", "f8_e4m3fn")
    assert tuple(mistaken(["u8"])) == () and tuple(mistaken(["f64"])) == ("f32", "bf16")
    assert tuple(NumberFormats().mistaken(["f64"])) == ("bf16",)  # computed in float32
    assert tuple(NumberFormats(computed="f64").mistaken(["f64"])) == ("f32", "bf16")
    assert all(name not in others for name, others in MISTAKEN.items())
    assert in_order({"f16", "i8", "bf16"}) == ["bf16", "f16", "i8"]
    assert [name for name in DTYPES if is_narrow(name)][:3] == ["bf16", "f16", "f8_e4m3fn"] and not is_narrow("u8")


@pytest.mark.parametrize(("use", "name", "admitted"), [
    (F32, "bf16", False), (BF16, "bf16", True), (BF16, "f16", False), (EITHER, "bf16", True),
    (EITHER, "f16", True), (EITHER, "f8_e4m3fn", False),
])  # fmt: skip
def test_what_a_use_admits(use, name, admitted):
    """Where float32 and bf16 may be stored, f16 may lie between them: it has more digits than bf16."""
    assert admits(use, name) is admitted


def test_every_use_of_an_equation():
    formats = NumberFormats(returned={"y": frozenset({"bf16", "f16"})}, read={"y": (EITHER, frozenset()), "h": (F32,)})
    assert set(formats.uses("y", parse("a @ b"), "")) == {BF16, frozenset({"f16"}), EITHER, F32}
    assert formats.uses("h", parse("stored(y, bf16)"), "bf16") == (F32,)
    assert formats.uses("z", parse("stored(y, [f32, bf16])"), "") == (EITHER,)
    assert formats.uses("x", parse("2 * x"), "") == (F32,)


def test_places_that_read_a_name():
    node = parse("stored(y, [f32, bf16]) + y * stored(y * y, bf16) + z(y=x)")
    assert list(places_that_read(node, "y")) == [EITHER, frozenset(), frozenset(), frozenset()]
    assert list(places_that_read(node, "z")) == [frozenset()]


def test_what_rounding_loses():
    formats = NumberFormats(digits={"x": Digits.of(DTYPES["bf16"]), "q4": Digits(6, -4, 5)})
    assert not formats.loses("bf16", parse("max(x, 0)")) and formats.loses("f16", parse("x"))
    assert formats.loses("bf16", parse("x * x")) and formats.loses("bf16", parse("unknown"))
    assert formats.held_by_all(("q4",), "bf16") and not formats.held_by_all(("q4", "other"), "bf16")
