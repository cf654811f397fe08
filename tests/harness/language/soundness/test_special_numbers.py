"""Infinities, NaN, signed zeros, subnormal and very large numbers: what is judged of them holds in every kernel."""

from collections.abc import Callable

import numpy as np
import pytest

from harness.language.arithmetic import float32
from harness.language.evaluate import Bindings, evaluate
from harness.language.exact.domain import Exact
from harness.language.syntax import parse
from tests.harness.language.soundness.emulate import F, Machine
from tests.harness.language.soundness.functions import cumsum, ldexp, pow, prod

SPECIAL = np.array(
    [0, -0.0, 1, -1, 0.5, -2.5, 3, np.inf, -np.inf, np.nan, 1e-40, -1e-45, 2.0**-126, 3e38, -3.4e38, 1e20, 1e-20, 7.25,
     2**24 + 2], F)  # fmt: skip
Operands = dict[str, np.ndarray]
Kernel = Callable[[Machine, Operands], np.ndarray]


def _compared(x: np.ndarray) -> np.ndarray:
    return (x > 0).astype(F) - (x < 0).astype(F)


def _read(m: Machine, o: Operands) -> list[np.ndarray]:
    return m.read(o["x"], o["y"])


KERNELS: dict[str, list[Kernel]] = {
    "maximum(x, y)": [
        lambda m, o: np.maximum(*_read(m, o)),
        lambda m, o: np.fmax(*_read(m, o)),
        lambda m, o: np.where(np.less(*_read(m, o)), *_read(m, o)[::-1]),
    ],
    "minimum(x + y, x * y)": [
        lambda m, o: np.minimum(m.add(o["x"], o["y"]), m.mul(o["x"], o["y"])),
        lambda m, o: np.fmin(m.add(o["x"], o["y"]), m.mul(o["x"], o["y"])),
    ],
    "clip(x, -1, y)": [
        lambda m, o: np.minimum(np.maximum(_read(m, o)[0], F(-1)), _read(m, o)[1]),
        lambda m, o: np.fmin(np.fmax(_read(m, o)[0], F(-1)), _read(m, o)[1]),
    ],
    "sign(x)": [lambda m, o: np.sign(_read(m, o)[0]), lambda m, o: _compared(_read(m, o)[0])],
    "floor(x)": [lambda m, o: np.floor(_read(m, o)[0])],
    "ceil(x)": [lambda m, o: np.ceil(_read(m, o)[0])],
    "trunc(x)": [lambda m, o: np.trunc(_read(m, o)[0])],
    "cumsum(x, 1)": [lambda m, o, form=form: form(m, o["x"]) for form in cumsum.SCANS.values()],
    "cumsum(x * y, 1)": [
        lambda m, o, form=form: form(m, m.mul(o["x"], o["y"])) for form in cumsum.SCANS.values()
    ],
    "prod(x, 1)": [lambda m, o, form=form: form(m, _read(m, o)[0]) for form in prod.FORMS.values()],
    "pow(x, 3)": [lambda m, o, way=way: pow.powers(m, o["x"], np.array(3), way) for way in pow.WAYS],
    "pow(x, i)": [lambda m, o, way=way: pow.powers(m, o["x"], o["i"], way) for way in pow.WAYS],
    "ldexp(x, i)": [lambda m, o, form=form: ldexp.scaled(m, o["x"], o["i"], form) for form in ldexp.FORMS],
    "ldexp(x, 90 * i)": [lambda m, o, form=form: ldexp.scaled(m, o["x"], 90 * o["i"], form) for form in ldexp.FORMS],
}  # fmt: skip


def within(got: np.ndarray, value: np.ndarray, bound: np.ndarray) -> np.ndarray:
    same = (got == value) | (np.isnan(got) & np.isnan(value))
    return same | (np.abs(got - value) <= bound) | np.isinf(bound)


@pytest.mark.parametrize("text", KERNELS)
@pytest.mark.parametrize("flush", [False, True])
def test_special_numbers_are_judged_as_kernels_have_them(text, flush):
    rng, domain = np.random.default_rng(len(text)), Exact(float32(flush_to_zero=flush))
    for _ in range(25):
        given = {name: rng.choice(SPECIAL, (4, 5)) for name in "xy"} | {"i": rng.integers(-4, 5, (4, 5))}
        given["x"] = np.where(
            rng.random((4, 5)) < rng.choice([0, 0.8]), rng.standard_normal((4, 5)), given["x"]
        ).astype(F)
        with np.errstate(all="ignore"):
            answer = domain.real(evaluate(parse(text), Bindings(domain, {}, {}, given)))
            for kernel in KERNELS[text]:
                machine = Machine(rng, "sequential", bool(rng.integers(2)), flush, flush and bool(rng.integers(2)))
                got = np.asarray(kernel(machine, given)).astype(np.float64)
                assert within(got, answer.v, np.asarray(answer.bound())).all(), (given, got)
