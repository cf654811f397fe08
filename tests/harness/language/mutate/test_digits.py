"""Where a format has room for all digits, rounding every possible value to it changes none: tried on all of them."""

import ml_dtypes
import numpy as np
import pytest

from harness.language.dtypes import DTYPES
from harness.language.mutate.digits import Digits, digits_of, stored_formats
from harness.language.syntax import parse

E4M3 = np.arange(256, dtype=np.uint8).view(ml_dtypes.float8_e4m3fn).astype(np.float64)
E2M1 = np.array([0, 0.5, 1, 1.5, 2, 3, 4, 6, -0.5, -1, -1.5, -2, -3, -4, -6])
SMALL = {"s": "f8_e4m3fn", "q": "f4_e2m1fn", "i": "i4", "e": "f8_e8m0fnu"}
KNOWN = {name: Digits.of(DTYPES[dtype]) for name, dtype in SMALL.items()}
VALUES = {
    "s": E4M3[np.isfinite(E4M3)], "q": E2M1, "i": np.arange(-8.0, 8.0), "e": 2.0 ** np.arange(-127, 128),
}  # fmt: skip
ROUNDS = {
    "f16": lambda x: x.astype(np.float16).astype(np.float64),
    "bf16": lambda x: x.astype(np.float32).astype(ml_dtypes.bfloat16).astype(np.float64),
}


@pytest.mark.parametrize(("text", "compute", "fits"), [
    ("s", lambda s: s, "f16 bf16"), ("-q", lambda q: -q, "f16 bf16"), ("s * q", lambda s, q: s * q, "f16 bf16"),
    ("q * 8", lambda q: q * 8, "f16 bf16"), ("i + 8", lambda i: i + 8, "f16 bf16"),
    ("s * i", lambda s, i: s * i, "f16 bf16"), ("s * s", lambda s: s * s, "bf16"),
    ("e * q", lambda e, q: e * q, "bf16"), ("q - i", lambda q, i: q - i, "f16 bf16"),
    ("s * q * i", lambda s, q, i: s * q * i, "f16"),
])  # fmt: skip
def test_what_fits_is_kept(text, compute, fits):
    grids = np.meshgrid(*(VALUES[name] for name in compute.__code__.co_varnames), indexing="ij")
    values = compute(*grids)
    values = values[np.abs(values) <= np.finfo(np.float32).max]
    for name, rounded in ROUNDS.items():
        with np.errstate(over="ignore"):
            kept = rounded(values) == values
        assert digits_of(parse(text), KNOWN).fit(name) == (name in fits.split())
        assert kept.all() or name not in fits.split()


def test_nothing_is_said_of_what_is_rounded():
    for text in ("s / q", "exp(q)", "q + unknown", "0.1 * q", "stack(q, q / 3)"):
        assert digits_of(parse(text), KNOWN) is None


def test_functions_that_pick_entries():
    assert digits_of(parse("max(abs(stack(s, q))[0], 1)"), KNOWN) == KNOWN["s"].or_(KNOWN["q"])
    assert digits_of(parse("stored(s / 3, [f16, bf16])"), {}) == Digits.of(DTYPES["f16"]).or_(Digits.of(DTYPES["bf16"]))
    assert digits_of(parse("stored(q)"), KNOWN) == KNOWN["q"]


def test_formats_that_are_stored():
    assert stored_formats(parse("stored(q, [f32, bf16])")) == ("f32", "bf16")
    assert stored_formats(parse("stored(q)")) == stored_formats(parse("q")) == ()
