"""The types of calls in turn: what is fed is the last, other results are those of all calls."""

import pytest

from harness.language import types as T
from harness.language.infer import Scope, SubjectType, TypeRefused, infer
from harness.language.infer.sequences import MOST_CALLS
from harness.language.sizes import Range, Size
from harness.language.syntax import parse


def vector(*shape: str, kind: str = "real", dtype: str = "", observed: bool = False) -> T.Array:
    return T.Array(kind, tuple(map(Size.of, shape)), dtype=dtype, observed=observed)


RANGES = {
    "n": Range(Size.of(1), Size.of(8)), "steps": Range(Size.of(1), Size.of("n")), "none": Range(Size.of(0), Size.of(4)),
    "place": Range(Size.of(0), Size.of("n") - 1), "many": Range(Size.of(1), Size.of(2000)),
}  # fmt: skip
SCOPE = Scope(
    names={
        **{name: T.dimension(name) for name in RANGES}, "x": vector("n"), "xs": vector("n", "n"), "s": vector("n"),
        "narrow": vector("n", dtype="bf16"), "cut": vector("place"),
    },
    ranges=RANGES,
    depends={"cut": frozenset({"s", "place", "n"})},
    subjects={
        "step": SubjectType(
            {"x": "x", "s": "s", "b": "narrow", "place": "place"},
            {"s": vector("n", observed=True), "y": vector(observed=True), "b": vector("n", dtype="bf16", observed=True),
             "i": vector("n", kind="int", observed=True)},
        ),
        "name": SubjectType({"x": "x"}, {"key": T.Word(observed=True)}),
        "sized": SubjectType({"n": "n", "s": "s"}, {"s": vector("n", observed=True)}),
    },
    shaping=frozenset({"n", "place"}),
    judging=True,
)  # fmt: skip


def test_the_last_of_what_is_fed_and_all_of_the_rest():
    call = "threaded(step(x=xs[t]), t=steps, s=s, b=b)"
    found = {name: str(infer(parse(f"{call}.{name}"), SCOPE)) for name in ("s", "y", "b", "i")}
    assert found == {"s": "real[n]", "y": "real[steps]", "b": "real[n]", "i": "integer[steps, n]"}
    assert infer(parse(f"{call}.b"), SCOPE).dtype == "bf16"
    assert str(infer(parse("threaded(step(), t=steps).s"), SCOPE)) == "real[steps, n]"
    assert infer(parse(f"close({call}.y, xs[0][:steps])"), SCOPE) == T.Claim()
    assert infer(parse(f"identical(again({call}).y, {call}.y) and stagewise({call})"), SCOPE) == T.Claim()


@pytest.mark.parametrize(
    "text, said",
    [
        ("threaded(step(), t=none).y", "threaded may call nothing"),
        ("threaded(step(), t=many).y", "too many steps"),
        ("threaded(x, t=n).y", "threaded needs a call of a subject"),
        ("threaded(step(), t=n, q=s).y", "step() has no argument 'q'"),
        ("threaded(step(), t=n, s=q).y", "step() returns no 'q'"),
        ("threaded(step(s=x), t=n, s=s).y", "s is fed, so the call does not give it"),
        ("threaded(step(), t=n, s=y).y", "s is fed with something of another type"),
        ("threaded(step(), t=n, s=b).y", "s is fed with another number format"),
        ("threaded(step(), t=n, s=i).y", "s is fed with something of another type"),
        ("threaded(step(), x=n).y", "'x' has a meaning in this contract already"),
        ("threaded(name(), t=n).key", "name() returns key, a text, in each step"),
        ("threaded(sized(n=t), t=n).s", "shapes of inputs depend on n"),
        ("threaded(step(place=t + 1), t=n).s", "place may leave its range"),
        ("threaded(step(x=threaded(step(), u=n, s=s).s), t=n).s", "steps within a step"),
        ("threaded(step(x=xs[t + 1]), t=n).s", "not known to lie in their axis"),
        ("raises(threaded(step(), t=n))", "needs a call of a subject first"),
    ],
)
def test_what_does_not_fit(text, said):
    with pytest.raises(TypeRefused) as caught:
        infer(parse(text), SCOPE)
    assert said in str(caught.value)


def test_a_dimension_may_be_another_one_in_each_step_within_its_range():
    """Equations have shapes made of `place`, arguments and results have none."""
    assert str(infer(parse("threaded(step(place=t), t=n, s=s).y"), SCOPE)) == "real[n]"
    assert str(infer(parse("threaded(step(place=0), t=n, s=s).y"), SCOPE)) == "real[n]"
    assert MOST_CALLS < 2000
