import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks import conversions
from benchmarks.conversions import by_fractions, parameters, row_of
from harness.language.dtypes import DTYPES

REAL = {name: dtype for name, dtype in DTYPES.items() if dtype.is_real}
PAGE = Path(__file__).resolve().parents[2] / "docs" / "bound.md"


@pytest.fixture
def rng():
    return np.random.default_rng(1)


@pytest.mark.parametrize("name", REAL)
def test_every_format_converts_as_others_do(name, rng):
    row = row_of(REAL[name], rng, 4000, 400)
    assert not row.differences
    assert row.float64 == 400
    assert row.float32 == 4000
    assert row.patterns == (2 ** REAL[name].bits if REAL[name].bits <= 16 else 0)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("bf16", {"digits": 7}),
        ("f16", {"emin": -15}),
        ("f8_e4m3fn", {"largest": 416.0}),
        ("f8_e4m3fn", {"overflow": "infinity"}),
        ("f8_e5m2", {"overflow": "NaN"}),
        ("f4_e2m1fn", {"overflow": "NaN"}),
    ],
)
def test_a_wrong_parameter_is_a_difference(name, wrong, rng):
    dtype = replace(REAL[name], floating=replace(REAL[name].numbers, **wrong))
    assert row_of(dtype, rng, 4000, 400).differences


def test_a_difference_ends_with_1(monkeypatch, capsys):
    bf16 = REAL["bf16"]
    monkeypatch.setattr(conversions, "DTYPES", {"bf16": replace(bf16, floating=replace(bf16.numbers, emin=-125))})
    monkeypatch.setattr(sys, "argv", ["conversions.py", "--float32", "800", "--float64", "80"])
    assert conversions.main() == 1
    shown = capsys.readouterr()
    assert "bf16: emin is -125, expected -126" in shown.err
    assert shown.out.count("\n") == 3


@pytest.mark.parametrize(
    ("x", "name", "expected"),
    [
        (1 + 2**-8 + 2**-30, "bf16", 1 + 2**-7),  # 1 by way of float32
        (1 + 2**-8, "bf16", 1.0),
        (1 + 3 * 2**-8, "bf16", 1 + 2**-6),
        (464.0, "f8_e4m3fn", 448.0),
        (2.0**-25, "f16", 0.0),
        (2.0**-25 + 2.0**-60, "f16", 2.0**-24),
        (65520.0, "f16", np.inf),
        (-7.0, "f4_e2m1fn", -6.0),
    ],
)
def test_rounding_by_fractions(x, name, expected):
    assert by_fractions(x, REAL[name]) == expected


@pytest.mark.parametrize("name", REAL)
def test_page_says_what_the_formats_are(name):
    assert f"| {' | '.join(parameters(REAL[name]))} | " in PAGE.read_text(encoding="utf-8")
