import numpy as np
import pytest

from harness.gate.meaning.cases import ComparisonCase
from harness.gate.meaning.claims.results import MODES, Symbols, departed
from harness.gate.meaning.view import view
from harness.language.dtypes import DTYPES
from harness.language.syntax import parse, spell

RNG = np.random.default_rng(3)


def test_results_depart_from_the_equations_in_every_way():
    value = np.linspace(0.5, 2, 64).astype(np.float32)
    seen = [departed(value, mode, RNG, (parse("x > 0.25"),)) for mode in range(MODES)]
    assert np.array_equal(seen[0], value) and all(part.dtype == np.float32 for part in seen)
    assert all(not np.array_equal(part, value) for part in seen[1:])
    assert np.allclose(seen[2], value, rtol=1e-6) and (seen[3] < 0).any() and (seen[3] == 0).any()
    assert np.float32(0.25) in np.abs(seen[4]) and not np.isfinite(seen[5]).all()
    assert np.array_equal(np.sort(seen[6]), value) and len(set(seen[7].tolist())) == 1


def test_integers_are_off_by_what_claims_mention():
    seen = {int(departed(np.array(7), 5, RNG, (parse("e // 4 == 0"),))) for _ in range(200)}
    assert {7, 8, 6, 3, 11, 2, 12, -7, 28} <= seen


def test_indices_stay_different_indices():
    for mode in range(MODES):
        ids = departed(np.array([2, 0, 1]), mode, RNG, (), below=5)
        assert len(set(ids.tolist())) == 3 and ids.min() >= 0 and ids.max() < 5


def test_the_same_call_is_the_same_symbol(contract):
    made = view(contract({"e": "x * 2"}))
    symbols = Symbols(made, lambda left, right: spell(left) == "x + x" or spell(right) == "x + x")
    assert spell(symbols.replaced(parse("close(run().e, e)"))) == "close(run#0.e, e)"
    assert spell(symbols.replaced(parse("run(x=x).e"))) == "run#0.e"  # the argument that is carried anyway
    assert spell(symbols.replaced(parse("run(x=2 * x).e"))) == "run#1.e"
    assert spell(symbols.replaced(parse("run(x=x + x).e"))) == "run#0.e"  # alike, as this test says
    assert spell(symbols.replaced(parse("again(run()).e"))) == "run#2.e"
    case = ComparisonCase({"size": 2}, {"x": np.array([1.0, 2.0], np.float32)}, {}, {})
    valued = symbols.valued(case, 0, ())
    assert valued.row["run#0.e"].tolist() == [2, 4] and valued.row["run#1.e"].tolist() == [4, 8]


@pytest.mark.parametrize("name", ["bf16", "f16", "f8_e4m3fn", "f8_e5m2fnuz", "f64"])
def test_wrong_results_are_numbers_of_the_format_of_the_result(name):
    dtype = DTYPES[name].numpy
    value = np.linspace(0.5, 2, 16).astype(dtype)
    seen = [departed(value, mode, RNG, (parse("x > 0.25"),)) for mode in range(MODES)]
    assert all(part.dtype == dtype for part in seen) and np.array_equal(seen[0], value)
    bits = f"u{dtype.itemsize}"
    steps = value.view(bits).astype(np.int64) - seen[2].view(bits).astype(np.int64)
    assert set(np.abs(steps).tolist()) == {1}, "the next number of the format, on one side or the other"
    assert 0.25 in np.abs(seen[4].astype(float)) and not np.isfinite(seen[5].astype(float)).all()


def test_results_have_the_format_that_is_declared_or_that_of_an_input(contract):
    inputs = {"x": {"dtype": ["bf16", "f16"], "shape": ["size"]}}
    returns = {"plain": "e", "narrow": {"equation": "e", "dtype": "f16"}, "like": {"equation": "e", "dtype": "as x"}}
    made = view(contract({"e": "x / 3"}, {"F-1": "finite(run().plain)"}, inputs=inputs, returns=returns,
                         dimensions={"size": {"min": 1, "max": 3}}))  # fmt: skip
    symbols = Symbols(made, lambda left, right: left == right)
    symbols.replaced(parse("run().plain"))
    ones = np.ones(2, DTYPES["bf16"].numpy)
    row = symbols.valued(ComparisonCase({"size": 2}, {"x": ones}, {}, {}), 0, ()).row
    found = {name: (str(row[f"run#0.{name}"].dtype), float(row[f"run#0.{name}"][0])) for name in returns}
    third = np.float32(1 / 3)
    assert found == {
        "plain": ("float32", float(third)),
        "narrow": ("float16", float(np.float16(third))),
        "like": ("bfloat16", float(np.asarray(third).astype(DTYPES["bf16"].numpy))),
    }
