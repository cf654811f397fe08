"""A text, or each text of a list, with {n} and {e} written out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.function import TEXTS_AND_BYTES, Function, Value
from harness.language.rules.fitting import ints, seen, single_text
from harness.language.types import Mismatch, Type, Word, Words

if TYPE_CHECKING:
    from harness.language.evaluate import Domain


def _type(template: Type, n: Type | None = None, e: Type | None = None) -> Word | Words:
    if not isinstance(template, Words):
        single_text(template, "fill")
    for number in (n, e):
        if number is not None and ints(number).shape:
            raise Mismatch("fill writes single integers", got=str(number))
    return Words(observed=seen(template)) if isinstance(template, Words) else Word(observed=seen(template))


def _value(domain: Domain, template: str | list[str], n: Value = None, e: Value = None) -> str | list[str]:
    if isinstance(template, list):
        return [str(_value(domain, part, n, e)) for part in template]
    for name, number in (("n", n), ("e", e)):
        if number is not None:
            template = template.replace(f"{{{name}}}", str(int(number)))
    return template


FILL = Function(
    name="fill",
    group=TEXTS_AND_BYTES,
    form='fill("blk.{n}.x", n=3, e=0)',
    meaning="the text, or each text of a list, with `{n}` and `{e}` written out",
    bound="",
    example=('fill("blk.{n}", n=n)', "text"),
    type_rule=_type,
    keywords=("n", "e"),
    exact=_value,
    single=_value,
    no_neighbours="it computes no number: what reads texts and files is tried by other arguments",
)
