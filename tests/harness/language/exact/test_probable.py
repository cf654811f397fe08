"""What is promised: never more than the sound bound, and made of at least what kernels round.

Kernels are loops that write down the squares of all they round; the promise must have been made of as much.
"""

from dataclasses import replace
from math import exp, sqrt

import numpy as np
import pytest

from harness.language.accumulators import Adder, Sums
from harness.language.arithmetic import float32, float64
from harness.language.dtypes import DTYPES
from harness.language.evaluate import Bindings
from harness.language.exact.domain import Exact
from harness.language.exact.probable import (
    CHANCE,
    ELEMENTS,
    LAMBDA,
    added,
    applies,
    joined,
    judged_within,
    multiplied,
    negated,
    parts_of,
    promise,
    rows,
    summed,
)
from harness.language.exact.region import Bounded
from harness.language.syntax import parse

SOUND = float32()
MODEL = replace(SOUND, probable=True)
RNG = np.random.default_rng(7)
F = np.float32
N = 600


def value(text, ar=MODEL, **given):
    domain = Exact(ar)
    with np.errstate(all="ignore"):
        return domain.real(Bindings(domain, {"y": parse(text)}, {}, given).value("y"))


def normal(*shape):
    return RNG.standard_normal(shape).astype(F)


def positive(*shape):
    return np.abs(normal(*shape))


def rounded(terms, start=0.0):
    """The squares of the partial sums of a loop that starts from a number."""
    return float((np.cumsum([start, *terms], dtype=np.float64)[1:] ** 2)[start == 0 :].sum())


def made_of(x):
    """The sum of squares of which a promise is made."""
    promised, _ = promise(x)
    return (np.asarray(promised) / (LAMBDA * 2.0**-24)) ** 2


def test_the_factor_is_that_of_the_inequality():
    assert 2 * exp(-(LAMBDA**2) / 2) * ELEMENTS == pytest.approx(CHANCE)
    assert 9.1 < LAMBDA < 9.2


@pytest.mark.parametrize(
    "text",
    [
        "w @ x",
        "sum(w, 1)",
        "mean(w, 1)",
        "exp(w @ x / 600)",
        "softmax(w @ x)",
        "w @ x + b",
        "rms_norm(w, x, 1e-6)",
        "(w + 1) @ x",
        "w @ stored(tanh(x))",
        "max(w @ x)",
        "b",
    ],
)
@pytest.mark.parametrize("draw", [normal, positive])
def test_never_more_than_the_sound_bound(text, draw):
    given = {"w": draw(8, N), "x": draw(N), "b": draw(8)}
    sound, promised = value(text, SOUND, **given), judged_within(value(text, **given))
    assert (promised <= sound.bound() * (1 + 1e-12)).all() and np.isfinite(promised).all()
    if text != "b":
        assert (promised < sound.bound()).all()


@pytest.mark.parametrize("x", [1.0, 0.0, np.inf, np.nan])
def test_stored_numbers_and_what_is_no_number(x):
    bound, seen = promise(Bounded(np.array([x]), MODEL))
    assert bound[0] == 0 and not seen[0]
    whole = value("w @ x", w=np.array([[x, 1.0], [1, 2]], F), x=np.array([1.5, 2.5], F))
    assert np.isfinite(judged_within(whole)[1])


def test_what_may_overflow_is_not_judged():
    assert np.isinf(judged_within(value("w @ x", w=normal(2, N), x=F(1e38) * np.tanh(positive(N))))).all()


# --- at least what is rounded -----------------------------------------------------------------------------------


@pytest.mark.parametrize("bias", [1e6, -1e6, 300.0, -20.0])
def test_an_accumulator_that_starts_from_something_else(bias):
    """Every partial sum is as large as the bias: without a rule of its own a right kernel is refused."""
    w, x = normal(N), normal(N)
    whole = value("b + sum(w * x)", w=w, x=x, b=np.asarray(bias, F))
    kernel = rounded(w.astype(float) * x, bias)
    assert kernel <= made_of(whole)
    if abs(bias) == 1e6:
        assert kernel > 100 * made_of(value("sum(w * x)", w=w, x=x))


@pytest.mark.parametrize("signs", [(1, 1), (1, -1), (-1, -1)])
def test_two_sums_apart_after_each_other_or_in_one(signs):
    w, v, x = (signs[0] * positive(N)).astype(float), (signs[1] * positive(N)).astype(float), positive(N).astype(float)
    p, q = w * x, v * x
    apart = rounded(p) + rounded(q) + (p.sum() + q.sum()) ** 2
    chained, other = rounded([*p, *q]), rounded([*q, *p])
    alternating = rounded(np.stack([p, q], 1).ravel())
    for text in ("sum(w * x) + sum(v * x)", "sum(w * x + v * x)", "sum((w + v) * x)"):
        whole = value(text, w=w.astype(F), v=v.astype(F), x=x.astype(F))
        assert max(apart, chained, other, alternating) <= 1.001 * made_of(whole), text


def test_the_difference_alone_says_too_little():
    """Two sums that nearly cancel, as in Q4_K rows: their partial sums do not."""
    w = positive(N)
    v, x = w + F(1e-3) * normal(N), positive(N)
    whole = made_of(value("sum(w * x) - sum(v * x)", w=w, v=v, x=x))
    assert whole > 1000 * made_of(value("sum(stored(w - v) * x)", w=w, v=v, x=x))


def test_a_sum_of_sums_may_be_summed_in_one():
    x = positive(20, 30).astype(float)
    flat = rounded(x.ravel())
    for text in ("sum(x)", "sum(sum(x, 1), 0)"):
        assert flat <= 1.001 * made_of(value(text, x=x.astype(F)))
    assert rounded(x.T.ravel()) <= 1.001 * made_of(value("sum(x)", x=x.astype(F)))


def test_columns_of_one_sign_each():
    """Column by column the partial sums grow, row by row they do not."""
    x = np.where(np.arange(40) < 20, 1.0, -1.0) * (1 + 0.1 * positive(50, 40))
    assert rounded(x.T.ravel()) > 30 * rounded(x.ravel())
    assert rounded(x.T.ravel()) <= 1.1 * made_of(value("sum(x)", x=x.astype(F)))


def test_a_factor_before_the_sum_or_after_it():
    w, x, s = normal(N).astype(float), normal(N).astype(float), 3.7
    after = rounded(w * x) * s**2 + ((w * x) ** 2).sum() * s**2 + (s * (w * x).sum()) ** 2
    before = rounded(s * w * x) + 2 * ((s * w * x) ** 2).sum()
    whole = made_of(value("s * sum(w * x)", w=w.astype(F), x=x.astype(F), s=np.asarray(s, F)))
    assert max(after, before) <= 1.001 * whole


def test_a_product_of_two_sums_written_out():
    a, b = positive(20).astype(float), positive(30).astype(float)
    terms = (a[:, None] * b[None]).ravel()
    kernel = rounded(terms) + (terms**2).sum()
    assert kernel <= 1.001 * made_of(value("sum(a) * sum(b)", a=a.astype(F), b=b.astype(F)))


def test_rows_of_many_places_at_once():
    """matvec, `@` of a matrix and single rows are promised the same."""
    w, x = normal(3, 5, N), normal(3, N)
    together = judged_within(value("matvec(w, x)", w=w, x=x))
    one_by_one = [judged_within(value("w @ x", w=w[i], x=x[i])) for i in range(3)]
    assert np.allclose(together, one_by_one, rtol=1e-9)
    product = judged_within(value("w @ x", w=w[0], x=x.T))
    assert np.allclose(product[:, 1], judged_within(value("w @ x", w=w[0], x=x[1])), rtol=1e-9)
    moved = judged_within(value("-stack(w @ x, x @ w, axis=0)", w=normal(4, 4), x=normal(4, 4)))
    assert moved.shape == (2, 4, 4)


# --- parts of a region ------------------------------------------------------------------------------------------


def test_parts_stay_apart_until_they_are_one_number():
    w, v, x = (Bounded(part, MODEL) for part in (normal(4, 9), normal(4, 9), normal(9)))
    assert len(parts_of(w).each) == 1
    both = added(w, v, -1)
    assert [part.terms for part in both.each] == [1, 1] and np.array_equal(both.each[1].value, -v.v)
    product = multiplied(w, v)
    assert np.array_equal(product.each[0].value, w.v * v.v) and product.each[0].rounded is None
    whole = rows(w, x).each[0]
    assert whole.terms == 9 and np.allclose(whole.squares, (w.v**2) @ (x.v**2))
    assert np.array_equal(negated(rows(w, x)).each[0].value, -whole.value)
    assert summed(w, 1).each[0].value.shape == (4,)
    beside = joined([w, v], lambda arrays: np.concatenate(arrays, 0))
    assert beside.each[0].value.shape == (8, 9)


def test_of_too_many_parts_the_sound_bound_decides():
    names = {f"a{i}": normal(4, N) for i in range(9)}
    text = f"sum({' + '.join(names)}, 1)"
    assert np.array_equal(judged_within(value(text, **names)), value(text, SOUND, **names).bound())


def held_in(format_, **more):
    return replace(SOUND, sums=Sums(DTYPES[format_].numbers, **more))


@pytest.mark.parametrize(("format_", "most"), [("f16", 1024), ("bf16", 128)])
def test_of_a_sum_that_is_too_long_for_its_accumulator_the_sound_bound_decides(format_, most):
    narrow = held_in(format_)
    model = replace(narrow, probable=True)
    for n in (most, most + 1):
        given = {"w": normal(3, n), "x": normal(n)}
        sound, promised = value("w @ x", narrow, **given).bound(), judged_within(value("w @ x", model, **given))
        assert applies(model, n) == (n == most) == bool((promised < sound / 5).all()) != bool((promised == sound).all())


@pytest.mark.parametrize("format_", ["f16", "bf16"])
@pytest.mark.parametrize("draw", [normal, positive, lambda *shape: np.broadcast_to(normal(shape[0], 1), shape)])
def test_narrow_accumulators_are_within_the_promise(format_, draw):
    """Equal numbers as well: the evaluator sums in the accumulator's format itself."""
    kept, model = DTYPES[format_].numpy, replace(held_in(format_), probable=True)
    n = 512 if format_ == "f16" else 128
    w, x = np.ascontiguousarray(draw(64, n)), positive(n)
    whole = value("w @ x", model, w=w, x=x)
    products = (w * x).astype(kept)
    for terms in (products, products[:, ::-1]):
        got = np.add.accumulate(terms, 1)[:, -1].astype(np.float64)
        assert (np.abs(got - whole.v) <= judged_within(whole)).all()


@pytest.mark.parametrize(
    "ar", [held_in("f32", adder=Adder(8, 24, "truncate", 24)), held_in("f16", blocks=32), float64()]
)
def test_where_the_model_says_nothing_the_sound_bound_decides(ar):
    given = {"w": normal(3, N), "x": normal(N)}
    promised = judged_within(value("w @ x", replace(ar, probable=True), **given))
    assert np.array_equal(promised, value("w @ x", ar, **given).bound())


# --- where roundings repeat -------------------------------------------------------------------------------------


@pytest.mark.parametrize("scale", [1.0, 2.0**-40, 2.0**60])
def test_equal_terms_are_seen(scale):
    x = np.full(16384, F(0.7)) * F(scale)
    whole = value("sum(x)", x=x)
    promised, seen = promise(whole)
    error = abs(float(np.add.accumulate(x)[-1]) - float(whole.v))
    assert seen and error > promised and np.isinf(judged_within(whole))


def test_a_number_that_is_read_further_has_its_sound_bound_then():
    x = np.full(16384, F(0.7))
    closed = value("stored(sum(x))", x=x)
    assert closed.e == value("sum(x)", SOUND, x=x).bound()


def test_most_terms_are_not():
    for draw in (normal, positive):
        assert not promise(value("w @ x", w=draw(64, 4096), x=draw(4096)))[1].any()


def test_what_comes_in_with_the_leaves_is_added():
    """Two layers: the promise of the first is the error of the leaves of the second."""
    w, v, x = normal(N, N) / F(sqrt(N)), normal(3, N), normal(N)
    inner = value("stored(w @ x)", w=w, x=x).e
    carried = np.abs(v.astype(float)) @ inner
    outer = judged_within(value("v @ stored(w @ x)", w=w, v=v, x=x))
    assert (carried < outer).all() and (outer < 1.5 * carried).all()


@pytest.mark.parametrize("shape", [(3, 0), (0, 3), (0, 0)])
def test_sums_of_nothing_are_held_to_the_sound_bound(shape):
    w, x = np.ones(shape, F), np.ones(shape[1], F)
    for text in ("w @ x", "matvec(w, x)", "sum(w, 1)", "sum(w)"):
        promised, seen = promise(value(text, w=w, x=x))
        assert not np.any(promised) and not np.any(seen)
