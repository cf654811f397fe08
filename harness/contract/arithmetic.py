"""Parts of `arithmetic` that exclude each other: what no hardware does, or what no bound could be sharper for."""

from __future__ import annotations

from collections.abc import Iterator

from harness.contract.access import entries
from harness.contract.node import YamlNode
from harness.contract.quoting import quoted
from harness.findings import Finding
from harness.language.dtypes import DTYPES, FLOAT32, FLOAT64


def sums(root: YamlNode) -> Iterator[Finding]:
    """What sums do fits together, and to what everything is computed in."""
    said = entries(root, "arithmetic")
    compute, accumulator = _format(said, "compute", FLOAT32.name), _format(said, "accumulator", "")
    if compute == FLOAT64.name:
        yield from _in_double(said, accumulator)
        return
    accumulator = accumulator or compute
    yield from _blocks(said, accumulator)
    if "adder" in said:
        yield from _adder(said, accumulator)
    if "operands" in said and DTYPES[accumulator].numbers.digits < FLOAT32.numbers.digits:
        hint = "leave out operands, or the accumulator"
        place = said["operands"].place
        yield Finding(place, "products of tf32 operands are not summed in it", FLOAT32.name, quoted(accumulator), hint)


def _in_double(said: dict[str, YamlNode], accumulator: str) -> Iterator[Finding]:
    if accumulator not in ("", FLOAT64.name):
        expected, hint = "f64, as `compute`", "leave it out, or leave out compute"
        yield Finding(said["accumulator"].place, "the accumulator is narrower", expected, quoted(accumulator), hint)
    for key in ("blocks", "promoted", "adder", "operands", "products"):
        if key in said:
            message = f"compute: f64 and {key} do not go together"
            hint = "the bound of f64 holds for sums in any order"
            yield Finding(said[key].key_place or said[key].place, message, f"no {key}", key, hint)


def _blocks(said: dict[str, YamlNode], accumulator: str) -> Iterator[Finding]:
    promoted = _format(said, "promoted", "")
    if promoted and "blocks" not in said:
        place = said["promoted"].key_place or said["promoted"].place
        yield Finding(place, "promoted says what the totals of blocks are summed in", "blocks beside it", "no blocks")
    elif "blocks" in said and accumulator == FLOAT64.name:
        place = said["blocks"].key_place or said["blocks"].place
        hint = "a sum in f64 is rounded once at its end, blocks or not"
        yield Finding(place, "blocks of an accumulator f64 are not promoted", "no blocks", "blocks", hint)


def _adder(said: dict[str, YamlNode], accumulator: str) -> Iterator[Finding]:
    adder = entries(said["adder"])
    if accumulator == FLOAT64.name:
        place = said["adder"].key_place or said["adder"].place
        hint = "an adder of f64 rounds to nearest: leave it out"
        yield Finding(
            place, "no adder aligns and cuts in f64", "an accumulator f32, f16 or bf16", quoted(accumulator), hint
        )
        return
    most = DTYPES[accumulator].numbers.digits
    if "digits" in adder and int(str(adder["digits"].value)) > most:
        hint = "leave digits out: they are those of the accumulator"
        got = str(adder["digits"].value)
        message = f"more digits than the accumulator {accumulator} has"
        yield Finding(adder["digits"].place, message, f"at most {most}", got, hint)
    if _format(said, "products", "") == "rounded":
        hint = "leave products out"
        yield Finding(said["products"].place, "an adder adds exact products", "exact", "'rounded'", hint)


def _format(said: dict[str, YamlNode], key: str, default: str) -> str:
    return str(said[key].value) if key in said else default
